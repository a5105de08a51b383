"""Funnels in words: steps, orders, splits, how long something took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext, pgettext_lazy

from zhanggui.doors.console import words
from zhanggui.insight.funnels.rules import Kind, Question, Reached, Split, Step, Unit
from zhanggui.insight.metrics.rules import Cut, Filters, Period

KINDS: Final = {
    Kind.ORDERED: lazy("One after the other"),
    Kind.STRICT: lazy("One right after the other"),
    Kind.UNORDERED: lazy("In any order"),
}
KIND_NOTES: Final = {
    Kind.ORDERED: lazy("Whatever else happens in between does not matter."),
    Kind.STRICT: lazy("Nothing that is a step of this funnel may happen in between."),
    Kind.UNORDERED: lazy("The first bar is whoever did any of the steps, the second whoever did two, and so on."),
}
UNITS: Final = {Unit.PEOPLE: lazy("People"), Unit.SESSIONS: lazy("Sessions")}
SPLITS: Final = {
    Split.CHANNEL: lazy("Channel"),
    Split.DEVICE: lazy("Device"),
    Split.REGION: lazy("Region"),
    Split.BUYER: lazy("New or returning"),
}
BUYERS: Final = {
    "new": pgettext_lazy("buyers", "New"),
    "returning": pgettext_lazy("buyers", "Returning"),
    "": lazy("Not known"),
}


def step(one: Step) -> str:
    """What a step is: the event and, in brackets, what it has to be about."""
    about = [*one.skus, *one.categories, *one.pages]
    name = words.event(one.event)
    return _("%(name)s (%(about)s)") % {"name": name, "about": _(", ").join(about)} if about else name


def bar(question: Question, place: int) -> str:
    """What stands at a bar."""
    if question.funnel.kind is not Kind.UNORDERED:
        return step(question.funnel.steps[place - 1])
    return ngettext("%(n)s of the steps", "%(n)s of the steps", place) % {"n": place}


def part(by: Split, value: str) -> str:
    """A value of a split."""
    return str(BUYERS[value]) if by is Split.BUYER else words.cell(Cut(by), value)


def took(long: timedelta) -> str:
    """How long something took, in the two units that matter: 45 s, 12 min, 1 h 40 min, 2 d 3 h."""
    seconds = round(long.total_seconds())
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if seconds < 60:
        return _("%(seconds)s s") % {"seconds": seconds}
    if minutes < 60:
        return _("%(minutes)s min") % {"minutes": minutes}
    if hours < 24:
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes % 60}
    return _("%(days)s d %(hours)s h") % {"days": days, "hours": hours % 24}


def window(minutes: int) -> str:
    """A window in the largest unit that it fills."""
    if minutes % 1440 == 0:
        return ngettext("%(n)s day", "%(n)s days", minutes // 1440) % {"n": minutes // 1440}
    if minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}


def reached_words(wanted: Reached) -> str:
    """Who is meant by those who came so far in a funnel, in a sentence."""
    question = wanted.question
    here = bar(question, wanted.place)
    if wanted.is_dropped:
        before = bar(question, wanted.place - 1)
        said = _("Came as far as “%(before)s” and not to “%(here)s”") % {"before": before, "here": here}
    else:
        said = _("Came as far as “%(here)s”") % {"here": here}
    return " · ".join([said, *_about(wanted)])


def filters(where: Filters) -> str:
    """What filters let through."""
    said = (
        _("%(cut)s is %(values)s")
        % {"cut": words.CUTS[cut], "values": _(", ").join(words.cell(cut, value) for value in values)}
        for cut, values in where.by_cut().items()
    )
    return _(", ").join(said)


def _about(wanted: Reached) -> Iterator[str]:
    question = wanted.question
    yield _way(question.funnel.steps)
    yield _("within %(window)s") % {"window": window(question.funnel.window_minutes)}
    yield words.span(Period(question.start, question.end))
    if wanted.value is not None and question.by is not None:
        yield part(question.by, wanted.value)
    if said := filters(question.where):
        yield said


def _way(steps: Sequence[Step]) -> str:
    return " → ".join(step(one) for one in steps)

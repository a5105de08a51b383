"""Cohorts in words."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.doors.console import funnel_words, words
from zhanggui.insight.metrics.rules import Cut, Period, Step
from zhanggui.insight.retention.rules import Begin, CohortCell, Column, Question, Return, Split

BEGINS: Final = {
    Begin.FIRST_VISIT: lazy("came for the first time"),
    Begin.FIRST_ORDER: lazy("paid their first order"),
    Begin.REGISTRATION: lazy("registered"),
    Begin.FIRST_EVENT: lazy("did this for the first time"),
    Begin.EVERY_EVENT: lazy("did this, each time"),
}
RETURNS: Final = {
    Return.VISIT: lazy("come again"),
    Return.ORDER: lazy("pay an order"),
    Return.EVENT: lazy("do this"),
}
STEPS: Final = {Step.DAY: lazy("Days"), Step.WEEK: lazy("Weeks"), Step.MONTH: lazy("Months")}
SPLITS: Final = {Split.CHANNEL: lazy("Channel"), Split.REGION: lazy("Region")}


def begin(question: Question) -> str:
    """What puts somebody into a cohort."""
    said = str(BEGINS[question.begin])
    return f"{said}: {words.event(question.begin_event)}" if question.begin_event else said


def back(question: Question) -> str:
    """What counts as coming back."""
    said = str(RETURNS[question.back])
    return f"{said}: {words.event(question.return_event)}" if question.return_event else said


def column(one: Column, step: Step) -> str:
    """The head of a column: Day 7, Day 7 or later, Days 1–7."""
    if one.end is None:
        said = {Step.DAY: _("Day %(n)s+"), Step.WEEK: _("Week %(n)s+"), Step.MONTH: _("Month %(n)s+")}[step]
        return said % {"n": one.start}
    if one.start == one.end:
        said = {Step.DAY: _("Day %(n)s"), Step.WEEK: _("Week %(n)s"), Step.MONTH: _("Month %(n)s")}[step]
        return said % {"n": one.start}
    said = {
        Step.DAY: _("Days %(first)s–%(last)s"),
        Step.WEEK: _("Weeks %(first)s–%(last)s"),
        Step.MONTH: _("Months %(first)s–%(last)s"),
    }[step]
    return said % {"first": one.start, "last": one.end}


def cohort(step: Step, first: date) -> str:
    """The head of a row of time."""
    return words.month(first) if step is Step.MONTH else formats.day(first, language=words.language())


def row(question: Question, key: date | str) -> str:
    """The head of a row, of time or of a split."""
    if isinstance(key, date):
        return cohort(question.step, key)
    return words.cell(Cut(question.by), key) if question.by else key


def cell_words(wanted: CohortCell) -> str:
    """Who is meant by a cell of the table, in a sentence."""
    question = wanted.question
    parts = [_("Who %(begin)s") % {"begin": begin(question)}]
    if wanted.value is not None and question.by is not None:
        parts.append(words.cell(Cut(question.by), wanted.value))
    if wanted.cohort is not None:
        parts.append(cohort(question.step, wanted.cohort))
    else:
        parts.append(words.span(Period(question.start, question.end)))
    if wanted.column is not None:
        when = column(question.columns[wanted.column], question.step)
        said = _("%(when)s: did %(back)s") if wanted.is_back else _("%(when)s: did not %(back)s")
        parts.append(said % {"when": when, "back": back(question)})
    if said := funnel_words.filters(question.where):
        parts.append(said)
    return " · ".join(parts)

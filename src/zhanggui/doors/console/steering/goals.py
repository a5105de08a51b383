"""What the pages of goals show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from zhanggui.base.accounts import queries as accounts
from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import charts, figures, words
from zhanggui.doors.console.charting.goals import Mark
from zhanggui.doors.console.charting.goals import course as drawn_course
from zhanggui.doors.console.deviations import size
from zhanggui.insight.metrics.rules import Better, Cut, Figure, Unit, named
from zhanggui.steer.goals.rules import (
    READ_ELSEWHERE,
    Goal,
    Lack,
    NoPrice,
    Offered,
    Point,
    Progress,
    Shape,
    is_of_cohorts,
    no_price,
    place_of,
    scale_of,
)

SHAPES: Final[Mapping[Shape, Promise]] = {
    Shape.YEAR: lazy("Due by the shop's own days of a year before, and its weekdays."),
    Shape.WEEKDAYS: lazy("Due by the shop's own weekdays; no year before is known yet."),
    Shape.EARLIER: lazy("Due as earlier periods of the same length had come by now."),
    Shape.STRAIGHT: lazy("Due in a straight line: too little is known of the shop's days yet."),
    Shape.LEVEL: lazy("Due at any time: it is a rate or an average, and not a sum of days."),
}
READY_NAMES: Final[Mapping[str, Promise]] = {
    "margin": lazy("Gross margin of at least 35%"),
    "marketing": lazy("Marketing: of the revenue at most 12%"),
    "delivery": lazy("Nine of ten parcels there within 48 hours"),
    "response": lazy("First answer within 30 seconds"),
    "returns": lazy("Returns below last year by 20%"),
    "retention": lazy("Retention 15 points up"),
    "ncac": lazy("A new buyer for less than the trade pays, at most 80%"),
    "first_quarter": lazy("First quarter above last year by 10%"),
    "second_quarter": lazy("Second quarter above last year by 25%"),
    "refunds": lazy("Refunds within 72 hours"),
}
LACKS: Final[Mapping[Lack, Promise]] = {
    Lack.NOT_COUNTED: lazy("Not counted by day yet, so its progress could not be read."),
    Lack.SILENT: lazy("The shop tells nothing yet that it is counted from."),
    Lack.NO_BASELINE: lazy("The days it is held against are not known whole. Say what it was."),
    Lack.NEEDS_FIGURE: lazy("Say what the trade pays for a new buyer."),
    Lack.STANDS: lazy("Set already."),
}
_NO_PRICES: Final[Mapping[NoPrice, Promise]] = {
    NoPrice.TIME: lazy("Not said in money: no fact tells what an hour costs."),
    NoPrice.SHARE: lazy("Not said in money: no fact tells what a point of it brings."),
    NoPrice.NOT_KNOWN: lazy("Not said in money yet: too little is known of what a case of it costs."),
}
_WHOLE: Final = lazy("The whole shop")
_FULL: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """How something stands in a word, with its tone."""

    words: str
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A goal as a line of the tree.

    depth     0 for a goal of its own, 1 for its parts, and so on
    name      of its number; of a part, what sets it apart from its whole
    about     the rest of where and when, for the small print
    short     came, due, foreseen, between and target in few signs, by name
    bar       what came of the target, with a mark where it is due
    foreseen  what is to be expected, and between what; empty if nothing can be said
    stake     what it falls short by; empty if it does not, or has no price, and then why not stands in `unpriced`
    """

    goal: Goal
    depth: int
    name: str
    about: str
    where: str
    days: str
    owner: str
    target: str
    came: str
    due: str
    foreseen: str
    between: str
    chance: str
    stake: str
    unpriced: str
    short: Mapping[str, str]
    bar: SafeString
    tag: Tag


def rows(goals: Sequence[Goal], seen: Mapping[UUID, Progress]) -> list[Row]:
    """The trees as lines, each part under its whole."""
    names = owners()
    shown = {goal.id for goal in goals}
    tops = [goal for goal in goals if goal.parent not in shown]
    return [row for top in tops for row in _rows(top, goals, seen, names, depth=0)]


def row(goal: Goal, seen: Progress, names: Mapping[int, str], *, depth: int = 0, whole: Goal | None = None) -> Row:
    """A goal as a line.

    whole  what it is shown as a part of
    """
    return Row(
        goal=goal,
        depth=depth,
        name=_part_name(goal, whole) if whole else name_of(goal),
        about=_about(goal, whole),
        where=where_of(goal),
        days=words.span(goal.period),
        owner=names.get(goal.owner, "—"),
        target=target_of(goal),
        came=said(goal, seen.actual),
        due=said(goal, seen.due_by_now),
        foreseen=said(goal, seen.forecast) if seen.forecast is not None else "",
        between=between(goal, seen),
        chance=formats.percent(Decimal(str(round(seen.chance, 2))), language=words.language(), decimals=0)
        if seen.chance is not None and not seen.is_over
        else "",
        stake=formats.money(Money(seen.money_at_stake_minor, goal.currency), language=words.language())
        if seen.money_at_stake_minor
        else "",
        unpriced=str(_NO_PRICES[reason]) if (reason := no_price(goal, seen)) else "",
        short={
            "came": _short(goal, seen.actual),
            "due": _short(goal, seen.due_by_now),
            "foreseen": _short(goal, seen.forecast),
            "between": between(goal, seen, is_short=True),
            "target": target_of(goal, is_short=True),
        },
        bar=_bar(goal, seen),
        tag=tag(goal, seen),
    )


def name_of(goal: Goal) -> str:
    """What its number is called."""
    return named(goal.metric).name(words.language())


def where_of(goal: Goal) -> str:
    """Where it is counted."""
    category, channel = place_of(goal.where)
    said_places = [words.cell(cut, value) for cut, value in ((Cut.CATEGORY, category), (Cut.CHANNEL, channel)) if value]
    return " · ".join(said_places) or str(_WHOLE)


def target_of(goal: Goal, *, is_short: bool = False) -> str:
    """The target with its direction."""
    sign = "≥" if goal.better is Better.UP else "≤"
    return f"{sign} {_short(goal, goal.target) if is_short else said(goal, goal.target)}"


def said(goal: Goal, units: int | None) -> str:
    """A number of a goal, as a person reads it."""
    return "—" if units is None else size(goal.metric, units, goal.currency)


def between(goal: Goal, seen: Progress, *, is_short: bool = False) -> str:
    """Between what the forecast lies with 90 %; empty if that cannot be said, or is certain."""
    if seen.low is None or seen.high is None or seen.is_over:
        return ""
    write = _short if is_short else said
    return _("%(low)s to %(high)s") % {"low": write(goal, seen.low), "high": write(goal, seen.high)}


def tag(goal: Goal, seen: Progress) -> Tag:
    """How a goal stands, in a word."""
    if seen.until <= goal.period.start:
        return Tag(words=_("to come"))
    if not seen.is_known or seen.actual is None:
        return Tag(words=_("nothing counted yet"))
    if seen.is_over:
        return Tag(words=_("reached"), tone="good") if seen.is_reached else Tag(words=_("missed"), tone="bad")
    if seen.is_at_risk:
        return Tag(words=_("at risk"), tone="bad")
    is_behind = not goal.is_reached_by(seen.forecast) if seen.forecast is not None else False
    return Tag(words=_("behind"), tone="watch") if is_behind else Tag(words=pgettext("goal", "on its way"), tone="good")


def headline(goal: Goal, seen: Progress) -> str:
    """How it stands, in a sentence."""
    name = name_of(goal)
    if not seen.is_known or seen.actual is None:
        return _("%(name)s: nothing is counted yet") % {"name": name}
    if seen.is_over:
        sentence = _("%(name)s came to %(came)s of %(target)s")
        return sentence % {"name": name, "came": said(goal, seen.actual), "target": said(goal, goal.target)}
    if seen.forecast is None:
        sentence = _("%(name)s: %(came)s by now, %(due)s were due")
        return sentence % {"name": name, "came": said(goal, seen.actual), "due": said(goal, seen.due_by_now)}
    sentence = _("%(name)s: %(came)s by now, %(forecast)s expected, %(target)s wanted")
    return sentence % {
        "name": name,
        "came": said(goal, seen.actual),
        "forecast": said(goal, seen.forecast),
        "target": said(goal, goal.target),
    }


def chart(goal: Goal, seen: Progress, points: Sequence[Point], *, zone: str) -> charts.Spec | None:
    """The course of a goal that is a sum; None for others."""
    if not points:
        return None
    marks = [_mark(goal, point, n, points) for n, point in enumerate(points)]
    unit = goal.currency if named(goal.metric).unit is Unit.MONEY else ""
    subtitle = _("%(name)s since the period began, %(where)s, %(span)s, %(zone)s") % {
        "name": _("%(name)s (%(unit)s)") % {"name": name_of(goal), "unit": unit} if unit else name_of(goal),
        "where": where_of(goal),
        "span": words.span(goal.period),
        "zone": zone,
    }
    said_words = charts.Words(title=headline(goal, seen), subtitle=subtitle, language=words.language())
    return drawn_course(marks, words=said_words)


def owners() -> dict[int, str]:
    """All operators who may come in, by id. One statement."""
    return {one.id: one.name or one.email for one in accounts.readers()}


def offered_words(one: Offered, currency: str) -> tuple[str, str, str]:
    """A ready goal's name, its target or what it is about, and why it cannot be adopted."""
    target = size(one.ready.metric, one.target, currency) if one.target is not None else ""
    return str(READY_NAMES[one.ready.key]), target, str(LACKS[one.lack]) if one.lack else ""


def asks(one: Offered) -> str:
    """What somebody has to say before it can be adopted: `figure`, what the trade does; `was`, what it was before;
    empty if nothing, or if nothing would help.
    """
    return {Lack.NEEDS_FIGURE: "figure", Lack.NO_BASELINE: "was"}.get(one.lack, "") if one.lack else ""


def page_of(goal: Goal) -> tuple[str, tuple[str, ...]]:
    """The page that answers its number, and what its address names."""
    if goal.metric not in READ_ELSEWHERE:
        return "number", (goal.metric,)
    return ("retention" if is_of_cohorts(goal.metric) else "returns"), ()


def read_from(goal: Goal) -> str:
    """Where a number that is not counted by day is read from, and on which day it counts; empty for all others."""
    if goal.metric not in READ_ELSEWHERE:
        return ""
    if is_of_cohorts(goal.metric):
        return _("It is read from the cohorts: whoever came for the first time counts on the day that decides.")
    return _("It is read from the books of returns: a return counts on the day its money went back.")


def _rows(
    goal: Goal,
    goals: Sequence[Goal],
    seen: Mapping[UUID, Progress],
    names: Mapping[int, str],
    *,
    depth: int,
    whole: Goal | None = None,
) -> list[Row]:
    found = [row(goal, seen[goal.id], names, depth=min(depth, 4), whole=whole)]
    for part in goals:
        if part.parent == goal.id:
            found += _rows(part, goals, seen, names, depth=depth + 1, whole=goal)
    return found


def _part_name(goal: Goal, whole: Goal) -> str:
    """What sets a part apart from its whole: its days or its place."""
    return words.span(goal.period) if goal.period != whole.period else where_of(goal)


def _about(goal: Goal, whole: Goal | None) -> str:
    """Where and when, without what its name says already."""
    days, where = words.span(goal.period), where_of(goal)
    if whole is None:
        return f"{where} · {days}"
    return where if goal.period != whole.period else days


def _short(goal: Goal, units: int | None) -> str:
    """A number in few signs."""
    if units is None:
        return "—"
    over = scale_of(goal.metric)
    denominator = None if over == 1 else over
    return figures.short(Figure(metric=goal.metric, currency=goal.currency, numerator=units, denominator=denominator))


def _bar(goal: Goal, seen: Progress) -> SafeString:
    """What came of the target, in hundredths, and a mark where it is due; of a rate, both against the larger."""
    most = max(goal.target, seen.actual or 0, 1)
    came, due = (min(_FULL, max(0, round(_FULL * units / most))) for units in (seen.actual or 0, seen.due_by_now))
    return format_html(
        '<svg class="goal-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="goal-rest" width="100" height="8"/><rect width="{}" height="8"/>'
        '<rect class="goal-due" x="{}" width="1" height="8"/></svg>',
        came,
        max(0, min(due, _FULL - 1)),
    )


def _mark(goal: Goal, point: Point, n: int, points: Sequence[Point]) -> Mark:
    """A day as it is drawn: money in major units, counts as they are; the forecast begins where what came ends."""
    is_turn = point.actual is not None and n + 1 < len(points) and points[n + 1].actual is None
    forecast, low, high = (point.actual,) * 3 if is_turn else (point.forecast, point.low, point.high)
    hoped = ""
    if point.forecast is not None and point.low is not None and point.high is not None:
        middle, least, most = (said(goal, round(size)) for size in (point.forecast, point.low, point.high))
        hoped = f"{middle} ({least} – {most})"
    return Mark(
        at=point.day,
        due=_drawn(goal, point.due) or 0.0,
        actual=_drawn(goal, point.actual),
        forecast=_drawn(goal, forecast),
        low=_drawn(goal, low),
        high=_drawn(goal, high),
        when=formats.day(point.day, language=words.language()),
        said=said(goal, round(point.actual)) if point.actual is not None else "—",
        wanted=said(goal, round(point.due)),
        hoped=hoped or "—",
    )


def _drawn(goal: Goal, units: float | None) -> float | None:
    if units is None:
        return None
    if named(goal.metric).unit is Unit.MONEY:
        return units * float(Money(1, goal.currency).major)
    return units / scale_of(goal.metric)

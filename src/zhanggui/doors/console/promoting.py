"""Promotions between pages and values: the calendar of campaigns, samples priced, an order's price step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.console import promotion_words as words
from zhanggui.doors.console.ports import Happening
from zhanggui.doors.console.words import language
from zhanggui.growth.promotions import queries
from zhanggui.growth.promotions.queries import Called, Planned, Priced, Sample
from zhanggui.growth.promotions.rules import Applied, Rejected, State


class View(StrEnum):
    """How the campaigns are shown."""

    MONTH = "month"
    WEEK = "week"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days that a calendar shows.

    days      every day of it, in the shop's zone
    start, end  as moments, half open
    """

    view: View
    days: tuple[date, ...]
    start: datetime
    end: datetime

    @property
    def before(self) -> date:
        """A day of the window before."""
        return self.days[0] - timedelta(days=1)

    @property
    def after(self) -> date:
        """A day of the window after."""
        return self.days[-1] + timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Something that holds on some days of a calendar.

    first, last   its columns, from 1
    is_open_left, is_open_right  whether it goes on beyond the calendar
    with_others   what else holds for the same goods at the same time, by name
    """

    id: str
    name: str
    kind: str
    route: str
    state: str
    tone: str
    sentence: str
    starts_at: datetime
    ends_at: datetime | None
    first: int
    last: int
    is_open_left: bool
    is_open_right: bool
    with_others: tuple[str, ...]
    given: Money | None = None
    budget: Money | None = None
    spent: float | None = None
    is_coupon: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One promotion in a sample: what it takes off, or why it does not.

    share  of the sum, per line with something taken off
    """

    name: str
    off: Money | None
    payer: str
    why_not: str
    is_draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRow:
    """A sample basket as the page shows it."""

    lines: tuple[tuple[str, str, int], ...]
    before: Money
    after: Money
    off: Money
    effects: tuple[Effect, ...]
    margin_before: Money | None
    margin_after: Money | None

    @property
    def is_below_cost(self) -> bool:
        """Whether the goods are paid less than they cost."""
        return self.margin_after is not None and self.margin_after.minor < 0


def window(view: View, on: date, *, zone: str) -> Window:
    """The month or the week, from Monday on, in which a day lies; of a list, the month."""
    if view is View.WEEK:
        first = on - timedelta(days=on.weekday())
        days = 7
    else:
        first = on.replace(day=1)
        days = ((first + timedelta(days=32)).replace(day=1) - first).days
    shown = tuple(first + timedelta(days=n) for n in range(days))
    return Window(view=view, days=shown, start=clock.span_of(shown[0], zone)[0], end=clock.span_of(shown[-1], zone)[1])


def bars(
    planned: Sequence[Planned],
    happenings: Sequence[Happening],
    *,
    shown: Window,
    overlaps: Mapping[str, tuple[str, ...]],
    zone: str,
    at: datetime,
) -> list[Bar]:
    """What holds in a window, earliest first."""
    names = {one.id: one.name(language()) for one in planned}
    found = [
        _bar(one, shown, [names[id] for id in overlaps.get(one.id, ()) if id in names], zone, at) for one in planned
    ]
    found += [_happening(one, shown, planned, zone, at) for one in happenings]
    return sorted(found, key=lambda bar: (bar.starts_at, bar.id))


def state_of(one: Planned, *, at: datetime) -> tuple[str, str]:
    """How a promotion stands in words, with the colour of that: a live one may not have begun, or be over."""
    if one.state is State.LIVE and one.plan.starts_at > at:
        return str(words.PERIODS["to_come"]), ""
    if one.state is State.LIVE and one.plan.ends_at is not None and one.plan.ends_at <= at:
        return str(words.PERIODS["over"]), ""
    if one.state is State.LIVE and one.plan.budget is not None and one.given >= one.plan.budget:
        return str(words.PERIODS["spent"]), "is-watch"
    return str(words.STATES[one.state]), words.TONES.get(one.state, "")


def sample_rows(
    samples: Sequence[Sample], draft_id: str, draft_name: str, names: Mapping[str, Called]
) -> list[SampleRow]:
    """Samples as the page shows them."""
    return [
        SampleRow(
            lines=tuple((card.title.to(language()), card.sku, units) for card, units in sample.lines),
            before=sample.before.total,
            after=sample.after.total,
            off=sample.off,
            effects=tuple(_effects(sample.after, draft_id, draft_name, names)),
            margin_before=sample.margin(sample.before),
            margin_after=sample.margin(sample.after),
        )
        for sample in samples
    ]


def _effects(priced: Priced, draft_id: str, draft_name: str, names: Mapping[str, Called]) -> Iterator[Effect]:
    """What applied, then what did not; what is merely for other goods is left out, but never the draft itself."""
    known = dict(names) | {draft_id: Called(zh=draft_name, en=draft_name)}
    for one in priced.applied:
        yield Effect(
            name=_name(one, known),
            off=-one.amount,
            payer=str(words.PAYERS[one.funded_by]),
            why_not="",
            is_draft=one.rule == draft_id,
        )
    for other in priced.rejected:
        if other.rule == draft_id or other.reason != "nothing_fits":
            yield Effect(
                name=_name(other, known),
                off=None,
                payer="",
                why_not=words.why_not(other, known),
                is_draft=other.rule == draft_id,
            )


def _name(one: Applied | Rejected, names: Mapping[str, Called]) -> str:
    if one.rule in names:
        return names[one.rule].to(language())
    return str(queries.KIND_NAMES.get(one.kind, queries.KIND_NAMES["price"]))


def _bar(one: Planned, shown: Window, others: Sequence[str], zone: str, at: datetime) -> Bar:
    state, tone = state_of(one, at=at)
    plan = one.plan
    first, last = _columns(plan.starts_at, plan.ends_at, shown, zone)
    return Bar(
        id=one.id,
        name=one.name(language()),
        kind=str(queries.KIND_NAMES[plan.kind]),
        route="promotion",
        state=state,
        tone=tone,
        sentence=words.sentence(one.rule),
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        first=first,
        last=last,
        is_open_left=plan.starts_at < shown.start,
        is_open_right=plan.ends_at is None or plan.ends_at > shown.end,
        with_others=tuple(others),
        given=one.given,
        budget=plan.budget,
        spent=one.spent_rate,
        is_coupon=plan.is_coupon,
    )


def _happening(one: Happening, shown: Window, planned: Sequence[Planned], zone: str, at: datetime) -> Bar:
    first, last = _columns(one.starts_at, one.ends_at, shown, zone)
    others = [
        other.name(language())
        for other in planned
        if other.holds_in(one.starts_at, one.ends_at or shown.end) and not one.skus.isdisjoint(other.plan.target.skus)
    ]
    period = one.period(at)
    return Bar(
        id=one.id,
        name=one.name(language()),
        kind=str(one.kind),
        route=one.route,
        state=str(words.PERIODS[period]),
        tone="is-good" if period == "on" else "",
        sentence="",
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        first=first,
        last=last,
        is_open_left=one.starts_at < shown.start,
        is_open_right=one.ends_at is None or one.ends_at > shown.end,
        with_others=tuple(others),
    )


def _columns(starts_at: datetime, ends_at: datetime | None, shown: Window, zone: str) -> tuple[int, int]:
    """The first and the last column of a period that meets the window; its end is half open."""
    start = clock.day_of(max(starts_at, shown.start), zone)
    last = min(ends_at or shown.end, shown.end) - timedelta(microseconds=1)
    return (start - shown.days[0]).days + 1, (clock.day_of(last, zone) - shown.days[0]).days + 1

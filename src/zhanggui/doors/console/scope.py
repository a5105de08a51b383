"""What a page of numbers is about: a shop, a period, a comparison and filters, all of it in the address."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode

from zhanggui.base import clock
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.metrics import rules as metrics
from zhanggui.insight.metrics.rules import Comparison, Cut, Filters, Period, Preset

CUSTOM = "custom"
_FURTHEST = timedelta(days=366)


class Query(Protocol):
    """The query part of an address, in which a name may stand several times."""

    def get(self, name: str, default: str, /) -> str:
        """The last value of a name."""
        ...

    def getlist(self, name: str, /) -> list[str]:
        """All values of a name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a page of numbers is about.

    preset  the name of the period, None for other dates
    days    the first and the last business day with events, None if there are none
    today   the day from which named periods are counted back: of an imported shop, its last day with events
    at      the moment of asking; of an imported shop no later than the end of its last day with events, for nothing
            is known of what came after it: somebody who did not come back by then is not lost
    """

    shop: Shop
    preset: Preset | None
    period: Period
    comparison: Comparison
    where: Filters
    days: tuple[date, date] | None
    today: date
    at: datetime

    @property
    def compare(self) -> Period | None:
        """The period to hold this one against."""
        return metrics.compared(self.period, self.comparison)

    @property
    def is_live(self) -> bool:
        """Whether the period still runs in a shop that is open."""
        return self.shop.kind is ShopKind.OWN and self.today in self.period

    def query(self, **more: str) -> str:
        """The scope as the query part of an address, with further names and values."""
        return urlencode([*self.pairs(), *more.items()])

    def pairs(self) -> Iterator[tuple[str, str]]:
        """The names and values that say this scope; what a page would take anyway is left out."""
        yield "shop", self.shop.code
        yield "period", self.preset or CUSTOM
        if self.preset is None:
            yield "from", self.period.start.isoformat()
            yield "to", self.period.last.isoformat()
        yield "compare", self.comparison
        for cut, values in self.where.by_cut().items():
            yield from ((cut, value) for value in values)

    def only(self, cut: Cut, value: str) -> Scope:
        """The same, looking at one value of a cut only."""
        return replace(self, where=replace(self.where, **{cut.value: (value,)}))

    def without(self, cut: Cut) -> Scope:
        """The same without the filter on a cut."""
        return replace(self, where=replace(self.where, **{cut.value: ()}))

    def where_by(self, cuts: Collection[Cut]) -> Filters:
        """The filters that look at one of these."""
        return Filters(**{cut.value: values for cut, values in self.where.by_cut().items() if cut in cuts})

    def unheard(self, cuts: Collection[Cut]) -> tuple[Cut, ...]:
        """What it filters by besides these; a page that cannot hear it says so."""
        return tuple(cut for cut in self.where.by_cut() if cut not in cuts)

    def on(self, period: Period) -> Scope:
        """The same on other days, as far as they lie in this period."""
        start, end = max(period.start, self.period.start), min(period.end, self.period.end)
        return replace(self, preset=None, period=Period(start, end))


def chosen_shop(query: Query, shops: Sequence[Shop]) -> Shop | None:
    """The shop that an address names, the first one if it names none; None if there is no such shop."""
    code = query.get("shop", "")
    if not code:
        return shops[0] if shops else None
    return next((shop for shop in shops if shop.code == code), None)


def scope_of(query: Query, *, shop: Shop, days: tuple[date, date] | None, at: datetime) -> Scope:
    """What an address asks for; words that it does not have, or has wrong, mean the usual.

    days  the first and the last business day of the shop with events
    """
    is_own = shop.kind is ShopKind.OWN
    today = clock.day_of(at, shop.zone)
    if days and not is_own:
        today = days[1]
        at = min(at, clock.span_of(today, shop.zone)[1])
    preset, period = _period(query, today=today, days=days, usual=Preset.DAYS_30 if is_own else Preset.MONTHS_12)
    said = query.get("compare", "")
    return Scope(
        shop=shop,
        preset=preset,
        period=period,
        comparison=Comparison(said) if said in tuple(Comparison) else Comparison.PREVIOUS,
        where=Filters(**{cut.value: tuple(dict.fromkeys(query.getlist(cut)))[:50] for cut in metrics.FILTERABLE}),
        days=days,
        today=today,
        at=at,
    )


def _period(
    query: Query, *, today: date, days: tuple[date, date] | None, usual: Preset
) -> tuple[Preset | None, Period]:
    said = query.get("period", "")
    first = days[0] if days else None
    start, last = _day(query.get("from", "")), _day(query.get("to", ""))
    if said == CUSTOM and start and last:
        earliest, latest = min(first or today, today) - _FURTHEST, today + _FURTHEST
        start, last = (min(max(day, earliest), latest) for day in sorted((start, last)))
        return None, Period(start, last + timedelta(days=1))
    preset = Preset(said) if said in tuple(Preset) else usual
    return preset, metrics.preset(preset, today=today, first=first)


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None

"""Which numbers are looked at, and what lay outside what is normal."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.insight.alerts.errors import KnownDayUnfit
from zhanggui.insight.alerts.rules.bands import CHANCE, Band
from zhanggui.insight.metrics.rules import METRICS, Cut, Figure, Filters, Unit, Watch, can_answer, metric, named

# Looked at beside those that the dictionary watches as goals, as steps on the way to them, or as dangers.
_BESIDES: Final = ("buyers", "aov", "refund_amount")
# Looked at cell by cell too: the money, the people and what of them becomes an order; of goods, what was sold.
_IN_CELLS: Final[Mapping[Cut, tuple[str, ...]]] = {
    Cut.CHANNEL: ("gmv_paid", "uv", "cvr_paid_visitor"),
    Cut.REGION: ("gmv_paid", "uv", "cvr_paid_visitor"),
    Cut.DEVICE: ("gmv_paid", "uv", "cvr_paid_visitor"),
    Cut.CATEGORY: ("goods_paid", "units"),
}
# Of what a sum of money is the sum.
PIECES: Final[Mapping[str, str]] = {
    "gmv_paid": "orders_paid",
    "gmv_quality": "orders_paid",
    "goods_paid": "units",
    "refund_amount": "refund_rate",
}
# What money is a product of: an outage of one of these is worth its part of the money that was missed.
FACTORS: Final = frozenset({"uv", "cvr_paid_visitor", "orders_paid", "buyers", "aov", "arppu"})
MONEY: Final = frozenset({"gmv_paid", "goods_paid"})
MOST_CELLS: Final = 12
LONGEST_KNOWN: Final = timedelta(days=31)
LONGEST_NAME: Final = 80
# What is neither a count nor an amount is kept in whole millionths.
MILLION: Final = 1_000_000


class Side(StrEnum):
    """On which side of its band a number lies."""

    LOW = "low"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a number was counted: in the whole shop, or in one cell of a cut."""

    cut: Cut | None = None
    cell: str = ""

    @property
    def where(self) -> Filters:
        """The same as filters."""
        return Filters(**{self.cut.value: (self.cell,)}) if self.cut else Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A number of a day that lies outside what is normal for it.

    actual, expected, low, high  minor units of an amount, a count as it is, else millionths
    money_minor                  what it was worth, by the tree; None where the tree cannot say
    fact                         that told of it, the cause of what follows; None for what was found before facts were
                                 kept
    """

    id: str = ""
    shop: str
    metric: str
    place: Place
    day: date
    actual: int
    expected: int
    low: int
    high: int
    money_minor: int | None
    currency: str
    found_at: datetime
    fact: UUID | None = None

    @property
    def side(self) -> Side:
        """On which side it lies."""
        return Side.LOW if self.actual < self.low else Side.HIGH


@dataclass(frozen=True, slots=True, kw_only=True)
class Normal:
    """The band of a number of the whole shop on a day, in the units of Deviation."""

    metric: str
    day: date
    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDays:
    """Days that are known to differ: a holiday, a sale; they are neither judged nor learnt from.

    id  empty for what is plugged in by others, such as flash sales
    """

    id: str = ""
    name: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def watched() -> tuple[str, ...]:
    """The numbers of the whole shop that are looked at: goals, steps and dangers, as far as they are counted by day."""
    return tuple(
        key
        for key, one in METRICS.items()
        if (one.watch is not Watch.PLAIN or key in _BESIDES) and can_answer(key, by=Cut.DAY)
    )


def watched_in(cut: Cut) -> tuple[str, ...]:
    """The numbers that are looked at in the cells of a cut; none for most cuts."""
    return tuple(key for key in _IN_CELLS.get(cut, ()) if can_answer(key, by=Cut.DAY, then=cut))


def chance_of(key: str, *, over: float = 0.0, each: float = 0.0) -> float:
    """The least that the square root of a number scatters by: that of a count of rare things, of a share of many, or
    of the money of rare orders.

    over    the denominator of an ordinary day, for a rate
    each    what one order or piece is worth on average, for a sum of money
    source  Bartlett (1936), as in `bands`; 0.5 for any count, 0.5 / 10 for a rate over 100 people; money of n orders of
            m each scatters by m times the root of n, its root so by half the root of m: 5.0 for orders of 100
    """
    unit = metric(key).unit
    if unit is Unit.COUNT:
        return CHANCE
    if unit is Unit.MONEY:
        return CHANCE * math.sqrt(max(each, 0.0))
    return CHANCE / math.sqrt(over) if unit is Unit.RATE and over > 0 else 0.0


def number_of(figure: Figure) -> float | None:
    """A figure as a plain number: minor units, a count, a rate; None where there is nothing to divide by."""
    return None if figure.size is None else float(figure.size)


def in_units(key: str, number: float, whole: Callable[[float], int] = round) -> int:
    """A number in whole units: minor units of an amount, a count as it is, else millionths.

    whole  which whole number is taken, the nearest if not given
    """
    return whole(number * unit_of(key))


def unit_of(key: str) -> int:
    """How many whole units one of a number is kept in: 1 for counts and minor units, else a million."""
    return 1 if named(key).unit in (Unit.COUNT, Unit.MONEY) else MILLION


def normal_of(key: str, day: date, found: Band) -> Normal:
    """A band in whole units, rounded inwards, so that a whole number outside it is outside in every reading."""
    low = in_units(key, found.low, math.ceil)
    high = max(low, in_units(key, found.high, math.floor))
    expected = min(max(in_units(key, found.expected), low), high)
    return Normal(metric=key, day=day, expected=expected, low=low, high=high)


def known_days(*, name: str, first: date, last: date) -> KnownDays:
    """Days that an operator says are known to differ.

    refuses  KnownDayUnfit
    """
    called = name.strip()
    if not called or len(called) > LONGEST_NAME:
        raise KnownDayUnfit(field="name")
    if last < first or last - first >= LONGEST_KNOWN:
        raise KnownDayUnfit(field="last")
    return KnownDays(name=called, first=first, last=last)

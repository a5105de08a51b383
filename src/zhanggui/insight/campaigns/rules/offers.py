"""Offers, what passed through them and what they added, as frozen values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.campaigns.rules.baseline import HISTORY_DAYS, Ahead, baseline
from zhanggui.insight.metrics.rules import Period

# Eight weeks say nothing of what lies further ahead than they reach back.
MOST_DAYS: Final = HISTORY_DAYS
# For so long after its end, but no longer than it went on, a lack is taken for sales that an offer only hastened.
AFTER_DAYS: Final = 14
# metrics.md, balance_paid_rate: the figure to beat.
GOAL: Final = Decimal("0.65")
_DAY: Final = timedelta(days=1)


class Kind(StrEnum):
    """What an offer is."""

    PROMOTION = "promotion"
    FLASH = "flash"
    PRESALE = "presale"


class Lack(StrEnum):
    """Why it cannot be said what came on top."""

    YOUNG = "young"
    TO_COME = "to_come"
    UNUSED = "unused"
    GOODS = "goods"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What an offer is about: everything, or some SKUs."""

    is_all: bool = False
    skus: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A promotion, a flash sale or a presale.

    names  in Chinese and English; empty if nobody plugged in knows it
    start  its first day; end: the day after its last, None while nobody says
    goods  None if only the orders that used it say
    """

    kind: Kind
    id: str
    name_zh: str = ""
    name_en: str = ""
    start: date
    end: date | None = None
    goods: Goods | None = None

    def name(self, language: str) -> str:
        """What it is called in a language; its id if it has no name."""
        mine, other = (self.name_zh, self.name_en) if language.startswith("zh") else (self.name_en, self.name_zh)
        return mine or other or self.id

    def days_in(self, period: Period) -> Period | None:
        """Its days in a period; None if there are none."""
        start, end = max(self.start, period.start), min(self.end or period.end, period.end)
        return Period(start, end) if start < end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What passed through an offer: the paid orders that used it, without those that came to nothing.

    money         for all goods of a promotion's orders, for its own goods of a flash sale or presale; postage not in it
    given         what it took off at the shop's cost; given_by_others: at somebody else's
    """

    orders: int
    units: int
    money: Money
    given: Money
    given_by_others: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Uplift:
    """What was more, or less, than the weeks before let expect.

    low, high    between which the difference lies with 95 %; so `expected` lies between actual - high and actual - low
    days         that were judged; learnt_days: that the expectation was made of
    """

    actual: Money
    expected: Money
    low: Money
    high: Money
    days: int
    learnt_days: int

    @property
    def more(self) -> Money:
        """What came on top; below zero if less came than expected."""
        return self.actual - self.expected

    @property
    def rate(self) -> Decimal | None:
        """The same over what was expected."""
        return self._over(self.more)

    @property
    def low_rate(self) -> Decimal | None:
        """The lower end, over the most that may have been expected."""
        return self._over(self.low)

    @property
    def high_rate(self) -> Decimal | None:
        """The upper end, over the least that may have been expected; None if that is nothing."""
        return self._over(self.high)

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves nothing out."""
        return self.low.minor > 0 or self.high.minor < 0

    def _over(self, money: Money) -> Decimal | None:
        base = (self.actual - money).minor
        return Decimal(money.minor) / base if base > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What was sold of some goods on each day, in minor units, and of goods of their categories that are not in it.

    margin    less what the pieces cost; None where the cost of any of them is not known
    """

    own: Mapping[date, int] = field(default_factory=dict)
    beside: Mapping[date, int] = field(default_factory=dict)
    margin: Mapping[date, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an offer cost and brought in a period.

    days     on which it was on in the period; judged: those of them that are over, None if none is
    uplift   of its goods, paid amounts after all discounts; None with the reason in `lack`
    margin   the same of what is left after the goods' cost
    beside   of goods of the same categories that were not in it: what it took from them
    after    of its goods in the days after its end: what it only hastened
    """

    offer: Offer
    days: Period
    judged: Period | None
    touched: Touched
    uplift: Uplift | None = None
    margin: Uplift | None = None
    beside: Uplift | None = None
    after: Uplift | None = None
    lack: Lack | None = None

    @property
    def net(self) -> Money | None:
        """What came on top, less what was taken from the goods beside and from the days after."""
        if self.uplift is None:
            return None
        return sum((one.more for one in (self.beside, self.after) if one), self.uplift.more)

    @property
    def is_its_own(self) -> bool:
        """Whether no more came on top than passed through it; else something besides moved its goods too."""
        return self.uplift is None or self.uplift.more <= self.touched.money

    @property
    def roi(self) -> Decimal | None:
        """The margin that came on top, discounts already taken off, over what was given away: above 0 it paid off.

        None if more came on top than passed through it.

        source  a margin of 50 on top and 100 given -> 0.5; None if the goods' cost is not known, or nothing was given
        """
        return self._over(self.margin.more if self.margin else None)

    @property
    def money_per_given(self) -> Decimal | None:
        """Where the goods' cost is not known: the paid amount on top over what was given away. No profit."""
        return self._over(self.uplift.more if self.uplift else None)

    def _over(self, money: Money | None) -> Decimal | None:
        given = self.touched.given.minor
        return Decimal(money.minor) / given if money is not None and given and self.is_its_own else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """Deposits of a presale, or of a day, and what became of them until now.

    kept       whose balance was paid; forfeited, returned: whose was not; the others can still be paid
    """

    deposits: int
    kept: int
    forfeited: int
    returned: int

    @property
    def rate(self) -> Decimal | None:
        """Balances paid over deposits paid."""
        return Decimal(self.kept) / self.deposits if self.deposits else None

    @property
    def open(self) -> int:
        """Deposits whose balance can still be paid."""
        return self.deposits - self.kept - self.forfeited - self.returned

    @property
    def is_beaten(self) -> bool:
        """Whether the rate is the goal's or better."""
        return self.rate is not None and self.rate >= GOAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """The days of a campaign's warm-up or burst, for the whole shop.

    given   by all offers, at the shop's cost
    uplift  of its days that are over, at most MOST_DAYS after the campaign's first; None if there are none
    """

    days: Period
    orders: int
    money: Money
    given: Money
    deposits: Conversion
    uplift: Uplift | None


def judged(offer: Offer, period: Period, *, today: date) -> Period | None:
    """The days of an offer in a period that are over, at most MOST_DAYS from its start; None if there are none."""
    days = offer.days_in(period)
    if days is None:
        return None
    end = min(days.end, today, offer.start + MOST_DAYS * _DAY)
    return Period(days.start, end) if days.start < end else None


def after(offer: Offer, *, today: date) -> Period | None:
    """The days after an offer on which what it hastened is missing; None if it is not over or too long."""
    if offer.end is None or offer.end >= today or (offer.end - offer.start).days > MOST_DAYS:
        return None
    days = min(AFTER_DAYS, (offer.end - offer.start).days)
    return Period(offer.end, min(today, offer.end + days * _DAY))


def uplift(
    sold: Mapping[date, int],
    *,
    since: date,
    days: Period,
    known: tuple[date, date],
    left_out: Sequence[date] = (),
    currency: str,
) -> tuple[Uplift, Ahead] | None:
    """What was sold on some days beyond what the weeks before an offer let expect; None if those say too little.

    sold      by day, in minor units; a day that is missing sold nothing
    since     the offer's first day: what is learnt ends before it
    known     the shop's first and last day with anything
    left_out  days that are known to differ; nothing is learnt from them
    """
    first_day = max(known[0], min(sold, default=since))
    history = [
        float(sold.get(day, 0)) if day >= first_day and day not in left_out else None
        for day in (since - n * _DAY for n in range(HISTORY_DAYS, 0, -1))
    ]
    line = baseline(history)
    if line is None:
        return None
    ahead = line.ahead((days.start - since).days, days.days)
    actual = sum(sold.get(days.start + n * _DAY, 0) for n in range(days.days))
    expected = round(ahead.total)
    return (
        Uplift(
            actual=Money(actual, currency),
            expected=Money(expected, currency),
            low=Money(math.floor(actual - expected - ahead.half), currency),
            high=Money(math.ceil(actual - expected + ahead.half), currency),
            days=days.days,
            learnt_days=line.learnt_days,
        ),
        ahead,
    )

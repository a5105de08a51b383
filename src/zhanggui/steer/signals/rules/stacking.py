"""Discounts beyond what the shop means: orders that heap them up, and coupons that few people use again and again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from zhanggui.steer.signals.rules.chances import next_count, next_share

PAST_DAYS: Final = 56
RECENT_DAYS: Final = 14
# Half the price is never what a shop means, unless it was usual: then it is what 99 of 100 such orders stay below.
_MEANT: Final = 0.5
_HUNDREDTH: Final = 0.99
_LEAST_PAST: Final = 50
_LEAST_ORDERS: Final = 3
_LEAST_USES: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one order was given: by how many offers, how much, and what its goods cost without them."""

    order_number: str
    offers: int
    given_minor: int
    list_minor: int

    @property
    def rate(self) -> float:
        """The part of its price that was taken off."""
        return self.given_minor / self.list_minor if self.list_minor else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Heap:
    """Orders of a day that were given more than the shop means.

    meant   the largest part of a price that is usual
    chance  that there are so many of them and nothing is the matter
    """

    orders: tuple[str, ...]
    of: int
    meant: float
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """How often one person used an offer over some days, and what was given them."""

    person: int
    uses: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """A few people who use an offer again and again.

    usual   uses of one of the others
    chance  that one of so many people uses it so often and nothing is the matter
    """

    people: int
    uses: int
    usual: float
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


def heap(today: Sequence[Given], before: Sequence[Given]) -> Heap | None:
    """Orders of a day whose discounts are larger than is meant; None if there are few, or too little is known.

    low, expected, high  what was given beyond the largest usual part of the price, beyond the middle one, and in all
    source  `chances.next_share`; 100 orders with a tenth off, then 4 of 10 at 100.00 with 60.00 off -> meant 0.5,
            40.00, 200.00 and 240.00
    """
    rates = sorted(one.rate for one in before)
    if len(rates) < _LEAST_PAST:
        return None
    meant = max(_MEANT, rates[int(_HUNDREDTH * (len(rates) - 1))])
    beyond = [one for one in today if one.rate > meant]
    if len(beyond) < _LEAST_ORDERS:
        return None
    usual = next_share((sum(rate > meant for rate in rates), len(rates)), of=len(today))
    middle = median(rates)
    return Heap(
        orders=tuple(one.order_number for one in beyond),
        of=len(today),
        meant=meant,
        low_minor=round(sum(one.given_minor - meant * one.list_minor for one in beyond)),
        expected_minor=round(sum(one.given_minor - middle * one.list_minor for one in beyond)),
        high_minor=sum(one.given_minor for one in beyond),
        chance=usual.at_least(len(beyond)),
    )


def leak(used: Iterable[Uses]) -> Leak | None:
    """Those who used an offer far more often than the others did; None if there are none.

    Everybody else is held to use it as often as they do on average. What those few were given beyond that is the size;
    at the least what they were given beyond the first five uses, at the most all of it.

    used    one each
    source  `chances.next_count`, times how many people there are; 100 people once each for 5.00, one 20 times ->
            5.00 beyond usual is 95.00, between 75.00 and 100.00
    """
    every = list(used)
    few = [one for one in every if one.uses >= _LEAST_USES]
    others = [one for one in every if one.uses < _LEAST_USES]
    if not few:
        return None
    count = sum(one.uses for one in others)
    spread = next_count(count, over=max(1, len(others)), ahead=1.0)
    usual = count / len(others) if others else 1.0
    chances = [min(1.0, len(every) * spread.at_least(one.uses)) for one in few]
    return Leak(
        people=len(few),
        uses=sum(one.uses for one in few),
        usual=usual,
        low_minor=sum(_less(one, _LEAST_USES) for one in few),
        expected_minor=sum(_less(one, usual) for one in few),
        high_minor=sum(one.minor for one in few),
        chance=min(chances),
    )


def _less(one: Uses, uses: float) -> int:
    """What somebody was given beyond so many uses."""
    return round(one.minor * max(0.0, one.uses - uses) / one.uses)

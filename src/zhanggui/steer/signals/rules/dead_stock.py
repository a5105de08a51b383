"""Goods that nobody buys any more, and the money that lies in them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhanggui.steer.signals.rules.broken_steps import scatter
from zhanggui.steer.signals.rules.chances import next_count

IDLE_DAYS: Final = 60
# What is usual of a SKU that sold lately is read from so many days up to its last sale.
PAST_DAYS: Final = 56
# For how many days more it is asked whether a piece will be sold.
_AHEAD_DAYS: Final = 28
# Who buys it so seldom says nothing by staying away for some days.
_LEAST_ORDERS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """What lies on the shelf of a SKU.

    since       the day from which it could be bought
    last_sold   None if it never was
    cost_minor  of one piece, None where no receipt says so;  price_minor what one piece is usually paid for
    """

    sku: str
    units: int
    since: date
    last_sold: date | None
    cost_minor: int | None
    price_minor: int

    @property
    def tied_minor(self) -> int:
        """What lies in it: at cost where that is known, else at its price."""
        return self.units * (self.price_minor if self.cost_minor is None else self.cost_minor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """How often a SKU was looked at since it was sold last, and in the days before: then it was bought so often.

    scatter  by how many times its orders of a day vary more than by chance, at least 1
    """

    since: float
    before: int
    orders: int
    scatter: float = 1.0


def idle_days(lying: Lying, *, day: date) -> int:
    """For how many days up to a day's end nobody bought it."""
    return (day - max(lying.last_sold or date.min, lying.since)).days


def is_dead(lying: Lying, *, day: date) -> bool:
    """Whether pieces lie there and none was sold for IDLE_DAYS, though they could be bought."""
    return lying.units > 0 and idle_days(lying, day=day) >= IDLE_DAYS


def looks(days: Mapping[date, tuple[int, int]], whole: Mapping[date, tuple[int, int]], *, last_sold: date) -> Looks:
    """How a SKU was looked at and bought in PAST_DAYS up to its last sale, and looked at since.

    By as much as the whole shop sells less for as many looks since, its looks count less.

    days, whole  (looks, orders) of the SKU and of all SKUs by day
    source       our own; 10 looks and an order on each of ten days, then 10 looks on two more, where all SKUs together
                 sold half as much for their looks on these two -> 100 looks, 10 orders, then 10
    """
    known = {on: one for on, one in days.items() if on > last_sold - timedelta(days=PAST_DAYS)}
    before = [one for on, one in known.items() if on <= last_sold]
    since = sum(views for on, (views, _) in known.items() if on > last_sold)
    then, now = (
        _rate([one for on, one in whole.items() if on in span])
        for span in ({on for on in known if on <= last_sold}, {on for on in known if on > last_sold})
    )
    return Looks(
        since=since * min(1.0, now / then) if then else 0.0,
        before=sum(views for views, _ in before),
        orders=sum(orders for _, orders in before),
        scatter=scatter([(min(orders, views), views) for views, orders in before]),
    )


def _rate(days: Sequence[tuple[int, int]]) -> float:
    looks, orders = (sum(column) for column in zip(*days, strict=True)) if days else (0, 0)
    return orders / looks if looks else 0.0


def usual_orders(looks: Looks) -> float:
    """Orders that as many looks led to before."""
    return looks.orders * looks.since / looks.before if looks.before else 0.0


def chance_of_pause(looks: Looks) -> float:
    """How likely so many looks lead to no order, and nothing is the matter; 1 where too little is known.

    source  `chances.next_count`; 100 orders of 1,000 looks, then none of 100 -> 0.000069, of 10 -> 0.37
    """
    if looks.orders < _LEAST_ORDERS or not (looks.before and looks.since):
        return 1.0
    return next_count(looks.orders / looks.scatter, over=looks.before, ahead=looks.since).at_most(0)


def chance_of_none(days: int) -> float:
    """How likely nothing is sold in the four weeks after so many days without a sale.

    source  no event of a Poisson rate under Jeffreys' prior, (days / (days + 28)) ** 0.5; 60 -> 0.826, 200 -> 0.937
    """
    return math.sqrt(days / (days + _AHEAD_DAYS)) if days > 0 else 0.0

"""How many buyers slow pages keep away: by the shop's own slow and quick days, else as others have measured it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from zhanggui.insight.metrics.rules.intervals import ratio

PAST_DAYS: Final = 56
LEAST_DAYS: Final = 7
LEAST_ORDERS: Final = 200
# A slow day has at least so many times the slow pages of a quick one, and so many of a hundred more.
_TIMES: Final = 2.0
_MORE: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """How many requests of a day were slow, of all; and how many visits ended with an order, of all."""

    slow: int
    requests: int
    orders: int
    visits: int

    @property
    def share(self) -> float:
        """The part of its requests that was slow."""
        return self.slow / self.requests if self.requests else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The part of those who would buy that a slow page keeps from it, where one that fails keeps all.

    days  slow ones that it was measured on; 0 where others' figure is taken
    """

    low: float
    expected: float
    high: float
    days: int = 0


# A tenth of a second more cost 2.4 % of orders on desktops and 7.1 % on phones, two seconds more 36.5 % on desktops:
# Akamai (SOASTA), The State of Online Retail Performance, Spring 2017, ten billion visits of one month. How slow a slow
# page was is not told, so that the ends are far apart.
AS_READ: Final = Kept(low=0.024, expected=0.071, high=0.365)


def kept(days: Sequence[Day]) -> Kept:
    """What slow pages keep, from days on which many requests were slow and those on which few were.

    Quick days are those below the middle share of slow requests, slow ones those with twice as much and 2 % more; each
    needs a week and 200 orders, else AS_READ is taken. By as much as visits end with an order less often on slow days,
    and for as many more slow requests: conversion may differ for other reasons too, so both ends are those of 95 %.

    source  `intervals.ratio`; 500 of 10,000 visits on quick days with 2 % slow, 400 of 10,000 on slow ones with 22 %
            -> all of it, between 0.45 and all
    """
    known = [day for day in days if day.requests and day.visits]
    if not known:
        return AS_READ
    middle = median(day.share for day in known)
    quick = [day for day in known if day.share <= middle]
    slow = [day for day in known if day.share >= max(_TIMES * middle, middle + _MORE)]
    fast, late = _sum(quick), _sum(slow)
    if min(len(quick), len(slow)) < LEAST_DAYS or min(fast.orders, late.orders) < LEAST_ORDERS:
        return AS_READ
    bounds = ratio((late.orders, late.visits), (fast.orders, fast.visits))
    more = late.share - fast.share
    rate = (late.orders / late.visits) / (fast.orders / fast.visits)
    low, expected, high = (min(1.0, max(0.0, (1 - one) / more)) for one in (bounds.high, rate, bounds.low))
    return Kept(low=low, expected=expected, high=high, days=len(slow))


def _sum(days: Sequence[Day]) -> Day:
    return Day(
        slow=sum(day.slow for day in days),
        requests=sum(day.requests for day in days),
        orders=sum(day.orders for day in days),
        visits=sum(day.visits for day in days),
    )

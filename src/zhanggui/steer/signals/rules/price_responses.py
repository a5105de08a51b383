"""Goods that became dearer, and whether they bring less money since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from zhanggui.steer.signals.rules.chances import Spread, next_count

BEFORE_DAYS: Final = 56
# A rise that is older is the price by now.
LONGEST_DAYS: Final = 60
_LEAST_ORDERS: Final = 8
_WHOLE_BP: Final = 10_000
# That fewer buy is asked of all rises at once; that less money comes only of those where it is so.
_LESS_MONEY: Final = 0.05
# Told on the first day that shows it, a loss looks larger than it is: the low end is one in 200, and not in 40.
_LOW, _HIGH = 0.005, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How often a SKU was looked at and bought over some days, and what was paid for it."""

    views: int
    orders: int
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What the rise of a price did to the money that the goods bring.

    usual   orders that as many views would have led to at the old price
    chance  that as few would have bought at the old price, by chance alone; 1 where what came is not less money
    """

    usual: float
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


def response(before: Course, since: Course) -> Response | None:
    """What would have been earned since at the old price, less what was; None if too little is known.

    Of as many views as many would have bought as before, each for as much as an order brought then. Whether that is
    chance is asked of the orders: a dearer one brings more, so the money says it later.

    source  `chances.next_count`; 100 orders of 1,000 views for 1,000.00, then 20 of 500 for 260.00 -> 50.25 usual,
            242.50 lost, between 40.00 and 420.00
    """
    if before.orders < _LEAST_ORDERS or not (before.views and since.views):
        return None
    each = before.minor / before.orders
    spread = next_count(before.orders, over=before.views, ahead=since.views)
    low, high = spread.bound(_LOW), spread.bound(_HIGH)
    return Response(
        usual=spread.mean,
        low_minor=round(max(0.0, low * each - since.minor)),
        expected_minor=round(max(0.0, spread.mean * each - since.minor)),
        high_minor=round(max(0.0, high * each - since.minor)),
        chance=spread.at_most(since.orders) if _is_less(spread, since, each=each) else 1.0,
    )


def price_back_bp(was_minor: int, now_minor: int) -> int:
    """What to take off so that the old price stands again, in 1/10,000; 100.00 after 130.00 -> 2308."""
    return round(_WHOLE_BP * (now_minor - was_minor) / now_minor) if now_minor > was_minor else 0


def _is_less(spread: Spread, since: Course, *, each: float) -> bool:
    """Whether what came since is less money than came before, wrong once in twenty times."""
    return each > 0 and spread.at_most(int(since.minor / each)) <= _LESS_MONEY

"""Orders that are paid and should have left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from zhanggui.steer.signals.rules.broken_steps import scatter
from zhanggui.steer.signals.rules.chances import next_count, next_share
from zhanggui.steer.signals.rules.order_worth import OrderWorth, Worth, worth

# What a shop promises that says nothing else; a platform's rule in China.
PROMISE: Final = timedelta(hours=48)
PAST_DAYS: Final = 28
# A weekday is held against as many before it: some houses send nothing on Sundays.
PAST_WEEKS: Final = 8
_LEAST_WEEKS: Final = 4
# Fewer are somebody's day off.
LEAST_ORDERS: Final = 3
_MOST_SHARE: Final = 0.05
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Of the orders that were paid on a day, how many have left by the end of a day soon after.

    waits  what those were paid for that have not: on average, and how far they lie apart
    """

    of: int
    left: int
    waits: OrderWorth


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """Orders that would have left by now at the shop's usual pace.

    usual   of as many as were paid, so many leave in that time
    orders  how many fewer left
    chance  that so few leave and nothing is the matter
    """

    left: int
    of: int
    usual: float
    orders: float
    worth: Worth
    chance: float


def chance_of(late: int, *, before: Sequence[int]) -> float:
    """How likely so many are late at the end of a day, after so many at the ends of days before.

    source  `chances.next_count`; 5 after 28 days with none -> about 0.00000001
    """
    return next_count(sum(before), over=len(before), ahead=1.0).at_least(late) if before else 1.0


def is_many(late: int, *, daily_orders: float) -> bool:
    """Whether so many are late that it matters however usual it is: one in twenty of a day's orders."""
    return late >= LEAST_ORDERS and late >= _MOST_SHARE * daily_orders


def held_up(now: Leaving, past: Sequence[tuple[int, int]]) -> HeldUp | None:
    """Orders of a day that have not left though so many leave as soon; None if they are few, or too little is known.

    past    (left, of) of the same weekday in the weeks before, after as long a time
    source  `chances.next_share`, `broken_steps.scatter`, `order_worth.worth`; 30 of 100 left at 50.00 each, all alike,
            where 60 of 100 did in each of eight weeks -> 30 orders held up, 1,499.38 between 1,000.00 and 2,000.00
    """
    known = [one for one in past if one[1]]
    if len(known) < _LEAST_WEEKS or not now.of:
        return None
    scale = scatter(known)
    seen = sum(left for left, _ in known) / scale, sum(of for _, of in known) / scale
    spread = next_share(seen, of=max(1, round(now.of / scale)))
    orders, low, high = (
        max(0.0, one * scale - now.left) for one in (spread.mean, spread.bound(_LOW), spread.bound(_HIGH))
    )
    if orders < LEAST_ORDERS:
        return None
    return HeldUp(
        left=now.left,
        of=now.of,
        usual=seen[0] / seen[1] * now.of,
        orders=orders,
        worth=worth(orders, low=min(low, orders), high=max(high, orders), each=now.waits),
        chance=spread.at_most(round(now.left / scale)),
    )

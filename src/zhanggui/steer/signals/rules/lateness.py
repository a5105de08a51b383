"""Orders that are paid and should have left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from zhanggui.steer.signals.rules.chances import next_count

# What a shop promises that says nothing else; a platform's rule in China.
PROMISE: Final = timedelta(hours=48)
PAST_DAYS: Final = 28
# Fewer are somebody's day off.
LEAST_ORDERS: Final = 3
_MOST_SHARE: Final = 0.05


def chance_of(late: int, *, before: Sequence[int]) -> float:
    """How likely so many are late at the end of a day, after so many at the ends of days before.

    source  `chances.next_count`; 5 after 28 days with none -> about 0.00000001
    """
    return next_count(sum(before), over=len(before), ahead=1.0).at_least(late) if before else 1.0


def is_many(late: int, *, daily_orders: float) -> bool:
    """Whether so many are late that it matters however usual it is: one in twenty of a day's orders."""
    return late >= LEAST_ORDERS and late >= _MOST_SHARE * daily_orders

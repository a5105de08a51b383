"""What orders are worth that did not come, or that did: some are small and some are large."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

_95: Final = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderWorth:
    """What an order brings, in minor units: on average, and how far one lies from that (standard deviation).

    An order that is placed and never paid brings nothing, and counts.
    """

    mean_minor: float
    deviation_minor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What some orders are worth, with 95 %."""

    low_minor: int
    expected_minor: int
    high_minor: int


def worth(orders: float, *, low: float, high: float, each: OrderWorth) -> Worth:
    """What so many orders are worth, of which the number is between two bounds.

    What the number may be off and how the orders differ are independent, so their squares add.

    source  the variance of a sum of a random number of terms: Feller, An Introduction to Probability Theory, vol. 1,
            ch. 12; 9 orders, 5 to 13, of 100.00 with a deviation of 50.00 -> 900.00, between 403.58 and 1,396.42
    """
    middle, spread = orders * each.mean_minor, _95 * each.deviation_minor * math.sqrt(max(orders, 0.0))
    below = math.hypot((orders - low) * each.mean_minor, spread)
    above = math.hypot((high - orders) * each.mean_minor, spread)
    return Worth(
        low_minor=round(max(0.0, middle - below)),
        expected_minor=round(max(0.0, middle)),
        high_minor=round(max(0.0, middle + above)),
    )

"""Goods that nobody buys any more, and the money that lies in them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Final

IDLE_DAYS: Final = 60
# For how many days more it is asked whether a piece will be sold.
_AHEAD_DAYS: Final = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """What lies on the shelf of a SKU.

    since       the day from which it could be bought
    last_sold   None if it never was
    cost_minor  of one piece, None where no receipt says so;  price_minor what one piece was listed at last
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


def idle_days(lying: Lying, *, day: date) -> int:
    """For how many days up to a day's end nobody bought it."""
    return (day - max(lying.last_sold or date.min, lying.since)).days


def is_dead(lying: Lying, *, day: date) -> bool:
    """Whether pieces lie there and none was sold for IDLE_DAYS, though they could be bought."""
    return lying.units > 0 and idle_days(lying, day=day) >= IDLE_DAYS


def chance_of_none(days: int) -> float:
    """How likely nothing is sold in the four weeks after so many days without a sale.

    source  no event of a Poisson rate under Jeffreys' prior, (days / (days + 28)) ** 0.5; 60 -> 0.826, 200 -> 0.937
    """
    return math.sqrt(days / (days + _AHEAD_DAYS)) if days > 0 else 0.0

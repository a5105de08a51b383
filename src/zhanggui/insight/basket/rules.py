"""Bands of first baskets, and what follows from how their buyers come again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.metrics.rules.intervals import wilson

BANDS: Final = 5
WITHIN_DAYS: Final = (30, 60, 90, 180)
USUAL_WITHIN_DAYS: Final = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Buyers whose first paid order was worth about as much.

    least, most  of these first orders
    again        of these people, who paid another order within the days
    """

    least: Money
    most: Money
    people: int
    again: int

    @property
    def rate(self) -> Decimal:
        """Who came again, as a rate."""
        return Decimal(self.again) / self.people

    @property
    def interval(self) -> tuple[float, float]:
        """Between which rates the true one lies with 95 %, by Wilson; floats.

        source   Wilson 1927; 10 of 50 -> 0.112 to 0.330
        """
        found = wilson((self.again, self.people))
        return found.low, found.high


class Advice(StrEnum):
    """What the bands say to do."""

    RAISE = "raise"
    WIN_SMALL = "win_small"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Baskets:
    """First baskets of a period in bands, the smallest first.

    period  of the first orders, cut to those that are old enough; None if none is
    """

    period: Period | None
    within_days: int
    bands: tuple[Band, ...]

    @property
    def best(self) -> Band | None:
        """The band whose buyers come again most."""
        return max(self.bands, key=lambda band: (band.rate, -band.least.minor), default=None)

    @property
    def advice(self) -> Advice:
        """RAISE if buyers of larger baskets come again more, WIN_SMALL if those of smaller ones do, beyond chance.

        Larger and smaller are the highest and the lowest band; beyond chance is where their intervals do not meet.
        """
        if len(self.bands) < 2:
            return Advice.LEAVE
        low, high = self.bands[0].interval, self.bands[-1].interval
        if high[0] > low[1]:
            return Advice.RAISE
        return Advice.WIN_SMALL if low[0] > high[1] else Advice.LEAVE

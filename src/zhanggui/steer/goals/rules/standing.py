"""How a goal stands: what came, what was due by now, and what is to be expected at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

# Reached in fewer than one case of four.
AT_RISK: Final = 0.25
# How sure the interval of a forecast is.
SURE: Final = 0.9


class Shape(StrEnum):
    """What the pace of a goal is taken from: the shop's own days of a year before, its weekdays, earlier periods of the
    same length, or nothing, and then it is a straight line; LEVEL numbers are due as they are at any time.
    """

    YEAR = "year"
    WEEKDAYS = "weekdays"
    EARLIER = "earlier"
    STRAIGHT = "straight"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How a goal stands. Numbers in units: minor units of an amount, a count as it is, else millionths.

    actual                of the days that are over, up to and without `until`; None if there is nothing to count yet
    due_by_now            what of the target was due in the same days by the shop's own season
    pace                  actual over due: 1 is on time; None if nothing was due
    forecast, low, high   what is expected of the whole period, and between what it lies with 90 %; None where too
                          little is known; all the actual once the period is over
    chance                how likely the target is reached, 0 to 1; None where that cannot be said
    is_at_risk            the chance is under a quarter, or the period ended unreached
    money_at_stake_minor  what the forecast falls short by, in money; 0 if it does not; None where it has no price
    is_known              whether the shop tells the facts that the number is counted from
    """

    actual: int | None
    due_by_now: int
    pace: Decimal | None
    forecast: int | None
    low: int | None
    high: int | None
    chance: float | None
    is_at_risk: bool
    money_at_stake_minor: int | None
    shape: Shape
    until: date
    is_over: bool
    is_reached: bool
    is_known: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A day of a goal's course, all numbers since the period began, in units.

    actual               None for days to come
    forecast, low, high  None for days that are over, or where nothing can be said
    """

    day: date
    due: float
    actual: float | None = None
    forecast: float | None = None
    low: float | None = None
    high: float | None = None

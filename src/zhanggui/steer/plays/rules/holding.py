"""How many people are held out, and what such a hold-out can show."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from statistics import NormalDist
from typing import Final

from zhanggui.growth.experiments.rules import ALPHA, LEAST_PEOPLE, POWER, WHOLE_BP, held_out_bp_for

HALF_BP: Final = WHOLE_BP // 2
# One in twenty at least: what comes may be less than was expected, and would else never be told from chance.
LEAST_BP: Final = 500
_STRENGTH: Final = NormalDist().inv_cdf(1 - ALPHA / 2) + NormalDist().inv_cdf(POWER)


class Purpose(StrEnum):
    """What a hold-out is good for."""

    SHOWS = "shows"  # what is expected would be told from chance four times in five
    HALF = "half"  # no hold-out shows it; half and half shows most
    LEARNING = "learning"  # even half and half shows only a doubling: for learning only


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What people of an audience bring in as many days as the play lasts, before it, in minor units of each.

    people     how many they are
    baseline   paid less refunded, on average
    deviation  by how much that differs from one to the other
    order      what a paid order of the shop is worth on average
    """

    people: int
    baseline: float
    deviation: float
    order: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldOut:
    """Who is held out, and why so many.

    bp         of 10,000 people
    expected   what is expected of each treated person on top, in minor units
    least      the least that would be told from chance four times in five, in minor units a person; None of nobody
    """

    bp: int
    purpose: Purpose
    people: int
    baseline: float
    deviation: float
    expected: float
    least: float | None


def hold_out(habit: Habit, *, expected: float, bp: int | None = None) -> HoldOut:
    """The smallest hold-out that shows what is expected of a person, but at least LEAST_BP; else half and half.

    Who has not bought for long has no deviation to speak of; then a few orders more make one: its square is at least
    what is expected of a person times the worth of an order.

    expected  minor units a treated person
    bp        of one that is already chosen: what it shows is said
    source    40,000 people, deviation 200.00, expected 10.00 -> 859 of 10,000, shows 10.00; 12,000 people -> half and
              half, which shows 10.23
    """
    deviation = max(habit.deviation, math.sqrt(max(expected, 0.0) * habit.order))
    found = None
    if expected > 0 and deviation > 0:
        found = held_out_bp_for(people=habit.people, baseline=1.0, deviation=deviation, lift_rate=expected)
    chosen = bp if bp is not None else max(found, LEAST_BP) if found is not None else HALF_BP
    return HoldOut(
        bp=chosen,
        purpose=_purpose(habit, found, chosen, deviation),
        people=habit.people,
        baseline=habit.baseline,
        deviation=deviation,
        expected=expected,
        least=least_shown(people=habit.people, deviation=deviation, bp=chosen),
    )


def least_shown(*, people: int, deviation: float, bp: int) -> float | None:
    """The least difference of a person that is told from chance four times in five, in the unit of the deviation."""
    share = bp / WHOLE_BP
    if people <= 0 or not 0 < share < 1:
        return None
    return _STRENGTH * deviation * math.sqrt((1 / share + 1 / (1 - share)) / people)


def _purpose(habit: Habit, found: int | None, chosen: int, deviation: float) -> Purpose:
    if found is not None and found <= chosen:
        return Purpose.SHOWS
    if min(chosen, WHOLE_BP - chosen) * habit.people < LEAST_PEOPLE * WHOLE_BP:
        return Purpose.LEARNING
    least = least_shown(people=habit.people, deviation=deviation, bp=chosen)
    # A doubling; of who bought nothing, one order of ten people.
    most = max(habit.baseline, habit.order / 10)
    return Purpose.LEARNING if least is None or least > most else Purpose.HALF

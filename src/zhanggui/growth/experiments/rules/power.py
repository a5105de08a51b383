"""How many people, or how large a hold-out, it takes to see a lift. Pure."""

from __future__ import annotations

import math
from typing import Final

from zhanggui.growth.experiments.rules.assigning import WHOLE_BP
from zhanggui.growth.experiments.rules.tails import ndtri

# Fewer on one side, and nothing is said (oracles.md).
LEAST_PEOPLE: Final = 8
ALPHA: Final = 0.05
POWER: Final = 0.8


def people_needed(
    *,
    baseline: float,
    deviation: float,
    lift_rate: float,
    held_out_bp: int,
    alpha: float = ALPHA,
    power: float = POWER,
) -> int:
    """How many people both sides together need, so that a lift is seen with this power.

    baseline     what a person brings without the treatment, > 0; deviation: how much that scatters over people of
                 both sides, as a standard deviation: who buys more often scatters more, too
    lift_rate    what is to be seen: 0.1 is 10 % more (or, below 0, less) than the baseline
    held_out_bp  the share held out, 1 to 9,999 of 10,000
    alpha        of a two-sided test; power: how often the lift is seen if it is there
    source       Chow, Shao & Wang, Sample Size Calculations in Clinical Research, 2nd ed., section 3.2, unequal sides:
                 n = (z(1 - alpha/2) + z(power))² · sd² · (1/h + 1/(1 - h)) / lift²;
                 baseline 100, sd 200, +10 %, half held out -> 12,559; a tenth held out -> 34,884
    """
    share = held_out_bp / WHOLE_BP
    needed = _strength(baseline, deviation, lift_rate, alpha, power) * (1 / share + 1 / (1 - share))
    return max(math.ceil(needed), math.ceil(LEAST_PEOPLE / min(share, 1 - share)))


def held_out_bp_for(
    *,
    people: int,
    baseline: float,
    deviation: float,
    lift_rate: float,
    alpha: float = ALPHA,
    power: float = POWER,
) -> int | None:
    """The smallest hold-out, of 10,000, that shows a lift among so many people; None if not even half of them would.

    source  `people_needed` solved for h: 40,000 people, baseline 100, sd 200, +10 % -> 859; 12,000 people -> None
    """
    if people < 2 * LEAST_PEOPLE:
        return None
    over = _strength(baseline, deviation, lift_rate, alpha, power) / people
    if 4 * over > 1:
        return None
    share = max((1 - math.sqrt(1 - 4 * over)) / 2, LEAST_PEOPLE / people)
    return min(math.ceil(share * WHOLE_BP), WHOLE_BP // 2)


def _strength(baseline: float, deviation: float, lift_rate: float, alpha: float, power: float) -> float:
    """(z + z)² · sd² / lift²: what the two sides' 1/n are held against."""
    quantiles = ndtri(1 - alpha / 2) + ndtri(power)
    return (quantiles * deviation / (baseline * lift_rate)) ** 2

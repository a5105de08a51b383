"""What a play like earlier ones may be expected to bring."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

# Within so many standard errors of its estimate lies the truth 95 times in 100.
_REACH: Final = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """What one unit, a person treated or a day, is expected to bring, from earlier plays.

    low, high  where a further play lies 95 times in 100: wider than the mean alone is known
    """

    value: float
    low: float
    high: float
    plays: int


def pooled(effects: Sequence[tuple[float, float, float]]) -> Pooled | None:
    """The mean of effects of earlier plays, each weighed by how well it is known; None of none.

    Plays differ in truth as well as by chance: what they differ by more than chance lets expect goes into the weights
    and into the interval (DerSimonian and Laird).

    effects  value, low and high of each, 95 % intervals, in one unit
    source   DerSimonian and Laird, Controlled Clinical Trials 7 (1986) 177-188, moment estimator; interval of a new
             study: Higgins, Thompson and Spiegelhalter, JRSS A 172 (2009) 137-159, with the normal quantile;
             100 (80 to 120) and 200 (160 to 240) -> tau^2 4739.7, mean 148.4, -18.3 to 315.2
    """
    if not effects:
        return None
    errors = [max((high - low) / 2 / _REACH, 1e-9) for _, low, high in effects]
    between = _between([value for value, _, _ in effects], errors)
    weights = [1 / (error**2 + between) for error in errors]
    mean = sum(weight * value for weight, (value, _, _) in zip(weights, effects, strict=True)) / sum(weights)
    reach = _REACH * math.sqrt(between + 1 / sum(weights))
    return Pooled(value=mean, low=mean - reach, high=mean + reach, plays=len(effects))


def _between(values: Sequence[float], errors: Sequence[float]) -> float:
    """By how much plays differ in truth, squared; 0 where chance alone would make them differ as much."""
    weights = [1 / error**2 for error in errors]
    whole = sum(weights)
    mean = sum(weight * value for weight, value in zip(weights, values, strict=True)) / whole
    apart = sum(weight * (value - mean) ** 2 for weight, value in zip(weights, values, strict=True))
    scale = whole - sum(weight**2 for weight in weights) / whole
    return max(0.0, (apart - (len(values) - 1)) / scale) if scale > 0 else 0.0

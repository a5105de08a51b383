"""The Bayesian reading with a flat prior: how likely the treatment is the better one. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

from zhanggui.growth.experiments.rules.statistics.comparing import ALPHA, relative_error
from zhanggui.growth.experiments.rules.statistics.values import Sample
from zhanggui.growth.experiments.rules.tails import ndtr, ndtri


@dataclass(frozen=True, slots=True, kw_only=True)
class Belief:
    """What is believed of the treatment, over what those bring who were held out.

    lift           most likely, between low and high with 1 - alpha
    chance_to_win  that the treatment is the better one
    risk           what is lost on average, over what the held out bring, by treating nobody, and by treating everybody
    """

    lift: float
    low: float
    high: float
    chance_to_win: float
    risk: tuple[float, float]


def bayes(held_out: Sample, treated: Sample, *, alpha: float = ALPHA) -> Belief:
    """What is believed of the relative lift, if nothing was believed before.

    source  a normal posterior with the delta method's error; the risks are the halves of its mean on either side of 0.
            GrowthBook's own figures: 49 of 100 against 51 of 100 -> 0.04082, chance 0.60918, risks 0.0814 and 0.04058
    """
    lift = treated.mean / held_out.mean - 1
    error = math.sqrt(relative_error(held_out, treated))
    if not error:
        return Belief(lift=lift, low=lift, high=lift, chance_to_win=_sure(lift), risk=(max(lift, 0.0), max(-lift, 0.0)))
    chance = ndtr(lift / error)
    gained = lift * chance + error * math.exp(-((lift / error) ** 2) / 2) / math.sqrt(2 * math.pi)
    away = ndtri(1 - alpha / 2) * error
    return Belief(lift=lift, low=lift - away, high=lift + away, chance_to_win=chance, risk=(gained, gained - lift))


def _sure(lift: float) -> float:
    return 0.5 + math.copysign(0.5, lift) if lift else 0.5

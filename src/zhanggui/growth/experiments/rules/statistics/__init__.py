"""Differences, their intervals and what they are worth. Floats: an estimate is no amount of money.

A person is the unit of everything here: one figure a person, never one an order or a visit.
"""

from zhanggui.growth.experiments.rules.statistics.before import Paired, adjusted, cuped, theta
from zhanggui.growth.experiments.rules.statistics.believing import Belief, bayes
from zhanggui.growth.experiments.rules.statistics.comparing import (
    ALPHA,
    Ratio,
    difference,
    of_proportion,
    proportions,
    ratios,
    relative,
    share_error,
    shares,
    srm,
)
from zhanggui.growth.experiments.rules.statistics.peeking import TUNED_FOR, always_valid, sequential
from zhanggui.growth.experiments.rules.statistics.scoring import pooled
from zhanggui.growth.experiments.rules.statistics.values import Estimate, Sample, sample_of

__all__ = [
    "ALPHA",
    "TUNED_FOR",
    "Belief",
    "Estimate",
    "Paired",
    "Ratio",
    "Sample",
    "adjusted",
    "always_valid",
    "bayes",
    "cuped",
    "difference",
    "of_proportion",
    "pooled",
    "proportions",
    "ratios",
    "relative",
    "sample_of",
    "sequential",
    "share_error",
    "shares",
    "srm",
    "theta",
]

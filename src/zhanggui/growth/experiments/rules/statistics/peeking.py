"""Intervals that stay true however often somebody looks, and stops at what pleases. Pure."""

from __future__ import annotations

import math
from typing import Final

from zhanggui.growth.experiments.rules.statistics.comparing import ALPHA
from zhanggui.growth.experiments.rules.statistics.scoring import ends, score_error
from zhanggui.growth.experiments.rules.statistics.values import Estimate, Sample, gap
from zhanggui.growth.experiments.rules.tails import log_ndtr, ndtri_exp, stdtr, stdtrit

# Where nothing says how large a trial will be, as GrowthBook has it; in people.
TUNED_FOR: Final = 5000


def sequential(
    held_out: Sample, treated: Sample, *, seen: float, tuned_for: float, size: float = 0.0, alpha: float = ALPHA
) -> Estimate:
    """How much more a treated person brings, while the trial runs: over all looks together, not at each, the interval
    misses the truth in at most alpha of trials.

    seen, tuned_for  how much is known by now, and at how much the interval is narrowest; both in days, or in people
    size             as `pooled` takes it
    source           `always_valid` with the error and the ends of `pooled`; where people are few, as many errors as
                     Student's t takes for what the normal would take
    """
    error, freedom = score_error(held_out, treated), float(held_out.n + treated.n - 2)
    value = gap(held_out, treated)
    found = always_valid(value, error=error, seen=seen, tuned_for=tuned_for, alpha=alpha, freedom=freedom)
    if math.isinf(found.high):
        return found
    low, high = ends(held_out, treated, reach=(found.high - value) / error, size=size)
    return Estimate(value=value, low=low, high=high, p=found.p)


def always_valid(
    value: float,
    *,
    error: float,
    seen: float,
    tuned_for: float = TUNED_FOR,
    alpha: float = ALPHA,
    freedom: float = math.inf,
) -> Estimate:
    """An estimate and its interval that may be looked at any number of times.

    error    the standard error now; freedom: the degrees of freedom it has, infinite where it is as good as known
    source   the asymptotic confidence sequence, Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, Time-uniform central
             limit theory and asymptotic confidence sequences (2024), eq. 9, tuned by eq. 161, p by eq. 155; the
             mixture is that of Robbins (1970) and Howard, Ramdas, McAuliffe & Sekhon (2021). With x = seen * rho^2:
                 half = error * sqrt((x + 1) / x * ln((x + 1) / alpha^2))
                 rho^2 = (-2 ln alpha + ln(1 - 2 ln alpha)) / tuned_for
             seen = tuned_for -> 3.0352 errors at 5 %, where one look takes 1.96.
             GrowthBook's own figure: 0.50336, error 0.33341, 6461 people, tuned for 1000 -> -0.55844 ... 1.56516, p 1
    """
    if error <= 0 or seen <= 0:
        return Estimate(value=value, low=-math.inf, high=math.inf, p=1.0)
    x = seen * _rho_squared(alpha) / tuned_for
    half = error * _as_student(math.sqrt((x + 1) / x * math.log((x + 1) / alpha**2)), freedom)
    away = _as_normal(abs(value) / error, freedom)
    evidence = away**2 * x / (2 * (x + 1)) - math.log(x + 1) / 2
    return Estimate(value=value, low=value - half, high=value + half, p=min(1.0, math.exp(-evidence)))


def _rho_squared(alpha: float) -> float:
    """What x is when as much is known as it was tuned for."""
    twice = -2 * math.log(alpha)
    return twice + math.log(1 + twice)


def _as_student(away: float, freedom: float) -> float:
    """As far out in Student's t as so many errors are in the normal."""
    return away if math.isinf(freedom) else -float(stdtrit(freedom, math.exp(log_ndtr(-away))))


def _as_normal(away: float, freedom: float) -> float:
    """As far out in the normal as so many errors are in Student's t."""
    if math.isinf(freedom):
        return away
    tail = stdtr(freedom, -away)
    return -ndtri_exp(math.log(tail)) if tail > 0 else away

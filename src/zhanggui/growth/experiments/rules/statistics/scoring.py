"""The difference as outcomes are told: with one scatter for both sides, which goes with what people bring. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from zhanggui.growth.experiments.rules.statistics.comparing import ALPHA
from zhanggui.growth.experiments.rules.statistics.values import Estimate, Sample, gap
from zhanggui.growth.experiments.rules.tails import stdtr, stdtrit

# Nothing is believed to move the scatter by more than so many times.
_MOST_APART: Final = 4.0
# A size that is less than so much of the difference is none: no number lies between it and nothing.
_TOO_SMALL: Final = 1e-9
_HALVINGS: Final = 60


def pooled(held_out: Sample, treated: Sample, *, size: float = 0.0, alpha: float = ALPHA) -> Estimate:
    """How much more a treated person brings than one who was held out, by the scatter of all people together.

    Few buy and fewer spend much, so a small hold-out in which nobody happened to spend much seems to scatter little,
    just when it brought little: with its own scatter, intervals of 95 % cover 70 to 92 % (decision 22).

    size    what a treated person brings, where scatter goes with it, as that of money does: a difference is in the
            interval if Student's test does not refuse it, the hold-out's variance being the treated one's times
            (size - difference) / size. 0 where it does not; the interval is then as wide to both sides
    source  Student's t for two samples of one variance; 1, 2, 3 against 2, 4, 6, 8 -> 3, -1.11828 ... 7.11828, p 0.120.
            The ends by the score, as Miettinen & Nurminen, Statistics in Medicine 4 (1985) 213-226, have them for
            counts; the same with size 5 -> -1.38912 ... 6.51208
    """
    value, freedom = gap(held_out, treated), float(held_out.n + treated.n - 2)
    error = score_error(held_out, treated)
    if not error:
        return Estimate(value=value, low=value, high=value, p=0.0 if value else 1.0)
    low, high = ends(held_out, treated, reach=stdtrit(freedom, 1 - alpha / 2), size=size)
    return Estimate(value=value, low=low, high=high, p=2 * stdtr(freedom, -abs(value) / error))


def score_error(held_out: Sample, treated: Sample, *, ratio: float = 1.0) -> float:
    """The standard error of the difference, if the hold-out's variance is so many times the treated one's."""
    freedom = held_out.n + treated.n - 2
    spread = ((held_out.n - 1) * held_out.variance / ratio + (treated.n - 1) * treated.variance) / freedom
    return math.sqrt(spread * (ratio / held_out.n + 1 / treated.n))


def ends(held_out: Sample, treated: Sample, *, reach: float, size: float) -> tuple[float, float]:
    """Between which differences the one that was seen is no more than so many of their own errors away."""
    value = gap(held_out, treated)
    if size <= _TOO_SMALL * abs(value):
        half = reach * score_error(held_out, treated)
        return value - half, value + half

    def is_beyond(away: float) -> bool:
        ratio = min(max((size - value - away) / size, 1 / _MOST_APART), _MOST_APART)
        return abs(away) > reach * score_error(held_out, treated, ratio=ratio)

    # As a function of the ratio the squared error is convex, so it is largest at one of the two ends.
    widest = reach * max(score_error(held_out, treated, ratio=one) for one in (_MOST_APART, 1 / _MOST_APART))
    low, high = (_edge(is_beyond, sign * widest, nothing=-value) for sign in (-1.0, 1.0))
    return value + low, value + high


def _edge(is_beyond: Callable[[float], bool], furthest: float, *, nothing: float) -> float:
    """Where between 0 and the furthest it begins to be beyond.

    nothing  how far away no difference is. Of a few people it may begin to be beyond more than once; then it is looked
             for on the side that leaves no difference out exactly where the test refuses it
    """
    near, far = 0.0, furthest
    if 0 < nothing / furthest < 1:
        near, far = (near, nothing) if is_beyond(nothing) else (nothing, far)
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if is_beyond(middle) else (middle, far)
    return far

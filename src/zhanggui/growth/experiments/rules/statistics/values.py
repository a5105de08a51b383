"""What was measured of people, as sums, and what is concluded from it, as an estimate with its interval."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from zhanggui.growth.experiments.rules.tails import ndtr, ndtri, stdtr, stdtrit

# What is no more than so much of what it was taken from is the rounding of sums.
_ROUNDING: Final = 4 * sys.float_info.epsilon


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What n people brought, as sums; two samples of different people add up.

    total    the sum of their figures; squares: the sum of the figures' squares
    """

    n: int
    total: float
    squares: float

    def __add__(self, other: Sample) -> Sample:
        return Sample(n=self.n + other.n, total=self.total + other.total, squares=self.squares + other.squares)

    @property
    def mean(self) -> float:
        """What a person brought; 0 of nobody."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """How people differ: (Σx² - (Σx)²/n) / (n - 1); 1, 2, 3 -> 1. None to speak of below two people: 0; and 0 where
        all are alike but for the rounding: 7.77 five times -> 0.
        """
        if self.n < 2:
            return 0.0
        scatter = self.squares - self.total**2 / self.n
        return scatter / (self.n - 1) if scatter > _ROUNDING * self.squares else 0.0

    @property
    def error(self) -> float:
        """The variance of the mean."""
        return self.variance / self.n if self.n else 0.0


def gap(held_out: Sample, treated: Sample) -> float:
    """How much more a treated person brought than one who was held out: 1, 2, 3 against 2, 4, 6, 8 -> 3. 0 where the
    means are alike but for the rounding: 7.77 twice against 7.77 five times.
    """
    more, base = treated.mean, held_out.mean
    return more - base if abs(more - base) > _ROUNDING * max(abs(more), abs(base)) else 0.0


def sample_of(figures: Iterable[float]) -> Sample:
    """The sums of single figures: 1, 2, 3 -> n 3, total 6, squares 14."""
    known = tuple(figures)
    return Sample(n=len(known), total=math.fsum(known), squares=math.fsum(one * one for one in known))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What is most likely, the ends between which the truth lies, and how likely so much would be by chance alone.

    p  two-sided; an effect is called real below alpha, and then 0 lies outside of low and high
    """

    value: float
    low: float
    high: float
    p: float

    @property
    def is_beyond_chance(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0

    def times(self, factor: float) -> Estimate:
        """The same of so many, such as of all who were treated."""
        ends = sorted((self.low * factor, self.high * factor))
        return Estimate(value=self.value * factor, low=ends[0], high=ends[1], p=self.p)


def by_student(value: float, *, error: float, freedom: float, alpha: float) -> Estimate:
    """An estimate whose scatter was itself estimated.

    error   the standard error; freedom: the degrees of freedom it has
    source  Student's t, two-sided: low, high = value ∓ t(1 - alpha/2; freedom) · error
    """
    if error <= 0:
        return _certain(value)
    reach = stdtrit(freedom, 1 - alpha / 2) * error
    return Estimate(value=value, low=value - reach, high=value + reach, p=2 * stdtr(freedom, -abs(value) / error))


def by_normal(value: float, *, error: float, alpha: float) -> Estimate:
    """The same of an error that is as good as known."""
    if error <= 0:
        return _certain(value)
    reach = ndtri(1 - alpha / 2) * error
    return Estimate(value=value, low=value - reach, high=value + reach, p=2 * ndtr(-abs(value) / error))


def _certain(value: float) -> Estimate:
    return Estimate(value=value, low=value, high=value, p=0.0 if value else 1.0)

"""What would have been sold: the same weekdays of the weeks before, carried on along their trend. Floats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, median
from typing import Any, Final

import numpy as np
import numpy.typing as npt

WEEK: Final = 7
HISTORY_DAYS: Final = 8 * WEEK
LEAST_DAYS: Final = 4 * WEEK
CONFIDENCE: Final = 0.95

_LEAST_OF_WEEKDAY: Final = 2
# A day so many robust deviations from the middle of its weekday was no ordinary one, and nothing is learnt from it.
_ODD: Final = 4.0
# The median absolute deviation of normal noise, as a part of its standard deviation.
_MAD: Final = 0.6745
# Days that lean on each other more than so are not told from a trend.
_MOST_LEANING: Final = 0.6

_Matrix = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """What was expected of some days together.

    days   of each, with the ends between which it lies with CONFIDENCE
    total  of all; half: so far on either side it lies with CONFIDENCE
    """

    days: tuple[tuple[float, float, float], ...]
    total: float
    half: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A line fitted to the days before an offer: a level for each weekday and one trend.

    learnt_days  how many days it was made of
    spread       by how much a day scatters, made wider where days lean on the day before
    """

    learnt_days: int
    freedom: int
    spread: float
    _weights: _Matrix
    _inverse: _Matrix

    def ahead(self, first: int, days: int) -> Ahead:
        """What was expected of so many days, the first of them so many after the last one learnt from, 0 the next one.

        source  the interval for the sum of new observations of a linear model: Seber & Lee, Linear Regression Analysis,
                2nd ed., section 5.3
        """
        rows = _rows(range(first, first + days))
        reach = _student(self.freedom) * self.spread
        expected = np.maximum(rows @ self._weights, 0.0)
        away = reach * np.sqrt(1.0 + np.einsum("ij,jk,ik->i", rows, self._inverse, rows))
        whole = rows.sum(axis=0)
        half = reach * math.sqrt(days + float(whole @ self._inverse @ whole))
        each = tuple(
            (float(size), max(float(size - off), 0.0), float(size + off))
            for size, off in zip(expected, away, strict=True)
        )
        return Ahead(days=each, total=float(expected.sum()), half=half)


def baseline(history: Sequence[float | None]) -> Baseline | None:
    """The line through the days before an offer; None if too little is known of them, or nothing was ever sold.

    history  oldest first, the last one the day before; None for a day that is not known or not ordinary; the last
             HISTORY_DAYS count, at least LEAST_DAYS of them, two of each weekday
    source   least squares with a level for each weekday and one slope; days that lean on the day before widen the
             spread by the root of (1 + r) / (1 - r), Bayley & Hammersley, Supplement to JRSS 8 (1946);
             eight weeks of 100, 80, 80, 80, 80, 120, 160, a day of 1 more each week -> the same, 8 more, and no spread
    """
    recent = history[-HISTORY_DAYS:]
    known = {n - len(recent): size for n, size in enumerate(recent) if size is not None}
    ordinary = _without_odd(known)
    if len(ordinary) < LEAST_DAYS or not any(ordinary.values()):
        return None
    if min(sum(day % WEEK == weekday for day in ordinary) for weekday in range(WEEK)) < _LEAST_OF_WEEKDAY:
        return None
    days = sorted(ordinary)
    rows, sizes = _rows(days), np.array([ordinary[day] for day in days])
    inverse = np.linalg.inv(rows.T @ rows)
    weights = inverse @ rows.T @ sizes
    off = sizes - rows @ weights
    freedom = len(days) - WEEK - 1
    return Baseline(
        learnt_days=len(days),
        freedom=freedom,
        spread=math.sqrt(float(off @ off) / freedom) * _widened(days, off),
        _weights=weights,
        _inverse=inverse,
    )


def _rows(days: Sequence[int]) -> _Matrix:
    """Days as the fit sees them: which weekday, and how far along the trend."""
    rows = np.zeros((len(days), WEEK + 1))
    for place, day in enumerate(days):
        rows[place, day % WEEK] = 1.0
        rows[place, WEEK] = day / WEEK
    return rows


def _without_odd(known: dict[int, float]) -> dict[int, float]:
    """The days that are near the middle of their weekday, as far as days usually are."""
    middles = {
        weekday: median(sizes)
        for weekday in range(WEEK)
        if (sizes := [size for day, size in known.items() if day % WEEK == weekday])
    }
    away = {day: abs(size - middles[day % WEEK]) for day, size in known.items()}
    usual = median(away.values()) / _MAD if away else 0.0
    return {day: size for day, size in known.items() if not usual or away[day] <= _ODD * usual}


def _widened(days: Sequence[int], off: _Matrix) -> float:
    """By how much a sum of days scatters more because each leans on the one before; 1 if none does."""
    pairs = [(one, one + 1) for one in range(len(days) - 1) if days[one + 1] - days[one] == 1]
    whole = float(off @ off)
    if not pairs or not whole:
        return 1.0
    leaning = sum(float(off[one] * off[next_one]) for one, next_one in pairs) / whole * len(days) / len(pairs)
    leaning = min(max(leaning, 0.0), _MOST_LEANING)
    return math.sqrt((1.0 + leaning) / (1.0 - leaning))


def _student(freedom: int) -> float:
    """The two-sided quantile of Student's t at CONFIDENCE, by its expansion about the normal one.

    source  Abramowitz & Stegun 26.7.5; 20 -> 2.0860, 48 -> 2.0106
    """
    z = NormalDist().inv_cdf((1.0 + CONFIDENCE) / 2.0)
    terms = (
        (z**3 + z) / 4.0,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96.0,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384.0,
    )
    return z + sum(term / float(freedom) ** (n + 1) for n, term in enumerate(terms))

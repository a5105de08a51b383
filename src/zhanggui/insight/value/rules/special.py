"""Functions of mathematics that the fitted models need, over whole arrays; floats."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_SHIFT: Final = 10
_HALF_LOG_TWO_PI: Final = 0.9189385332046727418
# Bernoulli numbers over 2n(2n - 1), the smallest first.
_STIRLING: Final = (1 / 1188, -1 / 1680, 1 / 1260, -1 / 360, 1 / 12)
_MOST_TERMS: Final = 100_000
_ENOUGH: Final = 1e-13
# Between two looks a sum grows by less than this, squared.
_LARGE: Final = 1e100
_LOOK_EVERY: Final = 20


def log_gamma(z: Any) -> Floats:
    """The logarithm of the gamma function, for z > 0, to about 14 digits.

    source   Abramowitz & Stegun 6.1.41, after moving z up by 10: log_gamma(0.5) = log(pi) / 2, log_gamma(11) = log(10!)
    """
    low = np.asarray(z, dtype=np.float64)
    passed = np.ones_like(low)
    for step in range(_SHIFT):
        passed = passed * (low + step)
    high = low + _SHIFT
    series = np.zeros_like(high)
    for factor in _STIRLING:
        series = series / (high * high) + factor
    found: Floats = (high - 0.5) * np.log(high) - high + _HALF_LOG_TWO_PI + series / high - np.log(passed)
    return found


def log_beta(a: Any, b: Any) -> Floats:
    """The logarithm of the beta function."""
    found: Floats = log_gamma(a) + log_gamma(b) - log_gamma(np.asarray(a) + np.asarray(b))
    return found


def tail_series(upper: float, a: float, c: Floats, z: Floats, *, log_factor: Floats) -> Floats:
    """A factor times the sum over n >= 1 of (upper)_n (a)_(n-1) z^n / ((c + 1)_(n-1) n!), c > -1 and 0 <= z < 1.

    What is left of a hypergeometric series 2F1(upper, a - 1; c; z) once its first term and the factor (a - 1) / c are
    taken out, so that nothing is divided by zero where a is 1 or c is 0. The sum may be larger than a float can be; the
    factor, given by its logarithm, makes it small again.
    """
    term = upper * z
    whole, scale = term.copy(), log_factor.copy()
    for n in range(1, _MOST_TERMS):
        term = term * ((upper + n) * (a + n - 1) / ((c + n) * (n + 1)) * z)
        whole = whole + term
        if n % _LOOK_EVERY:
            continue
        if np.all(np.abs(term) <= _ENOUGH * (1.0 - z) * np.abs(whole)):
            break
        shrink = np.where(np.abs(whole) > _LARGE, 1 / _LARGE, 1.0)
        term, whole, scale = term * shrink, whole * shrink, scale - np.log(shrink)
    size = np.abs(whole)
    found: Floats = np.sign(whole) * np.exp(scale + np.log(np.where(size > 0, size, 1.0)))
    return found

"""Chances beyond a distance, and distances of a chance: normal, Student's and chi-squared; one float at a time.

source   scipy.special, whose names they keep; loaded with the first question, for it is dear and few processes ask
"""

from __future__ import annotations

from functools import cache
from typing import Any


def ndtr(distance: float) -> float:
    """The chance of a normal figure to lie below: 1.96 -> 0.975."""
    return float(_special().ndtr(distance))


def ndtri(chance: float) -> float:
    """The distance below which a normal figure lies with that chance: 0.975 -> 1.96."""
    return float(_special().ndtri(chance))


def log_ndtr(distance: float) -> float:
    """The logarithm of `ndtr`, exact far out as well: -1.96 -> -3.69."""
    return float(_special().log_ndtr(distance))


def ndtri_exp(log_chance: float) -> float:
    """The distance of a chance that is given by its logarithm: -3.69 -> -1.96."""
    return float(_special().ndtri_exp(log_chance))


def stdtr(freedom: float, distance: float) -> float:
    """The chance of Student's figure to lie below: 10, 2.228 -> 0.975."""
    return float(_special().stdtr(freedom, distance))


def stdtrit(freedom: float, chance: float) -> float:
    """The distance below which Student's figure lies with that chance: 10, 0.975 -> 2.228."""
    return float(_special().stdtrit(freedom, chance))


def chdtrc(freedom: float, sum_of_squares: float) -> float:
    """The chance of a sum of so many normal squares to be larger: 1, 3.841 -> 0.05."""
    return float(_special().chdtrc(freedom, sum_of_squares))


@cache
def _special() -> Any:
    from scipy import special  # noqa: PLC0415 - every process would wait for it at its start

    return special

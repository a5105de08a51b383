"""How sure one may be of a number that was picked out of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# All detectors look every day. With about fifteen of them, each wrong in a family of tests on one day of 200, a quiet
# shop gets one false finding in two weeks.
DAILY_FALSE: Final = 0.005


def corrected(chances: Sequence[float]) -> tuple[float, ...]:
    """The chances of many tests looked at together, each corrected for all of them, in the same order.

    The smallest share of false findings at which each would still be found (Benjamini and Hochberg, step-up):
    min over all that are no smaller of p x tests / rank.

    chances  two- or one-sided p values
    source   Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289-300;
             0.01, 0.04, 0.03 -> 0.03, 0.04, 0.04
    """
    order = sorted(range(len(chances)), key=chances.__getitem__)
    found = [1.0] * len(chances)
    least = 1.0
    for rank in range(len(order), 0, -1):
        n = order[rank - 1]
        least = min(least, chances[n] * len(order) / rank)
        found[n] = least
    return tuple(found)


def found_among(chances: Sequence[float], *, false_share: float = DAILY_FALSE) -> tuple[int, ...]:
    """Which of many tests looked at together are findings, so that no more than this share of them is false.

    In a quiet shop, where every finding is false, there is any on no more than this share of days.
    """
    return tuple(n for n, chance in enumerate(corrected(chances)) if chance <= false_share)


def askable(least: Sequence[float], *, false_share: float = DAILY_FALSE) -> tuple[bool, ...]:
    """Which of many tests could be findings at all: the others are no questions, and are not corrected for.

    Of few counts the smallest chance that could have come out is large. The tests that are left are as many as the
    least k of which no more than k could come out at false_share / k.

    least   of each test the smallest chance that it could have had, whatever came
    source  Tarone, Biometrics 46 (1990) 515-522, before Benjamini and Hochberg as in Gilbert, Journal of the Royal
            Statistical Society C 54 (2005) 143-158; 0.001, 0.004, 0.2 at 0.005 -> the first, at 0.01 the first two
    """
    tests = 1
    while sum(one <= false_share / tests for one in least) > tests:
        tests += 1
    return tuple(one <= false_share / tests for one in least)


def confidence(chance: float) -> float:
    """How sure one is of what would come by chance that often: 0 to 1."""
    return min(1.0, max(0.0, 1.0 - chance))

"""How much each link of a chain of counts moved the number at its end."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence


def effects(now: Sequence[int], then: Sequence[int]) -> tuple[int, ...]:
    """What each factor of a product moved, in whole units that sum to the change exactly.

    A chain is a row of counts each of which stands on the one before it, such as visitors, buyers, orders, minor units.
    Its factors are the first count and every count over the one before it (conversion, orders per buyer, order value),
    so their product is the last count. A factor's part of the change is the logarithmic mean of the two last counts
    times the difference of the factor's logarithms: LMDI-I, additive, without a residual.

    A last count of zero is the limit that Ang and Liu give: all of it is moved by the first link that is zero, for
    what stands on nothing (the conversion of no visitors) is taken to be as it was in the other period.
    A last count below zero has no logarithm: all of the change is then the last link's.

    now, then  of the same length, whole numbers; below zero only the last; after a zero only zeros
    order      parts stand in the order of the links; whole units by largest remainder, equal ones to the earlier link
    law        the two periods the other way round give exactly the negatives
    source     B. W. Ang, Energy Policy 32 (2004) 1131-1139 and 86 (2015) 233-238, zeros: Ang and Liu, Energy Policy 35
               (2007) 238-246; 1000 visitors, 50 buyers, 60 orders, 6000.00 against 800, 48, 48, 4800.00
               -> 1200.00 by visitors, -980.47 by conversion, 980.47 by orders per buyer, 0 by order value
    """
    if len(now) != len(then):
        raise ValueError("a chain is held against a chain of the same links")
    if now[-1] <= 0 or then[-1] <= 0:
        return _all_in_one(now, then)
    if min(*now, *then) <= 0:
        raise ValueError("a count stands on nothing")
    grown = [math.log(new) - math.log(old) for new, old in zip(now, then, strict=True)]
    links = [grown[0], *(after - before for before, after in itertools.pairwise(grown))]
    mean = logarithmic_mean(now[-1], then[-1])
    return whole([mean * link for link in links], now[-1] - then[-1])


def logarithmic_mean(one: float, other: float) -> float:
    """The mean by which a difference of logarithms becomes a difference of numbers; both above zero.

    source   Ang (2004), as above; of 6000 and 4800: 1200 / ln 1.25 = 5377.7
    """
    rise = math.log(one) - math.log(other)
    return (one - other) / rise if rise else float(one)


def whole(parts: Sequence[float], total: int) -> tuple[int, ...]:
    """Parts as whole numbers that sum to a total: each towards zero, what is left to those cut the most.

    total    the sum of the parts but for the rounding of floats
    law      negated parts of a negated total give exactly the negatives
    source   Hamilton's method for parts of either sign; 1.6, 1.6, -2.2 of 1 -> 2, 1, -2
    """
    cut = [math.trunc(part) for part in parts]
    left = total - sum(cut)
    step = 1 if left > 0 else -1
    by_remainder = sorted(range(len(parts)), key=lambda n: (-step * (parts[n] - cut[n]), n))
    for n in by_remainder[: abs(left)]:
        cut[n] += step
    return tuple(cut)


def _all_in_one(now: Sequence[int], then: Sequence[int]) -> tuple[int, ...]:
    """The parts where a last count is zero or below."""
    parts = [0] * len(now)
    ended = now if now[-1] <= then[-1] else then
    parts[ended.index(0) if ended[-1] == 0 else -1] = now[-1] - then[-1]
    return tuple(parts)

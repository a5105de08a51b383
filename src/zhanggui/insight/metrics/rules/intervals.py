"""Between which bounds a true share, a difference of two shares, or their ratio lies; floats, as all that is estimated.

Shares are (count, of) with count <= of: people, visits or orders that are independent of each other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

USUAL: Final = 0.95

# So many of so many.
Share = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds, both included."""

    low: float
    high: float

    def holds(self, number: float) -> bool:
        """Whether a number lies within."""
        return self.low <= number <= self.high


def wilson(share: Share, *, confidence: float = USUAL) -> Interval:
    """Between which shares the true one lies; everything is possible of none.

    source   Wilson, Journal of the American Statistical Association 22 (1927) 209-212; 10 of 50 -> 0.112 to 0.330
    """
    count, of = share
    if not of:
        return Interval(0.0, 1.0)
    z, rate = _reach(confidence), count / of
    middle = (rate + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(rate * (1 - rate) / of + z * z / (4 * of * of))
    return Interval(0.0 if count == 0 else middle - half, 1.0 if count == of else middle + half)


def newcombe(one: Share, other: Share, *, confidence: float = USUAL) -> Interval:
    """Between which bounds one true share less another lies; everything is possible if one of them is of none.

    source   Newcombe, Statistics in Medicine 17 (1998) 873-890, method 10; 56 of 70 less 48 of 80, 0.2 -> 0.0524 to
             0.3339
    """
    if not (one[1] and other[1]):
        return Interval(-1.0, 1.0)
    p, q = one[0] / one[1], other[0] / other[1]
    own, theirs = wilson(one, confidence=confidence), wilson(other, confidence=confidence)
    return Interval(
        p - q - math.hypot(p - own.low, theirs.high - q),
        p - q + math.hypot(own.high - p, q - theirs.low),
    )


def ratio(one: Share, other: Share, *, confidence: float = USUAL) -> Interval:
    """Between which bounds one true share over another lies.

    A count of 0 is taken for half of one, with half of one more to be of: a ratio to nothing has no bounds else.

    source   Katz, Baptista, Azen and Pike, Biometrics 34 (1978) 469-474; 56 of 70 over 48 of 80, 1.333 -> 1.077 to
             1.651
    """
    if not (one[1] and other[1]):
        return Interval(0.0, math.inf)
    is_bare = not (one[0] and other[0])
    (a, m), (b, n) = ((count + 0.5, of + 0.5) if is_bare else (count, of) for count, of in (one, other))
    middle = math.log(a / m) - math.log(b / n)
    half = _reach(confidence) * math.sqrt(max(0.0, 1 / a - 1 / m + 1 / b - 1 / n))
    return Interval(math.exp(middle - half), math.exp(middle + half))


def each_of(many: int, *, confidence: float = USUAL) -> float:
    """How sure each of so many intervals has to be, so that all of them hold together with a confidence.

    source   Bonferroni; 10 at 0.95 -> 0.995
    """
    return 1 - (1 - confidence) / max(1, many)


def _reach(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)

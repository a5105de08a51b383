"""The band in which a number of a day is expected, from the days before it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

WEEK: Final = 7
WEEKS: Final = 8
HISTORY_DAYS: Final = WEEK * WEEKS
LEAST_DAYS: Final = 28
RATE: Final = 0.001

_LEAST_WEEKDAYS: Final = 3
# Counts of rare things scatter about their mean by its square root, so their square root scatters by 1/2, whatever the
# mean is (Bartlett, Supplement to JRSS 3 (1936) 68-78): no count is steadier than chance.
CHANCE: Final = 0.5
# How many scales wide the band is on either side, by whole weeks of history, so that one ordinary day in a thousand
# lies outside. What is judged does not change when a number is moved, stretched, tilted or given weekdays, so under
# normal noise these hold for every such number; found with a million simulated shops each.
_REACH: Final = {4: 5.73, 5: 4.93, 6: 4.58, 7: 4.36, 8: 4.19}

# A difference of two days scatters by the root of 2, and half of all normal noise lies within 0.6745 of its scatter.
_PAIR: Final = math.sqrt(2) * 0.6745
_NINE_OF_TEN: Final = 1.2816


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What a number of a day is expected to be: inside on 999 of 1,000 days on which nothing is the matter.

    seen  a number that lies this far from what is expected, on either side, is found on nine days of ten
    days  how many days it was made of
    """

    expected: float
    low: float
    high: float
    seen: tuple[float, float]
    days: int

    def holds(self, number: float) -> bool:
        """Whether a number lies inside."""
        return self.low <= number <= self.high


def band(history: Sequence[float | None], *, chance: float = 0.0) -> Band | None:
    """What the day after these is expected to be; None if too little is known, or nothing ever happened.

    All is done on square roots (of the size, with its sign), where a number scatters alike when it is large and small,
    and everything is a median of pairs of days of the same weekday, so that a week in four may be spoilt:

        slope   the median of (later - earlier) / days between, over all pairs of days with the same weekday
        centre  the median of the averages of all pairs of the judged day's weekday, each moved along the slope
        scale   the median of |later - earlier - slope x days between|, over all pairs of the same weekday
        band    (centre +- reach x scale), squared again

    history  oldest first, the last one the day before; None for a day that is not known or not ordinary; the last
             eight weeks count, at least LEAST_DAYS of them
    chance   the least that the square root scatters by, CHANCE for a count
    source   slope: Hirsch, Slack and Smith, Water Resources Research 18 (1982) 107-121; centre: Hodges and Lehmann,
             Annals of Mathematical Statistics 34 (1963) 598-611; scale: Shamos, Proc. 9th Interface (1976) 251-260;
             four weeks of 100 on the judged weekday, the roots of all days one more in the second and one less in the
             third week -> expected 87.9, between 13.3 and 228.2
    """
    roots = [None if size is None else _root(size) for size in history[-HISTORY_DAYS:]]
    known = [root for root in roots if root is not None]
    same = [(n - len(roots), roots[n]) for n in range(len(roots) % WEEK, len(roots), WEEK)]
    levels = [(day, root) for day, root in same if root is not None]
    if len(known) < LEAST_DAYS or len(levels) < _LEAST_WEEKDAYS or not any(known):
        return None
    rises = _rises(roots)
    slope = median([rise / gap for gap, alike in rises.items() for rise in alike])
    levelled = [root - slope * day for day, root in levels]
    centre = median([(one + other) / 2 for n, one in enumerate(levelled) for other in levelled[n:]])
    scale = max(median([abs(rise - slope * gap) for gap, alike in rises.items() for rise in alike]), chance * _PAIR)
    if not scale:
        return None
    return _band(centre, scale, days=len(known), is_signed=min(known) < 0)


def _band(centre: float, scale: float, *, days: int, is_signed: bool) -> Band:
    reach = _REACH[min(days // WEEK, WEEKS)] * scale
    further = reach + _NINE_OF_TEN * scale / _PAIR
    least = -math.inf if is_signed else 0.0
    expected, low, high, under, over = (
        _squared(max(centre + away, least)) for away in (0.0, -reach, reach, -further, further)
    )
    return Band(expected=expected, low=low, high=high, seen=(under, over), days=days)


def _rises(roots: Sequence[float | None]) -> dict[int, list[float]]:
    """Of all pairs of days of the same weekday, by the days between: how much more the later one is."""
    return {
        gap: [
            later - earlier
            for earlier, later in zip(roots, roots[gap:], strict=False)
            if earlier is not None and later is not None
        ]
        for gap in range(WEEK, len(roots), WEEK)
    }


def _root(size: float) -> float:
    return math.copysign(math.sqrt(abs(size)), size)


def _squared(root: float) -> float:
    return root * abs(root)

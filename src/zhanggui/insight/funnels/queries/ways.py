"""The first way of each of many people through a funnel, without putting their moments in order.

The laws it rests on. Who came to a step at all came there first at a moment that is looked up step by step: the first
moment of each that is later than the one before. What lets a later moment begin later never lets it begin earlier for
the next one, so from a moment the way back is one, that of the latest moments. It begins no earlier than any other that
leads there: where it is shorter than the window, it is the first way of all, and most often it is. Only the moments of
the others are sorted and swept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from zhanggui.insight.funnels.queries.sweeps import Sought, kinds_of, swept
from zhanggui.insight.lake.queries.sorting import Whole

_NEVER: Final = np.iinfo(np.int64).max
_BEFORE_ALL: Final = -1


@dataclass(frozen=True, slots=True)
class _Moments:
    """The moments of one step, and whose they are."""

    keys: Whole
    whose: Whole


def first_ways(keys: Whole, sought: Sought) -> list[Whole]:
    """Of the people of a part, by the furthest place, when their steps were: a row for each step. Of those who came to
    the first step only, no moment is asked for.

    keys  as `sorting` packs them, in any order; codes as in `sweeps`
    """
    packing = sought.packing
    kinds = kinds_of(keys, packing)
    of_step = [keys.take(np.flatnonzero(kinds == place)) for place in range(sought.steps)]
    steps = [_Moments(some, packing.people(some)) for some in of_step]
    earliest = _earliest(steps, 1 << packing.kept_bits)
    furthest = np.count_nonzero(np.stack(earliest) < _NEVER, axis=0) - 1
    way, ends = _way_back(steps, earliest, furthest)
    is_late = (ends >> packing.code_bits) - (way[0] >> packing.code_bits) >= sought.window_us
    ways = [np.zeros((1, np.count_nonzero(furthest == 0)), np.int64)]
    for place in range(1, sought.steps):
        those = np.flatnonzero((furthest == place) & ~is_late)
        ways.append(np.stack([packing.times(step[those]) for step in way[: place + 1]]))
    if not is_late.any():
        return ways
    others = swept(keys.take(np.flatnonzero(is_late.take(packing.people(keys)))), sought)
    return [np.concatenate(both, axis=1) for both in zip(ways, others, strict=True)]


def _earliest(steps: list[_Moments], size: int) -> list[Whole]:
    """When each had come to each step and to all before it, however long that took."""
    earliest: list[Whole] = []
    for step in steps:
        keys = np.where(step.keys > earliest[-1].take(step.whose), step.keys, _NEVER) if earliest else step.keys
        earliest.append(np.full(size, _NEVER))
        np.minimum.at(earliest[-1], step.whose, keys)
    return earliest


def _way_back(steps: list[_Moments], earliest: list[Whole], furthest: Whole) -> tuple[list[Whole], Whole]:
    """When each was at which step on the way to where they came furthest, and when they came there.

    furthest  the place of the furthest step of each, -1 of whoever never began
    """
    way: list[Whole] = []
    ends = until = np.full(len(furthest), _BEFORE_ALL)
    for place in reversed(range(len(steps))):
        step = steps[place]
        earlier = np.flatnonzero(step.keys < until.take(step.whose))
        until = np.full(len(furthest), _BEFORE_ALL)
        np.maximum.at(until, step.whose.take(earlier), step.keys.take(earlier))
        is_end = furthest == place
        until, ends = (np.where(is_end, earliest[place], other) for other in (until, ends))
        way.insert(0, until)
    return way, ends

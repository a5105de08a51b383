"""An ordered funnel in one sweep over the moments of its people, sorted: for any window, however often they begin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.insight.lake.queries.sorting import Packing, Whole

_NO_STEP: Final = -1
# So many moments are swept at once.
_AT_ONCE: Final = 1 << 17
# So many rows are looked at one after the other.
_NEAR: Final = 6
# Rows fewer than one in so many are looked up one by one.
_FEW: Final = 8

Flags = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which ways are sought.

    steps      how many there are
    window_us  a way takes less than that
    packing    of the moments; a code is twice the place of the step, and one more if a way may begin there
    """

    steps: int
    window_us: int
    packing: Packing


def kinds_of(keys: Whole, packing: Packing) -> Codes:
    """The place of each moment's step; -1 of a first step at which no way may begin."""
    codes = keys.astype(np.int8) & ((1 << packing.code_bits) - 1)
    kinds = codes >> 1
    kinds[codes == 0] = _NO_STEP
    return kinds


def swept(keys: Whole, sought: Sought) -> list[Whole]:
    """What `ways.first_ways` gives, a few people at a time: what is worked out then lies in memory that was just let
    go, and asking the system for fresh memory takes longer than working it out.

    keys  in any order; they are sorted in place
    """
    keys.sort()
    done, start = [], 0
    while start < len(keys):
        last = keys[min(start + _AT_ONCE, len(keys)) - 1]
        end = int(np.searchsorted(keys, last | (1 << sought.packing.low_bits) - 1, side="right"))
        done.append(_swept(keys[start:end], sought))
        start = end
    return [np.concatenate(ways, axis=1) for ways in zip(*done, strict=True)]


def _swept(keys: Whole, sought: Sought) -> list[Whole]:
    """Of the people of one part, by the furthest place, when their steps were: a row for each step. Of those who came
    to the first step only, no moment is asked for.

    The laws it rests on. What lets a later moment begin later never lets it begin earlier for the next one, so the
    latest moment of the step before is enough, and from each step the way back is one. That way begins no earlier than
    any other that leads there, so the window is looked at once, where it ends. And of moments of a step with no moment
    of the step before in between, all begin alike, so the first of them is enough to come so far.
    """
    kinds = kinds_of(keys, sought.packing)
    is_further = np.zeros(1 << sought.packing.kept_bits, bool)
    ways = [_ways(keys, kinds, place, sought, is_further) for place in range(sought.steps - 1, 0, -1)]
    begun = _begun(kinds, sought.packing.people(keys))
    return [np.zeros((1, int(np.count_nonzero(~is_further[begun]))), np.int64), *ways[::-1]]


def _begun(kinds: Codes, people: Whole) -> Whole:
    """Who came to the first step, everybody once."""
    is_first = kinds == 0
    is_first[1:] &= (kinds[:-1] != 0) | (people[1:] != people[:-1])
    begun = people[np.flatnonzero(is_first)]
    return begun[_changes(begun)]


def _ways(keys: Whole, kinds: Codes, place: int, sought: Sought, is_further: Flags) -> Whole:
    """When the steps of those were who came to a step and, so far as is known, no further; the first way of each. They
    are marked in `is_further`.

    kinds  the place of each moment's step
    """
    # Of neighbours that are the same step all but the first begin as it does.
    now = np.flatnonzero((kinds[1:] == place) & (kinds[:-1] != place)) + 1
    steps = [now]
    for before in range(place - 1, -1, -1):
        at = _latest(kinds, steps[0], before)
        is_led = at >= 0
        steps = [at, *steps] if is_led.all() else [at[is_led], *(step[is_led] for step in steps)]
    # Without its code, a moment of the next person is more than any window away.
    packing = sought.packing
    took = (keys[steps[-1]] >> packing.code_bits) - (keys[steps[0]] >> packing.code_bits)
    fits_in = np.flatnonzero(took < sought.window_us)
    people = packing.people(keys[steps[-1][fits_in]])
    fits_in, people = fits_in[firsts := _changes(people)], people[firsts]
    new = ~is_further[people]
    is_further[people] = True
    return np.stack([packing.times(keys[step[fits_in[new]]]) for step in steps])


def _latest(kinds: Codes, rows: Whole, place: int) -> Whole:
    """The last row of a step before each of some rows, which stand in order; -1 where there is none. Most often it is
    near: so rows are looked at one after the other, backwards, and only what is not found so is looked up.
    """
    at = rows - 1
    left = np.flatnonzero((kinds[at] != place) & (at >= 0))
    for _ in range(_NEAR):
        at[left] -= 1
        left = left[(kinds[at[left]] != place) & (at[left] >= 0)]
    if not len(left):
        return at
    of_step = kinds == place
    known = np.flatnonzero(of_step)
    if len(left) * _FEW < len(kinds):
        found = np.searchsorted(known, at[left]) - 1
    else:
        found = np.asarray(np.cumsum(of_step, dtype=np.int32)[at[left]] - 1, np.int64)
    at[left] = np.where(found >= 0, known[found], -1) if len(known) else -1
    return at


def _changes(column: Whole) -> Whole:
    """Where a value is not the one before it."""
    return np.flatnonzero(np.concatenate((np.ones(min(len(column), 1), bool), column[1:] != column[:-1])))

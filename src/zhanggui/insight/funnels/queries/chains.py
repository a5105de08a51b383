"""An ordered funnel of people in one sweep over arrays: every moment of a step is one whole number, sorted once.

Gives what `passages` gives by joins, several times as fast on many rows; it knows steps that no event can be two of,
and no split. A part of the people is swept at a time, so that what is sorted stays small.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from zhanggui.base import clock
from zhanggui.insight.funnels.queries.passages import begins_sql, days_of, fits
from zhanggui.insight.funnels.rules import Funnel, Kind, Question, Times, Unit
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files
from zhanggui.insight.lake.queries.sorting import Moments, Packing, Whole, in_parts, of_pieces

# The code of a moment: the place of its step, and whether a passage may begin there.
_PLACE_BITS: Final = 4
_CODE_BITS: Final = _PLACE_BITS + 1
_PEOPLE_BITS: Final = 14
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
class Swept:
    """What came of a funnel.

    reached  how many came so far and no further, by place
    times    how long each part of the way took, by place; 0: the whole way
    """

    reached: dict[int, int]
    times: dict[int, Times]


def knows(question: Question) -> bool:
    """Whether a funnel can be swept."""
    funnel = question.funnel
    events = {step.event for step in funnel.steps}
    is_plain = funnel.kind is Kind.ORDERED and funnel.unit is Unit.PEOPLE and question.by is None
    return is_plain and len(events) == len(funnel.steps) < 1 << _PLACE_BITS


def sweep(question: Question, relation: str) -> Swept:
    """What came of a funnel that `sweep` knows.

    relation  rows like those of the daily table of steps
    """
    since_us, packing = _packing(question)
    moments = _moments(question, relation, since_us)
    parts = in_parts(moments, packing, lambda _, keys: _swept_all(keys, question.funnel, packing))
    return _together(parts, len(question.funnel.steps))


def is_bare(question: Question) -> bool:
    """Whether a funnel that can be swept asks for nothing but what happened to whom and when."""
    return not question.where.by_cut() and not any(
        step.skus or step.categories or step.pages for step in question.funnel.steps
    )


def sweep_files(question: Question, filed: Iterable[lake.Filed]) -> Swept:
    """What came of a bare funnel, read from the files of the table of steps without asking DuckDB.

    filed    as `lake.rollup_files` gives them
    refuses  LakeBroken
    """
    since_us, packing = _packing(question)
    groups = (group for file in filed for group in _groups(question, file))
    parts = of_pieces(
        groups, partial(_read, question, since_us), packing, lambda _, keys: _swept_all(keys, question.funnel, packing)
    )
    return _together(parts, len(question.funnel.steps))


def _packing(question: Question) -> tuple[int, Packing]:
    """From when moments are counted, and how: in any zone all of them lie within."""
    first, last = question.start - timedelta(days=2), question.end + question.funnel.window + timedelta(days=3)
    since_us, until_us = (clock.micros(clock.span_of(day, "UTC")[0]) for day in (first, last))
    return since_us, Packing(span_us=until_us - since_us, code_bits=_CODE_BITS, people_bits=_PEOPLE_BITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """A row group of a file, and whether all of its days are wanted and may all begin a passage."""

    path: Path
    footer: pq.FileMetaData
    place: int
    is_inside: bool


def _groups(question: Question, file: lake.Filed) -> Iterator[_Group]:
    is_inside = question.start <= file.first_day and file.last_day < question.end
    footer = files.footer(file.path)
    for place in range(footer.num_row_groups):
        yield _Group(path=file.path, footer=footer, place=place, is_inside=is_inside)


def _read(question: Question, since_us: int, group: _Group) -> Moments:
    """Who and when which step, of a row group: texts are places in its list of texts and are looked up once."""
    columns = ["person", "ts_us", "step", *([] if group.is_inside else ["day"])]
    table = files.read_group(group.path, columns, texts=["step"], footer=group.footer, place=group.place)
    people, at_us = files.values(table["person"]), files.values(table["ts_us"])
    steps = table["step"].combine_chunks()
    places = {step.event: place for place, step in enumerate(question.funnel.steps)}
    listed = np.array([2 * places.get(name, _NO_STEP) + 1 for name in steps.dictionary.to_pylist()], np.int8)
    codes = listed.take(steps.indices.to_numpy())
    is_wanted = (codes > 0) & (people != 0)
    if not group.is_inside:
        days = files.day_numbers(table["day"])
        codes -= days >= files.day_number(question.end)
        first, end = (files.day_number(day) for day in days_of(question))
        is_wanted &= (days >= first) & (days < end)
    rows = np.flatnonzero(is_wanted)
    return people.take(rows), at_us.take(rows) - since_us, codes.take(rows)


def _moments(question: Question, relation: str, since_us: int) -> str:
    """Who, and when which step: the place of the step is the code, and one bit below it whether a passage may begin."""
    steps = question.funnel.steps
    places = " ".join(f"when {fits(step)} then {place}" for place, step in enumerate(steps))
    code = f"(case {places} end) * 2 + ({begins_sql(question)})::int"
    return f"""select person, ts_us - {since_us} as at_us, {code} as code
        from {relation} where ({" or ".join(map(fits, steps))}) and person <> 0"""


def _swept_all(keys: Whole, funnel: Funnel, packing: Packing) -> list[Whole]:
    """What `_swept` gives, a few people at a time: what is worked out then lies in memory that was just let go, and
    asking the system for fresh memory takes longer than working it out.
    """
    swept, start = [], 0
    while start < len(keys):
        last = keys[min(start + _AT_ONCE, len(keys)) - 1]
        end = int(np.searchsorted(keys, last | (1 << packing.low_bits) - 1, side="right"))
        swept.append(_swept(keys[start:end], funnel, packing))
        start = end
    return [np.concatenate(ways, axis=1) for ways in zip(*swept, strict=True)]


def _swept(keys: Whole, funnel: Funnel, packing: Packing) -> list[Whole]:
    """Of the people of one part, by the furthest place, when their steps were: a row for each step. Of those who came
    to the first step only, no moment is asked for.

    The laws it rests on. What lets a later moment begin later never lets it begin earlier for the next one, so the
    latest moment of the step before is enough, and from each step the way back is one. That way begins no earlier than
    any other that leads there, so the window is looked at once, where it ends. And of moments of a step with no moment
    of the step before in between, all begin alike, so the first of them is enough to come so far.
    """
    codes = keys.astype(np.int8) & ((1 << packing.code_bits) - 1)
    kinds = codes >> 1
    kinds[codes == 0] = _NO_STEP
    is_further = np.zeros(1 << packing.kept_bits, bool)
    ways = [_ways(keys, kinds, place, funnel, packing, is_further) for place in range(len(funnel.steps) - 1, 0, -1)]
    begun = _begun(kinds, packing.people(keys))
    return [np.zeros((1, int(np.count_nonzero(~is_further[begun]))), np.int64), *ways[::-1]]


def _begun(kinds: Codes, people: Whole) -> Whole:
    """Who came to the first step, everybody once."""
    is_first = kinds == 0
    is_first[1:] &= (kinds[:-1] != 0) | (people[1:] != people[:-1])
    begun = people[np.flatnonzero(is_first)]
    return begun[_changes(begun)]


def _ways(keys: Whole, kinds: Codes, place: int, funnel: Funnel, packing: Packing, is_further: Flags) -> Whole:
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
    took = (keys[steps[-1]] >> packing.code_bits) - (keys[steps[0]] >> packing.code_bits)
    fits_in = np.flatnonzero(took < funnel.window_minutes * 60_000_000)
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


def _together(parts: list[list[Whole]], most: int) -> Swept:
    if not parts:
        return Swept(reached={}, times={})
    ways = [np.concatenate([part[place] for part in parts], axis=1) for place in range(most)]
    reached = {place + 1: way.shape[1] for place, way in enumerate(ways) if way.shape[1]}
    took = {n: np.concatenate([way[n - 1] - way[n - 2] for way in ways[n - 1 :]]) for n in range(2, most + 1)}
    took[0] = ways[-1][-1] - ways[-1][0]
    return Swept(reached=reached, times={place: _times(us) for place, us in took.items() if len(us)})


def _times(us: Whole) -> Times:
    us.sort()
    count = len(us)
    return Times(
        count=count,
        sum_us=int(us.sum()),
        twice_median_us=int(us[(count - 1) // 2] + us[count // 2]),
        p90_us=int(us[(9 * count + 9) // 10 - 1]),
    )

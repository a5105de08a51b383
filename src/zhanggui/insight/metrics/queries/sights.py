"""Counting what was seen, and by how many, over arrays of steps: by the hour, and of goods.

A row of the table of steps becomes one whole number: who it was, and its cell of each cut (`packing`). It gives what
the grouping in `asking` gives, twenty times as fast. All crowds are counted from one reading, and so are the cells of
both cuts that are shown, once it is known which these are.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhanggui.base import clock
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files
from zhanggui.insight.metrics.queries.cells import Cell, Counted, Key, Stretch, stretches
from zhanggui.insight.metrics.queries.hours import hours_of
from zhanggui.insight.metrics.queries.packing import Packed, Rows, Told
from zhanggui.insight.metrics.queries.picking import (
    Flags,
    Numbers,
    daily_files,
    first_days,
    is_all,
    is_picked,
    people_in,
    picking_columns,
)
from zhanggui.insight.metrics.rules.answers import Crowd, Question
from zhanggui.insight.metrics.rules.sources import Base, Cut, Heads, Measure

Whole = npt.NDArray[np.int64]

# Their rows are steps.
_TABLES: Final = frozenset({"sightings", "goods_sightings"})
_NEWNESS: Final = ("", "returning", "new")
_MINUTE_US: Final = 60_000_000
_THREADS: Final = 2
# Taking rows is worth it if they are fewer than this part of all.
_FEW: Final = 0.7
_NONE: Final = np.empty(0, np.int64)


class _TooMany(Exception):
    """A cut has more cells than a number has room for."""


@dataclass(slots=True, kw_only=True)
class _Axis:
    """The cells of a cut, in the order in which they were first met, by threads that read side by side.

    most   so many at most
    times  the place of the cell of each day of the stretch, or of each minute if it is cut by hours; none for texts
    since  its first day or minute, as a number
    keys   the cells, where all of them are known before; texts: those that were met
    """

    cut: Cut
    most: int
    times: Whole
    since: int = 0
    keys: Sequence[Key] = ()
    texts: pa.Array = field(default_factory=lambda: pa.nulls(0, pa.string()))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def places(self, texts: pa.Array) -> Whole:
        """The place of each of some texts; those that are met for the first time get the next."""
        found = pc.index_in(texts, value_set=self.texts)
        if found.null_count:
            with self.lock:
                new = texts.filter(pc.is_null(pc.index_in(texts, value_set=self.texts)))
                self.texts = pa.concat_arrays([self.texts, new])
            if len(self.texts) > self.most:
                raise _TooMany
            found = pc.index_in(texts, value_set=self.texts)
        return np.asarray(found.to_numpy(), np.int64)

    def named(self) -> Sequence[Key]:
        """All cells that were met, by place."""
        return self.keys or self.texts.to_pylist()

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.keys) or len(self.texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be read of a stretch.

    wanted  by measure what counts
    axes    the cells of each cut
    packed  how people and cells make one number
    only    by person: whether they are wanted; None if all are
    first   by person: the day of their first paid order; None if nothing asks for it
    """

    question: Question
    base: Base
    stretch: Stretch
    wanted: dict[str, Heads]
    axes: tuple[_Axis, ...]
    packed: Packed
    only: Flags | None
    first: Numbers | None

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many cells each cut has, of what was read so far."""
        return tuple(max(axis.size, 1) for axis in self.axes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read of the period itself.

    people  by what counts: who was where, a piece for each row group
    """

    asked: _Asked
    people: dict[Heads, list[Whole]]


def among(question: Question, base: Base, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Those of the measures that can be counted so: exactly, by this process."""
    if base.table not in _TABLES or question.is_approximate or not lake.answers_itself():
        return ()
    return tuple(one for one in measures if one.source_in(base.table).heads)


def count(
    question: Question, base: Base, measures: Iterable[Measure], crowds: Sequence[Crowd | None] = (None,)
) -> tuple[list[Counted], Reading] | None:
    """The numbers of all cells, crowd by crowd, of measures that are `among` those that can be counted so, and what was
    read; None if there are too many cells to count them so.

    crowds   None for everybody
    refuses  LakeBroken
    """
    found = ((one.key, one.source_in(base.table).heads) for one in measures)
    wanted = {key: heads for key, heads in found if heads}
    # Files before people: then each of their people has been counted.
    filed = [(one, daily_files(question, "steps", one)) for one in stretches(question, base)]
    packed = Packed(
        people=lake.people_count(question.shop),
        cuts=len(question.cuts),
        is_paired=question.is_paired,
        crowds=[people_in(question.shop, crowd) for crowd in crowds],
    )
    only = people_in(question.shop, question.only)
    counted: list[Counted] = [{} for _ in crowds]
    readings = []
    with ThreadPoolExecutor(_THREADS) as pool:
        first = first_days(question.shop, pool) if Cut.NEWNESS in question.cuts else None
        for stretch, some in filed:
            axes = tuple(_axis(cut, stretch, question.zone, most=packed.most) for cut in question.cuts)
            asked = _Asked(
                question=question,
                base=base,
                stretch=stretch,
                wanted=wanted,
                axes=axes,
                packed=packed,
                only=only,
                first=first,
            )
            try:
                readings.append(_stretched(asked, some, counted, pool))
            except _TooMany:
                return None
    return counted, readings[0]


def count_shown(reading: Reading, cut: Cut, shown: Sequence[str]) -> Counted | None:
    """The numbers of cells of both cuts, of a few cells of one of them; None if what was read cannot say."""
    asked = reading.asked
    if any(kind.of_rows for kind in asked.wanted.values()):
        return None
    n = next(n for n, axis in enumerate(asked.axes) if axis.cut is cut)
    met = {key: place for place, key in enumerate(asked.axes[n].named())}
    listed = [key for key in shown if key in met]
    places = np.full(len(met), -1)
    places[[met[key] for key in listed]] = np.arange(len(listed))
    axes = tuple(replace(axis, keys=listed) if axis.cut is cut else axis for axis in asked.axes)
    few = replace(asked, axes=axes, packed=replace(asked.packed, is_paired=True))
    counted: list[Counted] = [{}]
    with ThreadPoolExecutor(_THREADS) as pool:
        for kind, pieces in reading.people.items():
            _tell(few, kind, few.packed.count_people(few.packed.among(pieces, n, places), few.sizes, pool), counted)
    return counted[0]


def _axis(cut: Cut, stretch: Stretch, zone: str, *, most: int) -> _Axis:
    """The cells of a cut; all of them are known if it cuts time."""
    period = stretch.period
    if cut is Cut.HOUR:
        hours = hours_of(period, zone)
        since, until = (clock.micros(at) // _MINUTE_US for at in (hours[0], clock.span_of(period.end, zone)[0]))
        starts = [clock.micros(hour) // _MINUTE_US for hour in hours]
        return _timed(cut, dict(zip(hours, starts, strict=True)), since, until)
    if cut.step:
        first, end = files.day_number(period.start), files.day_number(period.end)
        return _timed(cut, {key: files.day_number(key) for key in period.cells(cut.step)}, first, end)
    return _Axis(cut=cut, most=most, times=_NONE, keys=_NEWNESS if cut is Cut.NEWNESS else ())


def _timed(cut: Cut, starts: Mapping[date, int], since: int, until: int) -> _Axis:
    """Cells that begin at some days or minutes, of the time from one of these to before another."""
    times = np.searchsorted(list(starts.values()), np.arange(since, until), side="right") - 1
    return _Axis(cut=cut, most=len(starts), times=times, since=since, keys=tuple(starts))


def _stretched(
    asked: _Asked, filed: Iterable[lake.Filed], counted: Sequence[Counted], pool: ThreadPoolExecutor
) -> Reading:
    """Add the numbers of a stretch to what was counted."""
    groups = [
        (group, is_all(asked.question, file, asked.stretch)) for file in filed for group in files.groups(file.path)
    ]
    read = list(pool.map(lambda one: _read(asked, *one), groups))
    packed, sizes = asked.packed, asked.sizes
    if not packed.is_countable(sizes):
        raise _TooMany
    people = {}
    for kind in dict.fromkeys(asked.wanted.values()):
        if kind.of_rows:
            _tell(asked, kind, packed.count_rows([rows[kind] for _, rows in read], sizes), counted)
        else:
            people[kind] = [seen[kind] for seen, _ in read]
            _tell(asked, kind, packed.count_people(people[kind], sizes, pool), counted)
    return Reading(asked=asked, people=people)


def _tell(asked: _Asked, kind: Heads, told: Iterable[Told], counted: Sequence[Counted]) -> None:
    """Put down what was counted, for each measure that it counts for."""
    measures = [key for key, one in asked.wanted.items() if one == kind]
    keys = [axis.named() for axis in asked.axes]
    for crowd, code, number in told:
        cell = (None if place is None else of[place] for of, place in zip(keys, code, strict=True))
        counted[crowd].setdefault(Cell(asked.stretch.span, *cell), {}).update(dict.fromkeys(measures, number))


def _read(asked: _Asked, group: files.Group, is_whole: bool) -> tuple[dict[Heads, Whole], dict[Heads, Rows]]:
    """Who was where, and how many rows were, in a row group.

    is_whole  whether all of its rows are asked for
    """
    texts = {"step", *picking_columns(asked.question)}
    texts |= {axis.cut.value for axis in asked.axes if not axis.cut.step and axis.cut is not Cut.NEWNESS}
    numbers = {"person"} | {"ts_us" for axis in asked.axes if axis.cut is Cut.HOUR}
    numbers |= {"day" for axis in asked.axes if axis.cut is Cut.NEWNESS or (axis.cut.step and axis.cut is not Cut.HOUR)}
    numbers |= set() if is_whole else {"day", "ts_us"}
    table = files.read_group(group, sorted(texts | numbers), texts=sorted(texts))
    places, steps = files.places(table["step"])
    kinds = dict.fromkeys(asked.wanted.values())
    marks = np.array([sum(1 << n for n, kind in enumerate(kinds) if step in kind.among) for step in steps], np.int8)
    marks = marks.take(places)
    if not is_whole:
        marks *= is_picked(asked.question, asked.base, asked.stretch, table, only=asked.only)
    packed, rows = asked.packed, np.flatnonzero(marks != 0)
    of = _Rows(table=table, rows=rows if len(rows) < _FEW * len(marks) else None)
    marks = of.taken(marks)
    whole = packed.whole([_places(axis, of, first=asked.first) for axis in asked.axes], of.numbers("person"))
    seen: dict[Heads, Whole] = {}
    counted: dict[Heads, Rows] = {}
    for n, kind in enumerate(kinds):
        mine = whole.take(np.flatnonzero(marks & (1 << n) != 0))
        if kind.of_rows:
            counted[kind] = packed.rows_of(mine, asked.sizes)
        else:
            seen[kind] = packed.people_of(mine)
    return seen, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Some rows of a table, or all of them: to take most of them costs more than to work with all."""

    table: pa.Table
    rows: Whole | None

    def taken(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What stands in these rows."""
        return values if self.rows is None else values.take(self.rows)

    def numbers(self, name: str) -> npt.NDArray[Any]:
        """A column of numbers."""
        return self.taken(files.day_numbers(self.table[name]) if name == "day" else files.values(self.table[name]))


def _places(axis: _Axis, of: _Rows, *, first: Numbers | None) -> Whole:
    """The place of the cell that each row lies in; of a row outside the stretch it says nothing."""
    if axis.cut is Cut.HOUR:
        return np.asarray(axis.times.take(of.numbers("ts_us") // _MINUTE_US - axis.since, mode="clip"))
    if axis.cut.step:
        return np.asarray(axis.times.take(of.numbers("day") - axis.since, mode="clip"))
    if first is not None and axis.cut is Cut.NEWNESS:
        people = of.numbers("person")
        return np.where(people == 0, 0, np.where(first.take(people) < of.numbers("day"), 1, 2))
    texts = files.listed(of.table[axis.cut.value])
    return np.asarray(axis.places(texts.dictionary).take(of.taken(texts.indices.to_numpy())))

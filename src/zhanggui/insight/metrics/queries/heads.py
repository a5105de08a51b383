"""Counting people over arrays of their numbers, cell by cell.

The law it rests on: a person's number is a place. So if the rows of a file are put in the order of their cells (by day
they stand so), a cell's rows are slices, neighbours in them, once sorted, say who is there how often, and a mark at
each place says it for many rows. It gives what the grouping in `asking` gives, several times as fast, for nobody is
looked up in a table of people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import pairwise, product
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files
from zhanggui.insight.metrics.queries.cells import Cell, Counted, Key, Stretch, stretches
from zhanggui.insight.metrics.queries.picking import (
    NEVER,
    Flags,
    Numbers,
    daily_files,
    first_days,
    is_cut,
    is_picked,
    picked_people,
    picking_columns,
)
from zhanggui.insight.metrics.rules.answers import Question
from zhanggui.insight.metrics.rules.sources import Base, Cut, Heads, Measure, Newness

Whole = npt.NDArray[np.int64]

# Their rows stand for themselves, in files.
_TABLES: Final = frozenset({"visits", "orders"})
# What their rows say of themselves.
_TEXTS: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE})
_THREADS: Final = 2
# So many rows for each place that there is are worth marking places.
_FEW: Final = 4


@dataclass(frozen=True, slots=True)
class _Piece:
    """Whose rows of a cell count, and what they add."""

    people: Numbers
    added: Whole | None


# A cell's rows, file by file.
_Cell = list[_Piece]
# Which cell of each cut; None stands for all of them.
_Place = tuple[Key, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is to be read of a stretch.

    kinds   what rows count for, each with an empty `newness` and a `least` of 1
    keys    its cells of time, or its first day alone; starts: the first day of each, as a number
    only    by person: whether they are wanted; None if all are
    """

    question: Question
    base: Base
    stretch: Stretch
    kinds: tuple[Heads, ...]
    keys: tuple[date, ...]
    starts: npt.NDArray[np.int32]
    only: Flags | None


def among(question: Question, base: Base, measures: Sequence[Measure]) -> tuple[Measure, ...]:
    """Those of the measures that can be counted so: in whole days, by what rows say, exactly, by this process."""
    timed = [cut for cut in question.cuts if cut.step]
    is_known = len(timed) < 2 and all(cut in _TEXTS or cut in timed for cut in question.cuts) and Cut.HOUR not in timed
    if base.table not in _TABLES or question.is_approximate or not is_known or not lake.answers_itself():
        return ()
    return tuple(one for one in measures if one.source_in(base.table).heads)


def count(question: Question, base: Base, measures: Iterable[Measure]) -> Counted:
    """The numbers of all cells, of measures that are `among` those that can be counted so.

    refuses  LakeBroken
    """
    found = ((one.key, one.source_in(base.table).heads) for one in measures)
    wanted = {key: heads for key, heads in found if heads}
    filed = [(one, daily_files(question, base.table, one)) for one in stretches(question, base)]
    only = picked_people(question)
    counted: Counted = {}
    with ThreadPoolExecutor(_THREADS) as pool:
        first = first_days(question.shop, pool) if any(one.newness for one in wanted.values()) else None
        for stretch, some in filed:
            counted |= _stretched(question, base, stretch, some, wanted, only, first, pool)
    return counted


def _stretched(
    question: Question,
    base: Base,
    stretch: Stretch,
    filed: Iterable[lake.Filed],
    wanted: dict[str, Heads],
    only: Flags | None,
    first: Numbers | None,
    pool: ThreadPoolExecutor,
) -> Counted:
    step = next((cut.step for cut in question.cuts if cut.step), None)
    keys = stretch.period.cells(step) if step else (stretch.period.start,)
    starts = np.array([files.day_number(max(key, stretch.period.start)) for key in keys], np.int32)
    begins: dict[Key, int] = dict(zip(keys, starts.tolist(), strict=True))
    kinds = tuple(dict.fromkeys(map(_kind, wanted.values())))
    asked = _Asked(question=question, base=base, stretch=stretch, kinds=kinds, keys=keys, starts=starts, only=only)
    read = list(pool.map(partial(_read, asked), filed))
    size = lake.people_count(question.shop) + 1
    counted: Counted = {}
    for place, kind in enumerate(kinds):
        cells = _together([file[place] for file in read], cuts=len(question.cuts))
        since = [next((begins[key] for key in cell if key in begins), starts[0]) for cell in cells]
        numbers = partial(_numbers, {key: one for key, one in wanted.items() if _kind(one) == kind}, first, size)
        for cell, found in zip(cells, pool.map(numbers, cells.values(), since), strict=True):
            counted.setdefault(Cell(stretch.span, *cell), {}).update(found)
    return counted


def _together(read: Iterable[dict[_Place, _Piece]], *, cuts: int) -> dict[_Place, _Cell]:
    """The rows of each cell, and of all cells of a cut or of both, whatever file they stand in."""
    cells: dict[_Place, _Cell] = {(None,) * cuts: []}
    for file in read:
        for place, piece in file.items():
            for cell in product(*((key, None) for key in place)):
                cells.setdefault(cell, []).append(piece)
    return cells


def _kind(heads: Heads) -> Heads:
    return replace(heads, least=1, newness=None)


def _read(asked: _Asked, file: lake.Filed) -> list[dict[_Place, _Piece]]:
    """By kind and cell whose rows of a file count."""
    kept = {column for kind in asked.kinds for column in (kind.column, kind.adds) if column}
    texts = {kind.column for kind in asked.kinds if kind.among} | picking_columns(asked.question)
    texts |= {cut.value for cut in asked.question.cuts if cut in _TEXTS}
    moment = [asked.base.moment] if is_cut(file, asked.stretch) else []
    table = files.read(file.path, ["day", "person", *moment, *sorted(kept | texts)], texts=sorted(texts))
    days, people = files.day_numbers(table["day"]), files.values(table["person"])
    is_wanted = (people != 0) & is_picked(asked.question, asked.base, asked.stretch, table, only=asked.only)
    codes, places = _codes(asked, days, table)
    return [_pieces(codes, places, people, is_wanted, kind, table) for kind in asked.kinds]


def _codes(asked: _Asked, days: Numbers, table: pa.Table) -> tuple[Numbers, list[_Place]]:
    """The cell of each row as a number, and which cells these are; of a row outside the period it says nothing."""
    codes, named = np.zeros(len(days), np.int32), list[Sequence[Key]]()
    for cut in asked.question.cuts:
        some, names = _days_in(asked, days) if cut.step else files.places(table[cut.value])
        codes = codes * len(names) + some
        named.append(names)
    return codes, list(product(*named))


def _days_in(asked: _Asked, days: Numbers) -> tuple[Numbers, Sequence[Key]]:
    return (np.searchsorted(asked.starts, days, side="right") - 1).astype(np.int32), asked.keys


def _pieces(
    codes: Numbers, places: list[_Place], people: Numbers, is_wanted: Flags, kind: Heads, table: pa.Table
) -> dict[_Place, _Piece]:
    """Each cell's rows that count for a kind."""
    if kind.among:
        is_wanted = is_wanted & files.is_among(table[kind.column], kind.among)
    elif kind.column:
        is_wanted = is_wanted & (files.values(table[kind.column]) > 0)
    added = files.values(table[kind.adds]) if kind.adds else None
    if not is_wanted.all():
        codes, people = codes[is_wanted], people[is_wanted]
        added = added[is_wanted] if added is not None else None
    if (codes[1:] < codes[:-1]).any():
        order = np.argsort(codes.astype(np.uint16) if len(places) < 1 << 16 else codes, kind="stable")
        codes, people, added = codes[order], people[order], added[order] if added is not None else None
    starts = np.flatnonzero(np.concatenate((np.ones(min(len(codes), 1), bool), codes[1:] != codes[:-1])))
    return {
        places[codes[begin]]: _Piece(people[begin:end], added[begin:end] if added is not None else None)
        for begin, end in pairwise([*starts.tolist(), len(codes)])
    }


def _numbers(wanted: dict[str, Heads], first: Numbers | None, size: int, cell: _Cell, since: int) -> dict[str, int]:
    """What a cell's rows of one kind say.

    since  the cell's first day: who first paid from then on is new in it
    """
    added = [(piece.people, piece.added) for piece in cell if piece.added is not None]
    if any(one.adds for one in wanted.values()):
        return {
            key: sum([int(minor[_is(one.newness, people, first, since)].sum()) for people, minor in added])
            for key, one in wanted.items()
        }
    people, times = _each(cell, size, is_counted=any(one.least > 1 for one in wanted.values()))
    return {
        key: int(np.count_nonzero(_is(one.newness, people, first, since) & (times >= one.least)))
        for key, one in wanted.items()
    }


def _is(newness: Newness | None, people: Numbers, first: Numbers | None, since: int) -> Flags:
    if newness is None or first is None:
        return np.ones(len(people), bool)
    days = first[people]
    return np.asarray((days >= since) & (days != NEVER) if newness is Newness.NEW else days < since)


def _each(cell: _Cell, size: int, *, is_counted: bool) -> tuple[Numbers, Whole | Numbers]:
    """Everybody of a cell once, and how many rows are theirs; if that is not asked for, 1."""
    if not is_counted and _FEW * sum(len(piece.people) for piece in cell) > size:
        is_there = np.zeros(size, bool)
        for piece in cell:
            is_there[piece.people] = True
        people = np.flatnonzero(is_there).astype(np.int32)
        return people, np.ones(len(people), np.int32)
    pieces = [piece.people for piece in cell] or [np.empty(0, np.int32)]
    people = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    if (people[1:] < people[:-1]).any():
        people = np.sort(people)
    begins = np.flatnonzero(np.concatenate((np.ones(min(len(people), 1), bool), people[1:] != people[:-1])))
    return people[begins], np.diff(np.concatenate((begins, [len(people)])))

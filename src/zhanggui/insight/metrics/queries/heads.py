"""Counting people over arrays of their numbers, cell by cell, and what stands in their rows beside.

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
    people_in,
    picking_columns,
)
from zhanggui.insight.metrics.rules.answers import Crowd, Question
from zhanggui.insight.metrics.rules.sources import Base, Cut, Heads, Measure, Newness

Whole = npt.NDArray[np.int64]

# Their rows stand for themselves, in files.
_TABLES: Final = frozenset({"visits", "orders", "sessions"})
# What their rows say of themselves.
_TEXTS: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE})
_THREADS: Final = 2
# So many rows for each place that there is are worth marking places.
_FEW: Final = 4
_NOBODY: Final = np.empty(0, np.int32)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What cells are to say.

    wanted   by measure what counts
    first    by person: the day of their first paid order; None if nothing asks for it
    size     above every number that a person has
    members  crowd by crowd, by person: whether they belong; None for everybody
    """

    wanted: dict[str, Heads]
    first: Numbers | None
    size: int
    members: Sequence[Flags | None]


def among(
    question: Question, base: Base, measures: Sequence[Measure], crowds: Sequence[Crowd | None] = (None,)
) -> tuple[Measure, ...]:
    """Those of the measures that are best counted so: in whole days, by what rows say, exactly, by this process.

    crowds  of whom they are wanted: only for several is it quicker to add up rows here than to let DuckDB do it
    """
    timed = [cut for cut in question.cuts if cut.step]
    is_known = len(timed) < 2 and all(cut in _TEXTS or cut in timed for cut in question.cuts) and Cut.HOUR not in timed
    if base.table not in _TABLES or question.is_approximate or not is_known or not lake.answers_itself():
        return ()
    heads = ((one, one.source_in(base.table).heads) for one in measures)
    return tuple(one for one, how in heads if how and (len(crowds) > 1 or not how.of_rows))


def count(
    question: Question, base: Base, measures: Iterable[Measure], crowds: Sequence[Crowd | None] = (None,)
) -> list[Counted]:
    """The numbers of all cells, crowd by crowd, of measures that are `among` those that can be counted so.

    crowds   None for everybody
    refuses  LakeBroken
    """
    found = ((one.key, one.source_in(base.table).heads) for one in measures)
    wanted = {key: heads for key, heads in found if heads}
    filed = [(one, daily_files(question, base.table, one)) for one in stretches(question, base)]
    only = people_in(question.shop, question.only)
    members = [people_in(question.shop, crowd) for crowd in crowds]
    counted: list[Counted] = [{} for _ in crowds]
    with ThreadPoolExecutor(_THREADS) as pool:
        first = first_days(question.shop, pool) if any(one.newness for one in wanted.values()) else None
        told = _Told(wanted=wanted, first=first, size=lake.people_count(question.shop) + 1, members=members)
        for stretch, some in filed:
            each = _stretched(question, base, stretch, some, told, only, pool)
            for cells, more in zip(counted, each, strict=True):
                cells |= more
    return counted


def _stretched(
    question: Question,
    base: Base,
    stretch: Stretch,
    filed: Iterable[lake.Filed],
    told: _Told,
    only: Flags | None,
    pool: ThreadPoolExecutor,
) -> list[Counted]:
    step = next((cut.step for cut in question.cuts if cut.step), None)
    keys = stretch.period.cells(step) if step else (stretch.period.start,)
    starts = np.array([files.day_number(max(key, stretch.period.start)) for key in keys], np.int32)
    begins: dict[Key, int] = dict(zip(keys, starts.tolist(), strict=True))
    kinds = tuple(dict.fromkeys(map(_kind, told.wanted.values())))
    asked = _Asked(question=question, base=base, stretch=stretch, kinds=kinds, keys=keys, starts=starts, only=only)
    read = list(pool.map(partial(_read, asked), filed))
    counted: list[Counted] = [{} for _ in told.members]
    for place, kind in enumerate(kinds):
        cells = _together([file[place] for file in read], cuts=len(question.cuts))
        since = [next((begins[key] for key in cell if key in begins), starts[0]) for cell in cells]
        mine = {key: one for key, one in told.wanted.items() if _kind(one) == kind}
        numbers = partial(_numbers, replace(told, wanted=mine))
        for cell, found in zip(cells, pool.map(numbers, cells.values(), since), strict=True):
            for crowd, said in zip(counted, found, strict=True):
                crowd.setdefault(Cell(stretch.span, *cell), {}).update(said)
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
    is_wanted = is_picked(asked.question, asked.base, asked.stretch, table, only=asked.only)
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
    if not kind.of_rows:
        is_wanted = is_wanted & (people != 0)
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


def _numbers(told: _Told, cell: _Cell, since: int) -> list[dict[str, int]]:
    """What a cell's rows of one kind say, crowd by crowd.

    since  the cell's first day: who first paid from then on is new in it
    """
    is_summed = any(one.adds or one.of_rows for one in told.wanted.values())
    people, times = (_NOBODY, _NOBODY) if is_summed else _each(cell, told)
    found = []
    for members in told.members:
        is_in = partial(_is, first=told.first, since=since, members=members)
        found.append(
            {
                key: sum([_sum(piece, is_in(one.newness, piece.people)) for piece in cell])
                if is_summed
                else _count(times >= one.least, is_in(one.newness, people))
                for key, one in told.wanted.items()
            }
        )
    return found


def _count(is_often: Flags, is_wanted: Flags | None) -> int:
    return int(np.count_nonzero(is_often if is_wanted is None else is_often & is_wanted))


def _sum(piece: _Piece, is_wanted: Flags | None) -> int:
    """What some rows add up to, or how many they are; all of them if none are named."""
    if piece.added is None:
        return len(piece.people) if is_wanted is None else int(np.count_nonzero(is_wanted))
    return int((piece.added if is_wanted is None else piece.added.compress(is_wanted)).sum())


def _is(
    newness: Newness | None, people: Numbers, *, first: Numbers | None, since: int, members: Flags | None
) -> Flags | None:
    """Whose rows count: who belongs to a crowd, and is new or returning if that is asked for; None if everybody's."""
    is_one = None if members is None else members.take(people)
    if newness is None or first is None:
        return is_one
    days = first.take(people)
    is_so = np.asarray((days >= since) & (days != NEVER) if newness is Newness.NEW else days < since)
    return is_so if is_one is None else is_one & is_so


def _each(cell: _Cell, told: _Told) -> tuple[Numbers, Whole | Numbers]:
    """Everybody of a cell once, and how many rows are theirs; if that is not asked for, 1."""
    size, is_counted = told.size, any(one.least > 1 for one in told.wanted.values())
    if not is_counted and _FEW * sum(len(piece.people) for piece in cell) > size:
        is_there = np.zeros(size, bool)
        for piece in cell:
            is_there[piece.people] = True
        people = np.flatnonzero(is_there).astype(np.int32)
        return people, np.ones(len(people), np.int32)
    pieces = [piece.people for piece in cell] or [_NOBODY]
    people = np.concatenate(pieces) if len(pieces) > 1 else pieces[0]
    if (people[1:] < people[:-1]).any():
        people = np.sort(people)
    begins = np.flatnonzero(np.concatenate((np.ones(min(len(people), 1), bool), people[1:] != people[:-1])))
    return people[begins], np.diff(np.concatenate((begins, [len(people)])))

"""Rows as one whole number each: who it was, and the cell of each cut. Rows that say the same are equal numbers.

Hardly anything is sorted. People stand in order in a row group of steps, so the rows of some of them are slices, few
enough to be at hand in the processor's own memory; there each row marks a place of its own, or one that its number is
scattered to, and whoever finds a place marked by an equal row was counted already. Without vectors to sort with, that
takes a fifth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from math import prod
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# The place of a cell in each cut; None for all of its cells.
Code = tuple[int | None, ...]
# By crowd, as `Packed.rows_of` gives them: cells, and how many rows are in each.
Rows = Sequence[tuple[Whole, Whole]]
# Which of the cuts, by place, are looked at together.
Kept = tuple[int, ...]

# One bit is the sign, another lets a border stand after the last person.
_BITS: Final = 62
_THREADS: Final = 2
_NONE: Final = np.empty(0, np.int64)
# So many cells are counted at once.
MOST_CELLS: Final = 1 << 24
# The rows of so many people are looked at together that there are about as many.
_PART: Final = 1 << 16
# One in so many numbers says about where the parts have to begin.
_SAMPLE: Final = 1 << 10
# A part's rows are scattered to so many places, as a power of two.
_PLACE_BITS: Final = 20
# Every person in every cell has a place if these are not more than so many for each row.
_ROOMY: Final = 8
# The golden ratio, as a part of all numbers of 64 bits.
_SCATTER: Final = np.uint64(0x9E3779B97F4A7C15)


class Told(NamedTuple):
    """How many are in a cell.

    crowd  its place among those that were asked for
    """

    crowd: int
    code: Code
    number: int


class _Part(NamedTuple):
    """People from one number to before another, and where the rows of these begin and end in each piece."""

    first: int
    end: int
    starts: Whole
    stops: Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """How numbers are made: the person, then the place of the cell in each cut.

    people     the largest number that a person has
    cuts       how many there are, at most two
    is_paired  whether cells of both of two cuts are asked for, beside those of each
    crowds     by person: whether they belong; None for everybody. Each is counted for itself
    """

    people: int
    cuts: int
    is_paired: bool
    crowds: Sequence[Flags | None] = (None,)

    @property
    def most(self) -> int:
        """So many cells can each cut have."""
        return 1 << self._cell_bits

    def is_countable(self, sizes: Sequence[int]) -> bool:
        """Whether cuts of so many cells are not too many to count, for all crowds at once."""
        return all(_product(kept, sizes) * len(self.crowds) <= MOST_CELLS for kept in self._kept)

    def whole(self, cells: Sequence[Whole], people: npt.NDArray[np.int32]) -> Whole:
        """The number of each row.

        cells   the place of each row's cell, cut by cut
        people  who it was, 0 if nobody knows
        """
        numbers = people.astype(np.int64)
        for cell in cells:
            numbers = numbers << self._cell_bits | cell
        return numbers

    def people_of(self, whole: Whole) -> Whole:
        """People in order, without nobody known and rows like the one before: most of them where somebody's stand
        together.
        """
        firsts = whole.compress(_begins(whole))
        known = firsts.compress(firsts >= 1 << self._all_bits)
        people = known >> self._all_bits
        # A file that lost a day was written again, and then two days may meet within a row group.
        return np.sort(known) if (people[1:] < people[:-1]).any() else known

    def rows_of(self, whole: Whole, sizes: Sequence[int]) -> Rows:
        """How many rows there are in each cell of all cuts, crowd by crowd.

        sizes  above which no place is, cut by cut
        """
        codes = whole & ((1 << self._all_bits) - 1)
        people = whole >> self._all_bits if any(crowd is not None for crowd in self.crowds) else _NONE
        return [self._times(codes if one is None else codes.compress(one.take(people)), sizes) for one in self.crowds]

    def count_people(self, pieces: Sequence[Whole], sizes: Sequence[int], pool: ThreadPoolExecutor) -> Iterator[Told]:
        """How many people there are in each cell and in all, of pieces that `people_of` gave."""
        parts = self._parts(pieces)
        shares = [parts[n::_THREADS] for n in range(_THREADS)]
        counted = list(pool.map(partial(self._counted, pieces, sizes), shares))
        for n, kept in enumerate(self._kept):
            every = counted[0][n]
            for other in counted[1:]:
                every += other[n]
            yield from self._told(kept, sizes, every)

    def count_rows(self, said: Sequence[Rows], sizes: Sequence[int]) -> Iterator[Told]:
        """How many rows there are in each cell and in all, of what `rows_of` gave."""
        counted = [np.zeros((len(self.crowds), _product(kept, sizes)), np.int64) for kept in self._kept]
        for rows in said:
            for crowd, (codes, counts) in enumerate(rows):
                cells = self._cells(codes)
                for kept, every in zip(self._kept, counted, strict=True):
                    np.add.at(every[crowd], _together(cells, kept, sizes, len(codes)), counts)
        for kept, every in zip(self._kept, counted, strict=True):
            yield from self._told(kept, sizes, every)

    def among(self, pieces: Sequence[Whole], cut: int, places: Whole) -> list[Whole]:
        """The rows in some cells of a cut, which are told by new places.

        places  by place: the new one, below 0 for cells that are not wanted
        """
        shift = (self.cuts - 1 - cut) * self._cell_bits
        found = []
        for piece in pieces:
            new = places.take(piece >> shift & (self.most - 1))
            wanted = np.flatnonzero(new >= 0)
            rows = piece.take(wanted)
            found.append(rows & ~np.int64((self.most - 1) << shift) | new.take(wanted) << shift)
        return found

    @property
    def _kept(self) -> tuple[Kept, ...]:
        """Which cuts are looked at together."""
        alone = [(n,) for n in range(self.cuts)]
        return ((), *alone, (0, 1)) if self.cuts > 1 and self.is_paired else ((), *alone)

    @property
    def _cell_bits(self) -> int:
        return (_BITS - max(self.people.bit_length(), 1)) // max(self.cuts, 1)

    @property
    def _all_bits(self) -> int:
        """The bits that say all cells; the rest says who it was."""
        return self._cell_bits * self.cuts

    def _cells(self, rows: Whole) -> list[Whole]:
        """The place of each row's cell, cut by cut."""
        return [rows >> (self.cuts - 1 - cut) * self._cell_bits & (self.most - 1) for cut in range(self.cuts)]

    def _times(self, codes: Whole, sizes: Sequence[int]) -> tuple[Whole, Whole]:
        every = tuple(range(self.cuts))
        if _product(every, sizes) > _ROOMY * len(codes):
            codes = np.sort(codes)
            starts = np.flatnonzero(_begins(codes))
            return codes[starts], np.diff(starts, append=len(codes))
        counts = np.bincount(_together(self._cells(codes), every, sizes, len(codes)))
        cells = np.flatnonzero(counts)
        places = np.unravel_index(cells, sizes) if self.cuts else ()
        packed = np.zeros(len(cells), np.int64)
        for place in places:
            packed = packed << self._cell_bits | place
        return packed, counts[cells]

    def _parts(self, pieces: Sequence[Whole]) -> list[_Part]:
        """All people, so many to a part that it has about _PART rows."""
        sample = np.sort(np.concatenate([piece[::_SAMPLE] for piece in pieces] or [_NONE])) >> self._all_bits
        step = max(1, _PART // _SAMPLE)
        inner = sample[step::step]
        people = np.concatenate(([0], inner.compress(_begins(inner) & (inner > 0)), [self.people + 1]))
        borders = people << self._all_bits
        places = np.array([piece.searchsorted(borders) for piece in pieces]).reshape(len(pieces), len(borders))
        return [
            _Part(first, end, places[:, n], places[:, n + 1])
            for n, (first, end) in enumerate(pairwise(people.tolist()))
        ]

    def _counted(self, pieces: Sequence[Whole], sizes: Sequence[int], parts: Sequence[_Part]) -> list[Whole]:
        """By kept cuts, by crowd: how many people each cell has, of some parts."""
        counted = [np.zeros((len(self.crowds), _product(kept, sizes)), np.int64) for kept in self._kept]
        room = np.empty(1 << _PLACE_BITS, np.int32)
        for first, end, starts, stops in parts:
            bounds = zip(pieces, starts.tolist(), stops.tolist(), strict=True)
            rows = np.concatenate([piece[start:stop] for piece, start, stop in bounds if start < stop] or [_NONE])
            people, cells = (rows >> self._all_bits) - first, self._cells(rows)
            for kept, every in zip(self._kept, counted, strict=True):
                codes = _together(cells, kept, sizes, len(rows))
                found = _each(people, codes, (end - first - 1).bit_length(), _product(kept, sizes), room)
                for n, crowd in enumerate(self.crowds):
                    _add(every[n], found[1] if crowd is None else found[1].compress(crowd[found[0] + first]))
        return counted

    def _told(self, kept: Kept, sizes: Sequence[int], counted: Whole) -> Iterator[Told]:
        for crowd, counts in enumerate(counted):
            cells = np.flatnonzero(counts) if kept else np.zeros(1, np.int64)
            found = np.unravel_index(cells, [sizes[cut] for cut in kept]) if kept else ()
            places = {cut: place.tolist() for cut, place in zip(kept, found, strict=True)}
            for n, count in enumerate(counts[cells].tolist()):
                code = tuple(places[cut][n] if cut in places else None for cut in range(self.cuts))
                yield Told(crowd, code, count)


def _together(cells: Sequence[Whole], kept: Kept, sizes: Sequence[int], count: int) -> Whole:
    """The cell of each of so many rows in the kept cuts, as one number below the product of their sizes."""
    codes = np.zeros(count, np.int64)
    for n, cut in enumerate(kept):
        codes = codes * sizes[cut] + cells[cut] if n else cells[cut]
    return codes


def _each(people: Whole, codes: Whole, bits: int, cells: int, room: npt.NDArray[np.int32]) -> tuple[Whole, Whole]:
    """Who is in which cell, each once.

    people  so many bits have their numbers at most
    codes   of so many cells
    room    for `_once`
    """
    keys = codes << bits | people
    if cells << bits > _ROOMY * len(keys) + _PART:
        found = keys.take(_once(keys, room))
    else:
        is_there = np.zeros(cells << bits, bool)
        is_there[keys] = True
        found = np.flatnonzero(is_there)
    return found & ((1 << bits) - 1), found >> bits


def _once(numbers: Whole, room: npt.NDArray[np.int32]) -> Whole:
    """Where each of some numbers stands, each once.

    room  for more of them than there are, a power of two; what lies in it does not matter
    """
    bits = len(room).bit_length() - 1
    at = ((numbers.view(np.uint64) * _SCATTER) >> np.uint64(64 - bits)).view(np.int64)
    order = np.arange(len(numbers), dtype=np.int32)
    # Of those that are scattered to one place, one stays: an equal one was counted with it, any other is looked at.
    room[at] = order
    stayed = room.take(at)
    is_last = stayed == order
    rest = np.flatnonzero(~is_last)
    clashed = rest.compress(numbers.take(stayed.take(rest)) != numbers.take(rest))
    clashed = clashed[np.argsort(numbers.take(clashed))]
    return np.concatenate((np.flatnonzero(is_last), clashed.compress(_begins(numbers.take(clashed)))))


def _begins(numbers: Whole) -> Flags:
    """Where others begin than the one before."""
    return np.concatenate((np.ones(min(len(numbers), 1), bool), numbers[1:] != numbers[:-1]))


def _add(counts: Whole, codes: Whole) -> None:
    """One more for each of some cells."""
    if len(counts) > _ROOMY * len(codes):
        np.add.at(counts, codes, 1)
    else:
        counts += np.bincount(codes, minlength=len(counts))


def _product(kept: Kept, sizes: Sequence[int]) -> int:
    return prod(sizes[cut] for cut in kept)

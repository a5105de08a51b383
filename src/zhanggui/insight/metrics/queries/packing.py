"""Cells and people as one whole number each: put in order, equal ones are neighbours, and cells follow each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from typing import Final

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

# The place of a cell in each cut; None for all of its cells.
Code = tuple[int | None, ...]
# By kept cuts: numbers in order, each once; and of rows how often each was there.
Said = dict[tuple[bool, ...], tuple[Whole, Whole]]

_BITS: Final = 63
_NONE: Final = np.empty(0, np.int64)
# A part of so many numbers is sorted in the processor's own memory.
_PART: Final = 1 << 18
# One in so many numbers says about where the parts have to begin.
_SAMPLE: Final = 1 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """How numbers are made: the place of the cell in each cut, then the person.

    people     the largest number that a person has
    cuts       how many there are, at most two
    is_paired  whether cells of both of two cuts are asked for, beside those of each
    """

    people: int
    cuts: int
    is_paired: bool

    @property
    def most(self) -> int:
        """So many cells can each cut have."""
        return 1 << self._cell_bits

    def whole(self, cells: Sequence[Whole], people: npt.NDArray[np.int32]) -> Whole:
        """The number of each row.

        cells   the place of each row's cell, cut by cut
        people  who it was, 0 if nobody knows
        """
        numbers = np.zeros(len(people), np.int64)
        for cell in cells:
            numbers = numbers << self._cell_bits | cell
        return numbers << self._person_bits | people

    def people_of(self, whole: Whole) -> Said:
        """Who was where, each once, nobody known left out. Least work where somebody's rows stand together."""
        firsts = _firsts(whole)
        known = firsts.compress(firsts & self._person != 0)
        return {kept: (_each(known & self._mask(kept)), _NONE) for kept in self._kept}

    def rows_of(self, whole: Whole) -> Said:
        """How many rows were where."""
        return {(True,) * self.cuts: _counts(np.sort(whole >> self._person_bits))}

    def count_people(self, said: Sequence[Said], pool: ThreadPoolExecutor) -> Iterator[tuple[Code, int]]:
        """How many people there are in each cell and in all, of pieces that `people_of` gave."""
        is_there = np.zeros(self.people + 1, bool)
        for piece in said:
            is_there[piece[self._kept[0]][0] & self._person] = True
        yield (None,) * self.cuts, int(np.count_nonzero(is_there))
        for kept in self._kept if self.cuts else ():
            for codes, counts in self._in_parts([piece[kept][0] for piece in said], pool):
                yield from self._told(kept, codes, counts)

    def count_rows(self, said: Sequence[Said]) -> Iterator[tuple[Code, int]]:
        """How many rows there are in each cell and in all, of pieces that `rows_of` gave."""
        every = (True,) * self.cuts
        codes = np.concatenate([piece[every][0] for piece in said] or [_NONE])
        counts = np.concatenate([piece[every][1] for piece in said] or [_NONE])
        yield (None,) * self.cuts, int(counts.sum())
        for kept in self._kept if self.cuts else ():
            masked = codes & (self._mask(kept) >> self._person_bits)
            order = np.argsort(masked)
            starts = np.flatnonzero(_begins(masked[order]))
            if len(starts):
                yield from self._told(kept, masked[order][starts], np.add.reduceat(counts[order], starts))

    @property
    def _kept(self) -> tuple[tuple[bool, ...], ...]:
        """Which cuts are looked at together."""
        if self.cuts < 2:
            return ((True,) * self.cuts,)
        both = ((True, True),) if self.is_paired else ()
        return ((True, False), (False, True), *both)

    @property
    def _person_bits(self) -> int:
        return self.people.bit_length()

    @property
    def _person(self) -> int:
        """The bits that say who it was."""
        return (1 << self._person_bits) - 1

    @property
    def _cell_bits(self) -> int:
        return (_BITS - self._person_bits) // max(self.cuts, 1)

    def _mask(self, kept: tuple[bool, ...]) -> int:
        """The bits that say the kept cuts, and who it was."""
        mask = 0
        for is_kept in kept:
            mask = mask << self._cell_bits | (self.most - 1 if is_kept else 0)
        return mask << self._person_bits | self._person

    def _in_parts(self, pieces: Sequence[Whole], pool: ThreadPoolExecutor) -> Iterator[tuple[Whole, Whole]]:
        """Cells in order, and how many people each has, of numbers that are in order in each piece."""
        sample = np.sort(np.concatenate([piece[::_SAMPLE] for piece in pieces] or [_NONE]))
        step = max(1, _PART // _SAMPLE)
        borders = _firsts(sample[step::step] >> self._person_bits) << self._person_bits
        cuts = [[0, *np.searchsorted(piece, borders).tolist(), len(piece)] for piece in pieces]
        parts = (
            [piece[at[n] : at[n + 1]] for piece, at in zip(pieces, cuts, strict=True)] for n in range(len(borders) + 1)
        )
        return pool.map(self._count_part, parts)

    def _count_part(self, pieces: Sequence[Whole]) -> tuple[Whole, Whole]:
        return _counts(_each(np.concatenate(pieces or [_NONE])) >> self._person_bits)

    def _told(self, kept: tuple[bool, ...], codes: Whole, counts: Whole) -> Iterator[tuple[Code, int]]:
        places: list[Iterable[int | None]] = []
        for n, is_kept in enumerate(reversed(kept)):
            found = codes >> (n * self._cell_bits) & (self.most - 1)
            places.insert(0, found.tolist() if is_kept else repeat(None))
        return zip(zip(*places, strict=False), counts.tolist(), strict=True)


def _each(numbers: Whole) -> Whole:
    """Each of some numbers once, in order."""
    return _firsts(np.sort(numbers))


def _firsts(numbers: Whole) -> Whole:
    """Without those that follow one like them."""
    return numbers.compress(_begins(numbers))


def _begins(numbers: Whole) -> Flags:
    """Where others begin than the one before."""
    return np.concatenate((np.ones(min(len(numbers), 1), bool), numbers[1:] != numbers[:-1]))


def _counts(numbers: Whole) -> tuple[Whole, Whole]:
    """Each of some numbers in order once, and how often it is there."""
    starts = np.flatnonzero(_begins(numbers))
    return numbers[starts], np.diff(starts, append=len(numbers))

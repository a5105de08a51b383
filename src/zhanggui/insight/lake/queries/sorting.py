"""Many moments of many people as whole numbers: the person in front, then the time, then what it was.

A part of the people is worked on at a time, so that what is sorted or looked up stays small, and a number holds a
person of the part, a moment and a code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from zhanggui.insight.lake.queries import answering

T = TypeVar("T")
P = TypeVar("P")
Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
# Who, when since the first day asked for, and what.
Moments = tuple[Numbers, Whole, Whole]

_WORD_BITS: Final = 63
_BATCH_ROWS: Final = 1 << 20
_THREADS: Final = 2


@dataclass(frozen=True, slots=True)
class Packing:
    """How a person, a moment and a code make one number.

    span_us      moments are counted from the first day asked for, and lie before so many microseconds
    code_bits    what a moment was is below 2 to so many
    people_bits  a part holds at most 2 to so many people: few enough that what is worked out of them stays in the
                 processor's own memory, many enough that a part is worth its calls
    source       a day and 4 bits of code: a moment takes 37 bits and a code 4, so a part could hold 2 ** 22 people;
                 121 days take 44 bits, and with 8 bits of code a number holds a person among 2 ** 11
    """

    span_us: int
    code_bits: int
    people_bits: int

    @property
    def low_bits(self) -> int:
        """Bits of a moment with its code."""
        return self.span_us.bit_length() + self.code_bits

    @property
    def kept_bits(self) -> int:
        """Bits of a person within a part, if a number is to hold the code too."""
        return min(self.people_bits, _WORD_BITS - self.low_bits)

    @property
    def wide_bits(self) -> int:
        """The same if it holds the person and the moment only."""
        return min(self.people_bits, _WORD_BITS - self.span_us.bit_length())

    def parts(self, people: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """In which part everybody is."""
        return people >> self.kept_bits

    def keys(self, people: npt.NDArray[np.int32], at_us: Whole, codes: Whole) -> Whole:
        """The numbers of moments."""
        numbers = (people & ((1 << self.kept_bits) - 1)).astype(np.int64)
        numbers <<= self.span_us.bit_length()
        numbers |= at_us
        numbers <<= self.code_bits
        numbers |= codes
        return numbers

    def people(self, keys: Whole) -> Whole:
        """Whose each moment is, within the part."""
        return keys >> self.low_bits

    def times(self, keys: Whole) -> Whole:
        """When each was, in microseconds since the first day asked for."""
        return (keys & ((1 << self.low_bits) - 1)) >> self.code_bits

    def codes(self, keys: Whole) -> Whole:
        """What each was."""
        return keys & ((1 << self.code_bits) - 1)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Moments of a wide part of the people, in order.

    moments  the person within the part and the time, as one number
    codes    what each was
    """

    moments: Whole
    codes: Whole


def in_parts(sql: str, packing: Packing, work: Callable[[int, Whole], T]) -> list[T]:
    """What comes of each part of the people, the parts in order.

    sql   gives columns person (a number), at_us (since the first day asked for) and code
    work  is given the place of a part and its numbers, in any order; two parts are at work at once
    """
    return of_pieces(answered(sql), lambda moments: moments, packing, work)


def answered(sql: str) -> Iterator[Moments]:
    """The pieces of an answer with columns person (a number), at_us (since the first day asked for) and code."""
    for batch in answering.batches(sql, rows=_BATCH_ROWS):
        people, at_us, codes = (batch.column(name).to_numpy() for name in ("person", "at_us", "code"))
        yield people, at_us, codes


def of_pieces(
    pieces: Iterable[P], read: Callable[[P], Moments], packing: Packing, work: Callable[[int, Whole], T]
) -> list[T]:
    """The same of moments that are read piece by piece, two pieces at once."""
    with ThreadPoolExecutor(_THREADS) as pool:
        by_part = _cut(pool, pieces, read, packing)
        return list(pool.map(lambda part: work(part, _joined(by_part.pop(part))), sorted(by_part)))


def of_wide_parts(
    pieces: Iterable[P], read: Callable[[P], Moments], packing: Packing, work: Callable[[int, Ordered], T]
) -> list[T]:
    """The same in order, where codes are long: what is sorted at once then holds so few people that its work would be
    all calls, so several of them make the part that is given to the work.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        by_part = _cut(pool, pieces, read, packing)
        more_bits = packing.wide_bits - packing.kept_bits
        wide: dict[int, list[int]] = {}
        for part in sorted(by_part):
            wide.setdefault(part >> more_bits, []).append(part)

        def given(place: int) -> T:
            first = place << more_bits
            return work(place, _ordered({part - first: by_part.pop(part) for part in wide[place]}, packing))

        return list(pool.map(given, wide))


def _cut(
    pool: ThreadPoolExecutor, pieces: Iterable[P], read: Callable[[P], Moments], packing: Packing
) -> dict[int, list[Whole]]:
    """The numbers of each part, piece by piece."""
    by_part: dict[int, list[Whole]] = {}
    for cut in pool.map(lambda piece: cut_by_part(*read(piece), packing), pieces):
        for part, keys in cut:
            by_part.setdefault(part, []).append(keys)
    return by_part


def _ordered(parts: Mapping[int, list[Whole]], packing: Packing) -> Ordered:
    """Parts with codes as one without, by their place in it."""
    size = sum(map(len, chain.from_iterable(parts.values())))
    moments, codes = np.empty(size, np.int64), np.empty(size, np.int64)
    begin = 0
    for place, pieces in parts.items():
        keys = _joined(pieces)
        keys.sort()
        some = slice(begin, begin + len(keys))
        np.right_shift(keys, packing.code_bits, out=moments[some])
        moments[some] |= place << packing.kept_bits + packing.span_us.bit_length()
        np.bitwise_and(keys, (1 << packing.code_bits) - 1, out=codes[some])
        begin = some.stop
    return Ordered(moments, codes)


def cut_by_part(people: Numbers, at_us: Whole, codes: Whole, packing: Packing) -> list[tuple[int, Whole]]:
    """Moments by part; where people stand in order already, a part is a slice."""
    parts, keys = packing.parts(people), packing.keys(people, at_us, codes)
    if len(parts) and (parts[1:] >= parts[:-1]).all():
        starts = np.concatenate(([0], np.flatnonzero(parts[1:] != parts[:-1]) + 1))
        bounds = [*starts.tolist(), len(keys)]
        slices = (keys[begin:end] for begin, end in pairwise(bounds))
        return list(zip(parts[starts].tolist(), slices, strict=True))
    most = int(parts.max(initial=0)) + 1
    order = np.argsort(parts.astype(np.uint16) if most <= 1 << 16 else parts, kind="stable")
    ends = np.cumsum(np.bincount(parts, minlength=most))
    return list(_pieces(keys[order], ends))


def _pieces(keys: Whole, ends: Whole) -> Iterator[tuple[int, Whole]]:
    start = 0
    for part, end in enumerate(ends.tolist()):
        if end > start:
            yield part, keys[start:end]
        start = end


def _joined(pieces: list[Whole]) -> Whole:
    keys = np.concatenate(pieces)
    pieces.clear()
    return keys

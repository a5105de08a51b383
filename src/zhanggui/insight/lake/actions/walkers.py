"""Who did what, by number, as arrays tell it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhanggui.insight.lake.actions.keeping import people_here
from zhanggui.insight.lake.queries import engine

Whole = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.int32]
Cells = npt.NDArray[np.bytes_]

_FOR_GOOD: Final = np.iinfo(np.int64).max
# Ids are seldom longer: a UUID, perhaps with a word before it.
_WIDEST: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Walkers:
    """Who walked under which ids, by numbers.

    person, number           everybody's, one for one, in the order of persons
    alias, whose, until_us   ids under which somebody else walked, and up to when
    """

    person: pa.Array
    number: pa.Array
    alias: pa.Array
    whose: pa.Array
    until_us: pa.Array
    _cells: Cells | None = field(init=False)

    def __post_init__(self) -> None:
        width = pc.max(pc.binary_length(self.person)).as_py() or 0
        object.__setattr__(self, "_cells", _cells(self.person, width) if 0 < width <= _WIDEST else None)

    def numbers(self, people: pa.DictionaryArray, ts_us: Whole) -> Numbers:
        """Who did each, 0 for nobody."""
        listed, places = people.dictionary, people.indices.to_numpy()
        own = self._numbers(listed)
        if not len(self.alias):
            return np.asarray(own[places], np.int32)
        at = pc.index_in(listed, value_set=self.alias)
        until_us = self.until_us.fill_null(_FOR_GOOD).take(at).fill_null(-_FOR_GOOD).to_numpy(zero_copy_only=False)
        others = self._numbers(self.whose.take(at).fill_null(""))
        return np.asarray(np.where(ts_us < until_us[places], others[places], own[places]), np.int32)

    def _numbers(self, people: pa.Array) -> Numbers:
        """Sought in everybody's ids, which lie in order: an eighth of the work of hashing those it may be."""
        sought = None if self._cells is None else _cells(people, self._cells.itemsize)
        if self._cells is None or sought is None:
            return self._hashed(people)
        at = np.minimum(np.searchsorted(self._cells, sought), len(self._cells) - 1)
        return np.where(self._cells[at] == sought, self.number.to_numpy()[at], 0).astype(np.int32)

    def _hashed(self, people: pa.Array) -> Numbers:
        """A row group holds few of all people, and those stand together in their order."""
        ends = pc.min_max(people)
        start = bisect_left(range(len(self.person)), ends["min"].as_py(), key=self._person)
        end = bisect_right(range(len(self.person)), ends["max"].as_py(), key=self._person)
        at = pc.index_in(people, value_set=self.person[start:end])
        return np.asarray(self.number[start:end].take(at).fill_null(0).to_numpy(zero_copy_only=False), np.int32)

    def _person(self, place: int) -> str:
        return str(self.person[place])


def walkers(people: Path | None) -> Walkers:
    """Everybody at hand, and who walked under which ids.

    people  the file that says so; none if everybody walks under their own
    """
    here = engine.ask_table(f"select person, number from {people_here()} order by person")
    nobody = "select ''::varchar as alias, ''::varchar as person, 0::bigint as until_us where false"
    walked = engine.ask_table(f"from {engine.reading([people])}" if people else nobody)
    return Walkers(
        person=_strings(here["person"]),
        number=here["number"].combine_chunks(),
        alias=_strings(walked["alias"]),
        whose=_strings(walked["person"]),
        until_us=walked["until_us"].combine_chunks(),
    )


def _cells(texts: pa.Array, width: int) -> Cells | None:
    """Texts as cells of so many bytes, without a copy where each has them; None if one does not fit.

    Short ones are filled up with NUL, which no id holds and which comes before all letters, so the order is the same.
    """
    lengths = pc.min_max(pc.binary_length(texts))
    if texts.null_count or lengths["max"].as_py() != width or lengths["min"].as_py() != width:
        texts = pc.utf8_rpad(texts, width, padding="\0")
        lengths = pc.min_max(pc.binary_length(texts))
        if texts.null_count or lengths["min"].as_py() != width or lengths["max"].as_py() != width:
            return None
    _, ends, letters = texts.buffers()
    (first,) = np.frombuffer(ends, np.int32, 1, 4 * texts.offset)
    return np.frombuffer(letters, f"S{width}", len(texts), int(first))


def _strings(column: pa.ChunkedArray) -> pa.Array:
    return column.cast(pa.string()).combine_chunks()

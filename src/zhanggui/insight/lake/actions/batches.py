"""The log in batches of arrays: it holds its texts as places in short lists, and most of what daily tables ask of them
can be said of a list once instead of looking at each text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhanggui.insight.lake.actions.walkers import Numbers, Walkers, Whole
from zhanggui.insight.lake.rules import EVENTS

Flags = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
# Files, what they say of themselves, and a few of their row groups.
Groups = list[tuple[Path, pq.FileMetaData, list[int]]]

GROUP_ROWS: Final = 122_880
_TEXTS: Final = tuple(field.name for field in EVENTS if field.type == pa.string())
# DuckDB's own finisher of a number's bits.
_MULTIPLIER: Final = np.uint64(0xD6E8FEB86659FD93)
_HALF: Final = np.uint64(32)
_SIGN: Final = np.uint64(1 << 63)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some events, in the order of the log.

    column  the events' columns by name, texts as places in lists
    people  who did each, by number, 0 for nobody
    """

    column: dict[str, pa.Array]
    people: Numbers

    def places(self, name: str) -> Numbers:
        """Where each event's text stands in the list."""
        return np.asarray(self.column[name].indices.to_numpy(), np.int32)

    def taken(self, name: str, at: pa.Array) -> pa.Array:
        """A column of some events, whose places are known to be places: looking whether each is one, and copying what
        says so, takes as long as the rest.
        """
        column = self.column[name]
        if not isinstance(column, pa.DictionaryArray):
            return pc.take(column, at, boundscheck=False)
        places = pc.take(column.indices, at, boundscheck=False)
        return pa.DictionaryArray.from_arrays(places, column.dictionary, safe=False)

    def days(self) -> Numbers:
        """The business day of each event, as days since 1970."""
        return np.asarray(self.column["day"].view(pa.int32()).to_numpy())

    def of_each(self, name: str, say: Callable[[str], int]) -> npt.NDArray[np.int8]:
        """What is said of each event's text, asked once for each text of the list."""
        said = np.array([say(text) for text in self.column[name].dictionary.to_pylist()], np.int8)
        return np.asarray(said[self.places(name)], np.int8)

    def fits(self, name: str, fits: Callable[[str], bool]) -> Flags:
        """Whether each event's text fits."""
        return self.of_each(name, fits).astype(bool)

    def is_told(self, name: str) -> Flags:
        """Whether each event's text is not empty."""
        empty = pc.index(self.column[name].dictionary, "").as_py()
        return np.ones(len(self.people), bool) if empty < 0 else np.asarray(self.places(name) != empty, bool)

    def turns(self, rows: Whole) -> Whole:
        """63 bits of DuckDB's hash of some events' ids, by which the lake orders what happened in one microsecond."""
        ids = self.column["id"]
        stored = ids.storage if isinstance(ids, pa.ExtensionArray) else ids
        halves = np.frombuffer(stored.buffers()[1], ">u8").reshape(-1, 2)[stored.offset + rows].astype(np.uint64)
        # DuckDB keeps an id with its first bit turned over, so that ids sort like numbers.
        mixed = _mixed(halves[:, 0] ^ _SIGN) ^ _mixed(halves[:, 1])
        return np.asarray((mixed >> np.uint64(1)).view(np.int64))


def together(paths: Sequence[Path]) -> Iterator[Groups]:
    """Row groups of files, as many as make one of a daily table."""
    taken: Groups = []
    rows = 0
    for path in paths:
        footer = pq.read_metadata(path)
        places: list[int] = []
        for place in range(footer.num_row_groups):
            if not places:
                taken.append((path, footer, places))
            places.append(place)
            rows += footer.row_group(place).num_rows
            if rows >= GROUP_ROWS:
                yield taken
                taken, places, rows = [], [], 0
    if taken:
        yield taken


def read(groups: Groups, columns: Sequence[str], walkers: Walkers) -> Batch:
    """The events of some row groups."""
    parts = []
    for path, footer, places in groups:
        # What a file says of itself is long: read once more for each group, it took a twelfth of reading them.
        with pq.ParquetFile(path, metadata=footer, read_dictionary=list(_TEXTS)) as file:
            parts.append(file.read_row_groups(places, columns=list(columns), use_threads=False))
    events = pa.concat_tables(parts).unify_dictionaries().combine_chunks()
    column = {name: events[name].chunk(0) for name in columns}
    return Batch(column, walkers.numbers(column["person"], column["ts_us"].to_numpy()))


def _mixed(bits: Words) -> Words:
    for _ in range(2):
        bits = (bits ^ (bits >> _HALF)) * _MULTIPLIER
    return np.asarray(bits ^ (bits >> _HALF))

"""Columns of the lake's files as arrays, for what is counted faster without asking DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from zhanggui.insight.lake.errors import LakeBroken
from zhanggui.insight.lake.queries import engine

_EPOCH: Final = date(1970, 1, 1)

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A row group of a file, and what the file says of itself."""

    path: Path
    footer: pq.FileMetaData
    place: int


def groups(path: Path) -> tuple[Group, ...]:
    """The row groups of a file, in order.

    refuses  LakeBroken
    """
    try:
        footer = pq.read_metadata(path)
    except (OSError, pa.ArrowException) as error:
        raise LakeBroken(path=path, reason=engine.damage(path)) from error
    return tuple(Group(path=path, footer=footer, place=place) for place in range(footer.num_row_groups))


def read(path: Path, columns: Iterable[str], *, texts: Sequence[str] = ()) -> pa.Table:
    """Some columns of a file, in the order of its rows.

    texts    those of them that are given as places in a list of texts
    refuses  LakeBroken
    """
    try:
        with pq.ParquetFile(path, read_dictionary=list(texts), memory_map=True) as file:
            return file.read(list(columns), use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise LakeBroken(path=path, reason=engine.damage(path)) from error


def read_group(group: Group, columns: Iterable[str], *, texts: Sequence[str] = ()) -> pa.Table:
    """The same of one row group.

    refuses  LakeBroken
    """
    path = group.path
    try:
        with pq.ParquetFile(path, metadata=group.footer, read_dictionary=list(texts), memory_map=True) as file:
            return file.read_row_group(group.place, columns=list(columns), use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise LakeBroken(path=path, reason=engine.damage(path)) from error


def values(column: pa.ChunkedArray) -> npt.NDArray[Any]:
    """A column of numbers, not copied if it lies in one piece."""
    return np.asarray(_in_one(column).to_numpy(zero_copy_only=False))


def _in_one(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece; Arrow copies even one that is."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def day_number(day: date) -> int:
    """A day as its days since 1970."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """The day that so many days since 1970 are."""
    return _EPOCH + timedelta(days=int(number))


def day_numbers(column: pa.ChunkedArray) -> npt.NDArray[np.int32]:
    """Days as their days since 1970."""
    return np.asarray(_in_one(column).view(pa.int32()).to_numpy())


def places(column: pa.ChunkedArray) -> tuple[npt.NDArray[np.int32], Sequence[str]]:
    """A column of places in a list of texts, and the list."""
    texts = listed(column)
    return np.asarray(texts.indices.to_numpy()), texts.dictionary.to_pylist()


def listed(column: pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of places in a list of texts in one piece, with one list."""
    return _in_one(column if column.num_chunks == 1 else column.unify_dictionaries())


def is_among(column: pa.ChunkedArray, wanted: Iterable[str]) -> Flags:
    """Which rows of a column of places hold one of the wanted texts; each text of the list is looked at once."""
    listed = set(wanted)
    found_at, texts = places(column)
    return np.asarray(np.array([text in listed for text in texts], bool)[found_at], bool)

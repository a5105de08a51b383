"""The daily table of steps from arrays: it has as many rows as the log, and texts that lie as places in lists are
written again without looking at any.

Gives the rows that the table's declaration gives, several times as fast; people stand in order within each row group.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhanggui.insight.lake.actions.batches import Batch
from zhanggui.insight.lake.actions.walkers import Numbers, Whole
from zhanggui.insight.lake.rules import is_nobot, is_of_one, is_step

_TEXTS: Final = ("name", "sku", "category", "page", "session", "device", "channel", "campaign", "region")
_COLUMNS: Final = ("day", "person", "ts_us", "step", *_TEXTS[1:])
_LISTED: Final = pa.dictionary(pa.int32(), pa.string())
_TYPES: Final = {"day": pa.date32(), "person": pa.int32(), "ts_us": pa.int64()}
# What may be missing is marked for each value when it is written and when it is read: nothing is.
_SCHEMA: Final = pa.schema([pa.field(name, _TYPES.get(name, _LISTED), nullable=False) for name in _COLUMNS])
READ: Final = ("day", "person", "ts_us", "lines", *_TEXTS)


def writer(draft: Path) -> pq.ParquetWriter:
    """A file for steps, a row group for each batch."""
    return pq.ParquetWriter(
        draft,
        _SCHEMA,
        compression="lz4",
        use_dictionary=["day", *_COLUMNS[3:]],
        column_encoding={"ts_us": "DELTA_BINARY_PACKED"},
        write_statistics=["day", "person"],
        store_schema=False,
    )


def steps_of(batch: Batch) -> pa.Table:
    """The steps of a batch; no event may stand in it twice."""
    is_wanted = batch.fits("name", is_step) & batch.fits("device", is_nobot)
    rows = np.flatnonzero(is_wanted)
    counts = _line_counts(batch)
    if not counts[rows].any():
        return _taken(batch, rows[_by_people(batch.people[rows])])
    rows = np.repeat(rows, np.maximum(counts[rows], 1))
    rows = rows[_by_people(batch.people[rows])]
    return _of_lines(batch, _taken(batch, rows), rows, np.flatnonzero(counts[rows]))


def _line_counts(batch: Batch) -> Whole:
    lengths = pc.list_value_length(batch.column["lines"]).fill_null(0)
    counts = np.asarray(lengths.to_numpy(zero_copy_only=False), np.int64)
    return np.where(batch.fits("name", is_of_one), 0, counts) if counts.any() else counts


def _by_people(people: Numbers) -> Whole:
    """The order of people, each one's events as they stand."""
    # Whoever stands in the log does so with all of a day: runs are a tenth of the rows to sort.
    starts = np.flatnonzero(np.diff(people, prepend=-1))
    order = np.argsort(people[starts], kind="stable")
    lengths = np.diff(starts, append=len(people))[order]
    moved = starts[order] - (np.cumsum(lengths) - lengths)
    return np.asarray(np.repeat(moved, lengths) + np.arange(len(people)))


def _taken(batch: Batch, rows: Whole) -> pa.Table:
    at = pa.array(rows.astype(np.uint32))
    parts = {name: batch.taken(name, at) for name in ("day", "ts_us", *_TEXTS)}
    parts |= {"person": pa.array(batch.people[rows]), "step": parts.pop("name")}
    return pa.Table.from_arrays([parts[name] for name in _COLUMNS], schema=_SCHEMA)


def _of_lines(batch: Batch, steps: pa.Table, rows: Whole, split: Whole) -> pa.Table:
    """The same steps where what is about several goods says a good in each of its rows.

    rows   of the batch, which the steps are made of; what is about n goods stands there n times, side by side
    split  the places among them of what is about goods
    """
    about = rows[split]
    events = about[np.flatnonzero(np.diff(about, prepend=-1))]
    lines = pc.list_flatten(batch.column["lines"].take(pa.array(events)))
    for name in ("sku", "category"):
        told = pc.struct_field(lines, name).fill_null("").dictionary_encode()
        steps = steps.set_column(
            _COLUMNS.index(name), _SCHEMA.field(name), _replaced(steps[name].chunk(0), split, told)
        )
    return steps


def _replaced(texts: pa.DictionaryArray, places: Whole, told: pa.DictionaryArray) -> pa.DictionaryArray:
    """The same texts, but for those in some places, which are told one by one."""
    known = pc.index_in(told.dictionary, value_set=texts.dictionary)
    new = told.dictionary.filter(known.is_null())
    at = known.fill_null(0).to_numpy(zero_copy_only=False).copy()
    at[known.is_null().to_numpy(zero_copy_only=False)] = len(texts.dictionary) + np.arange(len(new))
    indices = texts.indices.to_numpy().copy()
    indices[places] = at[told.indices.to_numpy()]
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.concat_arrays([texts.dictionary, new]))

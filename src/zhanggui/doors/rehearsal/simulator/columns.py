"""Columns of the lake made from NumPy arrays: ids, texts, JSON, whole rows. No loop over rows anywhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from zhanggui.doors.rehearsal.simulator.plan import DAY_US, OFFSET_US, Bools, Ints, Small
from zhanggui.insight.lake.rules import EVENTS

# The two 64-bit halves of UUIDs, shape (n, 2); a row of zeros is no id.
Ids = npt.NDArray[np.uint64]

_LINES: Final = EVENTS.field("lines").type
_HEX: Final = np.frombuffer(b"0123456789abcdef", np.uint8)
_DASHED: Final = np.array([at for at in range(36) if at not in (8, 13, 18, 23)])
_HEARD_LATER_MS: Final = (20, 900)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Rows of the lake and the rank of each row's person, which puts a day's rows in order without comparing texts."""

    events: pa.Table
    rank: Small

    def only(self, is_kept: Bools) -> Rows:
        """Some of the rows, in the same order."""
        return Rows(events=self.events.filter(pa.array(is_kept)), rank=self.rank[is_kept])

    def until(self, end_us: int) -> tuple[pa.Table, Rows]:
        """What happens before a business day begins, sorted by day, person and time; and what happens from then on."""
        local_us = self.events["ts_us"].to_numpy() + OFFSET_US
        day = local_us // DAY_US
        order = np.lexsort((local_us % DAY_US, self.rank, day))
        events, rank = self.events.take(pa.array(order)), self.rank[order]
        count = int(np.searchsorted(day[order], (end_us + OFFSET_US) // DAY_US))
        return events.slice(0, count), Rows(events=events.slice(count), rank=rank[count:])


def in_lake_order(events: pa.Table) -> pa.Table:
    """Rows by day, person and time, where no rank says how people stand."""
    return events.sort_by([("day", "ascending"), ("person", "ascending"), ("ts_us", "ascending")])


def stacked(parts: Sequence[Rows]) -> Rows:
    """All parts below each other."""
    return Rows(events=pa.concat_tables(part.events for part in parts), rank=np.concatenate([p.rank for p in parts]))


def new_ids(at_us: Ints, rng: np.random.Generator) -> Ids:
    """UUIDs of version 7 made at these moments."""
    noise = rng.integers(0, 1 << 62, len(at_us), np.uint64)
    ids = np.empty((len(at_us), 2), np.uint64)
    ids[:, 0] = (at_us // 1000).astype(np.uint64) << np.uint64(16) | np.uint64(0x7000) | (noise >> np.uint64(50))
    ids[:, 1] = np.uint64(1 << 63) | rng.integers(0, 1 << 62, len(at_us), np.uint64)
    return ids


def in_order(ids: Ids) -> Ids:
    """Ids as their texts would be sorted."""
    return ids[np.lexsort((ids[:, 1], ids[:, 0]))]


def no_ids(count: int) -> Ids:
    """So many missing ids."""
    return np.zeros((count, 2), np.uint64)


def uuids(ids: Ids) -> pa.Array:
    """Ids as the lake keeps them; missing ones are null."""
    is_missing = ids[:, 0] == 0
    valid = pa.py_buffer(np.packbits(~is_missing, bitorder="little")) if is_missing.any() else None
    stored = pa.Array.from_buffers(pa.binary(16), len(ids), [valid, pa.py_buffer(ids.astype(">u8"))])
    return pa.ExtensionArray.from_storage(pa.uuid(), stored)


def uuid_texts(ids: Ids) -> pa.Array:
    """Ids as text, in the usual form with dashes."""
    raw = ids.astype(">u8").view(np.uint8).reshape(-1, 16)
    text = np.full((len(ids), 36), ord("-"), np.uint8)
    digits = np.empty((len(ids), 32), np.uint8)
    digits[:, 0::2], digits[:, 1::2] = _HEX[raw >> 4], _HEX[raw & 15]
    text[:, _DASHED] = digits
    return fixed_texts(text)


def fixed_texts(letters: npt.NDArray[np.uint8]) -> pa.Array:
    """Rows of ASCII codes, all of the same length, as texts."""
    count, length = letters.shape
    offsets = np.arange(0, (count + 1) * length, length, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters)))


def taken(texts: pa.Array, index: npt.NDArray[np.integer]) -> pa.Array:
    """One of a few texts for each row."""
    return texts.take(pa.array(index))


def digits(numbers: npt.NDArray[np.integer]) -> pa.Array:
    """Whole numbers as text."""
    return pa.array(numbers).cast(pa.string())


def major(amount_minor: Ints) -> pa.Array:
    """Amounts in whole currency units with two decimals, as text: 16805 is 168.05."""
    cents = pc.utf8_lpad(digits(amount_minor % 100), width=2, padding="0")
    return joined(digits(amount_minor // 100), ".", cents)


def joined(*parts: str | pa.Array) -> pa.Array:
    """Texts row by row behind each other; a plain text stands in every row."""
    return pc.binary_join_element_wise(*parts, "")


def grouped(texts: pa.Array, counts: npt.NDArray[np.integer]) -> pa.Array:
    """Texts of consecutive rows joined by commas into one per group; an empty group gives an empty text."""
    return pc.binary_join(pa.ListArray.from_arrays(offsets_of(counts), texts), ",")


def offsets_of(counts: npt.NDArray[np.integer]) -> pa.Array:
    """Where each group of consecutive rows begins, and where the last one ends."""
    return pa.array(np.concatenate([[0], np.cumsum(counts)]).astype(np.int32))


def lines_of(
    *, sku: pa.Array, category: pa.Array, quantity: Small, amount_minor: Ints, counts: npt.NDArray[np.integer]
) -> pa.Array:
    """Consecutive lines, grouped, as the lake's column `lines`."""
    columns = [sku, category, pa.array(quantity, pa.int32()), pa.array(amount_minor, pa.int64())]
    fields = [_LINES.value_type.field(place) for place in range(4)]
    return pa.ListArray.from_arrays(offsets_of(counts), pa.StructArray.from_arrays(columns, fields=fields), type=_LINES)


def rows(
    *,
    shop: str,
    ids: Ids,
    cause: Ids,
    at_us: Ints,
    rank: Small,
    rng: np.random.Generator,
    told: Mapping[str, str | pa.Array],
    is_sighting: bool = False,
) -> Rows:
    """Rows of the lake; columns that are not given stay empty.

    told         further columns by name, or one text for all rows; `body` as text
    is_sighting  sightings are heard of some time after they happened, facts at once
    """
    count = len(ids)
    late_us = rng.integers(*_HEARD_LATER_MS, count) * 1_000 if is_sighting else np.zeros(count, np.int64)
    made: Mapping[str, pa.Array] = {
        "id": uuids(ids),
        "shop": repeated(shop, count),
        "version": pa.array(np.ones(count, np.int16)),
        "ts_us": pa.array(at_us),
        "received_us": pa.array(at_us + late_us),
        "day": pa.array(((at_us + OFFSET_US) // DAY_US).astype(np.int32)).cast(pa.date32()),
        "cause": uuids(cause),
    }
    columns = [made[name] if name in made else _column(name, told.get(name), count) for name in EVENTS.names]
    if not told.keys() <= set(EVENTS.names) - made.keys():
        raise ValueError(f"{sorted(told)} are not columns that can be told")
    return Rows(events=pa.table(columns, schema=EVENTS), rank=rank)


def repeated(text: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.repeat(pa.scalar(text, pa.string()), count)


def _column(name: str, given: str | pa.Array | None, count: int) -> pa.Array:
    wanted = EVENTS.field(name).type
    if given is None and wanted == _LINES:
        return lines_of(
            sku=pa.array([], pa.string()),
            category=pa.array([], pa.string()),
            quantity=np.array([], np.int32),
            amount_minor=np.array([], np.int64),
            counts=np.zeros(count, np.int32),
        )
    if given is None and wanted != pa.string():
        return pa.nulls(count, wanted)
    if given is None or isinstance(given, str):
        return repeated(given or "", count)
    return given if given.type == wanted else given.cast(wanted)

"""What stands in a published table, and what changes from one night to the next, as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from zhanggui.insight.lake.rules import EVENTS, NUMBERS, PEOPLE, ROLLUPS, rollup_named

EVENTS_TABLE: Final = "events"
# Numbers before the tables that speak of people by them, so that at no moment somebody stands there without a name.
TABLES: Final = (EVENTS_TABLE, NUMBERS, *(rollup.name for rollup in ROLLUPS), PEOPLE)

_KINDS: Final = {
    "varchar": pa.string(),
    "integer": pa.int32(),
    "bigint": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}
# Delta has no kind of its own for ids: they are sixteen bytes.
_EVENTS: Final = pa.schema([(one.name, pa.binary() if one.type == pa.uuid() else one.type) for one in EVENTS])
_PEOPLE: Final = pa.schema([("alias", pa.string()), ("person", pa.string()), ("until_us", pa.int64())])
_NUMBERS: Final = pa.schema([("person", pa.string()), ("number", pa.int32())])
_OTHERS: Final = {EVENTS_TABLE: _EVENTS, NUMBERS: _NUMBERS, PEOPLE: _PEOPLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A live file of the lake that is to stand in a published table.

    first_day  of its rows, and last_day; None where it has no days
    """

    path: Path
    rows: int
    size_bytes: int
    first_day: date | None
    last_day: date | None
    added_at: datetime

    @property
    def name(self) -> str:
        """What it is called in the table's folder."""
        return self.path.name

    @property
    def stats(self) -> str:
        """What readers skip it by, as Delta's JSON."""
        days = self.first_day and {"minValues": {"day": str(self.first_day)}, "maxValues": {"day": str(self.last_day)}}
        return json.dumps({"numRecords": self.rows} | (days or {"minValues": {}, "maxValues": {}}) | {"nullCount": {}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a new version of a table takes in and leaves out."""

    added: tuple[Piece, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed)


def schema(table: str) -> pa.Schema:
    """The columns of a published table, in kinds that Delta knows."""
    if table in _OTHERS:
        return _OTHERS[table]
    return pa.schema([(name, _KINDS[kind]) for name, kind in rollup_named(table).columns])


def change(standing: Mapping[str, date | None], wanted: Mapping[str, Piece], *, unsettled: frozenset[date]) -> Change:
    """From what stands to what is wanted; what stands of a day that is not settled now stays until it is.

    standing   the files of the last version by name, each with its first day
    wanted     the lake's files by name
    unsettled  days that changed since their daily tables were made, or hold an event twice
    """
    gone = [name for name, day in standing.items() if name not in wanted and day not in unsettled]
    added = [piece for name, piece in wanted.items() if name not in standing]
    return Change(added=tuple(added), removed=tuple(gone))

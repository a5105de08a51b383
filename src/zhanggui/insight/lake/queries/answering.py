"""Asking the engine that this installation has chosen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import pyarrow as pa
from django.conf import settings

from zhanggui.insight.lake import ports
from zhanggui.insight.lake.queries import engine

DUCKDB: Final = "duckdb"


def answers_itself() -> bool:
    """Whether this process answers with DuckDB and arrays of its own, and no other engine was chosen."""
    return bool(settings.LAKE_ENGINE == DUCKDB)


def ask(sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Rows that answer a question to the lake.

    sql      DuckDB's, with `?` for params, over the relations that `rollup` and `events` give
    refuses  LakeBroken with the path if a live file is missing or damaged, LakeFull if no room is left to sort in;
             a KeyError if LAKE_ENGINE names an engine that nobody plugged in
    """
    if answers_itself():
        return engine.ask(sql, params)
    return ports.engines[settings.LAKE_ENGINE].ask(sql, params)


def ask_many(sql: str, params: Sequence[object] = ()) -> pa.Table:
    """The same as one Arrow table, for answers of many rows; whole numbers may be of any width, what is true a 1."""
    if answers_itself():
        return engine.ask_table(sql, params)
    return ports.engines[settings.LAKE_ENGINE].ask_table(sql, params)


def batches(sql: str, *, rows: int) -> Iterator[pa.RecordBatch]:
    """The same in pieces of about so many rows, as they come; nothing else may be asked by this thread in between."""
    if answers_itself():
        return engine.batches(sql, rows=rows)
    return iter(ports.engines[settings.LAKE_ENGINE].ask_table(sql, ()).to_batches(max_chunksize=rows))

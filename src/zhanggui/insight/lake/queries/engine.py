"""DuckDB in this process: one database, bounded in threads and memory, and a connection of its own for every thread."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from zhanggui.insight.lake.errors import LakeBroken, LakeFull
from zhanggui.insight.lake.queries import places

if TYPE_CHECKING:
    import duckdb

THREADS = 2
MEMORY = "1GB"
_FULL = ("No space left on device", "Disk quota exceeded")
_READ_LIST = re.compile(r"read_parquet\(\[(.*?)\], hive_partitioning", re.DOTALL)
_QUOTED = re.compile(r"'((?:[^']|'')*)'")


class _Seat(threading.local):
    """A thread's own connection; a forked child does not inherit its parent's."""

    pid = 0
    connection: duckdb.DuckDBPyConnection | None = None


_seat = _Seat()
_opening = threading.Lock()
_databases: dict[int, duckdb.DuckDBPyConnection] = {}


def ask(sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Rows that answer a question to the lake.

    sql      DuckDB's, with `?` for params, over the relations that `rollup` and `events` give
    refuses  LakeBroken with the path if a live file is missing or damaged, LakeFull if no room is left to sort in
    """
    here = connection()
    try:
        return here.execute(sql, list(params)).fetchall()
    except failure() as error:
        raise explained(error, sql) from error


def ask_table(sql: str, params: Sequence[object] = ()) -> pa.Table:
    """The same as one Arrow table, for answers of many rows."""
    here = connection()
    try:
        return here.sql(sql, params=list(params)).to_arrow_table()
    except failure() as error:
        raise explained(error, sql) from error


def batches(sql: str, *, rows: int) -> Iterator[pa.RecordBatch]:
    """The same in pieces of so many rows, as they come; nothing else may be asked by this thread in between."""
    here = connection()
    try:
        yield from here.sql(sql).to_arrow_reader(rows)
    except failure() as error:
        raise explained(error, sql) from error


def connection() -> duckdb.DuckDBPyConnection:
    """The connection of the thread that asks."""
    if _seat.connection is None or _seat.pid != os.getpid():
        _seat.connection = _database().cursor()
        _seat.pid = os.getpid()
    return _seat.connection


def failure() -> type[duckdb.Error]:
    """What DuckDB raises, to be caught."""
    import duckdb  # noqa: PLC0415 - as below

    return duckdb.Error


def reading(paths: Iterable[Path]) -> str:
    """The table function that reads these files, at least one; a folder's name `day=…` is no column."""
    listed = ", ".join(quoted(str(path)) for path in paths)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def quoted(text: str) -> str:
    """A text as a literal."""
    return "'" + text.replace("'", "''") + "'"


def explained(error: Exception, sql: str) -> Exception:
    """What a failed question means: a broken file, a full disk, or else the error itself, which is then a bug."""
    if any(sign in str(error) for sign in _FULL):
        return LakeFull(path=places.lake(), wanted_bytes=0)
    for path in _paths_in(sql):
        reason = damage(path)
        if reason:
            return LakeBroken(path=path, reason=reason)
    return error


def damage(path: Path, *, rows: int | None = None) -> str:
    """What is wrong with a file of the lake; empty if it can be read to its end.

    rows  how many it should hold, if that is known
    """
    try:
        with pq.ParquetFile(path) as file:
            wanted = file.metadata.num_rows if rows is None else rows
            found = sum(batch.num_rows for batch in file.iter_batches())
    except FileNotFoundError:
        return "missing"
    except (OSError, pa.ArrowException) as error:
        return str(error).splitlines()[0]
    return "" if found == wanted else f"holds {found} rows instead of {wanted}"


def _database() -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415 - most commands ask nothing, and what is loaded early is never let go of

    with _opening:
        if os.getpid() not in _databases:
            _databases[os.getpid()] = duckdb.connect(
                config={
                    "threads": getattr(settings, "LAKE_THREADS", THREADS),
                    "memory_limit": getattr(settings, "LAKE_MEMORY", MEMORY),
                    "temp_directory": str(places.lake() / ".spill"),
                    "preserve_insertion_order": False,
                    "autoinstall_known_extensions": False,
                    "autoload_known_extensions": False,
                }
            )
        return _databases[os.getpid()]


def _paths_in(sql: str) -> list[Path]:
    literals = (one for listed in _READ_LIST.findall(sql) for one in _QUOTED.findall(listed))
    return [Path(literal.replace("''", "'")) for literal in literals]

"""A workbench for one import: a DuckDB of its own, bounded in memory, that is gone afterwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa
from django.conf import settings

MEMORY = "512MB"
THREADS = 2
_PREFIX = "stage-"


class Stage:
    """Tables that an import makes on its way; what does not fit into memory lies in a folder until it is closed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"{_PREFIX}{os.getpid()}"
        self.folder.mkdir(mode=0o700, parents=True)
        self._duck = duckdb.connect(
            config={
                "memory_limit": getattr(settings, "IMPORT_MEMORY", MEMORY),
                "threads": THREADS,
                "temp_directory": str(self.folder / "spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._duck.execute("set TimeZone = 'UTC'")

    def run(self, sql: str, params: Sequence[object] = ()) -> None:
        """Make a table, a view, a macro."""
        self._duck.execute(sql, list(params))

    def rows(self, sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a question, few of them."""
        return self._duck.execute(sql, list(params)).fetchall()

    def one(self, sql: str, params: Sequence[object] = ()) -> tuple[Any, ...]:
        """The only row of a question."""
        (row,) = self.rows(sql, params)
        return row

    def table(self, sql: str, params: Sequence[object] = ()) -> pa.Table:
        """The rows of a question as columns, many of them."""
        return self._duck.sql(sql, params=list(params)).to_arrow_table()

    def keep(self, name: str, rows: pa.Table) -> None:
        """Make a table of Arrow columns."""
        self._duck.register("arrived", rows)
        self.run(f"create or replace table {name} as select * from arrived")
        self._duck.unregister("arrived")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._duck.close()
        _take_down(self.folder)


def quoted(name: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def clear_away(shelf: Path) -> None:
    """Take down the stages of processes that were killed, of whichever import.

    shelf  the folder in which every import has its own
    """
    for left in shelf.glob(f"*/{_PREFIX}*"):
        if not _is_running(int(left.name.removeprefix(_PREFIX))):
            _take_down(left)


def _take_down(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    with suppress(OSError):  # the folder above may hold what a person wants to see, such as refused lines
        folder.parent.rmdir()


def _is_running(pid: int) -> bool:
    """Whether another process still works on its stage; one that was killed leaves it standing."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != os.getpid()

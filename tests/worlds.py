"""Worlds that many tests begin with: the first test makes one, the others find a copy of its rows and files.

Rolling the daily tables of a small week takes half a second; laying the week down again takes some milliseconds. Each
test owns its copy and may do with it what it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from zhanggui.base import clock
from zhanggui.base.home import shelf
from zhanggui.base.kept import forget_all
from zhanggui.insight.lake.actions import rolling
from zhanggui.insight.lake.rules import fingerprint

_P = ParamSpec("_P")
_T = TypeVar("_T")
# Grows while a transaction lasts; may begin with what the one before has written.
_WRITTEN = """
select relid::regclass::text, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_xact_user_tables
where n_tup_ins + n_tup_upd + n_tup_del > 0
"""
_TABLES = """
select oid::regclass::text from pg_class
where relnamespace = current_schema()::regnamespace and relkind = 'r' and pg_relation_size(oid) > 0
"""
_usual_clock = clock.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a world wrote: the rows of tables that nobody else had written in, and the files of the lake."""

    told: object
    rows: dict[str, bytes]
    files: dict[Path, bytes]


def made_once(make: Callable[_P, _T]) -> Callable[_P, _T]:
    """Make a world anew only where the copy would not be the same.

    That is where a test has written in one of the world's tables before, has another clock, or has other daily tables
    made.
    """
    shelves: dict[Hashable, Kept] = {}

    @wraps(make)
    @transaction.atomic
    def at_hand(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        moment = None if clock.now is _usual_clock else clock.now()
        which = (args, tuple(sorted(kwargs.items())), fingerprint(rolling.ROLLUPS), moment)
        kept = shelves.get(which)
        if kept is not None and not _taken(kept.rows) and not _has_files():
            _lay_down(kept)
            return kept.told  # type: ignore[return-value]
        before, taken, has_files = _written(), _taken(_tables()), _has_files()
        told = make(*args, **kwargs)
        written = {table for table, rows in _written().items() if rows != before.get(table)}
        if not has_files and not written & taken:
            shelves[which] = Kept(told=told, rows={table: _rows(table) for table in written}, files=_files())
        return told

    return at_hand


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        return [table for (table,) in cursor.fetchall()]


def _taken(tables: Iterable[str]) -> set[str]:
    """Those that hold rows."""
    asked = " union all ".join(f"select '{table}' where exists (select from {table})" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return {table for (table,) in cursor.fetchall()}


def _rows(table: str) -> bytes:
    with connection.cursor() as cursor, cursor.copy(f"copy {table} to stdout (format binary)") as told:
        return b"".join(told)


def _lay_down(kept: Kept) -> None:
    with connection.cursor() as cursor:
        for table, rows in kept.rows.items():
            with cursor.copy(f"copy {table} from stdin (format binary)") as heard:
                heard.write(rows)
    forget_all()
    for path, content in kept.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _has_files() -> bool:
    return any(path.is_file() for path in shelf("lake").rglob("*"))


def _files() -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in shelf("lake").rglob("*") if path.is_file()}

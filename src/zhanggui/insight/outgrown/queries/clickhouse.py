"""ClickHouse's own engine in this process, over the files of the lake."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa
from chdb import session
from sqlglot.errors import SqlglotError

from zhanggui.insight.outgrown.errors import CannotTranslate
from zhanggui.insight.outgrown.rules.clickhouse import SETTINGS, to_clickhouse

_ROWS: Final = "JSONCompact"
_TABLE: Final = "Arrow"
_lock = threading.Lock()
_sessions: list[session.Session] = []


def ask(sql: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """Rows that answer a question to the lake, as `lake.queries.ask` gives them.

    sql      DuckDB's; it is said in ClickHouse's words first
    refuses  CannotTranslate
    """
    return ask_as_written(_translated(sql, params))


def ask_table(sql: str, params: Sequence[object] = ()) -> pa.Table:
    """The same as one Arrow table, for answers of many rows.

    refuses  CannotTranslate
    """
    with pa.ipc.open_file(_answer(_translated(sql, params), _TABLE)) as answer:
        return answer.read_all()


def _translated(sql: str, params: Sequence[object]) -> str:
    try:
        return to_clickhouse(sql, params)
    except SqlglotError as error:
        raise CannotTranslate(engine="clickhouse", words=str(error)) from error


def ask_as_written(question: str) -> list[tuple[Any, ...]]:
    """Rows that answer a question in ClickHouse's own words."""
    answer = _answer(question, _ROWS)
    if not answer:
        return []
    said = json.loads(answer)
    readers = [_reader(column["type"]) for column in said["meta"]]
    return [tuple(read(value) for read, value in zip(readers, row, strict=True)) for row in said["data"]]


def _answer(question: str, kind: str) -> bytes:
    """An answer in a format of ClickHouse's."""
    settings = ", ".join(f"{name} = {_said(value)}" for name, value in SETTINGS.items())
    with _lock:
        if not _sessions:
            _sessions.append(session.Session())  # type: ignore[no-untyped-call]
        engine: Any = _sessions[0]
        answer: bytes = engine.query(f"{question} SETTINGS {settings}", kind).bytes()
        return answer


def _said(value: str) -> str:
    return value if value.isdigit() else f"'{value}'"


def _reader(kind: str) -> Callable[[Any], Any]:
    """What makes Python's value of one of that kind."""
    for wrapped in ("Nullable(", "LowCardinality("):
        if kind.startswith(wrapped):
            inner = _reader(kind[len(wrapped) : -1])
            return lambda value: None if value is None else inner(value)
    if kind.startswith(("Int", "UInt")):
        return int
    if kind.startswith("Date") and "Time" not in kind:
        return date.fromisoformat
    if kind.startswith("Array("):
        inner = _reader(kind[6:-1])
        return lambda value: [inner(one) for one in value]
    return lambda value: value

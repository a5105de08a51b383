"""What a roll keeps at hand, such as who has which number.

It lies in this process's DuckDB under names of the thread that makes it, for the threads that help it to see.
"""

from __future__ import annotations

import threading

import pyarrow as pa

from zhanggui.insight.lake.queries import engine
from zhanggui.insight.lake.rules import Relation


def place(name: str) -> str:
    """Where this thread keeps something of that name."""
    return f"memory.main.{name}_{threading.get_ident()}"


def put(name: str, sql: str) -> str:
    """Keep the answer to a question, in the place of what was kept before; its place.

    refuses  LakeFull, LakeBroken
    """
    at = place(name)
    try:
        engine.connection().execute(f"create or replace table {at} as {sql}")
    except engine.failure() as error:
        raise engine.explained(error, sql) from error
    return at


def put_table(name: str, rows: pa.Table, sql: str = "from laid") -> str:
    """The same with rows that lie here.

    sql  reads them as `laid`
    """
    here = engine.connection()
    here.register("laid", rows)
    try:
        return put(name, sql)
    finally:
        here.unregister("laid")


def clear(name: str) -> None:
    """Forget what was kept."""
    engine.connection().execute(f"drop table if exists {place(name)}")


def people_here() -> Relation:
    """Everybody in the events at hand by number; `number_people` puts them there."""
    return Relation(sql=place("people_here"), columns=("number", "person"))

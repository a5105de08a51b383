"""What many daily tables of the same days are made from, read once: who has which number, facts, and visits in parts.

It lies in this process's DuckDB under names of the thread that makes it, for the threads that help it to see.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import duckdb

from zhanggui.insight.lake.queries import engine
from zhanggui.insight.lake.queries.relations import numbered
from zhanggui.insight.lake.rules import ROLLUPS, Relation, Rollup

_OF_PEOPLE: Final = re.compile(r"\b(person|walker)\b")
_FACTS: Final = "contains(name, '.')"


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
    except duckdb.Error as error:
        raise engine.explained(error, sql) from error
    return at


def clear(name: str) -> None:
    """Forget what was kept."""
    engine.connection().execute(f"drop table if exists {place(name)}")


def people_here() -> Relation:
    """Everybody in the events at hand by number; `number_people` puts them there."""
    return Relation(sql=place("people_here"), columns=("number", "person"))


@dataclass(slots=True)
class Desk:
    """The events of some days, and what is made from them once.

    told    each event once, of people by their ids
    events  the same of people by their numbers
    names   what happened
    """

    told: Relation
    events: Relation = field(init=False)
    names: frozenset[str] = field(init=False)
    _kept: dict[str, str] = field(init=False, default_factory=dict)
    _fact_columns: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self.events = numbered(self.told, people_here())
        self.names = frozenset(name for (name,) in engine.ask(f"select distinct name from {self.told}"))

    def can_make(self, rollup: Rollup) -> bool:
        """Whether a table has any row of these days."""
        names = sorted(name for name in self.names if "." in name or not rollup.reads_facts)
        listed = ", ".join(f"({engine.quoted(name)})" for name in names)
        return bool(names and engine.ask(f"select 1 from (values {listed}) t(name) where {rollup.of} limit 1"))

    def sql(self, rollup: Rollup) -> str:
        """The query of a table's rows."""
        columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in rollup.columns)
        # A query of several readings would read all columns of the events first if they were kept in between.
        named = [f"events as not materialized (from {self._events(rollup)})"]
        if rollup.parts:
            named.append(f"parts as not materialized (from {self._once('parts', _with(self.events, rollup.parts))})")
        return f"(with {', '.join(named)} select {columns} from ({rollup.sql}))"

    def _events(self, rollup: Rollup) -> str:
        if rollup.reads_facts:
            return self._once("facts", f"from {numbered(self._facts(), people_here())}")
        return str(self.events if _OF_PEOPLE.search(rollup.sql) else self.told)

    def _facts(self) -> Relation:
        """Facts in the columns that the tables to be made of them speak of: of the others there is much to read."""
        if not self._fact_columns:
            wanted = [one.sql for one in ROLLUPS if one.reads_facts and self.can_make(one)]
            words = {"person"}.union(*(re.findall(r"\w+", sql) for sql in wanted))
            self._fact_columns = tuple(name for name in self.told.columns if name in words)
        listed = ", ".join(self._fact_columns)
        return Relation(sql=f"(select {listed} from {self.told} where {_FACTS})", columns=self._fact_columns)

    def _once(self, name: str, sql: str) -> str:
        if sql not in self._kept:
            self._kept[sql] = put(name, sql)
        return self._kept[sql]


@contextmanager
def desk(told: Relation) -> Iterator[Desk]:
    """A desk that is cleared afterwards."""
    try:
        yield Desk(told)
    finally:
        for name in ("parts", "facts"):
            clear(name)


def _with(events: Relation, sql: str) -> str:
    return f"with events as not materialized (from {events}) {sql}"

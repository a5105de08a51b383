"""What many daily tables of the same days are made from, read once: facts, visits in parts, looks at goods."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Final

import pyarrow as pa

from zhanggui.insight.lake.actions.harvest import Harvest
from zhanggui.insight.lake.actions.keeping import clear, put, put_table
from zhanggui.insight.lake.actions.sightings import RUNS_AS_PARTS, parted
from zhanggui.insight.lake.actions.visiting import ASKED_OF_PARTS, sessions_of, visits_of
from zhanggui.insight.lake.queries import engine
from zhanggui.insight.lake.queries.relations import numbered
from zhanggui.insight.lake.rules import LOOKS, PARTS, ROLLUPS, SESSIONS, VISITS, Parts, Relation, Rollup

_OF_PEOPLE: Final = re.compile(r"\b(person|walker)\b")
_FACTS: Final = "contains(name, '.')"
_OF: Final = tuple(sorted({rollup.of for rollup in ROLLUPS}))


@dataclass(slots=True)
class Desk:
    """The events of some days, and what is made from them once.

    told    each event once, of people by their ids
    people  everybody in them by number
    events  the same of people by their numbers
    """

    told: Relation
    people: Relation
    events: Relation = field(init=False)
    _names: frozenset[str] | None = field(init=False, default=None)
    _is_named: bool = field(init=False, default=False)
    _alone: pa.Table | None = field(init=False, default=None)
    _has_others: bool = field(init=False, default=False)
    _kept: dict[str, str] = field(init=False, default_factory=dict)
    _fact_columns: tuple[str, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self.events = numbered(self.told, self.people)

    def lay(self, harvest: Harvest) -> None:
        """Take what was made of the same events as arrays, instead of asking for it."""
        self._names = harvest.names
        self._kept["facts"] = put_table("facts", harvest.facts)
        self._alone, others = parted(harvest.runs)
        self._has_others = others.num_rows > 0
        if self._has_others:
            # Nobody but `rows` asks for parts: those that are whole sessions are not among them.
            self._kept[PARTS.name] = put_table(PARTS.name, others, RUNS_AS_PARTS)
        self._kept[LOOKS.name] = put_table(LOOKS.name, harvest.looks)
        self._is_named = not harvest.has_nameless

    @property
    def names(self) -> frozenset[str]:
        """What happened."""
        if self._names is None:
            self._names = frozenset(name for (name,) in engine.ask(f"select distinct name from {self.told}"))
        return self._names

    def can_make(self, rollup: Rollup) -> bool:
        """Whether a table has any row of these days."""
        names = frozenset(name for name in self.names if "." in name) if rollup.reads_facts else self.names
        return rollup.of in _fitting(names, _OF if rollup.of in _OF else (rollup.of,))

    def rows(self, rollup: Rollup) -> Callable[[], pa.Table] | None:
        """What gives the rows of a table that is made from arrays, to another thread too; None of other tables."""
        if self._alone is None or rollup not in (SESSIONS, VISITS):
            return None
        make = sessions_of if rollup is SESSIONS else visits_of
        if not self._has_others:
            return partial(make, self._alone, None)
        sql = self._asked(SESSIONS) if rollup is SESSIONS else f"with {self._parts(PARTS)} {ASKED_OF_PARTS}"
        return lambda: make(self._alone, engine.ask_table(sql))

    def sql(self, rollup: Rollup) -> str:
        """The query of a table's rows."""
        rows = self.rows(rollup)
        return f"(from {put_table(rollup.name, rows())})" if rows else self._asked(rollup)

    def _asked(self, rollup: Rollup) -> str:
        columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in rollup.columns)
        asked = (self._is_named and rollup.named_sql) or rollup.sql
        # A query of several readings would read all columns of the events first if they were kept in between.
        named = [f"events as not materialized (from {self._events(rollup)})"]
        if rollup.parts:
            named.append(self._parts(rollup.parts))
        return f"(with {', '.join(named)} select {columns} from ({asked}))"

    def _parts(self, parts: Parts) -> str:
        return f"parts as not materialized (from {self._once(parts.name, _with(self.events, parts.sql))})"

    def _events(self, rollup: Rollup) -> str:
        if rollup.reads_facts:
            return self._once("facts", f"from {numbered(self._facts(), self.people)}")
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
        if name not in self._kept:
            self._kept[name] = put(name, sql)
        return self._kept[name]


@contextmanager
def desk(told: Relation, people: Relation) -> Iterator[Desk]:
    """A desk that is cleared afterwards."""
    try:
        yield Desk(told, people)
    finally:
        for name in ("facts", PARTS.name, LOOKS.name, SESSIONS.name, VISITS.name):
            clear(name)


@lru_cache(maxsize=64)
def _fitting(names: frozenset[str], conditions: tuple[str, ...]) -> frozenset[str]:
    """Which conditions any of these names fits. Asked at once, and of the same names once: a question takes longer to
    plan than to answer, and one day's names are mostly those of the day before.
    """
    if not names:
        return frozenset()
    listed = ", ".join(f"({engine.quoted(name)})" for name in sorted(names))
    asked = ", ".join(f"coalesce(bool_or({condition}), false)" for condition in conditions)
    (found,) = engine.ask(f"select {asked} from (values {listed}) t(name)")
    return frozenset(condition for condition, fits in zip(conditions, found, strict=True) if fits)


def _with(events: Relation, sql: str) -> str:
    return f"with events as not materialized (from {events}) {sql}"

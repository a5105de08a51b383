"""What a daily table is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What several questions of the same days are answered from, made from a relation `events`.

    name  no two have the same
    """

    name: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """A daily table that can be made again from the events at any time.

    version  grows when `sql` or `columns` change; all days are then made anew
    columns  name and DuckDB type, `day` first; rows are sorted by all of them, in this order, if it `is_sorted`; those
             made from arrays at least by day
    sql      reads a relation `events` (all rows of the wanted days, each event once) and keeps days apart; its
             `person` is the whole number of that person, 0 for nobody, and `walker` the id
    parts    a relation `parts` that `sql` reads as well; tables that share one have it made once
    of       a condition over `name`: of days without such an event there is no row
    reads_facts  whether it looks at no event but facts
    named_sql    the same where nothing happened outside a session, if there is then less to ask
    """

    name: str
    version: int
    columns: tuple[tuple[str, str], ...]
    sql: str
    is_sorted: bool = True
    parts: Parts | None = None
    of: str = "true"
    reads_facts: bool = False
    named_sql: str = ""

    @property
    def whole_sql(self) -> str:
        """The same from `events` alone."""
        return f"with parts as ({self.parts.sql}) select * from ({self.sql})" if self.parts else self.sql

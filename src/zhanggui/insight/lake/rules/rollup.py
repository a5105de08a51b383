"""What a daily table is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """A daily table that can be made again from the events at any time.

    version  grows when `sql` or `columns` change; all days are then made anew
    columns  name and DuckDB type, `day` first; rows are sorted by all of them, in this order, if it `is_sorted`
    sql      reads a relation `events` (all rows of the wanted days, each event once) and keeps days apart; its
             `person` is the whole number of that person, 0 for nobody, and `walker` the id
    """

    name: str
    version: int
    columns: tuple[tuple[str, str], ...]
    sql: str
    is_sorted: bool = True

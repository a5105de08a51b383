"""A simulated year to ask questions of, made once for all tests."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from zhanggui.doors.rehearsal import catalogue
from zhanggui.doors.rehearsal.simulator.plan import Plan
from zhanggui.doors.rehearsal.simulator.world import Month, simulate

PLAN = Plan(
    shop="demo", goods=catalogue.goods(), last_day=date(2026, 11, 20), days=365, sightings=180_000, orders=2_100
)


def months_of(plan: Plan, *, seed: int = 1) -> list[Month]:
    """A plan's months."""
    return list(simulate(plan, np.random.default_rng(seed)).months())


@cache
def year() -> tuple[Month, ...]:
    """The months of `PLAN`."""
    return tuple(months_of(PLAN))


@cache
def events() -> pa.Table:
    """All that happened in the year."""
    return pa.concat_tables(month.events for month in year())


def ask(sql: str) -> list[tuple[Any, ...]]:
    """Answer a question to the year's events, as a table `events` with ids as text."""
    with duckdb.connect() as connection:
        connection.register("events", _plain())
        return connection.execute(sql).fetchall()


@cache
def _plain() -> pa.Table:
    table = events()
    for name in ("id", "cause"):
        stored = pa.chunked_array([chunk.storage for chunk in table[name].chunks])
        table = table.set_column(table.schema.get_field_index(name), name, stored.cast(pa.binary()))
    return table

"""The demonstration shop: a year of customers simulated, in the lake, rolled up."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.number import Number
from zhanggui.doors.rehearsal import actions, catalogue
from zhanggui.doors.rehearsal.simulator.plan import Plan
from zhanggui.doors.rehearsal.simulator.world import simulate

SIGHTINGS, ORDERS = 1_000_000, 40_000
AS_MUCH = f"{SIGHTINGS:,} sightings and {ORDERS:,} orders"


def measure() -> list[Number]:
    """The bound is the same rows, months ready made, into Parquet files and nothing else."""
    year: list[pa.Table] = []
    simulated = _seconds(lambda: year.extend(_year()))
    bare = _seconds(lambda: [_bare_write(month) for month in year])
    year.clear()
    filled = _seconds(lambda: actions.fill(shop="demo", sightings=SIGHTINGS, orders=ORDERS))
    again = _seconds(lambda: actions.fill(shop="demo", sightings=SIGHTINGS, orders=ORDERS))
    bare_name = f"{AS_MUCH} with all their facts, written to Parquet by the month"
    return [
        Number(name=bare_name, value=bare, unit="s"),
        Number(name=f"simulating {AS_MUCH}", value=simulated, unit="s", ratio=simulated / bare, against=bare_name),
        Number(
            name=f"filling the demonstration shop with {AS_MUCH}: goods, pictures, reviews, lake, daily tables",
            value=filled,
            unit="s",
            ratio=filled / bare,
            against=bare_name,
        ),
        Number(
            name="filling it again, which changes nothing", value=again, unit="s", ratio=again / bare, against=bare_name
        ),
    ]


def _year() -> list[pa.Table]:
    plan = Plan(
        shop="demo",
        goods=catalogue.goods(),
        last_day=date(2026, 11, 20),
        days=actions.DAYS,
        sightings=SIGHTINGS,
        orders=ORDERS,
    )
    return [month.events for month in simulate(plan, np.random.default_rng(actions.SEED)).months()]


def _bare_write(table: pa.Table) -> None:
    with tempfile.NamedTemporaryFile(dir=os.environ["ZHANGGUI_HOME"], suffix=".parquet") as file:
        pq.write_table(table, Path(file.name), compression="zstd")
        os.fsync(file.fileno())


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

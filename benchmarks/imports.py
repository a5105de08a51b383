"""Imports: real files from the disk to the cockpit's tables, against reading the same files and doing nothing."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from benchmarks.number import Number
from zhanggui.base.operation.rules import job
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.imports import actions
from zhanggui.doors.imports.sources import olist, online_retail
from zhanggui.doors.imports.sources.source import Source

SHARED = Path(os.environ.get("ZHANGGUI_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
RETAIL = SHARED / "online_retail"
YEARS = (RETAIL / "online_retail_II_2009_2010.parquet", RETAIL / "online_retail_2010_2011.parquet")
LINES_OF_BOTH_YEARS = 1_044_847
READING_AGAIN = 5


def measure() -> list[Number]:
    """Both years of Online Retail, then Olist, each into an empty shop; nothing where the files are missing."""
    if not SHARED.is_dir():
        return []
    retail = [online_retail.OnlineRetail(path=path) for path in YEARS]
    seconds, lines = _taken(retail, online_retail.SHOP)
    if lines != LINES_OF_BOTH_YEARS:
        raise AssertionError(f"{lines} lines instead of {LINES_OF_BOTH_YEARS}")
    numbers = [
        _against_reading("Online Retail I + II, file to cockpit", seconds, YEARS),
        Number(name="Online Retail I + II, lines", value=lines / seconds, unit="lines/s"),
    ]
    folder = olist.Olist(folder=SHARED / "olist")
    seconds, _ = _taken([folder], olist.SHOP)
    numbers.append(_against_reading("Olist, folder to cockpit", seconds, folder.files()))
    again, _ = _taken([folder], olist.SHOP)
    numbers.append(Number(name="Olist once more, nothing new", value=again * 1000, unit="ms"))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*numbers, Number(name="most memory", value=most, unit="MB")]


def _taken(files: Sequence[Source], shop: Shop) -> tuple[float, int]:
    """Seconds, and lines that were counted once."""
    began = time.perf_counter()
    reports = actions.bring_in(files, shop=shop, by=job("bench"))
    seconds = time.perf_counter() - began
    known = sum(b.line_count for report in reports for b in report.buckets if b.name == "known")
    return seconds, sum(report.line_count for report in reports) - known


def _against_reading(name: str, seconds: float, paths: Sequence[Path]) -> Number:
    bare = min(_seconds(lambda: _read(paths)) for _ in range(READING_AGAIN))
    return Number(
        name=name, value=seconds, unit="s", ratio=seconds / bare, against="DuckDB reads the files into memory"
    )


def _read(paths: Sequence[Path]) -> None:
    with duckdb.connect(config={"threads": 2}) as duck:
        for place, path in enumerate(paths):
            reader = "read_parquet" if path.suffix == ".parquet" else "read_csv"
            duck.execute(f"create table t{place} as select * from {reader}('{path}')")


def _seconds(verb: Callable[[], None]) -> float:
    began = time.perf_counter()
    verb()
    return time.perf_counter() - began

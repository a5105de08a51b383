"""Imports: real files from the disk to the cockpit's tables, against reading the same files and doing nothing."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from benchmarks.number import Number
from zhanggui.base.operation.rules import job
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.doors.imports import actions
from zhanggui.doors.imports.sources import cdnow, olist, online_retail
from zhanggui.doors.imports.sources.recognised import source_of
from zhanggui.doors.imports.sources.source import Source

SHARED = Path(os.environ.get("ZHANGGUI_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
RETAIL = SHARED / "online_retail"
YEARS = (RETAIL / "online_retail_II_2009_2010.parquet", RETAIL / "online_retail_2010_2011.parquet")
LINES_OF_BOTH_YEARS = 1_044_847
ACTS = SHARED / "taobao_user_behavior_sample" / "userbehavior_sample.parquet"
ACTS_LINES, ACTS_TIMES = 84_475, 12
CLICKS = SHARED / "clickstream" / "retailrocket_events_sample.csv"
PURCHASES = SHARED / "cdnow" / "CDNOW_master.txt"
READING_AGAIN = 5


def measure() -> list[Number]:
    """Online Retail, Olist, CDNOW and visitor events, each into an empty shop; nothing where the files are missing."""
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
    numbers += _visitors()
    seconds, lines = _taken([source_of(PURCHASES).source], cdnow.SHOP)
    numbers.append(Number(name="CDNOW, lines", value=lines / seconds, unit="lines/s"))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*numbers, Number(name="most memory", value=most, unit="MB")]


def _visitors() -> list[Number]:
    """A million lines as Taobao publishes them, without a header, and RetailRocket's sample as it is."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "UserBehavior.csv"
        _grow(path)
        shop = Shop(code="taobao", name="Taobao", zone="Asia/Shanghai", currency="CNY", kind=ShopKind.IMPORTED)
        seconds, lines = _taken([source_of(path).source], shop)
        if lines != ACTS_LINES * ACTS_TIMES:
            raise AssertionError(f"{lines} lines instead of {ACTS_LINES * ACTS_TIMES}")
        numbers = [
            _against_reading("a million events of UserBehavior, file to cockpit", seconds, [path]),
            Number(name="a million events of UserBehavior, lines", value=lines / seconds, unit="lines/s"),
        ]
    shop = Shop(code="retailrocket", name="RetailRocket", zone="UTC", currency="USD", kind=ShopKind.IMPORTED)
    seconds, lines = _taken([source_of(CLICKS).source], shop)
    return [*numbers, Number(name="RetailRocket's sample, lines", value=lines / seconds, unit="lines/s")]


def _grow(path: Path) -> None:
    """The sample twelve times, each time by other people."""
    with duckdb.connect() as duck:
        duck.execute(f"""
            copy (select (user_id::bigint * 100 + again)::varchar, item_id, category_id, behavior, ts
                from '{ACTS}', range({ACTS_TIMES}) as t(again)) to '{path}' (format csv, header false)
        """)


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

"""The cockpit: the whole page as the server answers it, worked out anew and kept, against a bare count of its rows."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

from django.core.management import call_command
from django.test import Client

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.home import shelf
from zhanggui.base.operation.rules import job
from zhanggui.doors.imports import actions as imports
from zhanggui.doors.imports.sources import online_retail
from zhanggui.doors.rehearsal import actions as rehearsal
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics

SHARED = Path(os.environ.get("ZHANGGUI_SHARED", Path(__file__).resolve().parents[2] / "shared")) / "data"
RETAIL = SHARED / "online_retail"
YEARS = (RETAIL / "online_retail_II_2009_2010.parquet", RETAIL / "online_retail_2010_2011.parquet")
TABLES = ("orders", "sku_days", "visits", "listings")
SIGHTINGS, ORDERS = 1_000_000, 40_000
TIMES = 9
_FIRST, _LAST = date(2000, 1, 1), date(2100, 1, 1)


def measure() -> list[Number]:
    """The demonstration shop with a million sightings, then both years of Online Retail where they are at hand."""
    call_command("collectstatic", interactive=False, verbosity=0)
    someone = Operator.objects.create(email="bench@example.com", role=Role.OWNER, joined_at=clock.now())
    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
    client.force_login(someone)
    rehearsal.fill(shop="demo", sightings=SIGHTINGS, orders=ORDERS)
    numbers = _pages(client, "demo", periods=("30d", "12m"))
    if RETAIL.is_dir():
        files = [online_retail.OnlineRetail(path=path) for path in YEARS]
        imports.bring_in(files, shop=online_retail.SHOP, by=job("bench"))
        numbers += _pages(client, online_retail.SHOP.code, periods=("12m", "all"))
    return numbers


def _pages(client: Client, shop: str, *, periods: tuple[str, ...]) -> list[Number]:
    bare = _milliseconds(lambda: [_count(shop, table) for table in TABLES])
    against = f"counting the rows of the daily tables of {shop}"
    numbers = [Number(name=against, value=bare, unit="ms")]
    for period in periods:
        address = f"/console/?shop={shop}&period={period}"
        for name, verb in (
            ("worked out anew", lambda address=address: _page(client, address, is_cold=True)),
            ("kept", lambda address=address: _page(client, address, is_cold=False)),
        ):
            took = _milliseconds(verb)
            title = f"cockpit of {shop}, {period}, {name}"
            numbers.append(Number(name=title, value=took, unit="ms", ratio=took / bare, against=against))
    version = {"X-Known": str(lake.version(shop))}
    asked = _milliseconds(lambda: client.get(f"/console/?shop={shop}", headers=version))
    numbers.append(Number(name=f"asking whether the cockpit of {shop} is outdated", value=asked, unit="ms"))
    return numbers


def _page(client: Client, address: str, *, is_cold: bool) -> None:
    if is_cold:
        shutil.rmtree(shelf("kept"))
        metrics.forget_all()
    answer = client.get(address)
    if answer.status_code != 200 or b"card-figure" not in answer.content:
        raise AssertionError(f"{address} answered {answer.status_code}")


def _count(shop: str, table: str) -> int:
    return int(lake.ask(f"select count(*) from {lake.rollup(shop, table, (_FIRST, _LAST))}")[0][0])


def _milliseconds(verb: Callable[[], object]) -> float:
    verb()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        verb()
        taken.append(time.perf_counter() - began)
    return 1000 * median(taken)

"""Why: the answer of the page, and the nightly look over all numbers, on a lake of five million events."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from statistics import median

from benchmarks.lake import SHOP, YEAR, ZONE, _year
from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.base.shops import actions as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.alerts import models
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake import queries
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.tree import queries as tree

ROWS = 5_000_000
TIMES = 5
PERIODS = (7, 30, 90)


def measure() -> list[Number]:
    """A year of events, the last days of it against those before, each asked anew."""
    shops.open_shop(shop=Shop(code=SHOP, name="Bench", zone=ZONE, currency="CNY", kind=ShopKind.OWN))
    lake.append("year", _year(ROWS), shop=SHOP)
    lake.roll(SHOP)
    numbers = []
    for days in PERIODS:
        period = Period(YEAR - timedelta(days=days), YEAR)
        scan_name = f"reading the same columns of {2 * days} days"
        scan = _milliseconds(lambda period=period: _scan(period))  # type: ignore[misc]
        why = _milliseconds(lambda period=period: _why(period))  # type: ignore[misc]
        numbers.append(Number(name=scan_name, value=scan, unit="ms"))
        name = f"why, {days} days against those before, worked out anew"
        numbers.append(Number(name=name, value=why, unit="ms", ratio=why / scan, against=scan_name))
    return [*numbers, *_looks()]


def _looks() -> list[Number]:
    # Noon of the day after the last, in any zone east of the ocean.
    at = clock.span_of(YEAR, ZONE)[0] + timedelta(hours=12)
    first = _seconds(lambda: alerts.look(shop=SHOP, at=at, by=job("bench")))
    models.Looked.objects.update(day=YEAR - timedelta(days=2))
    metrics.forget_all()
    night = _seconds(lambda: alerts.look(shop=SHOP, at=at, by=job("bench")))
    return [
        Number(name="the first look of a shop, with the bands of two months", value=first, unit="s"),
        Number(name="the look of a night, all watched numbers and their cells", value=night, unit="s"),
    ]


def _why(period: Period) -> None:
    metrics.forget_all()
    found = tree.why(SHOP, period, compare=period.previous())
    if sum(link.minor for limb in found.limbs for link in limb.links) != found.change.minor:
        raise AssertionError("the parts do not sum to the change")


def _scan(period: Period) -> None:
    days = (period.previous().start, period.end)
    for table, columns in (
        ("visits", "count(person), count(channel), count(campaign), count(device), count(region)"),
        ("orders", "count(person), count(channel), count(campaign), count(device), count(region), sum(amount_minor)"),
        ("sku_days", "count(sku), count(category), sum(units), sum(amount_minor)"),
    ):
        queries.ask(f"select {columns} from {queries.rollup(SHOP, table, days)}")


def _milliseconds(work: Callable[[], object]) -> float:
    work()
    return 1000 * median(_seconds(work) for _ in range(TIMES))


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began

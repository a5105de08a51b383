"""The explorer: metrics by one and two cuts, worked out anew, against a bare reading of the same columns."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from django.db.models import F

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.doors.rehearsal import actions as rehearsal
from zhanggui.insight.lake import actions as lake_verbs
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.models import Day
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period

SHOP = "demo"
SIGHTINGS = int(os.environ.get("ZHANGGUI_BENCH_SIGHTINGS", "5_000_000"))
TIMES = 5
MONEY = ("gmv_paid", "orders_paid", "aov", "buyers")
PEOPLE = ("uv", "pv", "cvr_paid_visitor")

# The keys of the numbers, their cuts, and whether people may be estimated.
QUESTIONS: tuple[tuple[str, tuple[str, ...], Cut | None, Cut | None, bool], ...] = (
    ("money by month", MONEY, Cut.MONTH, None, False),
    ("money by region and channel", MONEY, Cut.REGION, Cut.CHANNEL, False),
    ("money by day, new and returning", MONEY, Cut.DAY, Cut.NEWNESS, False),
    ("goods by category and device", ("goods_paid", "units"), Cut.CATEGORY, Cut.DEVICE, False),
    ("visitors by region and device", PEOPLE, Cut.REGION, Cut.DEVICE, False),
    ("visitors by week and channel", PEOPLE, Cut.WEEK, Cut.CHANNEL, False),
    ("visitors by week and channel, estimated", PEOPLE, Cut.WEEK, Cut.CHANNEL, True),
    ("sessions by day and channel", ("cvr_order_session", "organic_share"), Cut.DAY, Cut.CHANNEL, False),
)


def measure() -> list[Number]:
    """The demonstration shop with so many sightings: a year by its daily tables, a week from the log, a day rolled."""
    if SHOP not in {shop.code for shop in shops.shops()}:
        rehearsal.fill(shop=SHOP, sightings=SIGHTINGS, orders=SIGHTINGS // 25)
    today = clock.day_of(clock.now(), shops.shop(SHOP).zone)
    year, week = (Period(today - timedelta(days=days), today) for days in (365, 7))
    numbers = [_floor("visits", "person, region, channel, device, day, pv", year)]
    for name, keys, by, then, is_near in QUESTIONS:
        numbers.append(_asked(f"{name}, a year", keys, year, by, then, numbers[0], is_near=is_near))
    log = _log_floor(week)
    numbers += [log, _asked("visitors by hour, a week, from the log", PEOPLE[:2], week, Cut.HOUR, None, log)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*numbers, _rolled(today), Number(name="most memory of the process", value=memory, unit="MB")]


def _floor(table: str, columns: str, period: Period) -> Number:
    relation = lake.rollup(SHOP, table, (period.start, period.end))
    ((rows,),) = lake.ask(f"select count(*) from {relation}")
    sql = f"select {', '.join(f'max({column})' for column in columns.split(', '))} from {relation}"
    return Number(name=f"reading {columns} of {table}, {rows:,} rows", value=_seconds(lambda: lake.ask(sql)), unit="s")


def _log_floor(period: Period) -> Number:
    events = lake.events(SHOP, period.start, period.end)
    sql = f"select max(person), max(ts_us), max(name) from {events}"
    return Number(
        name="reading person, ts_us, name of a week of events", value=_seconds(lambda: lake.ask(sql)), unit="s"
    )


def _asked(
    name: str,
    keys: tuple[str, ...],
    period: Period,
    by: Cut | None,
    then: Cut | None,
    floor: Number,
    *,
    is_near: bool = False,
) -> Number:
    def ask() -> None:
        metrics.forget_all()
        answer = metrics.query(SHOP, keys, period, by=by, then=then, is_approximate=is_near)
        if not answer.rows:
            raise AssertionError(f"nothing was counted for {name}")

    took = _seconds(ask)
    return Number(name=name, value=took, unit="s", ratio=took / floor.value, against=floor.name)


def _rolled(today: date) -> Number:
    """All daily tables of yesterday made anew."""
    yesterday = today - timedelta(days=1)
    taken = []
    for _ in range(3):
        Day.objects.filter(shop=SHOP, day=yesterday).update(generation=F("generation") + 1, dirty_since=clock.now())
        began = time.perf_counter()
        lake_verbs.roll(SHOP)
        taken.append(time.perf_counter() - began)
    return Number(name="all daily tables of a day made anew", value=median(taken), unit="s")


def _seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)

"""Tables of cohorts, worked out anew, against a bare reading of the same columns."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median

from benchmarks.number import Number
from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.doors.rehearsal import actions as rehearsal
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Step
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention.rules import Begin, Question, Return, Split, exact, rolling

SHOP = "demo"
SIGHTINGS = int(os.environ.get("ZHANGGUI_BENCH_SIGHTINGS", "5_000_000"))
TIMES = 5


def measure() -> list[Number]:
    """The demonstration shop with so many sightings in a year."""
    if SHOP not in {shop.code for shop in shops.shops()}:
        rehearsal.fill(shop=SHOP, sightings=SIGHTINGS, orders=SIGHTINGS // 25)
    today = clock.day_of(clock.now(), shops.shop(SHOP).zone)
    visits = lake.rollup(SHOP, "visits")
    ((rows,),) = lake.ask(f"select count(*) from {visits}")
    bare = _seconds(lambda: lake.ask(f"select count(distinct person), min(day), max(day) from {visits}"))
    floor = f"counting the people of all days of visits, {rows:,} rows"
    numbers = [Number(name=floor, value=bare, unit="s")]
    for name, question in _questions(today):
        took = _seconds(lambda question=question: _ask(question))  # type: ignore[misc]
        numbers.append(Number(name=name, value=took, unit="s", ratio=took / bare, against=floor))
    return numbers


def _questions(today: date) -> list[tuple[str, Question]]:
    quarter, year = today - timedelta(days=90), today - timedelta(days=364)
    days = exact(*range(15), 21, 30)
    return [
        ("first visits by day, 90 days, 17 columns", Question(start=quarter, end=today, step=Step.DAY, columns=days)),
        ("first visits by week, a year", Question(start=year, end=today, step=Step.WEEK, columns=exact(*range(13)))),
        (
            "first visits by channel, 90 days, then or later",
            Question(start=quarter, end=today, step=Step.DAY, columns=rolling(*range(15)), by=Split.CHANNEL),
        ),
        (
            "first orders by month, a year, repurchase and money",
            Question(
                start=year,
                end=today,
                step=Step.MONTH,
                columns=exact(*range(13)),
                begin=Begin.FIRST_ORDER,
                back=Return.ORDER,
            ),
        ),
    ]


def _ask(question: Question) -> None:
    metrics.forget_all()
    if not retention.ask(SHOP, question, at=clock.now()).whole.people:
        raise AssertionError("nobody began")


def _seconds(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)

"""Funnels of ninety days, worked out anew, against a bare reading of the same columns; what their daily table costs."""

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
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels.rules import Funnel, Kind, Question, Split, Step, Unit
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.rules import rollup_named
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.paths import queries as paths
from zhanggui.insight.paths import rules as path_rules

SHOP = "demo"
SIGHTINGS = int(os.environ.get("ZHANGGUI_BENCH_SIGHTINGS", "5_000_000"))
DAYS = 90
TIMES = 5
STEPS = ("Page", "Product Viewed", "Product Added", "shop.order_placed")
_SCANNED = "count(*), sum(ts_us), max(step), max(person)"


def measure() -> list[Number]:
    """The demonstration shop with so many sightings, in the ninety days up to yesterday."""
    if SHOP not in {shop.code for shop in shops.shops()}:
        rehearsal.fill(shop=SHOP, sightings=SIGHTINGS, orders=SIGHTINGS // 25)
    today = clock.day_of(clock.now(), shops.shop(SHOP).zone)
    start = today - timedelta(days=DAYS)
    steps = lake.rollup(SHOP, "steps", (start, today + timedelta(days=8)))
    ((rows,),) = lake.ask(f"select count(*) from {steps}")
    bare = _seconds(lambda: lake.ask(f"select {_SCANNED} from {steps}"))
    floor = f"reading person, moment and step of {DAYS} days, {rows:,} rows"
    numbers = [Number(name=floor, value=bare, unit="s")]
    for name, question in _questions(start, today):
        took = _seconds(lambda question=question: _ask(question))  # type: ignore[misc]
        numbers.append(Number(name=name, value=took, unit="s", ratio=took / bare, against=floor))
    walk = path_rules.Question(start=start, end=today)
    took = _seconds(lambda: _walk(walk), times=2)
    numbers.append(Number(name=f"paths of {DAYS} days", value=took, unit="s", ratio=took / bare, against=floor))
    return [*numbers, *_table(today - timedelta(days=10))]


def _questions(start: date, end: date) -> list[tuple[str, Question]]:
    steps = tuple(Step(event=event) for event in STEPS)
    funnel = Funnel(steps=steps)
    asked = Question(funnel=funnel, start=start, end=end)
    by_session = Funnel(steps=steps, unit=Unit.SESSIONS, window_minutes=1440)
    return [
        (f"funnel of 4 steps by people, {DAYS} days", asked),
        ("the same split by device", Question(funnel=funnel, start=start, end=end, by=Split.DEVICE)),
        ("the same by sessions", Question(funnel=by_session, start=start, end=end)),
        (
            "the first 3 of them, strict",
            Question(funnel=Funnel(steps=steps[:3], kind=Kind.STRICT), start=start, end=end),
        ),
        ("all 4 in any order", Question(funnel=Funnel(steps=steps, kind=Kind.UNORDERED), start=start, end=end)),
    ]


def _ask(question: Question) -> None:
    metrics.forget_all()
    first, *_, last = funnels.ask(SHOP, question, at=clock.now()).bars
    if not first.count > last.count > 0:
        raise AssertionError("nobody went through")


def _walk(question: path_rules.Question) -> None:
    metrics.forget_all()
    if not paths.paths(SHOP, question).paths:
        raise AssertionError("nobody took a way")


def _table(day: date) -> list[Number]:
    """What making the daily table of one day costs, without writing it."""
    events = lake.events(SHOP, day, day + timedelta(days=1))
    ((rows,),) = lake.ask(f"select count(*) from {events}")
    bare = _seconds(lambda: lake.ask(f"select count(distinct person), sum(octet_length(body)) from {events}"))
    floor = f"one reading of a day's {rows:,} raw events"
    sql = f"with events as not materialized (from {events}) select count(hash(t)) from ({rollup_named('steps').sql}) t"
    took = _seconds(lambda: lake.ask(sql))
    name = "making the daily table of steps of that day"
    return [
        Number(name=floor, value=bare, unit="s"),
        Number(name=name, value=took, unit="s", ratio=took / bare, against=floor),
    ]


def _seconds(work: Callable[[], object], *, times: int = TIMES) -> float:
    work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)

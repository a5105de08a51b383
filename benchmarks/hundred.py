"""A large shop's quarter: ten and a hundred million events in ninety days, each analysis against a bare reading.

`ZHANGGUI_BENCH_EVENTS="10_000_000"` measures other sizes. Wants about 60 bytes of disk an event.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from statistics import median
from typing import Final

from django.core.management import call_command
from django.db.models import F
from django.test import Client

from benchmarks.number import Number
from benchmarks.quarter import DAYS, ZONE, bring
from zhanggui.base import clock
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.home import shelf
from zhanggui.insight.attribution import queries as attribution
from zhanggui.insight.attribution.rules import By
from zhanggui.insight.funnels import queries as funnels
from zhanggui.insight.funnels.rules import Funnel, Question, Step
from zhanggui.insight.lake import actions as verbs
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.models import Day
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention import rules as cohorts
from zhanggui.insight.value import queries as value

SIZES: Final = tuple(int(size) for size in os.environ.get("ZHANGGUI_BENCH_EVENTS", "10_000_000 100_000_000").split())
BOUGHT: Final = ("Product Viewed", "Product Added", "Checkout Started", "shop.order_placed")
BROWSED: Final = ("Page", "Product Viewed", "Product Added", "shop.order_placed")
MONEY: Final = ("gmv_paid", "orders_paid", "aov", "buyers")
PEOPLE: Final = ("uv", "pv", "cvr_paid_visitor")
# The keys of the numbers and their two cuts.
EXPLORED: Final = (
    ("money by region and channel", MONEY, Cut.REGION, Cut.CHANNEL),
    ("money by day, new and returning", MONEY, Cut.DAY, Cut.NEWNESS),
    ("goods by category and device", ("goods_paid", "units"), Cut.CATEGORY, Cut.DEVICE),
    ("goods by SKU and campaign", ("units", "goods_paid"), Cut.SKU, Cut.CAMPAIGN),
    ("visitors by region and device", PEOPLE, Cut.REGION, Cut.DEVICE),
    ("visitors by week and channel", PEOPLE, Cut.WEEK, Cut.CHANNEL),
    ("visitors by day and region", PEOPLE, Cut.DAY, Cut.REGION),
    ("visitors by region and campaign", PEOPLE, Cut.REGION, Cut.CAMPAIGN),
    ("sessions by day and channel", ("cvr_order_session", "organic_share"), Cut.DAY, Cut.CHANNEL),
)
TIMES: Final = 3
# The page that is opened all day: also measured as it is kept.
PAGE: Final = "cockpit"


def measure() -> list[Number]:
    """The same quarter at each size, a shop of its own for each."""
    call_command("collectstatic", interactive=False, verbosity=0)
    today = clock.day_of(clock.now(), ZONE)
    return [number for size in SIZES for number in _measured(f"large{size // 1_000_000}", size, today)]


def _measured(shop: str, size: int, today: date) -> list[Number]:
    events = bring(shop, events=size, until=today)
    named = f"{events / 1_000_000:,.0f} million"
    numbers = [*_rolls(shop, named, today)]
    period = Period(today - timedelta(days=DAYS), today)
    at = clock.span_of(today, ZONE)[0]
    for name, verb, table, columns in _questions(shop, period, at):
        bare = _seconds(lambda table=table, columns=columns: _read(shop, table, columns, period))  # type: ignore[misc]
        took = _seconds(lambda verb=verb: _anew(verb))  # type: ignore[misc]
        against = f"reading {columns} of {table}: {bare:.3f} s"
        numbers.append(Number(name=f"{named}: {name}", value=took, unit="s", ratio=took / bare, against=against))
        if name.startswith(PAGE):
            kept = _seconds(verb)
            title = f"{named}: {name}, opened again before the daily tables change"
            numbers.append(Number(name=title, value=kept, unit="s", ratio=kept / bare, against=against))
            opened = _seconds(lambda verb=verb: _forgetful(verb))  # type: ignore[misc]
            title = f"{named}: {name}, opened by a process that keeps nothing, as it was laid ready"
            numbers.append(Number(name=title, value=opened, unit="s", ratio=opened / bare, against=against))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*numbers, Number(name=f"{named}: most memory of the process", value=memory, unit="MB")]


def _rolls(shop: str, named: str, today: date) -> list[Number]:
    """All daily tables of the quarter, and of one of its days once more."""
    if lake.ops(shop).dirty_days > DAYS // 2:
        took = _once(lambda: verbs.roll(shop))
        numbers = [Number(name=f"{named}: all daily tables of {DAYS} days", value=took, unit="s")]
    else:
        numbers = []
    middle = today - timedelta(days=DAYS // 2)
    taken = []
    for _ in range(TIMES):
        Day.objects.filter(shop=shop, day=middle).update(generation=F("generation") + 1, dirty_since=clock.now())
        taken.append(_once(lambda: verbs.roll(shop)))
    return [*numbers, Number(name=f"{named}: all daily tables of one day", value=median(taken[1:]), unit="s")]


def _questions(shop: str, period: Period, at: datetime) -> list[tuple[str, Callable[[], object], str, str]]:
    """Each question with the table and the columns that it cannot do without."""
    client = Client(SERVER_NAME="localhost", headers={"Accept-Language": "zh-CN"})
    someone, _ = Operator.objects.get_or_create(
        email="bench@example.com", defaults={"role": Role.OWNER, "joined_at": clock.now()}
    )
    client.force_login(someone)
    steps, visits = "person, ts_us, step", "person, day, pv, channel, device, region"
    orders, sessions = "person, day, amount_minor", "person, started_us, channel"
    days = cohorts.Question(
        start=period.start, end=period.end, step=cohorts.Step.DAY, columns=cohorts.exact(*range(15), 21, 30)
    )
    asked: list[tuple[str, Callable[[], object], str, str]] = [
        (f"{PAGE}, 30 days", lambda: _page(client, shop, "30d"), "visits", visits),
        (f"{PAGE}, 90 days", lambda: _page(client, shop, "90d"), "visits", visits),
        ("retention by days", lambda: retention.ask(shop, days, at=at), "visits", "person, day"),
        ("recency, frequency, money", lambda: value.rfm(shop, as_of=period.end), "orders", orders),
    ]
    asked += [
        (
            f"attribution by {by}, seven models",
            lambda by=by: attribution.attribution(shop, period, by=by, look_back_days=30),  # type: ignore[misc]
            "sessions",
            sessions,
        )
        for by in By
    ]
    for title, names in (("viewed, added, checkout, ordered", BOUGHT), ("page, viewed, added, ordered", BROWSED)):
        funnel = Question(
            funnel=Funnel(steps=tuple(Step(event=name) for name in names)), start=period.start, end=period.end
        )
        asked.append((f"funnel {title}", lambda funnel=funnel: funnels.ask(shop, funnel, at=at), "steps", steps))  # type: ignore[misc]
    read = {
        MONEY: ("orders", orders),
        ("goods_paid", "units"): ("sku_days", "day, category, device, amount_minor"),
        # The same by campaign, which is another table.
        ("units", "goods_paid"): ("order_lines", "day, sku, campaign, amount_minor"),
        ("cvr_order_session", "organic_share"): ("sessions", "day, channel, orders"),
    }
    for title, keys, by, then in EXPLORED:
        ask = lambda keys=keys, by=by, then=then: metrics.query(shop, keys, period, by=by, then=then, at=at)  # noqa: E731
        table, columns = read.get(keys, ("visits", visits))
        asked.append((f"explorer, {title}", ask, table, columns))
    return asked


def _page(client: Client, shop: str, period: str) -> None:
    answer = client.get(f"/console/?shop={shop}&period={period}")
    if answer.status_code != 200 or b"card-figure" not in answer.content:
        raise AssertionError(f"the cockpit answered {answer.status_code}")


def _read(shop: str, table: str, columns: str, period: Period) -> None:
    largest = ", ".join(f"max({column})" for column in columns.split(", "))
    lake.ask(f"select {largest} from {lake.rollup(shop, table, (period.start, period.end))}")


def _anew(verb: Callable[[], object]) -> None:
    """With nothing kept in this process and nothing laid ready by another."""
    shutil.rmtree(shelf("kept"))
    _forgetful(verb)


def _forgetful(verb: Callable[[], object]) -> None:
    metrics.forget_all()
    verb()


def _once(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _seconds(work: Callable[[], object]) -> float:
    work()
    return median(_once(work) for _ in range(TIMES))

"""A large shop's quarter: ten and a hundred million events in ninety days, each analysis against a bare reading.

`ZHANGGUI_BENCH_EVENTS="10_000_000"` measures other sizes. Wants about 60 bytes of disk an event.
"""

from __future__ import annotations

import os
import resource
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from statistics import median
from typing import Final, NamedTuple

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
from zhanggui.insight.metrics.rules import Crowd, Cut, Period
from zhanggui.insight.retention import queries as retention
from zhanggui.insight.retention import rules as cohorts
from zhanggui.insight.value import queries as value

SIZES: Final = tuple(int(size) for size in os.environ.get("ZHANGGUI_BENCH_EVENTS", "10_000_000 100_000_000").split())
BOUGHT: Final = ("Product Viewed", "Product Added", "Checkout Started", "shop.order_placed")
BROWSED: Final = ("Page", "Product Viewed", "Product Added", "shop.order_placed")
MONEY: Final = ("gmv_paid", "orders_paid", "aov", "buyers")
PEOPLE: Final = ("uv", "pv", "cvr_paid_visitor")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """A question to the explorer.

    keys     the numbers
    days     before today
    table    which it cannot do without; columns: of that
    crowds   so many segments, if it is cut by these
    """

    title: str
    keys: tuple[str, ...]
    by: Cut
    then: Cut
    days: int = DAYS
    table: str
    columns: str
    crowds: int = 0


_MONEY: Final = partial(Explored, keys=MONEY, table="orders", columns="person, day, amount_minor")
_PEOPLE: Final = partial(Explored, keys=PEOPLE, table="visits", columns="person, day, pv, channel, device, region")
_HOURS: Final = partial(Explored, keys=PEOPLE, by=Cut.HOUR, days=31, table="steps")
_GOODS: Final = partial(Explored, keys=("goods_paid", "units"))
_LINES: Final = partial(_GOODS, by=Cut.SKU, table="order_lines")
EXPLORED: Final = (
    _MONEY(title="money by region and channel", by=Cut.REGION, then=Cut.CHANNEL),
    _MONEY(title="money by day, new and returning", by=Cut.DAY, then=Cut.NEWNESS),
    _GOODS(
        title="goods by category and device",
        by=Cut.CATEGORY,
        then=Cut.DEVICE,
        table="sku_days",
        columns="day, category, device, amount_minor",
    ),
    _LINES(title="goods by SKU and campaign", then=Cut.CAMPAIGN, columns="day, sku, campaign, amount_minor"),
    _LINES(title="goods by hour and SKU, 31 days", then=Cut.HOUR, days=31, columns="ts_us, sku, amount_minor"),
    _GOODS(
        title="goods by day and SKU",
        by=Cut.DAY,
        then=Cut.SKU,
        table="sku_days",
        columns="day, sku, amount_minor",
    ),
    _PEOPLE(title="visitors by region and device", by=Cut.REGION, then=Cut.DEVICE),
    _PEOPLE(title="visitors by week and channel", by=Cut.WEEK, then=Cut.CHANNEL),
    _PEOPLE(title="visitors by day and region", by=Cut.DAY, then=Cut.REGION),
    _PEOPLE(title="visitors by region and campaign", by=Cut.REGION, then=Cut.CAMPAIGN),
    _HOURS(title="visitors by hour and channel, 31 days", then=Cut.CHANNEL, columns="person, ts_us, step, channel"),
    _HOURS(title="visitors by hour and region, 31 days", then=Cut.REGION, columns="person, ts_us, step, region"),
    Explored(
        title="who put what into the cart, by SKU and region",
        keys=("add_to_cart_rate",),
        by=Cut.SKU,
        then=Cut.REGION,
        table="steps",
        columns="person, step, sku, region",
    ),
    _PEOPLE(title="visitors by region and twelve segments", by=Cut.REGION, then=Cut.SEGMENT, crowds=12),
    _HOURS(
        title="visitors by hour and twelve segments, 31 days",
        then=Cut.SEGMENT,
        crowds=12,
        columns="person, ts_us, step",
    ),
    _MONEY(title="money by day and twelve segments", by=Cut.DAY, then=Cut.SEGMENT, crowds=12),
    Explored(
        title="sessions by day and channel",
        keys=("cvr_order_session", "organic_share"),
        by=Cut.DAY,
        then=Cut.CHANNEL,
        table="sessions",
        columns="day, channel, orders",
    ),
)
# As many cells of a cut as the explorer shows.
SHOWN: Final = 50
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
    for name, verb, table, columns, days in _questions(shop, period, at):
        bare = _seconds(partial(_read, shop, table, columns, days))
        took = _seconds(partial(_anew, verb))
        against = f"reading {columns} of {table}: {bare:.3f} s"
        numbers.append(Number(name=f"{named}: {name}", value=took, unit="s", ratio=took / bare, against=against))
        if name.startswith(PAGE):
            kept = _seconds(verb)
            title = f"{named}: {name}, opened again before the daily tables change"
            numbers.append(Number(name=title, value=kept, unit="s", ratio=kept / bare, against=against))
            opened = _seconds(partial(_forgetful, verb))
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


class _Asked(NamedTuple):
    """A question, and the table, its columns and its days that it cannot do without."""

    name: str
    ask: Callable[[], object]
    table: str
    columns: str
    days: Period


def _questions(shop: str, period: Period, at: datetime) -> list[_Asked]:
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
    asked = [
        _Asked(f"{PAGE}, 30 days", lambda: _page(client, shop, "30d"), "visits", visits, period),
        _Asked(f"{PAGE}, 90 days", lambda: _page(client, shop, "90d"), "visits", visits, period),
        _Asked("retention by days", lambda: retention.ask(shop, days, at=at), "visits", "person, day", period),
        _Asked("recency, frequency, money", lambda: value.rfm(shop, as_of=period.end), "orders", orders, period),
    ]
    for by in By:
        ask = partial(attribution.attribution, shop, period, by=by, look_back_days=30)
        asked.append(_Asked(f"attribution by {by}, seven models", ask, "sessions", sessions, period))
    for title, names in (("viewed, added, checkout, ordered", BOUGHT), ("page, viewed, added, ordered", BROWSED)):
        funnel = Question(
            funnel=Funnel(steps=tuple(Step(event=name) for name in names)), start=period.start, end=period.end
        )
        asked.append(_Asked(f"funnel {title}", partial(funnels.ask, shop, funnel, at=at), "steps", steps, period))
    for one in EXPLORED:
        last = Period(period.end - timedelta(days=one.days), period.end)
        explore = partial(
            metrics.query,
            shop,
            one.keys,
            last,
            by=one.by,
            then=one.then,
            crowds=_crowds(shop, one.crowds),
            limit=SHOWN,
            at=at,
        )
        asked.append(_Asked(f"explorer, {one.title}", explore, one.table, one.columns, last))
    return asked


def _crowds(shop: str, count: int) -> list[Crowd]:
    """Segments that overlap: every second of all people, every third, and so on."""
    known = f"select number as person from {lake.people(shop)}"
    return [Crowd(name=f"every {n}.", sql=f"{known} where number % {n} = 0") for n in range(2, count + 2)]


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

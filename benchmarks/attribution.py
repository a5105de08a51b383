"""Attribution: every model over ninety days at once, against a bare reading of the same columns; the chain; the fit."""

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
from zhanggui.insight.attribution import queries as attribution
from zhanggui.insight.attribution.rules import By
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.value import actions as value_models
from zhanggui.insight.value import queries as value

SHOP = "demo"
SIGHTINGS = int(os.environ.get("ZHANGGUI_BENCH_SIGHTINGS", "5_000_000"))
ORDERS = SIGHTINGS // 25
LOOK_BACK_DAYS = 30
TIMES = 5
_SESSIONS = "person, started_us, session, channel, campaign"
_ORDERS = "order_number, person, ts_us, amount_minor, channel, campaign"


def measure() -> list[Number]:
    """The demonstration shop with so many sightings, in the ninety days up to yesterday."""
    if SHOP not in {shop.code for shop in shops.shops()}:
        rehearsal.fill(shop=SHOP, sightings=SIGHTINGS, orders=ORDERS)
    today = clock.day_of(clock.now(), shops.shop(SHOP).zone)
    period = Period(today - timedelta(days=90), today)
    reach = Period(period.start - timedelta(days=LOOK_BACK_DAYS + 1), period.end)
    bare = _seconds(lambda: _scan("sessions", _SESSIONS, reach) + _scan("orders", _ORDERS, period))
    floor = "reading the columns of sessions and orders of the same days"
    numbers = [Number(name=f"{floor}, {SIGHTINGS:,} sightings in a year", value=bare, unit="s")]
    for by in By:
        took = _seconds(lambda by=by: _attribution(period, by))  # type: ignore[misc]
        name = f"attribution by {by}, seven models, 90 days, worked out anew"
        numbers.append(Number(name=name, value=took, unit="s", ratio=took / bare, against=floor))
        chain = _seconds(lambda by=by: _removals(period, by))  # type: ignore[misc]
        name = f"of it, the chain of visits by {by}"
        numbers.append(Number(name=name, value=chain, unit="s", ratio=chain / bare, against=floor))
    return [*numbers, *_worth(today)]


def _worth(today: date) -> list[Number]:
    past = Period(date(2000, 1, 1), today)
    bare = _seconds(lambda: _scan("orders", "person, day, order_number, channel, amount_minor", past))
    floor = "reading the columns of all orders"
    fit = _seconds(lambda: value_models.refit(shop=SHOP, at=clock.now()), times=1)
    buyers = len(value.buyers_as_of(SHOP, today).people)
    worths = _seconds(lambda: _worths(today))
    return [
        Number(name=floor, value=bare, unit="s"),
        Number(name=f"fitting the models of {buyers:,} buyers and their calibration", value=fit, unit="s"),
        Number(
            name=f"history and the next 365 days of {buyers:,} buyers, worked out anew",
            value=worths,
            unit="s",
            ratio=worths / bare,
            against=floor,
        ),
    ]


def _attribution(period: Period, by: By) -> None:
    metrics.forget_all()
    found = attribution.attribution(SHOP, period, by=by, look_back_days=LOOK_BACK_DAYS)
    if not found.led_orders:
        raise AssertionError("no order has a visit before it")


def _removals(period: Period, by: By) -> None:
    attribution.removals(SHOP, period, by=by, look_back_days=LOOK_BACK_DAYS)


def _worths(today: date) -> None:
    metrics.forget_all()
    if not value.worths(SHOP, as_of=today):
        raise AssertionError("nothing is foretold")


def _scan(name: str, columns: str, days: Period) -> int:
    relation = lake.rollup(SHOP, name, (days.start, days.end))
    hashed = " + ".join(f"hash({column}) % 2" for column in columns.split(", "))
    return int(lake.ask(f"select coalesce(sum({hashed}), 0) from {relation}")[0][0])


def _seconds(verb: Callable[[], object], *, times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        verb()
        taken.append(time.perf_counter() - began)
    return median(taken)

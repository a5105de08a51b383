"""Goods of which less is left than will be asked for before more can be here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, running_out
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.running_out import Shortage, Sold
from zhanggui.steer.signals.rules.telling import size_of
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.queries import Asked

KIND: Final = "stockout_ahead"
# How sure it has to be that more is asked for than there is.
_SURE: Final = 0.95
_MOST_FOUND: Final = 20
_MOST_LEVELS: Final = 100_000
_DAY: Final = timedelta(days=1)

_SOLD: Final = """
select sku, day, sum(orders)::bigint, sum(units)::bigint, sum(amount_minor)::bigint
from {sku_days} where kind = 'paid' and sku <> '' group by all
"""
# What was free at the end of each day on which it changed; a SKU that never came in is not known.
_FREE: Final = """
select sku, day, sum(sum(on_hand_change - held_change)) over (partition by sku order by day)::bigint
from {stock_days} where sku <> '' group by sku, day order by sku, day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Goods:
    """A SKU's days up to the judged one, and what can be sold of it now."""

    sku: str
    days: tuple[Sold, ...]
    free_units: int


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """SKUs that will be out before the next delivery, the dearest first; found on the very day on which stock is lost.

    The size is what is not sold from the next day on until a delivery that is ordered now can be here. What is free is
    read from the warehouse of a shop that runs here, else counted from its facts. A shop that says nothing of stock has
    none of these.
    """
    first = day - (running_out.HISTORY_DAYS - 1) * _DAY
    goods = _goods(shop, first, day)
    sold = [sum(one.days[n].orders for one in goods) for n in range(running_out.HISTORY_DAYS)]
    busy = running_out.weekdays(sold, first=first)
    lead_days = _lead_days(shop)
    short = [
        (one, missing)
        for one in goods
        if (
            missing := running_out.shortage(
                one.days, first=first, free_units=one.free_units, lead_days=lead_days, busy=busy
            )
        )
        and missing.chance >= _SURE
    ]
    currency = shops.shop(shop).currency
    short.sort(key=lambda each: (-each[1].expected_minor, each[0].sku))
    for one, missing in short[:_MOST_FOUND]:
        yield _finding(shop, one.sku, missing, first=first, day=day, currency=currency, tests=len(goods))


def _finding(shop: str, sku: str, missing: Shortage, *, first: date, day: date, currency: str, tests: int) -> Finding:
    left: dict[str, str | int] = {
        "sku": sku,
        "free": missing.free_units,
        "wanted": missing.wanted_units,
        "days": missing.lead_days,
    }
    return Finding(
        kind=KIND,
        subject=f"sku:{sku}",
        day=day,
        size=size_of(missing, currency),
        confidence=missing.chance,
        evidence=(
            Evidence(what="runs_out", numbers=left, page="stock", query=urlencode({"shop": shop, "q": sku})),
            Evidence(
                what="sold_so_far",
                numbers={"sku": sku, "days": running_out.HISTORY_DAYS},
                page="explorer",
                query=days_query(shop, first, day, sku=sku, m="units,goods_paid", by="day"),
            ),
        ),
        proposal=Proposal(move=Move.RESTOCK, metric="stockout_rate", sku=sku),
        tests=tests,
    )


def _lead_days(shop: str) -> int:
    """How soon more can be here: from the warehouse that gets it soonest."""
    days = [house.restock_days for house in stock.warehouses(shop) if house.sells]
    return min(days, default=running_out.USUAL_LEAD_DAYS)


def _goods(shop: str, first: date, day: date) -> list[_Goods]:
    free = _free_by_day(shop, first, day)
    if not free:
        return []
    now = _free_now(shop)
    sold: dict[tuple[str, date], tuple[int, int, int]] = {}
    table = lake.rollup(shop, "sku_days", (first, day + _DAY))
    for sku, on, orders, units, minor in lake.ask(_SOLD.format(sku_days=table)):
        sold[sku, on] = (orders, units, minor)
    days = [first + n * _DAY for n in range(running_out.HISTORY_DAYS)]
    return [
        _Goods(
            sku=sku,
            days=tuple(_sold(sold.get((sku, on), (0, 0, 0)), free=left[n]) for n, on in enumerate(days)),
            free_units=now.get(sku, left[-1] or 0),
        )
        for sku, left in free.items()
    ]


def _sold(counted: tuple[int, int, int], *, free: int | None) -> Sold:
    orders, units, minor = counted
    return Sold(orders=orders, units=units, minor=minor, is_to_be_had=orders > 0 or bool(free and free > 0))


def _free_by_day(shop: str, first: date, day: date) -> dict[str, list[int | None]]:
    """What was free of each SKU at the end of each day; None before it came in."""
    ends: dict[str, list[tuple[date, int]]] = {}
    table = lake.rollup(shop, "stock_days", (date.min, day + _DAY))
    for sku, on, free in lake.ask(_FREE.format(stock_days=table)):
        ends.setdefault(sku, []).append((on, free))
    return {sku: _by_day(known, first, day) for sku, known in ends.items()}


def _by_day(known: list[tuple[date, int]], first: date, day: date) -> list[int | None]:
    found: list[int | None] = []
    last, rest = None, iter([*known, (date.max, 0)])
    on, free = next(rest)
    for n in range((day - first).days + 1):
        while on <= first + n * _DAY:
            last = free
            on, free = next(rest)
        found.append(last)
    return found


def _free_now(shop: str) -> dict[str, int]:
    """What the warehouses say can be sold, by SKU; empty for a shop whose goods lie elsewhere."""
    free: dict[str, int] = {}
    for level in stock.shelf(Asked(shop=shop), limit=_MOST_LEVELS).levels:
        units = level.on_hand_units + level.backorder_units - level.held_units
        free[level.sku] = free.get(level.sku, 0) + max(0, units)
    return free

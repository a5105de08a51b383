"""Goods that lie on the shelf and are not bought any more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals import rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, dead_stock
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.dead_stock import Looks, Lying

KIND: Final = "dead_stock"
_MOST_FOUND: Final = 20
_DAY: Final = timedelta(days=1)

# What came in and went, what can be sold of it, what it cost, when it was sold last, for how much it was listed or
# usually sold in the last places. A listing is told once and may be old; a sale says what is really paid, but on a day
# of offers it is less than ever.
_LYING: Final = """
with lying as (
    select sku, sum(on_hand_change)::bigint as units, sum(on_hand_change - held_change)::bigint as free,
        min(day) filter (on_hand_change > 0) as since,
        sum(cost_minor)::bigint as cost, sum(costed_units)::bigint as costed
    from {stock_days} where sku <> '' group by sku
), paid as (
    select sku, day, amount_minor // units as price, row_number() over (partition by sku order by day desc) as turn
    from {sku_days} where kind = 'paid' and units > 0
), sold as (
    select sku, max(day) as last_sold, quantile_disc(price, 0.5) filter (turn <= 20) as price from paid group by sku
), listed as (select sku, arg_max(amount_minor, ts_us) as price from {listings} group by sku)
select sku, free, since, last_sold, if(costed > 0, cost // costed, null), coalesce(sold.price, listed.price, 0)
from lying left join sold using (sku) left join listed using (sku)
where units > 0 and since is not null order by sku
"""
# How often each SKU was looked at and bought on a day.
_COURSE: Final = """
with bought as (select sku, day, sum(orders)::bigint as orders from {sku_days} where kind = 'paid' group by all)
select sku, day, views, coalesce(orders, 0) from {sku_views} left join bought using (sku, day) order by sku, day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pause:
    """That nobody buys a SKU though it is looked at; how likely that is chance, corrected for all SKUs."""

    looks: Looks
    chance: float


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """SKUs that nobody bought for sixty days, or that stopped selling, those with most money in them first.

    What sells seldom is dead after sixty days. What used to sell and can still be bought is told as soon as it is
    looked at as before and not bought by more than chance, among all SKUs that lie there: of a hundred that takes nine
    or ten orders that were due, so five days of one that is bought twice a day. What the whole shop sells less for as
    many looks is no matter of one SKU and is taken off before. The size is what lies there and is not sold, at cost
    where receipts say it, else at the price: it is counted, so it has no width. How sure it is says how likely four
    weeks more bring no sale, or how seldom such a pause is chance. A shop that sold nothing at all stands still, and
    that is another trouble.
    """
    lying, free = _lying(shop, day)
    newest = max((one.last_sold for one in lying if one.last_sold), default=date.min)
    if (day - newest).days >= dead_stock.IDLE_DAYS:
        return
    paused = _paused(shop, [one for one in lying if one.sku in free], day)
    dead = [one for one in lying if (dead_stock.is_dead(one, day=day) or one.sku in paused) and one.tied_minor > 0]
    dead.sort(key=lambda one: (-one.tied_minor, one.sku))
    currency = shops.shop(shop).currency
    for one in dead[:_MOST_FOUND]:
        yield _finding(shop, one, paused.get(one.sku), day=day, currency=currency, tests=len(lying))


def _lying(shop: str, day: date) -> tuple[list[Lying], frozenset[str]]:
    """What lies on the shelves, and of which of it something can be sold."""
    everything = (date.min, day + _DAY)
    tables = {name: lake.rollup(shop, name, everything) for name in ("stock_days", "sku_days", "listings")}
    rows = lake.ask(_LYING.format(**tables))
    lying = [
        Lying(sku=sku, units=max(0, free), since=since, last_sold=last_sold, cost_minor=cost, price_minor=price)
        for sku, free, since, last_sold, cost, price in rows
    ]
    return lying, frozenset(one.sku for one in lying if one.units > 0)


def _paused(shop: str, lying: Sequence[Lying], day: date) -> dict[str, _Pause]:
    """SKUs that are looked at as before, and not bought any more by more than chance."""
    looks = _looks(shop, lying, day)
    chances = rules.corrected([dead_stock.chance_of_pause(one) for one in looks.values()])
    return {
        sku: _Pause(looks=one, chance=chance)
        for (sku, one), chance in zip(looks.items(), chances, strict=True)
        if chance <= rules.DAILY_FALSE
    }


def _looks(shop: str, lying: Sequence[Lying], day: date) -> dict[str, Looks]:
    """How SKUs that were sold within IDLE_DAYS were looked at and bought, as far as it is known."""
    first = day - (dead_stock.IDLE_DAYS + dead_stock.PAST_DAYS) * _DAY
    tables = {name: lake.rollup(shop, name, (first, day + _DAY)) for name in ("sku_days", "sku_views")}
    course: defaultdict[str, dict[date, tuple[int, int]]] = defaultdict(dict)
    every: defaultdict[date, list[tuple[int, int]]] = defaultdict(list)
    for sku, on, views, orders in lake.ask(_COURSE.format(**tables)):
        course[sku][on] = (views, orders)
        every[on].append((views, orders))
    whole = {on: (sum(one[0] for one in ones), sum(one[1] for one in ones)) for on, ones in every.items()}
    return {
        one.sku: dead_stock.looks(course[one.sku], whole, last_sold=one.last_sold)
        for one in lying
        if one.last_sold and day - dead_stock.IDLE_DAYS * _DAY < one.last_sold < day and one.sku in course
    }


def _finding(shop: str, one: Lying, pause: _Pause | None, *, day: date, currency: str, tests: int) -> Finding:
    days, tied = dead_stock.idle_days(one, day=day), one.tied_minor
    what = "lies_at_price" if one.cost_minor is None else "lies_at_cost"
    lies: dict[str, str | int] = {"sku": one.sku, "units": one.units, "days": days, "minor": tied}
    stopped = (_stopped(shop, one.sku, pause, days=days, day=day),) if pause else ()
    return Finding(
        kind=KIND,
        subject=f"sku:{one.sku}",
        day=day,
        size=Size(low_minor=tied, expected_minor=tied, high_minor=tied, currency=currency),
        confidence=rules.confidence(pause.chance) if pause else dead_stock.chance_of_none(days),
        evidence=(
            *stopped,
            Evidence(what=what, numbers=lies, page="stock", query=urlencode({"shop": shop, "q": one.sku})),
            Evidence(
                what="looked_at",
                numbers={"sku": one.sku, "days": dead_stock.IDLE_DAYS},
                page="goods",
                query=days_query(shop, day - (dead_stock.IDLE_DAYS - 1) * _DAY, day),
            ),
        ),
        proposal=Proposal(move=Move.DELIST, metric="inventory_days", sku=one.sku),
        tests=tests,
    )


def _stopped(shop: str, sku: str, pause: _Pause, *, days: int, day: date) -> Evidence:
    usual = round(10 * dead_stock.usual_orders(pause.looks))
    return Evidence(
        what="stopped_selling",
        numbers={"sku": sku, "days": days, "usual_tenths": usual},
        page="explorer",
        query=days_query(shop, day - dead_stock.PAST_DAYS * _DAY, day, sku=sku, m="goods_paid,units", by="day"),
    )

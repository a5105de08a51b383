"""Goods that lie on the shelf and are not bought any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, dead_stock
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.dead_stock import Lying

KIND: Final = "dead_stock"
_MOST_FOUND: Final = 20
_DAY: Final = timedelta(days=1)

# What came in and went, what it cost, when it was sold last, for how much it was listed or sold last. A listing is
# told once and may be old; a sale says what is really paid.
_LYING: Final = """
with lying as (
    select sku, sum(on_hand_change)::bigint as units, min(day) filter (on_hand_change > 0) as since,
        sum(cost_minor)::bigint as cost, sum(costed_units)::bigint as costed
    from {stock_days} where sku <> '' group by sku
), sold as (
    select sku, max(day) as last_sold, arg_max(amount_minor // units, day) as price
    from {sku_days} where kind = 'paid' and units > 0 group by sku
), listed as (select sku, arg_max(amount_minor, ts_us) as price from {listings} group by sku)
select sku, units, since, last_sold, if(costed > 0, cost // costed, null), coalesce(sold.price, listed.price, 0)
from lying left join sold using (sku) left join listed using (sku)
where units > 0 and since is not null order by sku
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """SKUs that nobody bought for sixty days, those with most money in them first.

    The size is what lies there, at cost where receipts say it, else at the price: it is counted, so it has no width.
    How sure it is says how likely four weeks more bring no sale. A shop that sold nothing at all stands still, and that
    is another trouble.
    """
    everything = (date.min, day + _DAY)
    tables = {name: lake.rollup(shop, name, everything) for name in ("stock_days", "sku_days", "listings")}
    rows = lake.ask(_LYING.format(**tables))
    lying = [
        Lying(sku=sku, units=units, since=since, last_sold=last_sold, cost_minor=cost, price_minor=price)
        for sku, units, since, last_sold, cost, price in rows
    ]
    newest = max((one.last_sold for one in lying if one.last_sold), default=date.min)
    if (day - newest).days >= dead_stock.IDLE_DAYS:
        return
    dead = [one for one in lying if dead_stock.is_dead(one, day=day) and one.tied_minor > 0]
    dead.sort(key=lambda one: (-one.tied_minor, one.sku))
    currency = shops.shop(shop).currency
    for one in dead[:_MOST_FOUND]:
        yield _finding(shop, one, day=day, currency=currency, tests=len(lying))


def _finding(shop: str, one: Lying, *, day: date, currency: str, tests: int) -> Finding:
    days, tied = dead_stock.idle_days(one, day=day), one.tied_minor
    what = "lies_at_price" if one.cost_minor is None else "lies_at_cost"
    lies: dict[str, str | int] = {"sku": one.sku, "units": one.units, "days": days, "minor": tied}
    return Finding(
        kind=KIND,
        subject=f"sku:{one.sku}",
        day=day,
        size=Size(low_minor=tied, expected_minor=tied, high_minor=tied, currency=currency),
        confidence=dead_stock.chance_of_none(days),
        evidence=(
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

"""Counting goods, categories and regions from their daily tables."""

from __future__ import annotations

from typing import Any

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.goods.rules import Assortment, Category, Region, Sku, graded
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period

_kept = metrics.keeper(Assortment, most=32)

_GOODS = """
with sold as (
    select sku, max(category) as category, sum(amount_minor)::bigint as minor, sum(units)::bigint as units,
        sum(orders)::bigint as orders
    from {sku_days} where kind = 'paid' and sku <> '' group by sku
), seen as (select sku, sum(views)::bigint as views, sum(adds)::bigint as adds from {sku_views} group by sku),
listed as (select sku, arg_max(category, ts_us) as category from {listings} group by sku)
select sku, coalesce(nullif(sold.category, ''), listed.category, ''), coalesce(minor, 0), coalesce(units, 0),
    coalesce(orders, 0), coalesce(views, 0), coalesce(adds, 0)
from sold full join seen using (sku) left join listed using (sku) order by sku
"""
_CATEGORIES = """
with now as (
    select category, count(distinct sku) as skus, sum(amount_minor)::bigint as minor
    from {now} where kind = 'paid' group by category
), before as (select category, sum(amount_minor)::bigint as minor from {before} where kind = 'paid' group by category)
select category, coalesce(skus, 0), coalesce(now.minor, 0), coalesce(before.minor, 0)
from now full join before using (category) order by coalesce(now.minor, 0) desc, category
"""
_REGIONS = """
with paid as (
    select region, count_if(kind = 'paid') as orders, sum(amount_minor)::bigint as minor
    from {orders} where kind in ('paid', 'balance') group by region
), came as (select region, count(*) as visits from {sessions} group by region),
asked as (
    select region, sum(placed_minor)::bigint as placed, sum(postage_minor)::bigint as postage
    from {postage} group by region
)
select region, coalesce(orders, 0), coalesce(minor, 0), coalesce(visits, 0), coalesce(placed, 0), coalesce(postage, 0)
from paid full join came using (region) full join asked using (region)
order by coalesce(minor, 0) desc, region
"""


def assortment(shop: str, period: Period, *, compare: Period | None = None) -> Assortment:
    """Goods with their classes, categories with what they add, regions with orders and postage.

    compare  another period, for what each category adds to the change
    refuses  NoSuchShop
    """
    return _kept.get(shop, ("goods", shop, period, compare), lambda: _assortment(shop, period, compare))


def _assortment(shop: str, period: Period, compare: Period | None) -> Assortment:
    currency = shops.shop(shop).currency
    return Assortment(
        period=period,
        currency=currency,
        goods=graded(_goods(shop, period, currency)),
        categories=_categories(shop, period, compare, currency),
        regions=_regions(shop, period, currency),
    )


def _table(shop: str, name: str, days: Period | None) -> Any:
    return lake.rollup(shop, name, (days.start, days.end) if days else None)


def _goods(shop: str, period: Period, currency: str) -> list[Sku]:
    sold, seen = _table(shop, "sku_days", period), _table(shop, "sku_views", period)
    rows = lake.ask(_GOODS.format(sku_days=sold, sku_views=seen, listings=_table(shop, "listings", None)))
    return [
        Sku(
            sku=sku,
            category=category,
            amount=Money(minor, currency),
            units=units,
            orders=orders,
            views=views,
            adds=adds,
        )
        for sku, category, minor, units, orders, views, adds in rows
    ]


def _categories(shop: str, period: Period, compare: Period | None, currency: str) -> tuple[Category, ...]:
    # Without a comparison a period is held against itself, and what comes of that is not shown.
    now, before = _table(shop, "sku_days", period), _table(shop, "sku_days", compare or period)
    return tuple(
        Category(
            category=category,
            skus=skus,
            amount=Money(minor, currency),
            before=Money(was, currency) if compare else None,
        )
        for category, skus, minor, was in lake.ask(_CATEGORIES.format(now=now, before=before))
    )


def _regions(shop: str, period: Period, currency: str) -> tuple[Region, ...]:
    tables = {name: _table(shop, name, period) for name in ("orders", "sessions", "postage")}
    return tuple(
        Region(
            region=region,
            orders=orders,
            amount=Money(minor, currency),
            visits=visits,
            placed=Money(placed, currency),
            postage=Money(postage, currency),
        )
        for region, orders, minor, visits, placed, postage in lake.ask(_REGIONS.format(**tables))
    )

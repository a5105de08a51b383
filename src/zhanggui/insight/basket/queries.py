"""Counting first baskets and who came again."""

from __future__ import annotations

from datetime import date, timedelta

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.basket.rules import BANDS, USUAL_WITHIN_DAYS, Band, Baskets
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period

_kept = metrics.keeper(Baskets, most=32)

# A band is how many first baskets were strictly smaller: equal baskets stand in one band.
_BASKETS = """
with paid as (select person, ts_us, order_number, day, amount_minor from {orders} where kind = 'paid' and person <> 0),
first as (
    select person, min((ts_us, order_number)) as one, min(day) as day,
        arg_min(amount_minor, (ts_us, order_number)) as minor
    from paid group by person
), asked as (select * from first where day >= date '{start}' and day < date '{end}'),
again as (
    select distinct person from paid join asked using (person)
    where (paid.ts_us, paid.order_number) > asked.one and paid.ts_us <= asked.one[1] + {within}
), banded as (
    select minor, person in (select person from again) as is_again,
        {bands} * (rank() over (order by minor) - 1) // count(*) over () as band
    from asked
)
select min(minor)::bigint, max(minor)::bigint, count(*), count_if(is_again) from banded group by band order by band
"""
_DAY_US = 86_400_000_000


def baskets(shop: str, period: Period, *, within_days: int = USUAL_WITHIN_DAYS, today: date) -> Baskets:
    """First orders of a period by what they were worth, and how many of their buyers paid another one in time.

    within_days  so many times 24 hours after the first order
    today        first orders younger than that are left out
    refuses      NoSuchShop
    """
    key = ("baskets", shop, period, within_days, today)
    return _kept.get(shop, key, lambda: _baskets(shop, period, within_days, today))


def _baskets(shop: str, period: Period, within_days: int, today: date) -> Baskets:
    currency = shops.shop(shop).currency
    end = min(period.end, today - timedelta(days=within_days))
    if end <= period.start:
        return Baskets(period=None, within_days=within_days, bands=())
    orders = lake.rollup(shop, "orders", (date.min, end + timedelta(days=within_days + 1)))
    rows = lake.ask(
        _BASKETS.format(orders=orders, start=period.start, end=end, within=within_days * _DAY_US, bands=BANDS)
    )
    return Baskets(
        period=Period(period.start, end),
        within_days=within_days,
        bands=tuple(
            Band(least=Money(least, currency), most=Money(most, currency), people=people, again=again)
            for least, most, people, again in rows
        ),
    )

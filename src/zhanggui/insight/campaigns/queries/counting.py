"""What the daily tables say of offers: what orders took of them, and what their goods sold day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.campaigns.rules import Goods, Kind, Parts, Touched
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period

Key = tuple[Kind, str]

# Of what an order took of an offer, so much as did not come to nothing later, if it was paid in the period: of a
# promotion the rest of its amount, of a flash sale as much of it as there are pieces left, half a minor unit up.
_HELD: Final = """
with pieces as (
    select offer, max(amount_minor) as piece_minor from {offers} where kind = 'presale' and what = 'started'
    group by offer
), used as (
    select kind, offer, order_number, sku, max(funded_by) as funded_by, sum(units)::bigint as units,
        sum(coalesce(amount_minor, units * piece_minor, 0))::bigint as used_minor
    from {offers} told left join pieces using (offer) where what = 'used' group by kind, offer, order_number, sku
), undone as (
    select kind, offer, order_number, sku, sum(units)::bigint as less_units,
        coalesce(sum(amount_minor), 0)::bigint as less_minor
    from {offers} where what = 'undone' group by kind, offer, order_number, sku
), paid as (
    select order_number, min(day) as paid_on from {orders} where kind = 'paid' group by order_number
), held as (
    select kind, offer, order_number, sku, funded_by, paid_on,
        case when kind = 'flash'
            then (2 * used_minor * (units - coalesce(less_units, 0)) + units) // (2 * units)
            else used_minor - coalesce(less_minor, 0)
        end as minor
    from used join paid using (order_number) left join undone using (kind, offer, order_number, sku)
    where kind = 'presale' or (kind = 'flash' and units > coalesce(less_units, 0))
        or (kind = 'promotion' and used_minor > coalesce(less_minor, 0))
), lines as (
    select kind, offer, order_number, sku, max(category) as category, sum(units)::bigint as units,
        sum(amount_minor)::bigint as minor
    from {offers} line where what = 'line' and exists (
        select 1 from held where held.kind = line.kind and held.offer = line.offer
            and held.order_number = line.order_number and (held.kind <> 'flash' or held.sku = line.sku))
    group by kind, offer, order_number, sku
)
"""
_TOUCHED: Final = """
, took as (
    select kind, offer, count(distinct order_number) as orders,
        coalesce(sum(minor) filter (funded_by in ('', 'shop')), 0)::bigint as given,
        coalesce(sum(minor) filter (funded_by not in ('', 'shop')), 0)::bigint as by_others
    from held group by kind, offer
), sold as (
    select kind, offer, sum(units)::bigint as units, sum(minor)::bigint as minor from lines group by kind, offer
)
select kind, offer, orders, given, by_others, coalesce(units, 0), coalesce(minor, 0)
from took left join sold using (kind, offer) order by kind, offer
"""
_TOLD: Final = """
select kind, offer, min(day) filter (what = 'started') as started,
    min(day) filter (what in ('used', 'deposit')) as first,
    max(day) filter (what in ('used', 'deposit')) as last,
    max(day) filter (what = 'stopped') as stopped,
    arg_max(what, (ts_us, what)) filter (what in ('started', 'stopped')) = 'stopped' as is_stopped
from {offers} group by kind, offer order by kind, offer
"""
_SKUS: Final = """
select kind, offer, list(distinct sku order by sku) from {offers} where what = 'line' and sku <> ''
group by kind, offer order by kind, offer
"""
# All goods day by day once; then those of each place, and those of the same categories that are not in it.
_SOLD: Final = """
with sold as materialized (
    select day, sku, max(category) as category, sum(amount_minor)::bigint as minor, sum(units)::bigint as units
    from {sku_days} where kind = 'paid' and sku <> '' group by day, sku
), costs as (
    select sku, sum(cost_minor) as cost_sum, sum(costed_units) as cost_units from {stock_days}
    group by sku having sum(costed_units) > 0
), costed as materialized (
    select sold.*, minor - (2 * units * cost_sum + cost_units) // (2 * cost_units) as margin
    from sold left join costs using (sku)
), places as (select unnest(?::int[]) as place, unnest(?::bool[]) as is_all, unnest(?::date[]) as first,
    unnest(?::date[]) as until
), named as (select unnest(?::int[]) as place, unnest(?::varchar[]) as sku
), own as (
    select place, day, sku, category, minor, margin from costed join named using (sku) join places using (place)
    where day >= first and day < until
    union all
    select place, day, sku, category, minor, margin from costed join places on is_all and day >= first and day < until
), shelves as (select distinct place, category from own join places using (place) where category <> '' and not is_all
), beside as (
    select shelves.place, day, sum(minor)::bigint as minor
    from costed join shelves using (category) join places using (place)
    left join named on named.place = shelves.place and named.sku = costed.sku
    where day >= first and day < until and named.sku is null group by all
)
select place, day, sum(minor)::bigint, if(count(margin) = count(*), sum(margin)::bigint, null), null
from own group by place, day
union all
select place, day, null, null, minor from beside order by all
"""
_BY_SKU: Final = """
select sku, day, sum(amount_minor)::bigint from {sku_days}
where kind = 'paid' and sku in (select unnest(?::varchar[])) group by all order by all
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the facts say of an offer's days; None what they do not.

    started, stopped  by an operator or the clock; stopped only if it was not started again
    first, last       on which an order took something of it, or a deposit was paid
    """

    started: date | None
    stopped: date | None
    first: date | None
    last: date | None


def touched(shop: str, period: Period, currency: str) -> dict[Key, Touched]:
    """What passed through each offer: the orders that were paid in a period."""
    rows = lake.ask(held_sql(shop, period) + _TOUCHED)
    return {
        (Kind(kind), offer): Touched(
            orders=orders,
            units=units,
            money=Money(minor, currency),
            given=Money(given, currency),
            given_by_others=Money(by_others, currency),
        )
        for kind, offer, orders, given, by_others, units, minor in rows
    }


def held_sql(shop: str, period: Period) -> str:
    """The beginning of a question over `held` and `lines`: what orders paid in a period took, and what was in them."""
    return _HELD.format(
        offers=lake.rollup(shop, "offers"), orders=lake.rollup(shop, "orders", (period.start, period.end))
    )


def told(shop: str, until: date) -> dict[Key, Told]:
    """The days of each offer, as facts tell them up to a day."""
    rows = lake.ask(_TOLD.format(offers=lake.rollup(shop, "offers", (date.min, until))))
    return {
        (Kind(kind), offer): Told(started=started, stopped=stopped if is_stopped else None, first=first, last=last)
        for kind, offer, started, first, last, stopped, is_stopped in rows
    }


def skus_of_orders(shop: str, until: date) -> dict[Key, frozenset[str]]:
    """The goods in the orders that used each offer, up to a day."""
    rows = lake.ask(_SKUS.format(offers=lake.rollup(shop, "offers", (date.min, until))))
    return {(Kind(kind), offer): frozenset(skus) for kind, offer, skus in rows}


def sold(shop: str, places: Sequence[tuple[Goods, Period]]) -> tuple[Parts, ...]:
    """What the goods of each place sold on its days, what is left after their cost, and the goods beside them."""
    if not places:
        return ()
    days = (min(days.start for _, days in places), max(days.end for _, days in places))
    named = [(n, sku) for n, (goods, _) in enumerate(places) if not goods.is_all for sku in sorted(goods.skus)]
    columns: list[object] = [
        list(range(len(places))),
        [goods.is_all for goods, _ in places],
        [days.start for _, days in places],
        [days.end for _, days in places],
        [n for n, _ in named],
        [sku for _, sku in named],
    ]
    statement = _SOLD.format(
        sku_days=lake.rollup(shop, "sku_days", days), stock_days=lake.rollup(shop, "stock_days", (date.min, days[1]))
    )
    own: list[dict[date, int]] = [{} for _ in places]
    margin: list[dict[date, int]] = [{} for _ in places]
    beside: list[dict[date, int]] = [{} for _ in places]
    for place, day, minor, left, other in lake.ask(statement, columns):
        if minor is None:
            beside[place][day] = other
            continue
        own[place][day] = minor
        if left is not None:
            margin[place][day] = left
    return tuple(
        Parts(own=own[n], beside=beside[n], margin=margin[n] if own[n] and margin[n].keys() == own[n].keys() else None)
        for n in range(len(places))
    )


def sold_by_sku(shop: str, skus: Sequence[str], days: Period) -> Mapping[str, Mapping[date, int]]:
    """What each SKU sold day by day, in minor units."""
    found: dict[str, dict[date, int]] = {sku: {} for sku in skus}
    statement = _BY_SKU.format(sku_days=lake.rollup(shop, "sku_days", (days.start, days.end)))
    for sku, day, minor in lake.ask(statement, [list(skus)]):
        found[sku][day] = minor
    return found

"""Reading many orders of the past at once, for whoever wants to price them again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.shop.orders.rules import STANDS
from zhanggui.shop.orders.rules.past import PastLine, PastOrder, PastShare

_STANDING: Final = """
o.shop = %(shop)s::varchar and o.currency = %(currency)s::varchar and o.state = any(%(states)s::varchar[])
and o.placed_at >= %(since)s::timestamptz and o.placed_at < %(until)s::timestamptz
"""
# Index shop_orders_order_state_at, once per state; then (order, position).
_SOLD: Final = f"""
select distinct l.sku, l.category from shop_orders_order o join shop_orders_line l on l.order_id = o.number
where {_STANDING}
"""
_COUNT: Final = f"select count(*) from shop_orders_order o where {_STANDING}"
_NUMBERS: Final = f"select o.number from shop_orders_order o where {_STANDING} order by o.placed_at, o.number"
# From the goods to the orders, index shop_orders_line_by_sku: what nobody ordered with them is never read.
_NUMBERS_WITH: Final = f"""
select o.number from shop_orders_order o
where {_STANDING} and o.number in (select l.order_id from shop_orders_line l where l.sku = any(%(skus)s::varchar[]))
order by o.placed_at, o.number
"""
# Index shop_orders_order_person.
_LAST_PAID: Final = """
(select max(b.paid_at) from shop_orders_order b
where b.shop = o.shop and b.person = o.person and b.placed_at < o.placed_at and b.state = any(%(states)s::varchar[]))
"""
# Primary key, then (order, position). Plain rows: as JSON the same would take the database six times as long.
_READ: Final = """
select o.number, o.person, o.placed_at, {last_paid_at}, l.sku, l.category, l.quantity, l.list_price_minor,
    l.amount_minor, l.shipping_minor, l.cost_minor, l.shares::text
from shop_orders_order o join shop_orders_line l on l.order_id = o.number
where o.number = any(%(numbers)s::varchar[]) order by o.placed_at, o.number, l.position
"""
_shares: Final = msgspec.json.Decoder(tuple[PastShare, ...]).decode


def sold(shop: str, *, currency: str, since: datetime, until: datetime) -> frozenset[tuple[str, str]]:
    """The SKUs, each with its category then, of orders that were placed in a time and stand. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SOLD, _said(shop, currency, since, until))
        return frozenset(cursor.fetchall())


def past_count(shop: str, *, currency: str, since: datetime, until: datetime) -> int:
    """How many orders in a currency were placed in a time and stand. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, _said(shop, currency, since, until))
        return int(cursor.fetchone()[0])


def past_numbers(
    shop: str, *, currency: str, since: datetime, until: datetime, skus: Iterable[str] | None = None
) -> list[str]:
    """The numbers of those orders, oldest first; only those with one of these SKUs, if any are named. One statement."""
    said = _said(shop, currency, since, until)
    with connection.cursor() as cursor:
        if skus is None:
            cursor.execute(_NUMBERS, said)
        else:
            cursor.execute(_NUMBERS_WITH, said | {"skus": list(skus)})
        return [number for (number,) in cursor.fetchall()]


def past_orders(numbers: list[str], *, with_last_paid: bool = False) -> list[PastOrder]:
    """These orders as they were priced, oldest first. One statement; two thousand at a time are a good part."""
    last_paid_at = _LAST_PAID if with_last_paid else "null"
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(last_paid_at=last_paid_at), {"numbers": numbers, "states": sorted(STANDS)})
        by_order = groupby(cursor.fetchall(), key=itemgetter(0))
    return [_order(number, list(rows)) for number, rows in by_order]


def _order(number: str, rows: list[tuple[Any, ...]]) -> PastOrder:
    _number, person, placed_at, last_paid_at = rows[0][:4]
    lines = tuple(
        PastLine(
            sku=sku,
            category=category,
            quantity=quantity,
            list_minor=list_minor,
            amount_minor=amount_minor,
            shipping_minor=shipping_minor,
            cost_minor=cost_minor,
            shares=_shares(shares),
        )
        for *_, sku, category, quantity, list_minor, amount_minor, shipping_minor, cost_minor, shares in rows
    )
    return PastOrder(number=number, person=person, placed_at=placed_at, last_paid_at=last_paid_at, lines=lines)


def _said(shop: str, currency: str, since: datetime, until: datetime) -> dict[str, Any]:
    return {"shop": shop, "currency": currency, "states": sorted(STANDS), "since": since, "until": until}

"""Writing an order down: one statement for its three tables."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.orders import rules
from zhanggui.shop.orders.rules import Line, NewOrder, Opened, Share
from zhanggui.spine.facts.shop import OrderPlaced
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# One statement for all three tables; the order's lines and places come as columns.
_WRITE = """
with o as (
    insert into shop_orders_order (number, shop, person, session, channel, campaign, device, region, customer_id,
        state, currency, discount_minor, goods_minor, shipping_minor, tax_minor, total_minor, tax_included_minor,
        refunded_minor, book_currency, book_rate, book_rate_on, note, placed_fact, placed_at, expires_at)
    values (%s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar,
        %s::uuid, 'awaiting_payment', %s::varchar, %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint,
        %s::bigint, 0, %s::varchar, %s::numeric, %s::date, %s::varchar, %s::uuid, %s::timestamptz, %s::timestamptz)
    returning number),
places as (
    insert into shop_orders_destination (order_id, position, address_id, country, region, city, option, shipping_minor,
        promised_on)
    select o.number, t.* from o, unnest(%s::int[], %s::uuid[], %s::varchar[], %s::varchar[], %s::varchar[],
        %s::varchar[], %s::bigint[], %s::date[]) t)
insert into shop_orders_line (order_id, position, destination, sku, category, title_zh, title_en, variant_zh,
    variant_en, quantity, list_price_minor, listed_minor, discount_minor, amount_minor, shipping_minor, tax_minor,
    tax_rate, tax_included_minor, cost_minor, shares, parts, needs_shipping, no_reason_exception,
    exception_confirmed_at, returned_units)
select o.number, t.*, 0 from o, unnest(%s::int[], %s::int[], %s::varchar[], %s::varchar[], %s::varchar[],
    %s::varchar[], %s::varchar[], %s::varchar[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],
    %s::bigint[], %s::bigint[], %s::numeric[], %s::bigint[], %s::bigint[], %s::text[]::jsonb[], %s::text[]::jsonb[],
    %s::bool[], %s::varchar[], %s::timestamptz[]) t
"""


@operation
def open_order(*, order: NewOrder, trail: Trail, by: Actor) -> Opened:
    """Write an order down as it was agreed. A part of checkout; `payments.start` sees to it that it ends in time.

    tells  shop.order_placed
    """
    now = clock.now()
    number = rules.order_number(clock.day_of(now, _zone(trail.shop)), noise=secrets.randbits(rules.NOISE_BITS))
    expires_at = now + rules.TIME_TO_PAY
    fact_id = record(_placed(number, order), by=by, trail=trail, subject=f"order:{number}")
    _write(number, order, fact_id=fact_id, trail=trail, placed_at=now, expires_at=expires_at)
    return Opened(number=number, fact_id=fact_id, expires_at=expires_at)


@lru_cache(maxsize=64)
def _zone(shop: str) -> str:
    """The shop's zone; asked once per process, because a shop never changes it."""
    return shops.shop(shop).zone


def _placed(number: str, order: NewOrder) -> OrderPlaced:
    def minor(amount: Money) -> int:
        return rules.in_books(amount, order.booked).minor

    goods, discount, shipping, tax = (minor(a) for a in (order.goods, order.discount, order.shipping, order.tax))
    return OrderPlaced(
        order_number=number,
        customer_id=str(order.customer_id),
        lines=rules.told_lines(order.lines, booked=order.booked),
        goods_minor=goods,
        discount_minor=discount,
        shipping_minor=shipping,
        tax_minor=tax,
        amount_minor=goods + shipping + tax,
        currency=order.booked.currency,
    )


def _write(
    number: str, order: NewOrder, *, fact_id: UUID, trail: Trail, placed_at: datetime, expires_at: datetime
) -> None:
    visit: list[Any] = [trail.person, trail.session, trail.channel, trail.campaign, trail.device, trail.region]
    sums = [order.discount, order.goods, order.shipping, order.tax, order.total, order.tax_included]
    booked: list[Any] = [order.booked.currency, order.booked.rate, order.booked.rate_on, order.note]
    head: list[Any] = [number, trail.shop, *visit, order.customer_id, order.total.currency]
    places = [
        (p.position, p.address_id, p.country, p.region, p.city, p.option, p.shipping.minor, p.promised_on)
        for p in order.destinations
    ]
    columns = [list(column) for rows in (places, map(_row, order.lines)) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*head, *(sum.minor for sum in sums), *booked, fact_id, placed_at, expires_at, *columns])


def _row(line: Line) -> tuple[Any, ...]:
    amounts = (line.list_price, line.listed, line.discount, line.amount, line.shipping, line.tax)
    return (
        line.position,
        line.destination,
        line.sku,
        line.category,
        line.title_zh,
        line.title_en,
        line.variant_zh,
        line.variant_en,
        line.quantity,
        *(amount.minor for amount in amounts),
        line.tax_rate,
        line.tax_included.minor,
        line.cost.minor,
        msgspec.json.encode([_told(share) for share in line.shares]).decode(),
        msgspec.json.encode(line.parts).decode(),
        line.needs_shipping,
        line.no_reason_exception,
        line.exception_confirmed_at,
    )


def _told(share: Share) -> dict[str, str | int]:
    """A share as it is kept, in the order's currency."""
    return {
        "step": share.step,
        "reason": share.reason,
        "part": share.part,
        "minor": share.amount.minor,
        "funded_by": share.funded_by,
    }

"""Writing an order down: one statement for its three tables."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.orders import rules
from zhanggui.shop.orders.rules import Destination, Line, NewOrder, Opened, Share
from zhanggui.spine.facts.returns import DifferencePlaced
from zhanggui.spine.facts.shop import OrderPlaced
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# One statement for all three tables; the order, its places and its lines each come as a list of rows.
_WRITE = """
with o as (
    insert into shop_orders_order (number, shop, person, session, channel, campaign, device, region, customer_id,
        state, currency, discount_minor, goods_minor, shipping_minor, tax_minor, total_minor, tax_included_minor,
        refunded_minor, book_currency, book_rate, book_rate_on, note, difference_of, placed_fact, placed_at,
        expires_at)
    select number, shop, person, session, channel, campaign, device, region, customer_id,
        'awaiting_payment', currency, discount, goods, shipping, tax, total, tax_included,
        0, book_currency, book_rate, book_rate_on, note, difference_of, placed_fact, placed_at, expires_at
    from json_to_record(%s::json) t(number varchar, shop varchar, person varchar, session varchar, channel varchar,
        campaign varchar, device varchar, region varchar, customer_id uuid, currency varchar, discount bigint,
        goods bigint, shipping bigint, tax bigint, total bigint, tax_included bigint, book_currency varchar,
        book_rate numeric, book_rate_on date, note varchar, difference_of varchar, placed_fact uuid,
        placed_at timestamptz, expires_at timestamptz)
    returning number),
places as (
    insert into shop_orders_destination (order_id, position, address_id, country, region, city, option, shipping_minor,
        promised_on)
    select o.number, t.* from o, json_to_recordset(%s::json) t(position int, address_id uuid, country varchar,
        region varchar, city varchar, option varchar, shipping bigint, promised_on date))
insert into shop_orders_line (order_id, position, destination, sku, category, title_zh, title_en, variant_zh,
    variant_en, quantity, list_price_minor, listed_minor, discount_minor, amount_minor, shipping_minor, tax_minor,
    tax_rate, tax_included_minor, cost_minor, shares, parts, needs_shipping, no_reason_exception,
    exception_confirmed_at, returned_units)
select o.number, t.*, 0 from o, json_to_recordset(%s::json) t(position int, destination int, sku varchar,
    category varchar, title_zh varchar, title_en varchar, variant_zh varchar, variant_en varchar, quantity int,
    list_price bigint, listed bigint, discount bigint, amount bigint, shipping bigint, tax bigint, tax_rate numeric,
    tax_included bigint, cost bigint, shares jsonb, parts jsonb, needs_shipping bool, no_reason_exception varchar,
    exception_confirmed_at timestamptz)
"""

_SUMS = ("discount", "goods", "shipping", "tax", "total", "tax_included")
_AS_IT_IS = (
    *("position", "destination", "sku", "category", "title_zh", "title_en", "variant_zh", "variant_en", "quantity"),
    *("tax_rate", "parts", "needs_shipping", "no_reason_exception", "exception_confirmed_at"),
)
_AMOUNTS = ("list_price", "listed", "discount", "amount", "shipping", "tax", "tax_included", "cost")
_encoder = msgspec.json.Encoder()


@operation
def open_order(*, order: NewOrder, trail: Trail, by: Actor) -> Opened:
    """Write an order down as it was agreed. A part of checkout; `payments.start` sees to it that it ends in time.

    tells  shop.order_placed; shop.difference_placed for what an exchange costs more
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


def _placed(number: str, order: NewOrder) -> OrderPlaced | DifferencePlaced:
    def minor(amount: Money) -> int:
        return rules.in_books(amount, order.booked).minor

    goods, discount, shipping, tax = (minor(a) for a in (order.goods, order.discount, order.shipping, order.tax))
    if order.difference_of:
        return DifferencePlaced(
            order_number=number,
            difference_of=order.difference_of,
            customer_id=str(order.customer_id),
            lines=rules.told_lines(order.lines, booked=order.booked),
            amount_minor=goods + shipping + tax,
            currency=order.booked.currency,
        )
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
    head = {
        "number": number,
        "shop": trail.shop,
        "person": trail.person,
        "session": trail.session,
        "channel": trail.channel,
        "campaign": trail.campaign,
        "device": trail.device,
        "region": trail.region,
        "customer_id": order.customer_id,
        "currency": order.total.currency,
        **{name: getattr(order, name).minor for name in _SUMS},
        "book_currency": order.booked.currency,
        "book_rate": order.booked.rate,
        "book_rate_on": order.booked.rate_on,
        "note": order.note,
        "difference_of": order.difference_of,
        "placed_fact": fact_id,
        "placed_at": placed_at,
        "expires_at": expires_at,
    }
    rows = (head, [_place(place) for place in order.destinations], [_row(line) for line in order.lines])
    together.send(_WRITE, [_encoder.encode(each).decode() for each in rows])


def _place(place: Destination) -> dict[str, Any]:
    return {
        "position": place.position,
        "address_id": place.address_id,
        "country": place.country,
        "region": place.region,
        "city": place.city,
        "option": place.option,
        "shipping": place.shipping.minor,
        "promised_on": place.promised_on,
    }


def _row(line: Line) -> dict[str, Any]:
    return {
        **{name: getattr(line, name) for name in _AS_IT_IS},
        **{name: getattr(line, name).minor for name in _AMOUNTS},
        "shares": [_told(share) for share in line.shares],
    }


def _told(share: Share) -> dict[str, str | int]:
    """A share as it is kept, in the order's currency."""
    return {
        "step": share.step,
        "reason": share.reason,
        "part": share.part,
        "minor": share.amount.minor,
        "funded_by": share.funded_by,
        "source": share.source,
    }

"""The verbs of orders. A state changes only by `update ... where state = ...`: of two at once, one finds no row."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.orders import models, queries, rules
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.orders.rules import NewOrder, Opened, State
from zhanggui.spine.facts.shop import OrderCancelled, OrderExpired, OrderPlaced
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

_WRITE = """
with o as (
    insert into shop_orders_order (number, shop, person, session, channel, campaign, device, region, customer_id,
        address_id, state, currency, discount_minor, goods_minor, shipping_minor, tax_minor, total_minor, placed_fact,
        placed_at, expires_at)
    values (%s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar,
        %s::uuid, %s::uuid, 'awaiting_payment', %s::varchar, %s::bigint, %s::bigint, %s::bigint, %s::bigint, %s::bigint,
        %s::uuid, %s::timestamptz, %s::timestamptz) returning number)
insert into shop_orders_line (order_id, position, sku, category, title_zh, title_en, quantity, list_price_minor,
    listed_minor, discount_minor, amount_minor, shipping_minor, tax_minor)
select o.number, t.* from o, unnest(%s::int[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::int[],
    %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[]) t
"""


@operation
def open_order(*, order: NewOrder, trail: Trail, by: Actor) -> Opened:
    """Write an order down as it was agreed, and give it up when it has not been paid in time. A part of checkout.

    tells  shop.order_placed
    """
    now = clock.now()
    number = rules.order_number(clock.day_of(now, _zone(trail.shop)), noise=secrets.randbits(rules.NOISE_BITS))
    expires_at = now + rules.TIME_TO_PAY
    fact_id = record(_placed(number, order), by=by, trail=trail, subject=f"order:{number}")
    _write(number, order, fact_id=fact_id, trail=trail, placed_at=now, expires_at=expires_at)
    later(expire_in_time, at=expires_at + rules.GRACE, order_number=number)
    return Opened(number=number, fact_id=fact_id, expires_at=expires_at)


@operation
def mark_paid(*, order_number: str) -> bool:
    """Let an order be paid, if it still waits for its money; whether it did. A part of settling a payment."""
    return _move(order_number, to=State.PAID)


@operation
def cancel(*, order_number: str, reason: str, trail: Trail, by: Actor) -> None:
    """Call off an order that has not been paid, and put its stock back on sale.

    reason   a word, such as changed_mind
    refuses  NoSuchOrder, for another shopper's order too; TransitionRefused
    tells    shop.order_cancelled, supply.stock_released
    """
    is_shopper = by.kind is ActorKind.CUSTOMER
    order = (
        queries.order(trail.shop, order_number, person=trail.person)
        if is_shopper
        else queries.order_for_staff(trail.shop, order_number)
    )
    if not _move(order_number, to=State.CANCELLED):
        state = queries.states([order_number])[order_number]
        why = rules.refusal(state, to=State.CANCELLED)
        raise TransitionRefused(order_number=order_number, state=state, to=State.CANCELLED, reason=why)
    fact = OrderCancelled(
        order_number=order_number, reason=reason, amount_minor=order.total.minor, currency=order.total.currency
    )
    its_trail = order.trail if trail.cause is None else order.trail.after(trail.cause)
    id = record(fact, by=by, trail=its_trail, subject=f"order:{order_number}")
    stock.release(order_number=order_number, trail=its_trail.after(id), by=by)


@operation
def expire(*, order_number: str) -> bool:
    """Give up an order that was not paid in time, and put its stock back on sale; False if it does not wait any longer.

    refuses  NoSuchOrder
    tells    shop.order_expired, supply.stock_released
    """
    if not _move(order_number, to=State.EXPIRED, due_before=clock.now()):
        return False
    order = queries.order_by_number(order_number)
    by = job_actor("orders.expire")
    fact = OrderExpired(order_number=order_number, amount_minor=order.total.minor, currency=order.total.currency)
    id = record(fact, by=by, trail=order.trail, subject=f"order:{order_number}")
    stock.release(order_number=order_number, trail=order.trail.after(id), by=by)
    return True


@job(name="orders.expire")
def expire_in_time(order_number: str) -> None:
    """The job that waits for each order's deadline."""
    expire(order_number=order_number)


@job(name="orders.expire_overdue", every="*/10 * * * *")
def expire_overdue() -> None:
    """Give up what its own job missed, because it failed or a clock was wrong."""
    for number in queries.overdue(at=clock.now()):
        expire(order_number=number)


@lru_cache(maxsize=64)
def _zone(shop: str) -> str:
    """The shop's zone; asked once per process, because a shop never changes it."""
    return shops.shop(shop).zone


def _move(order_number: str, *, to: State, due_before: datetime | None = None) -> bool:
    rows = models.Order.objects.filter(pk=order_number, state__in=rules.before(to))
    if due_before is not None:
        rows = rows.filter(expires_at__lte=due_before)
    return rows.update(state=to, ended_at=clock.now()) == 1


def _placed(number: str, order: NewOrder) -> OrderPlaced:
    return OrderPlaced(
        order_number=number,
        customer_id=str(order.customer_id),
        lines=rules.told_lines(order.lines),
        goods_minor=order.goods.minor,
        discount_minor=order.discount.minor,
        shipping_minor=order.shipping.minor,
        tax_minor=order.tax.minor,
        amount_minor=order.total.minor,
        currency=order.total.currency,
    )


def _write(
    number: str, order: NewOrder, *, fact_id: UUID, trail: Trail, placed_at: datetime, expires_at: datetime
) -> None:
    visit: list[Any] = [trail.person, trail.session, trail.channel, trail.campaign, trail.device, trail.region]
    sums: list[Any] = [sum.minor for sum in (order.discount, order.goods, order.shipping, order.tax, order.total)]
    head: list[Any] = [number, trail.shop, *visit, order.customer_id, order.address_id, order.total.currency, *sums]
    rows = [
        (
            position,
            line.sku,
            line.category,
            line.title_zh,
            line.title_en,
            line.quantity,
            line.list_price.minor,
            line.listed.minor,
            line.discount.minor,
            line.amount.minor,
            line.shipping.minor,
            line.tax.minor,
        )
        for position, line in enumerate(order.lines, start=1)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [*head, fact_id, placed_at, expires_at, *columns])

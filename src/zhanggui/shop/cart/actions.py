"""The verbs of the cart; the shopper is the person of the trail. Every change makes the cart's version grow."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.database import together
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.cart import queries, rules
from zhanggui.shop.cart.errors import CartFull, CartMoved, NotForSale, QuantityNotAllowed
from zhanggui.shop.cart.rules import Line
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.spine.facts.shop import CartChanged
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# What is longer fits no column, and PostgreSQL says so before it looks whether it is for sale.
_LONGEST_SKU: Final = 60
# Indexes shop_cart_cart_once, shop_cart_line_once. The cart's row is locked by making its version grow, so changes of
# one cart stand in a queue, and so does whoever claims it. What is not for sale locks nothing.
_LAY = """
with sold as materialized (select ({sold}) as said),
c as (
    insert into shop_cart_cart as k (id, shop, person, version, changed_at)
    select %s::uuid, %s::varchar, %s::varchar, 1, %s::timestamptz from sold where said is not null
    on conflict on constraint shop_cart_cart_once
        do update set version = k.version + 1, changed_at = excluded.changed_at returning id)
insert into shop_cart_line as l (cart_id, sku, quantity) select id, %s::varchar, %s::int from c
on conflict on constraint shop_cart_line_once
    do update set quantity = excluded.quantity + l.quantity * %s::int
    where excluded.quantity + l.quantity * %s::int <= %s::int
returning cart_id, quantity, (select count(*) from shop_cart_line o where o.cart_id = l.cart_id and o.sku <> l.sku),
    (select said from sold)
"""
_REMOVE = """
with c as (
    update shop_cart_cart k set version = k.version + 1, changed_at = %s::timestamptz
    where k.shop = %s::varchar and k.person = %s::varchar
        and exists (select from shop_cart_line l where l.cart_id = k.id and l.sku = %s::varchar) returning id)
delete from shop_cart_line l using c where l.cart_id = c.id and l.sku = %s::varchar returning l.cart_id
"""
# Whoever waits here while another takes the cart finds another version afterwards, and no row.
_TAKE = """
with c as (
    update shop_cart_cart set version = version + 1, changed_at = %s::timestamptz
    where shop = %s::varchar and person = %s::varchar and version = %s::bigint returning id),
taken as (delete from shop_cart_line l using c where l.cart_id = c.id returning l.id, l.sku, l.quantity)
select taken.sku, taken.quantity from c left join taken on true order by taken.id
"""

# Index shop_cart_line_once. Both carts are locked in the order of their ids by making their versions grow; what lay in
# the one is added to the other, up to as many pieces and lines as a cart holds.
_MERGE = """
insert into shop_cart_cart (id, shop, person, version, changed_at)
values (%s::uuid, %s::varchar, %s::varchar, 0, %s::timestamptz) on conflict on constraint shop_cart_cart_once do nothing
"""
_LOCK_BOTH = """
update shop_cart_cart c set version = c.version + 1, changed_at = %s::timestamptz
from (select id from shop_cart_cart where shop = %s::varchar and person = any(%s::varchar[]) order by id for update) k
where c.id = k.id returning c.id, c.person
"""
_MOVE = """
with moved as (delete from shop_cart_line where cart_id = %s::uuid returning id, sku, quantity)
insert into shop_cart_line as l (cart_id, sku, quantity)
select %s::uuid, sku, quantity from moved order by id limit %s::int
on conflict on constraint shop_cart_line_once do update set quantity = least(%s::int, l.quantity + excluded.quantity)
"""


@operation
def add(*, sku: str, quantity: int, trail: Trail, by: Actor) -> int:
    """Lay pieces aside on top of those that are; how many of the SKU stand in the cart from now on.

    refuses  QuantityNotAllowed if fewer than 1 are added or more than 99 would stand there, NotForSale, CartFull
    tells    shop.cart_changed
    """
    return _lay(sku, quantity, is_on_top=True, trail=trail, by=by)


@operation
def change(*, sku: str, quantity: int, trail: Trail, by: Actor) -> None:
    """Have exactly so many pieces of a SKU in the cart.

    refuses  QuantityNotAllowed outside 1 to 99, NotForSale, CartFull
    tells    shop.cart_changed
    """
    _lay(sku, quantity, is_on_top=False, trail=trail, by=by)


@operation
def remove(*, sku: str, trail: Trail, by: Actor) -> None:
    """Take a SKU out of the cart; nothing happens if it is not in it.

    tells  shop.cart_changed with 0 pieces
    """
    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [clock.now(), trail.shop, trail.person, sku, sku])
        row = cursor.fetchone()
    if row is not None:
        card = catalogue.products([sku])[sku]
        _tell(row[0], sku, card.category, card.price, quantity=0, trail=trail, by=by)


@operation
def take(*, cart_version: int, trail: Trail) -> tuple[Line, ...]:
    """Empty the cart into an order's hands, if it is still as it was seen; the first write of placing an order.

    cart_version  as `queries.cart` read it together with the lines
    refuses       CartMoved if it was changed or taken meanwhile; an empty cart gives no lines
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [clock.now(), trail.shop, trail.person, cart_version])
        taken = cursor.fetchall()
    if not taken:
        raise CartMoved(cart_version=queries.cart(trail.shop, trail.person).version)
    return tuple(Line(sku=sku, quantity=quantity) for sku, quantity in taken if sku is not None)


@operation
def merge(*, shop: str, from_person: str, to_person: str) -> None:
    """Put what somebody laid aside before signing in to what already lay in the account's cart.

    Pieces of the same SKU add up to 99 at most; nothing is told, because nobody chose anything anew.
    """
    if from_person == to_person:
        return
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, [ids.uuid7(), shop, to_person, now])
        cursor.execute(_LOCK_BOTH, [now, shop, [from_person, to_person]])
        carts = {person: id for id, person in cursor.fetchall()}
        if from_person not in carts:
            return
        room = rules.MOST_LINES - len(queries.cart(shop, to_person).lines)
        cursor.execute(_MOVE, [carts[from_person], carts[to_person], max(room, 0), rules.MOST_QUANTITY])


def _lay(sku: str, quantity: int, *, is_on_top: bool, trail: Trail, by: Actor) -> int:
    if not rules.is_quantity(quantity):
        raise QuantityNotAllowed(sku=sku, quantity=quantity)
    if len(sku) > _LONGEST_SKU:
        raise NotForSale(sku=sku)
    asked, kept = catalogue.for_sale_asked(trail.shop, sku), int(is_on_top)
    with connection.cursor() as cursor:
        who: list[Any] = [*asked.parameters, ids.uuid7(), trail.shop, trail.person, clock.now()]
        cursor.execute(_LAY.format(sold=asked.sql), [*who, sku, quantity, kept, kept, rules.MOST_QUANTITY])
        row = cursor.fetchone()
    if row is None:
        (sold,) = together.ask(asked)
        raise NotForSale(sku=sku) if sold is None else QuantityNotAllowed(sku=sku, quantity=quantity)
    cart_id, standing, others, said = row
    if others >= rules.MOST_LINES:
        raise CartFull(sku=sku)
    sold = asked.read(said)
    _tell(cart_id, sku, sold.category, sold.price, quantity=standing, trail=trail, by=by)
    return int(standing)


def _tell(cart_id: UUID, sku: str, category: str, price: Money, *, quantity: int, trail: Trail, by: Actor) -> None:
    fact = CartChanged(
        cart_id=str(cart_id),
        sku=sku,
        category=category,
        quantity=quantity,
        amount_minor=price.minor * quantity,
        currency=price.currency,
    )
    record(fact, by=by, trail=trail, subject=f"cart:{cart_id}")

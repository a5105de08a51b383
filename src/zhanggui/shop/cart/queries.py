"""Reading carts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import cast
from uuid import UUID

import msgspec
from django.db import connection

from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.shop.cart.rules import Cart, Line

# Index shop_cart_cart_once. Version and lines come from one snapshot, so that a claim of the version covers the lines.
_CART = """
select json_build_array(c.id, c.version, c.person, coalesce((
    select json_agg(json_build_array(l.sku, l.quantity) order by l.id) from shop_cart_line l where l.cart_id = c.id
), '[]'))::text
from shop_cart_cart c where c.shop = %s::varchar and c.person = ({person})
"""
_PIECES = """
select coalesce(sum(l.quantity), 0)::bigint from shop_cart_cart c join shop_cart_line l on l.cart_id = c.id
where c.shop = %s::varchar and c.person = ({person})
"""
_LINES = """
select l.sku, l.quantity from shop_cart_cart c join shop_cart_line l on l.cart_id = c.id
where c.shop = %s::varchar and c.person = ({person})
"""

# Index shop_cart_cart_changed: of 100,000 carts of a year those pages that hold one of the last weeks. Once an hour.
_LEFT = """
select c.person, c.changed_at from shop_cart_cart c
where c.shop = %s::varchar and c.changed_at >= %s::timestamptz and c.changed_at < %s::timestamptz
    and exists (select from shop_cart_line l where l.cart_id = c.id)
"""
# Index shop_cart_cart_once.
_CHANGED = """
select c.person, c.changed_at from shop_cart_cart c where c.shop = %s::varchar and c.person = any(%s::varchar[])
    and exists (select from shop_cart_line l where l.cart_id = c.id)
"""

_cart = msgspec.json.Decoder(tuple[UUID, int, str, list[tuple[str, int]]])


def cart(shop: str, person: str) -> Cart:
    """The cart of a shopper, empty if there is none. One statement."""
    (found,) = together.ask(cart_asked(shop, Question("%s::varchar", (person,), str)))
    return cast("Cart | None", found) or Cart(id=None, shop=shop, person=person, version=0, lines=())


def cart_asked(shop: str, person: Question[str]) -> Question[Cart | None]:
    """`cart`, to be asked together with other things; None if there is none. Who it is may be a question itself."""
    return Question(_CART.format(person=person.sql), (shop, *person.parameters), partial(_read, shop))


def pieces(shop: str, person: str) -> int:
    """How many pieces stand in a shopper's cart, for the header. One statement."""
    (found,) = together.ask(pieces_asked(shop, Question("%s::varchar", (person,), str)))
    return int(found)


def pieces_asked(shop: str, person: Question[str]) -> Question[int]:
    """`pieces`, to be asked together with other things; who the shopper is may be a question itself."""
    return Question(_PIECES.format(person=person.sql), (shop, *person.parameters), int)


def left(shop: str, *, since: datetime, until: datetime) -> dict[str, datetime]:
    """Whose cart has something in it and was touched last in a time, half open, and when. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, [shop, since, until])
        return dict(cursor.fetchall())


def touched(shop: str, persons: Sequence[str]) -> dict[str, datetime]:
    """When these shoppers touched their carts last; who has nothing in it is left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [shop, list(persons)])
        return dict(cursor.fetchall())


def lines_asked(shop: str, person: Question[str]) -> Question[None]:
    """SKU and quantity of each line, as a part of another question."""
    return Question(_LINES.format(person=person.sql), (shop, *person.parameters), lambda _: None)


def _read(shop: str, said: str | None) -> Cart | None:
    if said is None:
        return None
    id, version, person, lines = _cart.decode(said)
    return Cart(
        id=id,
        shop=shop,
        person=person,
        version=version,
        lines=tuple(Line(sku=sku, quantity=quantity) for sku, quantity in lines),
    )

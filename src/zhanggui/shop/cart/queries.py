"""Reading carts."""

from __future__ import annotations

from django.db import connection

from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.shop.cart.rules import Cart, Line

# Index shop_cart_cart_once. Version and lines come from one snapshot, so that a claim of the version covers the lines.
_CART = """
select c.id, c.version, l.sku, l.quantity from shop_cart_cart c left join shop_cart_line l on l.cart_id = c.id
where c.shop = %s::varchar and c.person = %s::varchar order by l.id
"""
_PIECES = """
select coalesce(sum(l.quantity), 0)::bigint from shop_cart_cart c join shop_cart_line l on l.cart_id = c.id
where c.shop = %s::varchar and c.person = ({person})
"""
_LINES = """
select l.sku, l.quantity from shop_cart_cart c join shop_cart_line l on l.cart_id = c.id
where c.shop = %s::varchar and c.person = ({person})
"""


def cart(shop: str, person: str) -> Cart:
    """The cart of a shopper, empty if there is none. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CART, [shop, person])
        rows = cursor.fetchall()
    id, version = rows[0][:2] if rows else (None, 0)
    lines = tuple(Line(sku=sku, quantity=quantity) for _, _, sku, quantity in rows if sku is not None)
    return Cart(id=id, shop=shop, person=person, version=version, lines=lines)


def pieces(shop: str, person: str) -> int:
    """How many pieces stand in a shopper's cart, for the header. One statement."""
    (found,) = together.ask(pieces_asked(shop, Question("%s::varchar", (person,), str)))
    return int(found)


def pieces_asked(shop: str, person: Question[str]) -> Question[int]:
    """`pieces`, to be asked together with other things; who the shopper is may be a question itself."""
    return Question(_PIECES.format(person=person.sql), (shop, *person.parameters), int)


def lines_asked(shop: str, person: Question[str]) -> Question[None]:
    """SKU and quantity of each line, as a part of another question."""
    return Question(_LINES.format(person=person.sql), (shop, *person.parameters), lambda _: None)

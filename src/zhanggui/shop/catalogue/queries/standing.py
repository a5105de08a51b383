"""How rows stand now, and which products a crawler is to know: the light questions behind every page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection

from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.money import Money
from zhanggui.shop.catalogue.queries.cards import JOINED

# Primary keys. The sum is what `Card.version` holds.
_VERSIONS: Final = """
select json_object_agg(v.sku, p.version + v.version)::text from shop_catalogue_variant v
join shop_catalogue_product p on p.id = v.product_id where v.sku = any({skus})
"""
_WORTH: Final = """
select json_build_array(coalesce(sum(w.quantity), 0), coalesce(sum(v.price_minor * w.quantity), 0))::text
from ({lines}) w(sku, quantity) left join shop_catalogue_variant v on v.sku = w.sku
"""
# Primary keys.
_FOR_SALE: Final = f"""
select json_build_array(c.key, v.price_minor, v.currency)::text from {JOINED}
where v.sku = %s::varchar and v.is_listed and p.shop = %s::varchar
"""
_for_sale: Final = msgspec.json.Decoder(tuple[str, int, str])
_worth: Final = msgspec.json.Decoder(tuple[int, int])
_versions: Final = msgspec.json.Decoder(dict[str, int])
# Index shop_catalogue_product_faces.
_STARTS: Final = """
select face_sku from (
    select face_sku, row_number() over (order by face_sku) as place from shop_catalogue_product
    where shop = %s::varchar and is_listed) f
where (place - 1) %% %s::int = 0 order by 1
"""
_FROM: Final = """
select face_sku, listed_at from shop_catalogue_product
where shop = %s::varchar and is_listed and (face_sku > %s::varchar or (%s::boolean and face_sku = %s::varchar))
order by face_sku limit %s::int
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForSale:
    """What a cart must know of a SKU.

    category  the key of its shelf
    price     the list price of one piece
    """

    category: str
    price: Money


def versions(skus: Iterable[str]) -> dict[str, int]:
    """The version of each SKU as `Card.version` says it; unknown ones are left out. One statement, primary keys."""
    (found,) = together.ask(versions_asked(skus))
    return dict(found)


def versions_asked(skus: Iterable[str]) -> Question[dict[str, int]]:
    """`versions`, to be asked together with other things."""
    sql, parameters = together.any_of(skus)
    return Question(_VERSIONS.format(skus=sql), parameters, _read_versions)


def worth_asked(lines: Question[None]) -> Question[tuple[int, int]]:
    """How many pieces there are and what they cost at their list prices, in minor units; one that nobody knows costs
    nothing. To be asked together.

    lines  asks for SKUs and quantities
    """
    return Question(_WORTH.format(lines=lines.sql), lines.parameters, _worth.decode)


def for_sale_asked(shop: str, sku: str) -> Question[ForSale | None]:
    """A SKU, if the shop sells it now; to be asked with other things."""
    return Question(_FOR_SALE, (sku, shop), _read_for_sale)


def listed_starts(shop: str, *, every: int) -> tuple[str, ...]:
    """The face SKU with which each part of so many listed products begins, in the order of the SKUs. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STARTS, [shop, every])
        return tuple(sku for (sku,) in cursor.fetchall())


def listed_from(shop: str, first: str, *, is_included: bool, limit: int) -> tuple[tuple[str, datetime], ...]:
    """The listed products from a face SKU on, with the moment each was listed. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FROM, [shop, first, is_included, first, limit])
        return tuple(cursor.fetchall())


def _read_versions(said: str | None) -> dict[str, int]:
    return _versions.decode(said) if said else {}


def _read_for_sale(said: str | None) -> ForSale | None:
    if said is None:
        return None
    category, minor, currency = _for_sale.decode(said)
    return ForSale(category=category, price=Money(minor, currency))

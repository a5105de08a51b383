"""How rows stand now, and which products a crawler is to know: the light questions behind every page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

import msgspec
from django.db import connection

from zhanggui.base.database import together
from zhanggui.base.database.together import Question

# Primary keys. The sum is what `Card.version` holds.
_VERSIONS: Final = """
select json_object_agg(v.sku, p.version + v.version)::text from shop_catalogue_variant v
join shop_catalogue_product p on p.id = v.product_id where v.sku = any(%s::varchar[])
"""
_WORTH: Final = """
select coalesce(sum(v.price_minor * w.quantity), 0)::bigint from ({lines}) w(sku, quantity)
join shop_catalogue_variant v on v.sku = w.sku
"""
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


def versions(skus: Iterable[str]) -> dict[str, int]:
    """The version of each SKU as `Card.version` says it; unknown ones are left out. One statement, primary keys."""
    (found,) = together.ask(versions_asked(skus))
    return dict(found)


def versions_asked(skus: Iterable[str]) -> Question[dict[str, int]]:
    """`versions`, to be asked together with other things."""
    return Question(_VERSIONS, (together.array(skus),), _read_versions)


def worth_asked(lines: Question[None]) -> Question[int]:
    """What pieces cost at their list prices, in minor units; one that nobody knows costs nothing. To be asked together.

    lines  asks for SKUs and quantities
    """
    return Question(_WORTH.format(lines=lines.sql), lines.parameters, int)


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

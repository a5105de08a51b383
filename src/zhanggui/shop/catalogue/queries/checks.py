"""Holding the catalogue against what it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection

# Prices against the newest list price point, a product's range against its SKUs.
_READD: Final = """
select v.sku, 'price' from shop_catalogue_variant v where v.price_minor is distinct from (
    select q.price_minor from shop_catalogue_price_point q where q.sku = v.sku and q.kind = 'list'
    order by q.since desc, q.id desc limit 1)
union all
select p.face_sku, 'shelf' from shop_catalogue_product p join (
    select product_id, bool_or(is_listed) as is_listed, count(*) filter (where is_listed) as skus,
        coalesce(min(price_minor) filter (where is_listed), min(price_minor)) as low
    from shop_catalogue_variant group by product_id
) v on v.product_id = p.id
where (p.is_listed, p.skus, p.low_minor) is distinct from (v.is_listed, v.skus, v.low)
order by 1, 2
"""
# Products without a rating count as soon as one of these SKUs is theirs.
_RATINGS: Final = """
select array_agg(v.sku order by v.sku), p.rating_sum, p.rating_count
from shop_catalogue_product p join shop_catalogue_variant v on v.product_id = p.id
group by p.id having p.rating_count > 0 or bool_or(v.sku = any(%s::varchar[])) order by p.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A SKU whose price or place on the shelf is not what its price points or variants say.

    fault  price or shelf
    """

    sku: str
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """What the reviews of a product's SKUs add up to, as the catalogue counts it."""

    skus: tuple[str, ...]
    stars: int
    reviews: int


def audit() -> tuple[Disagreement, ...]:
    """Hold prices and shelves against what they are made of; none if the catalogue is right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        return tuple(Disagreement(sku=sku, fault=fault) for sku, fault in cursor.fetchall())


def ratings(*, with_reviews: Sequence[str] = ()) -> tuple[Rated, ...]:
    """The products that are rated, and those of these SKUs. One statement over all products, for an audit."""
    with connection.cursor() as cursor:
        cursor.execute(_RATINGS, [list(with_reviews)])
        return tuple(Rated(skus=tuple(skus), stars=stars, reviews=n) for skus, stars, n in cursor.fetchall())

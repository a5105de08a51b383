"""How shoppers rate products, and how often they buy them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from django.db import connection

from zhanggui.base.operation.actions import operation
from zhanggui.shop.catalogue import models
from zhanggui.shop.catalogue.errors import NoSuchProduct, RatingNotAllowed

# Products are held in the order of their handles.
_COUNT_RATINGS: Final = """
with more as (
    select v.product_id, sum(t.stars) as stars, sum(t.reviews) as reviews
    from unnest(%s::varchar[], %s::bigint[], %s::bigint[]) t(sku, stars, reviews)
    join shop_catalogue_variant v on v.sku = t.sku group by v.product_id),
held as materialized (
    select p.id, more.stars, more.reviews from shop_catalogue_product p join more on more.product_id = p.id
    order by p.handle for update of p)
update shop_catalogue_product p set rating_sum = p.rating_sum + held.stars, rating_count = p.rating_count + held.reviews
from held where p.id = held.id
"""
_RANK: Final = """
with sold as (
    select v.product_id, sum(t.units) as units from unnest(%s::varchar[], %s::bigint[]) t(sku, units)
    join shop_catalogue_variant v on v.sku = t.sku group by v.product_id),
moved as materialized (
    select p.id, coalesce(sold.units, 0) as units from shop_catalogue_product p
    left join sold on sold.product_id = p.id
    where p.shop = %s::varchar and p.sold_units <> coalesce(sold.units, 0) order by p.handle for update of p)
update shop_catalogue_product p set sold_units = moved.units from moved where p.id = moved.id
"""


@operation
def count_ratings(*, ratings: Mapping[str, Sequence[int]], is_more: bool = True) -> None:
    """Count the stars of reviews into their products, or out of them if the reviews can be read no longer.

    ratings  1 to 5, by SKU
    refuses  NoSuchProduct, RatingNotAllowed; nothing is written
    """
    for sku, given in ratings.items():
        if wrong := [rating for rating in given if not 1 <= rating <= 5]:
            raise RatingNotAllowed(sku=sku, rating=wrong[0])
    known = set(models.Variant.objects.filter(pk__in=list(ratings)).values_list("pk", flat=True))
    if len(known) < len(ratings):
        raise NoSuchProduct(sku=next(sku for sku in ratings if sku not in known))
    sign = 1 if is_more else -1
    _count({sku: (sign * sum(given), sign * len(given)) for sku, given in ratings.items()})


@operation
def touch(*, skus: Collection[str]) -> None:
    """Have the pages of these SKUs' products made anew: something was said there that the catalogue does not keep."""
    _count(dict.fromkeys(skus, (0, 0)))


@operation
def rank(*, shop: str, sold_units: Mapping[str, int]) -> None:
    """Say how many pieces of each SKU were sold lately, which orders the shelves; SKUs left out count 0."""
    with connection.cursor() as cursor:
        cursor.execute(_RANK, [list(sold_units), list(sold_units.values()), shop])


def _count(more: Mapping[str, tuple[int, int]]) -> None:
    """Stars and reviews by SKU, negative where they go; every row that is written is a new version of it."""
    with connection.cursor() as cursor:
        stars, reviews = [each for each, _ in more.values()], [each for _, each in more.values()]
        cursor.execute(_COUNT_RATINGS, [list(more), stars, reviews])

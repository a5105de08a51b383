"""The tree of categories."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connection

from zhanggui.base.operation.actions import operation
from zhanggui.shop.catalogue import models, queries
from zhanggui.shop.catalogue.errors import CategoryInUse, CategoryLoop, NoSuchCategory
from zhanggui.shop.catalogue.rules import Category

# Whoever changes the tree of a shop waits for whoever does so already.
_ALONE: Final = "select pg_advisory_xact_lock(hashtextextended('shop_catalogue_category ' || %s::text, 0))"
_HANG: Final = """
update shop_catalogue_category c set parent_id = above.id
from unnest(%s::varchar[], %s::varchar[]) t(key, parent)
left join shop_catalogue_category above on above.shop = %s::varchar and above.key = t.parent
where c.shop = %s::varchar and c.key = t.key and c.parent_id is distinct from above.id
"""
# A loop hangs on no root, so its paths are not reached.
_PATHS: Final = """
with recursive tree as (
    select id, key::text as path from shop_catalogue_category where shop = %s::varchar and parent_id is null
    union all
    select c.id, tree.path || '/' || c.key from shop_catalogue_category c join tree on c.parent_id = tree.id),
renamed as (
    update shop_catalogue_category c set path = tree.path from tree where c.id = tree.id and c.path <> tree.path)
select min(key) from shop_catalogue_category c
where c.shop = %s::varchar and not exists (select from tree where tree.id = c.id)
"""


@operation
def put_up_categories(*, categories: Sequence[Category]) -> None:
    """Have these categories, with these names, under these parents, in this order; others stay as they are.

    refuses  NoSuchCategory for a parent that is not there, CategoryLoop; nothing is written
    """
    for shop in sorted({category.shop for category in categories}):
        _put_up(shop, [category for category in categories if category.shop == shop])
    queries.forget_categories()


@operation
def drop_category(*, shop: str, key: str) -> None:
    """Take an empty category away.

    refuses  NoSuchCategory, CategoryInUse while a product or a category stands in it
    """
    row = models.Category.objects.select_for_update().filter(shop=shop, key=key).first()
    if row is None:
        raise NoSuchCategory(key=key)
    is_used = models.Product.objects.filter(category=row).exists() or row.category_set.exists()
    if is_used:
        raise CategoryInUse(key=key)
    row.delete()
    queries.forget_categories()


def _put_up(shop: str, categories: Sequence[Category]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ALONE, [shop])
        models.Category.objects.bulk_create(
            [
                models.Category(
                    shop=shop, key=c.key, name_zh=c.name.zh, name_en=c.name.en, position=c.position, path=c.key
                )
                for c in categories
            ],
            update_conflicts=True,
            unique_fields=["shop", "key"],
            update_fields=["name_zh", "name_en", "position"],
        )
        parents = {category.parent for category in categories if category.parent}
        known = set(models.Category.objects.filter(shop=shop, key__in=parents).values_list("key", flat=True))
        if parents - known:
            raise NoSuchCategory(key=min(parents - known))
        cursor.execute(_HANG, [[c.key for c in categories], [c.parent for c in categories], shop, shop])
        cursor.execute(_PATHS, [shop, shop])
        (lost,) = cursor.fetchone()
    if lost is not None:
        raise CategoryLoop(key=lost)

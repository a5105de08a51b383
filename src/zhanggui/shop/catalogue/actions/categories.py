"""The tree of categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.db import connection

from zhanggui.base.operation.actions import operation
from zhanggui.shop.catalogue import models, queries
from zhanggui.shop.catalogue.errors import CategoryInUse, CategoryLoop, CategoryTooDeep, NoSuchCategory
from zhanggui.shop.catalogue.rules import Category, Words, shelving

# Whoever changes the tree of a shop waits for whoever does so already.
ALONE: Final = "select pg_advisory_xact_lock(hashtextextended('shop_catalogue_category ' || %s::text, 0))"
_HANG: Final = """
update shop_catalogue_category c set parent_id = above.id
from unnest(%s::varchar[], %s::varchar[]) t(key, parent)
left join shop_catalogue_category above on above.shop = %s::varchar and above.key = t.parent
where c.shop = %s::varchar and c.key = t.key and c.parent_id is distinct from above.id
"""
# A loop hangs on no root, so its paths are not reached; too deep a one is read no further and not written.
_PATHS: Final = f"""
with recursive tree as (
    select id, key::text as path, key, 1 as depth from shop_catalogue_category
    where shop = %s::varchar and parent_id is null
    union all
    select c.id, tree.path || '/' || c.key, c.key, tree.depth + 1
    from shop_catalogue_category c join tree on c.parent_id = tree.id where tree.depth <= {shelving.MOST_LEVELS}),
renamed as (
    update shop_catalogue_category c set path = tree.path from tree
    where c.id = tree.id and c.path <> tree.path and tree.depth <= {shelving.MOST_LEVELS})
select min(key), (select min(key) from tree where depth > {shelving.MOST_LEVELS})
from shop_catalogue_category c where c.shop = %s::varchar and not exists (select from tree where tree.id = c.id)
"""
_ORDER: Final = """
update shop_catalogue_category c set position = t.position from unnest(%s::varchar[]) with ordinality t(key, position)
where c.shop = %s::varchar and c.key = t.key and c.position <> t.position
"""


@operation
def put_up_categories(*, categories: Sequence[Category]) -> None:
    """Have these categories, with these names, under these parents, in this order; others stay as they are.

    refuses  NoSuchCategory for a parent that is not there, CategoryLoop, CategoryTooDeep; nothing is written
    """
    for shop in sorted({category.shop for category in categories}):
        _put_up(shop, [category for category in categories if category.shop == shop])
    queries.forget_categories()


@operation
def open_category(*, shop: str, name: Words, parent: str = "") -> str:
    """Make a category, the last one under its parent; its key, made of its name.

    parent   key of the category above; empty at the top
    refuses  NoSuchCategory for the parent, CategoryTooDeep; nothing is written
    """
    standing = _alone(shop)
    key = shelving.fresh_key(name, taken=standing)
    place = shelving.last_place(standing.values(), parent=parent)
    _put_up(shop, [Category(shop=shop, key=key, name=name, position=place, parent=parent)])
    queries.forget_categories()
    return key


@operation
def rename_category(*, shop: str, key: str, name: Words) -> None:
    """Call a category something else; its key, and with it its address, stays.

    refuses  NoSuchCategory
    """
    if not models.Category.objects.filter(shop=shop, key=key).update(name_zh=name.zh, name_en=name.en):
        raise NoSuchCategory(key=key)
    queries.forget_categories()


@operation
def hang_category(*, shop: str, key: str, parent: str) -> None:
    """Put a category with all that stands below it under another one, as the last there, or at the top.

    parent   key of the category above; empty for the top
    refuses  NoSuchCategory, CategoryLoop, CategoryTooDeep; nothing is written
    """
    standing = _alone(shop)
    mine = _known(standing, key)
    if parent == mine.parent:
        return
    place = shelving.last_place(standing.values(), parent=parent)
    _put_up(shop, [replace(mine, parent=parent, position=place)])
    queries.forget_categories()


@operation
def shift_category(*, shop: str, key: str, steps: int) -> None:
    """Move a category among those of the same parent, not beyond the first or the last.

    steps    down if more than 0, up if less
    refuses  NoSuchCategory
    """
    standing = _alone(shop)
    order = shelving.shifted(standing.values(), _known(standing, key), steps=steps)
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, [order, shop])
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


def _alone(shop: str) -> dict[str, Category]:
    """The tree as it stands, by keys, while nobody else changes it. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [shop])
    return {category.key: category for category in queries.categories(shop)}


def _known(standing: Mapping[str, Category], key: str) -> Category:
    if key not in standing:
        raise NoSuchCategory(key=key)
    return standing[key]


def _put_up(shop: str, categories: Sequence[Category]) -> None:
    for category in categories:
        if category.parent == category.key:
            raise CategoryLoop(key=category.key)
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [shop])
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
        lost, deep = cursor.fetchone()
    if deep is not None:
        raise CategoryTooDeep(key=deep, most_levels=shelving.MOST_LEVELS)
    if lost is not None:
        raise CategoryLoop(key=lost)

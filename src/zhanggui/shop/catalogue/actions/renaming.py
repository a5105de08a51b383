"""Other names in addresses: the one before goes on leading to the product or the category."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, connection, transaction

from zhanggui.base.operation.actions import operation
from zhanggui.shop.catalogue import models, queries
from zhanggui.shop.catalogue.actions.categories import ALONE
from zhanggui.shop.catalogue.errors import CategoryKeyNotAllowed, HandleNotAllowed, NoSuchCategory, NoSuchProduct
from zhanggui.shop.catalogue.rules import handle_of

LONGEST_KEY: Final = 40
# Index shop_catalogue_product_once. A former name points to the product itself, so there are no chains; the name that
# is taken now leads nowhere else any more.
_RENAME: Final = """
with renamed as (
    update shop_catalogue_product set handle = %s::varchar, edition = edition + 1
    where shop = %s::varchar and handle = %s::varchar returning id, shop),
taken as (
    delete from shop_catalogue_former_handle f using renamed r where f.shop = r.shop and f.handle = %s::varchar)
insert into shop_catalogue_former_handle (shop, handle, product_id) select shop, %s::varchar, id from renamed
on conflict on constraint shop_catalogue_former_handle_once do update set product_id = excluded.product_id
returning product_id
"""
# Index shop_catalogue_category_once; a key stands once in a tree, so once in a path.
_REKEY: Final = """
with renamed as (
    update shop_catalogue_category set key = %s::varchar
    where shop = %s::varchar and key = %s::varchar returning id, shop),
taken as (
    delete from shop_catalogue_former_key f using renamed r where f.shop = r.shop and f.key = %s::varchar)
insert into shop_catalogue_former_key (shop, key, category_id) select shop, %s::varchar, id from renamed
on conflict on constraint shop_catalogue_former_key_once do update set category_id = excluded.category_id
returning category_id
"""
_PATHS: Final = """
update shop_catalogue_category
set path = array_to_string(array_replace(string_to_array(path, '/'), %s::varchar, %s::varchar), '/')
where shop = %s::varchar and %s::varchar = any(string_to_array(path, '/'))
"""


@operation
def rename_product(*, shop: str, handle: str, to: str) -> None:
    """Call a product something else in addresses; the name before leads to it until another product takes it.

    refuses  NoSuchProduct, HandleNotAllowed if the new name is taken or cannot stand in an address
    """
    if to != handle_of(to):
        raise HandleNotAllowed(handle=to, reason="form")
    if to == handle and models.Product.objects.filter(shop=shop, handle=handle).exists():
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_RENAME, [to, shop, handle, to, handle])
            is_renamed = cursor.fetchone() is not None
    except IntegrityError as taken:
        raise HandleNotAllowed(handle=to, reason="taken") from taken
    if not is_renamed:
        raise NoSuchProduct(sku=handle)


@operation
def rekey_category(*, shop: str, key: str, to: str) -> None:
    """Call a category something else in addresses; the key before leads to it until another category takes it.

    refuses  NoSuchCategory, CategoryKeyNotAllowed if the new key is taken or cannot stand in an address
    """
    if to != handle_of(to) or len(to) > LONGEST_KEY:
        raise CategoryKeyNotAllowed(key=to, reason="form")
    if to == key and models.Category.objects.filter(shop=shop, key=key).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(ALONE, [shop])
        if models.Category.objects.filter(shop=shop, key=to).exists():
            raise CategoryKeyNotAllowed(key=to, reason="taken")
        cursor.execute(_REKEY, [to, shop, key, to, key])
        if cursor.fetchone() is None:
            raise NoSuchCategory(key=key)
        cursor.execute(_PATHS, [key, to, shop, key])
    queries.forget_categories()

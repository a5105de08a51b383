"""Where addresses lead that nothing stands at any more. Only asked once nothing was found."""

from __future__ import annotations

from typing import Final

from django.db import connection

from zhanggui.shop.catalogue import models

# Indexes shop_catalogue_product_once, shop_catalogue_former_handle_once, then shop_catalogue_variant_product_id.
_PRODUCT: Final = """
select coalesce(nullif(p.face_sku, ''),
    (select v.sku from shop_catalogue_variant v where v.product_id = p.id order by v.position, v.sku limit 1))
from shop_catalogue_product p where p.id = coalesce(
    (select id from shop_catalogue_product where shop = %s::varchar and handle = %s::varchar),
    (select product_id from shop_catalogue_former_handle where shop = %s::varchar and handle = %s::varchar))
"""


def product_at(shop: str, name: str) -> str:
    """The SKU to show for the handle of a product, or for one that it had before; empty if there is none.

    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCT, [shop, name, shop, name])
        found = cursor.fetchone()
    return str(found[0] or "") if found else ""


def category_at(shop: str, key: str) -> str:
    """The key that the category has which had this one before; empty if there is none. One statement.

    Index shop_catalogue_former_key_once.
    """
    rows = models.FormerKey.objects.filter(shop=shop, key=key).values_list("category__key", flat=True)
    return rows.first() or ""

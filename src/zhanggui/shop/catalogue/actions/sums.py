"""What a product's row says of its variants, brought up to date with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.db import connection

# Index shop_catalogue_variant_product_id. Rows that say the right thing already are left alone.
_SUM_UP: Final = """
with own as (
    select product_id, bool_or(is_listed) as is_listed, count(*) filter (where is_listed) as skus,
        (array_agg(sku order by is_listed desc, position, sku))[1] as face_sku,
        coalesce(min(price_minor) filter (where is_listed), min(price_minor)) as low,
        coalesce(max(price_minor) filter (where is_listed), max(price_minor)) as high,
        (array_agg(sale_minor order by not is_listed, sale_minor, sku))[1] as sale,
        (array_agg(sale_starts_at order by not is_listed, sale_minor, sku))[1] as starts,
        (array_agg(sale_ends_at order by not is_listed, sale_minor, sku))[1] as ends
    from shop_catalogue_variant where product_id = any(%s::bigint[]) group by product_id)
update shop_catalogue_product p set is_listed = own.is_listed, skus = own.skus, face_sku = own.face_sku,
    low_minor = own.low, high_minor = own.high, sale_minor = own.sale, sale_starts_at = own.starts,
    sale_ends_at = own.ends
from own where own.product_id = p.id
    and (p.is_listed, p.skus, p.face_sku, p.low_minor, p.high_minor, p.sale_minor, p.sale_starts_at, p.sale_ends_at)
    is distinct from (own.is_listed, own.skus, own.face_sku, own.low, own.high, own.sale, own.starts, own.ends)
"""


def sum_up(product_ids: Iterable[int]) -> None:
    """Write the face, the range of prices and the sale of these products anew. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SUM_UP, [sorted(set(product_ids))])

"""How often each SKU was looked at and put into a cart."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Parts, Rollup

LOOKS = Parts(
    name="looks",
    sql="""
select day, sku, count_if(name = 'Product Viewed') as views, count_if(name = 'Product Added') as adds
from events
where name in ('Product Viewed', 'Product Added') and sku <> '' and device is distinct from 'bot'
group by day, sku""",
)

# Read by insight.goods.
SKU_VIEWS = Rollup(
    name="sku_views",
    version=1,
    columns=(
        ("day", "date"),
        ("sku", "varchar"),
        ("views", "bigint"),
        ("adds", "bigint"),
    ),
    parts=LOOKS,
    of="name in ('Product Viewed', 'Product Added')",
    sql="select day, sku, sum(views) as views, sum(adds) as adds from parts group by day, sku",
)

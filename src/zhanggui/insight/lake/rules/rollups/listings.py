"""What SKUs were called."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

LISTINGS = Rollup(
    name="listings",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("sku", "varchar"),
        ("title", "varchar"),
        ("title_en", "varchar"),
        ("category", "varchar"),
        ("amount_minor", "bigint"),
        ("currency", "varchar"),
    ),
    of="name = 'shop.product_listed'",
    reads_facts=True,
    sql="""
with listed as (
    select day, ts_us, sku, category, amount_minor, currency, body from events
    where name = 'shop.product_listed'
    qualify row_number() over (partition by day, sku order by ts_us desc, id desc) = 1
)
select day, ts_us, sku, coalesce(decode(body) ->> '$.title', '') as title,
    coalesce(decode(body) ->> '$.title_en', '') as title_en, category, amount_minor, currency
from listed
""",
)

"""What buyers in each region were asked for bringing their orders."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by insight.goods. Of orders as they were placed: what a payment was for is told as one sum.
POSTAGE = Rollup(
    name="postage",
    version=1,
    columns=(
        ("day", "date"),
        ("region", "varchar"),
        ("orders", "bigint"),
        ("placed_minor", "bigint"),
        ("postage_minor", "bigint"),
    ),
    of="name = 'shop.order_placed'",
    reads_facts=True,
    sql="""
select day, region, count(*) as orders, coalesce(sum(amount_minor), 0)::bigint as placed_minor,
    coalesce(sum(try_cast(decode(body) ->> '$.shipping_minor' as bigint)), 0)::bigint as postage_minor
from events
where name = 'shop.order_placed'
group by day, region
""",
)

"""What was sold of each SKU."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

SKU_DAYS = Rollup(
    name="sku_days",
    version=1,
    columns=(
        ("day", "date"),
        ("kind", "varchar"),
        ("sku", "varchar"),
        ("category", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("currency", "varchar"),
        ("units", "bigint"),
        ("amount_minor", "bigint"),
        ("orders", "bigint"),
    ),
    sql="""
with sold as (
    select day, region, channel, device, currency, order_number, unnest(lines) as line,
        case name when 'shop.order_placed' then 'placed' when 'shop.payment_settled' then 'paid' else 'refunded' end
            as kind
    from events
    where name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled')
)
select day, kind, line.sku as sku, line.category as category, region, channel, device, currency,
    sum(line.quantity) as units, sum(line.amount_minor) as amount_minor, count(distinct order_number) as orders
from sold
group by all
""",
)

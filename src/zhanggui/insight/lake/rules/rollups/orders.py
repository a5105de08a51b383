"""What happened to orders, one row for each time."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

ORDERS = Rollup(
    name="orders",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("kind", "varchar"),
        ("order_number", "varchar"),
        ("person", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("campaign", "varchar"),
        ("currency", "varchar"),
        ("amount_minor", "bigint"),
        ("goods_minor", "bigint"),
        ("units", "bigint"),
    ),
    sql="""
select day, ts_us, order_number, person, region, channel, device, campaign, currency,
    case name
        when 'shop.order_placed' then 'placed'
        when 'shop.payment_settled' then 'paid'
        when 'shop.refund_settled' then 'refunded'
        else 'cancelled'
    end as kind,
    coalesce(amount_minor, 0) as amount_minor,
    coalesce(list_sum(list_transform(lines, lambda line: line.amount_minor)), 0) as goods_minor,
    coalesce(list_sum(list_transform(lines, lambda line: line.quantity)), 0) as units
from events
where name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled', 'shop.order_cancelled',
    'shop.order_expired')
""",
)

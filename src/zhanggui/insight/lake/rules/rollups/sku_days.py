"""What was sold of each SKU."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Deposits of presales are told without their goods; they count for the SKU on the day when the balance is paid. What an
# exchange costs more is money of what is sent instead, and no piece.
SKU_DAYS = Rollup(
    name="sku_days",
    version=3,
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
    of="""name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled', 'growth.balance_paid',
        'growth.deposit_returned', 'shop.difference_settled')""",
    reads_facts=True,
    sql="""
with sold as (
    select day, region, channel, device, currency, order_number, unnest(lines) as line,
        case name when 'shop.order_placed' then 'placed' when 'shop.payment_settled' then 'paid' else 'refunded' end
            as kind
    from events
    where name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled')
), presold as (
    select day, region, channel, device, currency, sku, category,
        if(name = 'growth.balance_paid', 'paid', 'refunded') as kind,
        coalesce((decode(body) ->> if(name = 'growth.balance_paid', '$.deposit_minor', '$.amount_minor'))::bigint, 0)
            as amount_minor
    from events
    where name = 'growth.balance_paid'
        or (name = 'growth.deposit_returned' and (decode(body) ->> '$.reason') = 'order_refunded')
    union all
    select day, region, channel, device, currency, line.sku, line.category, 'paid' as kind, line.amount_minor
    from (select *, unnest(lines) as line from events where name = 'shop.difference_settled')
)
select day, kind, line.sku as sku, line.category as category, region, channel, device, currency,
    sum(line.quantity) as units, sum(line.amount_minor) as amount_minor, count(distinct order_number) as orders
from sold
where line.sku not in ('presale-deposit', 'presale-prepayment')
group by all
union all
select day, kind, sku, category, region, channel, device, currency, 0, sum(amount_minor), 0
from presold
group by all
""",
)

"""What was ordered and paid, piece by piece and person by person."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read where goods are cut by what `sku_days` does not say: campaigns, hours, and who bought. What a presale's balance
# and an exchange bring is `balance`, money without pieces: they are counted already, or never.
ORDER_LINES = Rollup(
    name="order_lines",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("kind", "varchar"),
        ("person", "integer"),
        ("sku", "varchar"),
        ("category", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("campaign", "varchar"),
        ("units", "bigint"),
        ("amount_minor", "bigint"),
    ),
    of="""name in ('shop.order_placed', 'shop.payment_settled', 'growth.balance_paid', 'shop.difference_settled')""",
    reads_facts=True,
    sql="""
with split as (
    select day, ts_us, person, region, channel, device, campaign, unnest(lines) as line,
        case name when 'shop.order_placed' then 'placed' when 'shop.payment_settled' then 'paid' else 'balance' end
            as kind
    from events
    where name in ('shop.order_placed', 'shop.payment_settled', 'shop.difference_settled')
)
select day, ts_us, kind, person, line.sku as sku, line.category as category, region, channel, device, campaign,
    if(kind = 'balance', 0, line.quantity) as units, line.amount_minor as amount_minor
from split where line.sku not in ('presale-deposit', 'presale-prepayment')
union all
select day, ts_us, 'balance', person, sku, category, region, channel, device, campaign, 0,
    coalesce((decode(body) ->> '$.deposit_minor')::bigint, 0)
from events where name = 'growth.balance_paid'
""",
)

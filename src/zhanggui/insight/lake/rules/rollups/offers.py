"""What promotions, flash sales and presales gave, and to which orders."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by insight.campaigns.
# used     an order took something of it; amount: what that cost, of one SKU where the fact says so; of a presale, whose
#          balance was paid, null: `started` says what one piece costs
# undone   of an order's use, so much came to nothing; of a flash sale the amount is null and the units say how much
# line     a SKU of such an order, the amount after every discount; of a promotion all lines of the order, for no fact
#          says which of them it was about. An order and what it used are told at once, so they are joined within a day
# deposit, forfeited, returned   of one reservation, its `subject`
OFFERS = Rollup(
    name="offers",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("kind", "varchar"),
        ("offer", "varchar"),
        ("what", "varchar"),
        ("order_number", "varchar"),
        ("subject", "varchar"),
        ("sku", "varchar"),
        ("category", "varchar"),
        ("units", "bigint"),
        ("amount_minor", "bigint"),
        ("funded_by", "varchar"),
    ),
    of="starts_with(name, 'growth.')",
    reads_facts=True,
    sql="""
with told as (
    select day, ts_us, name, subject, order_number, sku, category, quantity, amount_minor, decode(body) as body
    from events
    where name in ('growth.promotion_started', 'growth.promotion_stopped', 'growth.promotion_redeemed',
        'growth.promotion_undone', 'growth.flash_started', 'growth.flash_ended', 'growth.flash_taken',
        'growth.flash_returned', 'growth.presale_started', 'growth.presale_ended', 'growth.deposit_paid',
        'growth.balance_paid', 'growth.deposit_forfeited', 'growth.deposit_returned')
), named as (
    select day, ts_us, order_number, subject, sku, category, name,
        case when starts_with(name, 'growth.promotion_') then 'promotion'
            when starts_with(name, 'growth.flash_') then 'flash' else 'presale' end as kind,
        coalesce(body ->> '$.promotion_id', body ->> '$.sale_id', body ->> '$.presale_id', '') as offer,
        case name
            when 'growth.promotion_redeemed' then 'used'
            when 'growth.flash_taken' then 'used'
            when 'growth.balance_paid' then 'used'
            when 'growth.promotion_undone' then 'undone'
            when 'growth.flash_returned' then 'undone'
            when 'growth.deposit_paid' then 'deposit'
            when 'growth.deposit_forfeited' then 'forfeited'
            when 'growth.deposit_returned' then 'returned'
            else if(ends_with(name, '_started'), 'started', 'stopped')
        end as what,
        coalesce(quantity, 0) as units,
        case name
            when 'growth.presale_started' then
                (body ->> '$.credit_minor')::bigint - (body ->> '$.first_minor')::bigint
            when 'growth.deposit_paid' then amount_minor + coalesce((body ->> '$.prepayment_minor')::bigint, 0)
            when 'growth.balance_paid' then null
            else amount_minor
        end as amount_minor,
        coalesce(body ->> '$.funded_by', '') as funded_by
    from told
), uses as (
    select day, min(ts_us) as ts_us, kind, offer, order_number, if(kind = 'flash', sku, '') as only_sku from named
    where what = 'used' and kind <> 'presale' and offer <> '' group by all
), placed as (
    select day, order_number, unnest(lines) as line from events
    where name = 'shop.order_placed' and order_number in (select order_number from uses)
)
select * exclude (name) from named where offer <> ''
union all by name
select uses.day, uses.ts_us, uses.kind, uses.offer, 'line' as what, uses.order_number, '' as subject,
    line.sku as sku, line.category as category, line.quantity as units, line.amount_minor as amount_minor,
    '' as funded_by
from uses join placed using (day, order_number)
where uses.only_sku in ('', line.sku)
union all by name
select day, ts_us, 'presale' as kind, body ->> '$.presale_id' as offer, 'line' as what, order_number, subject, sku,
    category, coalesce(quantity, 0) as units,
    amount_minor + coalesce((body ->> '$.deposit_minor')::bigint, 0) as amount_minor, '' as funded_by
from told where name = 'growth.balance_paid' and coalesce(body ->> '$.presale_id', '') <> ''
""",
)

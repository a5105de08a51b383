"""By how much the stock of each SKU changed, what it cost, and whether it could be bought."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by metrics: the stock at the end of a day is the sum of all changes up to it, over all warehouses.
# is_listed is the last word of the day, null if nothing was said. cost_minor is what the received pieces cost, where
# the receipt says so; costed_units are those pieces.
STOCK_DAYS = Rollup(
    name="stock_days",
    version=1,
    columns=(
        ("day", "date"),
        ("sku", "varchar"),
        ("on_hand_change", "bigint"),
        ("held_change", "bigint"),
        ("costed_units", "bigint"),
        ("cost_minor", "bigint"),
        ("is_listed", "boolean"),
    ),
    of="starts_with(name, 'supply.stock_') or name in ('shop.product_listed', 'shop.product_delisted')",
    reads_facts=True,
    sql="""
with told as (
    select day, ts_us, id, name, sku, quantity, lines, amount_minor,
        case when name in ('supply.stock_taken_back', 'supply.stock_counted', 'supply.stock_sorted',
            'supply.stock_written_off', 'supply.stock_repaired') then decode(body) end as body
    from events
    where starts_with(name, 'supply.stock_') or name in ('shop.product_listed', 'shop.product_delisted')
), moved as (
    select day, name, body, unnest(lines) as line from told
    where name in ('supply.stock_held', 'supply.stock_released', 'supply.stock_shipped', 'supply.stock_taken_back',
        'supply.stock_moved', 'supply.stock_arrived')
), changed as (
    select day, line.sku as sku,
        line.quantity * case name
            when 'supply.stock_shipped' then -1
            when 'supply.stock_moved' then -1
            when 'supply.stock_arrived' then 1
            when 'supply.stock_taken_back' then if((body ->> '$.is_sellable') = 'true', 1, 0)
            else 0
        end as on_hand_change,
        line.quantity * case name
            when 'supply.stock_held' then 1
            when 'supply.stock_released' then -1
            when 'supply.stock_shipped' then -1
            else 0
        end as held_change,
        0 as costed_units, 0 as cost_minor, null::boolean as is_listed
    from moved
    union all
    select day, sku,
        case name
            when 'supply.stock_received' then quantity
            when 'supply.stock_counted' then (body ->> '$.difference_units')::bigint
            when 'supply.stock_sorted' then if((body ->> '$.is_sellable') = 'true', quantity, -quantity)
            when 'supply.stock_written_off' then if((body ->> '$.was_sellable') = 'true', -quantity, 0)
            when 'supply.stock_repaired' then
                (body ->> '$.on_hand_units')::bigint - (body ->> '$.was_on_hand_units')::bigint
        end,
        case name
            when 'supply.stock_repaired' then (body ->> '$.held_units')::bigint - (body ->> '$.was_held_units')::bigint
            else 0
        end,
        if(name = 'supply.stock_received' and amount_minor is not null, quantity, 0),
        if(name = 'supply.stock_received', coalesce(amount_minor, 0), 0), null
    from told
    where name in ('supply.stock_received', 'supply.stock_counted', 'supply.stock_sorted', 'supply.stock_written_off',
        'supply.stock_repaired')
    union all
    select day, sku, 0, 0, 0, 0, name = 'shop.product_listed' from told
    where name in ('shop.product_listed', 'shop.product_delisted')
    qualify row_number() over (partition by day, sku order by ts_us desc, id desc) = 1
)
select day, sku, sum(on_hand_change) as on_hand_change, sum(held_change) as held_change,
    sum(costed_units) as costed_units, sum(cost_minor) as cost_minor, bool_or(is_listed) as is_listed
from changed
group by day, sku
""",
)

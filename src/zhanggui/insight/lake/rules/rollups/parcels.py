"""What left, arrived and came back, one row for each parcel or return."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by metrics: how long buyers wait, what share of what was shipped comes back.
PARCELS = Rollup(
    name="parcels",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("kind", "varchar"),
        ("order_number", "varchar"),
        ("parcel", "varchar"),
        ("units", "bigint"),
    ),
    of="name in ('shop.parcel_shipped', 'shop.parcel_delivered', 'shop.return_received')",
    reads_facts=True,
    sql="""
select day, ts_us, order_number,
    case name
        when 'shop.parcel_shipped' then 'shipped' when 'shop.parcel_delivered' then 'delivered' else 'returned'
    end as kind,
    coalesce(decode(body) ->> '$.parcel_id', decode(body) ->> '$.return_number', '') as parcel,
    coalesce(list_sum(list_transform(lines, lambda line: line.quantity)), 0) as units
from events
where name in ('shop.parcel_shipped', 'shop.parcel_delivered', 'shop.return_received')
""",
)

"""What people looked for, what they found, and what became of it, one row for each search."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by insight.terms. `results` is null where the shop does not say how many there were. What happened after a search
# in the same visit, before the next search, is its doing. Words are kept in small letters, blanks folded.
SEARCHES = Rollup(
    name="searches",
    version=2,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("person", "integer"),
        ("session", "varchar"),
        ("query", "varchar"),
        ("results", "bigint"),
        ("opened", "bigint"),
        ("added", "bigint"),
        ("orders", "bigint"),
        ("placed_minor", "bigint"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("region", "varchar"),
    ),
    of="name = 'Products Searched'",
    sql="""
with searched as (
    select day, ts_us, (ts_us::hugeint << 63) + (hash(id) >> 1) as turn, person, session, channel, device, region,
        trim(regexp_replace(lower(coalesce(decode(body) ->> '$.query', '')), '\\s+', ' ', 'g')) as query,
        try_cast(decode(body) ->> '$.results' as bigint) as results
    from events where name = 'Products Searched' and device is distinct from 'bot'
), followed as (
    select day, (ts_us::hugeint << 63) + (hash(id) >> 1) as turn, session, name, amount_minor from events
    where session <> '' and session in (select session from searched)
        and name in ('Product Clicked', 'Product Viewed', 'Product Added', 'shop.order_placed')
), led as (
    select searched.day, searched.turn,
        count_if(name in ('Product Clicked', 'Product Viewed')) as opened,
        count_if(name = 'Product Added') as added,
        count_if(name = 'shop.order_placed') as orders,
        coalesce(sum(followed.amount_minor) filter (name = 'shop.order_placed'), 0) as placed_minor
    from followed asof join searched
        on followed.day = searched.day and followed.session = searched.session and followed.turn >= searched.turn
    group by searched.day, searched.turn
)
select day, ts_us, person, session, query, results, coalesce(opened, 0) as opened, coalesce(added, 0) as added,
    coalesce(orders, 0) as orders, coalesce(placed_minor, 0) as placed_minor, channel, device, region
from searched left join led using (day, turn)
where query <> ''
""",
)

"""For how long the parts of pages were in view, in visits that came to something and in those that did not."""

from __future__ import annotations

from zhanggui.insight.lake.rules.pages import KIND_OF_PAGE
from zhanggui.insight.lake.rules.rollup import Rollup

# Read by insight.paths. A page stands here by its own address and by its kind (/p/*), each visit once in either; the
# row without a block is all visits that told anything of the page. `ms` is what all of them together had the block in
# view: of one visit at most half an hour, for a page may stay open on an empty desk.
# What a stranger may send is bounded: 30 blocks a sighting, names of small letters and figures.
BLOCK_DAYS = Rollup(
    name="block_days",
    version=1,
    columns=(
        ("day", "date"),
        ("page", "varchar"),
        ("block", "varchar"),
        ("device", "varchar"),
        ("has_added", "boolean"),
        ("has_ordered", "boolean"),
        ("visits", "bigint"),
        ("ms", "bigint"),
    ),
    of="name = 'Blocks Viewed'",
    sql=f"""
with told as (
    select day, hash(coalesce(nullif(session, ''), walker)) as visit, device, page,
        from_json(decode(body) -> '$.blocks', '[{{"block": "VARCHAR", "ms": "BIGINT"}}]')[1:30] as blocks
    from events
    where name = 'Blocks Viewed' and device is distinct from 'bot' and page <> '' and (session <> '' or person <> 0)
), did as (
    select day, hash(coalesce(nullif(session, ''), walker)) as visit, bool_or(name = 'Product Added') as has_added,
        bool_or(name = 'shop.order_placed') as has_ordered
    from events where name in ('Product Added', 'shop.order_placed') and (session <> '' or person <> 0) group by all
), seen as (
    select day, visit, device, page, unnest(list_append(blocks, {{'block': '', 'ms': 1}})) as seen from told
), looked as (
    select day, visit, device, page, seen.block as block, sum(seen.ms) as ms from seen where seen.ms > 0 group by all
), counted as (
    select * from looked
    union all by name
    select day, visit, device, {KIND_OF_PAGE} as page, block, sum(ms) as ms
    from looked where {KIND_OF_PAGE} <> page group by all
)
select day, page, block, device, coalesce(has_added, false) as has_added, coalesce(has_ordered, false) as has_ordered,
    count(*) as visits, sum(if(block = '', 0, least(ms, 1800000))) as ms
from counted left join did using (day, visit)
group by all
having regexp_full_match(block, '[a-z0-9_-]{{0,40}}')
""",
)

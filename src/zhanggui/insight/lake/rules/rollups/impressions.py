"""How often goods and promotions were shown, and how often that led to a click."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by metrics. A list shows as many products as it names. A click is counted once for each showing: the same product
# opened twice from one page view is one click.
IMPRESSIONS = Rollup(
    name="impressions",
    version=1,
    columns=(
        ("day", "date"),
        ("place", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("campaign", "varchar"),
        ("shown", "bigint"),
        ("clicks", "bigint"),
    ),
    of="name in ('Product List Viewed', 'Product Clicked', 'Promotion Viewed', 'Promotion Clicked')",
    sql="""
with seen as (
    select day, region, channel, device, campaign, name,
        coalesce(decode(body) ->> '$.list_id', decode(body) ->> '$.promotion_id', '') as place,
        if(name = 'Product List Viewed', coalesce(json_array_length(decode(body), '$.products'), 0), 1) as shown,
        coalesce(cause, id)::varchar || '/' || sku as opened
    from events
    where name in ('Product List Viewed', 'Product Clicked', 'Promotion Viewed', 'Promotion Clicked')
        and device is distinct from 'bot'
)
select day, place, region, channel, device, campaign,
    coalesce(sum(shown) filter (name in ('Product List Viewed', 'Promotion Viewed')), 0) as shown,
    count(distinct opened) filter (name in ('Product Clicked', 'Promotion Clicked')) as clicks
from seen
group by all
""",
)

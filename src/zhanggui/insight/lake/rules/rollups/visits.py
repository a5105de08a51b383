"""Who came, and how far they went."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

VISITS = Rollup(
    name="visits",
    version=2,
    columns=(
        ("day", "date"),
        ("person", "integer"),
        ("channel", "varchar"),
        ("campaign", "varchar"),
        ("device", "varchar"),
        ("region", "varchar"),
        ("sessions", "bigint"),
        ("pv", "bigint"),
        ("product_views", "bigint"),
        ("adds", "bigint"),
        ("checkouts", "bigint"),
        ("first_ts_us", "bigint"),
    ),
    sql="""
select day, person, channel, campaign, device, region,
    count(distinct nullif(session, '')) as sessions,
    count_if(name = 'Page') as pv,
    count_if(name = 'Product Viewed') as product_views,
    count_if(name = 'Product Added') as adds,
    count_if(name = 'Checkout Started') as checkouts,
    min(ts_us) as first_ts_us
from events
where name in ('Page', 'Product Viewed', 'Product Added', 'Checkout Started') and device is distinct from 'bot'
group by all
""",
)

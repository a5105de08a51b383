"""Who came, and how far they went."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup
from zhanggui.insight.lake.rules.rollups.parts import PARTS

VISITS = Rollup(
    name="visits",
    version=3,
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
    parts=PARTS,
    sql="""
select day, person, channel, campaign, device, region,
    count_if(session <> '') as sessions,
    sum(pv) as pv,
    sum(product_views) as product_views,
    sum(adds) as adds,
    sum(checkouts) as checkouts,
    min(visited_us) as first_ts_us
from parts
where visited_us is not null
group by day, person, channel, campaign, device, region
""",
)

"""Visits one by one: who came, by which way, for how long, and how far they went."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup

# Read by metrics (sessions, conversion by session, paid and free ways), attribution and paths.
# A session ends with its business day; one without an id of its own ends after half an hour of silence of its person.
# Its person is whom it turned out to be; its channel, campaign, device and region are the first that were told in it.
# What nobody was seen to do is no session: an order alone, told by an import or by the phone, makes none.
SESSIONS = Rollup(
    name="sessions",
    version=2,
    columns=(
        ("day", "date"),
        ("session", "varchar"),
        ("person", "integer"),
        ("channel", "varchar"),
        ("campaign", "varchar"),
        ("device", "varchar"),
        ("region", "varchar"),
        ("started_us", "bigint"),
        ("ended_us", "bigint"),
        ("pv", "bigint"),
        ("product_views", "bigint"),
        ("adds", "bigint"),
        ("checkouts", "bigint"),
        ("orders", "bigint"),
        ("landing_page", "varchar"),
    ),
    sql="""
with seen as (
    select day, session, person, walker, ts_us, (ts_us::hugeint << 63) + (hash(id) >> 1) as turn, name, channel,
        campaign, device, region, page
    from events
    where (session <> '' or person <> 0) and device is distinct from 'bot'
        and (name = 'shop.order_placed' or not regexp_full_match(name, '[a-z]+\\.[a-z_]+'))
), paused as (
    select *, coalesce(ts_us - lag(ts_us) over (partition by day, person order by turn) > 1800000000, true) as is_new
    from seen where session = ''
), nameless as (
    select * exclude (is_new),
        max(case when is_new then ts_us end) over (partition by day, person order by turn) as began_us
    from paused
), all_seen as (
    select * from seen where session <> ''
    union all by name
    select * exclude (began_us) replace (walker || '/' || began_us as session) from nameless
)
select day, session,
    coalesce(arg_max(person, turn) filter (person <> 0), 0) as person,
    coalesce(arg_min(channel, turn) filter (channel <> ''), '') as channel,
    coalesce(arg_min(campaign, turn) filter (campaign <> ''), '') as campaign,
    coalesce(arg_min(device, turn) filter (device <> ''), '') as device,
    coalesce(arg_min(region, turn) filter (region <> ''), '') as region,
    min(ts_us) as started_us,
    max(ts_us) as ended_us,
    count_if(name = 'Page') as pv,
    count_if(name = 'Product Viewed') as product_views,
    count_if(name = 'Product Added') as adds,
    count_if(name = 'Checkout Started') as checkouts,
    count_if(name = 'shop.order_placed') as orders,
    coalesce(arg_min(page, turn) filter (name = 'Page'), '') as landing_page
from all_seen
group by day, session
having bool_or(name <> 'shop.order_placed')
""",
)

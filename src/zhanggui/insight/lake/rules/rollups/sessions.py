"""Visits one by one: who came, by which way, for how long, and how far they went."""

from __future__ import annotations

from typing import Final

from zhanggui.insight.lake.rules.rollup import Rollup
from zhanggui.insight.lake.rules.rollups.parts import PARTS, parts_of, seen

# Whoever walked without a session: each person's events are parted where there was silence.
_NAMELESS: Final = f"""
with paused as (
    select *, coalesce(ts_us - lag(ts_us) over (partition by day, person order by turn) > 1800000000, true) as is_new
    from {seen("session = '' and person in (select person from parts where session = '' and person <> 0)")}
), nameless as (
    select * exclude (is_new),
        max(case when is_new then ts_us end) over (partition by day, person order by turn) as began_us
    from paused
), named as (
    select * exclude (began_us, walker) replace (walker || '/' || began_us as session) from nameless
)"""
_PARTS: Final = "select * from parts where session <> ''"
_SESSIONS: Final = """
select day, session,
    coalesce(arg_max(person, last_turn) filter (person <> 0), 0) as person,
    coalesce(arg_min(channel, first_turn) filter (channel <> ''), '') as channel,
    coalesce(arg_min(campaign, first_turn) filter (campaign <> ''), '') as campaign,
    coalesce(arg_min(device, first_turn) filter (device <> ''), '') as device,
    coalesce(arg_min(region, first_turn) filter (region <> ''), '') as region,
    min(started_us) as started_us,
    max(ended_us) as ended_us,
    sum(pv) as pv,
    sum(product_views) as product_views,
    sum(adds) as adds,
    sum(checkouts) as checkouts,
    sum(orders) as orders,
    coalesce(arg_min(landing_page, page_turn), '') as landing_page
from all_parts
group by day, session
having sum(sightings) > sum(orders)
"""

# Read by metrics (sessions, conversion by session, paid and free ways), attribution and paths.
# A session ends with its business day; one without an id of its own ends after half an hour of silence of its person.
# Its person is whom it turned out to be; its channel, campaign, device and region are the first that were told in it.
# What nobody was seen to do is no session: an order alone, told by an import or by the phone, makes none.
SESSIONS = Rollup(
    name="sessions",
    version=3,
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
    parts=PARTS,
    sql=f"{_NAMELESS}, all_parts as ({_PARTS} union all by name from ({parts_of('named')})) {_SESSIONS}",
    named_sql=f"with all_parts as ({_PARTS}) {_SESSIONS}",
)

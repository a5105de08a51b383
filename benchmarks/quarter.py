"""Ninety days of a shop as large as wished, drawn by hash: the same size gives the same events on every machine."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import duckdb
import pyarrow as pa

from zhanggui.base import clock
from zhanggui.base.shops import actions as opening
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop, ShopKind
from zhanggui.insight.lake import actions
from zhanggui.insight.lake.rules import EVENTS

DAYS: Final = 90
ZONE: Final = "Asia/Shanghai"
# As `_DAY` draws it.
EVENTS_PER_SESSION: Final = 9.9
EVENTS_PER_PERSON: Final = 33

# Sessions of a day, and what happened in them. Four of five sessions belong to the half of all people who come often.
# `u` draws a number from 0 to below 1 for a session and a purpose.
_DAY: Final = """
with drawn as (
    select n, {day_number} * 10_000_000::bigint + n as s from range({sessions}) t(n)
), session as (
    select s, ({first_us} + u(s, 1) * 86_390_000_000)::bigint as began_us,
        md5('person ' || floor({people} * u(s, 2) * u(s, 2))::bigint)::uuid::varchar as person,
        md5('session ' || s)::uuid::varchar as session,
        ['direct', 'direct', 'search', 'search', 'paid-search', 'social', 'mail', 'affiliate']
            [1 + floor(8 * u(s, 3))::int] as channel,
        if(u(s, 4) < 0.3, 'campaign-' || floor(12 * u(s, 5))::int, '') as campaign,
        ['phone', 'phone', 'phone', 'desktop', 'tablet'][1 + floor(5 * u(s, 6))::int] as device,
        'CN-' || (11 + floor(31 * u(s, 7) * u(s, 8))::int) as region,
        1 + floor(9 * u(s, 9))::int as pages, floor(10 * u(s, 10))::int as views,
        u(s, 11) < 0.2 as has_added, u(s, 12) < 0.5 as has_checked_out, u(s, 13) < 0.5 as has_ordered
    from drawn
), happened as (
    select s, 2 * unnest(range(pages)) as nth, 'Page' as name from session
    union all select s, 1 + 2 * unnest(range(views)), 'Product Viewed' from session
    union all select s, 20, 'Product Added' from session where has_added
    union all select s, 21, 'Checkout Started' from session where has_added and has_checked_out
    union all select s, 22, 'shop.order_placed' from session where has_added and has_checked_out and has_ordered
    union all select s, 23, 'shop.payment_settled' from session where has_added and has_checked_out and has_ordered
), told as (
    select *, began_us + nth * 9_000_000 + (u(s, 20 + nth) * 9_000_000)::bigint as at_us,
        1 + floor(5000 * u(s, 50 + nth) * u(s, 80 + nth))::int as item, nth >= 22 as is_order,
        ((1 + floor(2 * u(s, 14))::int) * (900 + floor(20_000 * u(s, 15))::int))::bigint as minor
    from happened join session using (s)
)
select (format('{{:08x}}', (at_us // 1000) >> 16) || format('{{:04x}}', (at_us // 1000) & 65535) || '7'
        || md5(s || '/' || nth)[:19])::uuid as id,
    '{shop}' as shop, name, 1::smallint as version, at_us as ts_us, at_us + 40_000 as received_us, date '{day}' as day,
    '' as actor, person, session, if(is_order, 'order/' || s, '') as subject, null::uuid as cause,
    if(name like 'Product%', 'sku-' || item, '') as sku,
    if(name like 'Product%', 'category-' || item % 40, '') as category,
    if(is_order, 'o' || s, '') as order_number, null::integer as quantity, if(is_order, minor, null) as amount_minor,
    if(is_order, 'CNY', '') as currency, channel, campaign, device, region,
    case name when 'Page' then '/c/category-' || item % 40 when 'Product Viewed' then '/p/sku-' || item else '' end
        as page,
    if(is_order, [{{'sku': 'sku-' || item, 'category': 'category-' || item % 40, 'quantity': 1::integer,
        'amount_minor': minor}}], []) as lines,
    encode(if(name like 'Product%', '{{"title":"Ware ' || item || '","position":' || nth || '}}', '{{}}')) as body
from told where at_us < {first_us} + 86_400_000_000 order by person, ts_us, id
"""


def bring(shop: str, *, events: int, until: date) -> int:
    """Open a shop and bring about so many events into the lake, over the days before `until`; how many there are.

    Stops and goes on by day: what stands already is left as it is.
    """
    if shop not in {one.code for one in shops.shops()}:
        opening.open_shop(shop=Shop(code=shop, name="Large", kind=ShopKind.OWN, zone=ZONE, currency="CNY"))
    engine = duckdb.connect(config={"threads": 2, "memory_limit": "4GB"})
    engine.execute("set arrow_lossless_conversion = true")
    engine.execute("create macro u(s, purpose) as (hash(s * 128 + purpose) >> 11) / 9007199254740992.0")
    sessions = round(events / DAYS / EVENTS_PER_SESSION)
    return sum(
        _bring_day(engine, shop, until - timedelta(days=back), sessions=sessions, people=events // EVENTS_PER_PERSON)
        for back in range(DAYS, 0, -1)
    )


def _bring_day(engine: duckdb.DuckDBPyConnection, shop: str, day: date, *, sessions: int, people: int) -> int:
    sql = _DAY.format(
        shop=shop,
        day=day,
        day_number=day.toordinal() % 1000,
        first_us=clock.micros(clock.span_of(day, ZONE)[0]),
        sessions=sessions,
        people=people,
    )
    table = engine.sql(sql).to_arrow_table()
    columns = [_as(table[field.name].combine_chunks(), field.type) for field in EVENTS]
    actions.append(f"quarter/{day}", pa.Table.from_arrays(columns, schema=EVENTS), shop=shop)
    return int(table.num_rows)


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column if column.type == kind else column.cast(kind)

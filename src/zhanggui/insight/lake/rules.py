"""The lake's shapes: the schema of all events, and the daily tables made from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow as pa

# A column that has nothing to say holds an empty string; only cause, quantity, amount_minor may be null.
EVENTS = pa.schema(
    [
        ("id", pa.uuid()),
        ("shop", pa.string()),
        ("name", pa.string()),
        ("version", pa.int16()),
        ("ts_us", pa.int64()),
        ("received_us", pa.int64()),
        ("day", pa.date32()),
        ("actor", pa.string()),
        ("person", pa.string()),
        ("session", pa.string()),
        ("subject", pa.string()),
        ("cause", pa.uuid()),
        ("sku", pa.string()),
        ("category", pa.string()),
        ("order_number", pa.string()),
        ("quantity", pa.int32()),
        ("amount_minor", pa.int64()),
        ("currency", pa.string()),
        ("channel", pa.string()),
        ("campaign", pa.string()),
        ("device", pa.string()),
        ("region", pa.string()),
        ("page", pa.string()),
        (
            "lines",
            pa.list_(
                pa.struct(
                    [
                        ("sku", pa.string()),
                        ("category", pa.string()),
                        ("quantity", pa.int32()),
                        ("amount_minor", pa.int64()),
                    ]
                )
            ),
        ),
        ("body", pa.binary()),
    ]
)

# An event that came twice is read once: the copy that was received first, the same one for every reader.
FIRST_OF_TWINS = "qualify row_number() over (partition by day, id order by received_us, ts_us, name, person, body) = 1"

# From so many changed days of a month on, the month's file is made anew instead of a file for each day.
BULK_DAYS = 4

MERGE_COUNT = 8
MOST_MERGED_ROWS = 2_000_000
_SMALL_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollup:
    """A daily table that can be made again from the events at any time.

    version  grows when `sql` or `columns` change; all days are then made anew
    columns  name and DuckDB type, `day` first; rows are sorted by all of them, in this order
    sql      reads a relation `events` (all rows of the wanted days, each event once) and keeps days apart
    """

    name: str
    version: int
    columns: tuple[tuple[str, str], ...]
    sql: str


ORDERS = Rollup(
    name="orders",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("kind", "varchar"),
        ("order_number", "varchar"),
        ("person", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("campaign", "varchar"),
        ("currency", "varchar"),
        ("amount_minor", "bigint"),
        ("goods_minor", "bigint"),
        ("units", "bigint"),
    ),
    sql="""
select day, ts_us, order_number, person, region, channel, device, campaign, currency,
    case name
        when 'shop.order_placed' then 'placed'
        when 'shop.payment_settled' then 'paid'
        when 'shop.refund_settled' then 'refunded'
        else 'cancelled'
    end as kind,
    coalesce(amount_minor, 0) as amount_minor,
    coalesce(list_sum(list_transform(lines, lambda line: line.amount_minor)), 0) as goods_minor,
    coalesce(list_sum(list_transform(lines, lambda line: line.quantity)), 0) as units
from events
where name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled', 'shop.order_cancelled',
    'shop.order_expired')
""",
)

SKU_DAYS = Rollup(
    name="sku_days",
    version=1,
    columns=(
        ("day", "date"),
        ("kind", "varchar"),
        ("sku", "varchar"),
        ("category", "varchar"),
        ("region", "varchar"),
        ("channel", "varchar"),
        ("device", "varchar"),
        ("currency", "varchar"),
        ("units", "bigint"),
        ("amount_minor", "bigint"),
        ("orders", "bigint"),
    ),
    sql="""
with sold as (
    select day, region, channel, device, currency, order_number, unnest(lines) as line,
        case name when 'shop.order_placed' then 'placed' when 'shop.payment_settled' then 'paid' else 'refunded' end
            as kind
    from events
    where name in ('shop.order_placed', 'shop.payment_settled', 'shop.refund_settled')
)
select day, kind, line.sku as sku, line.category as category, region, channel, device, currency,
    sum(line.quantity) as units, sum(line.amount_minor) as amount_minor, count(distinct order_number) as orders
from sold
group by all
""",
)

VISITS = Rollup(
    name="visits",
    version=1,
    columns=(
        ("day", "date"),
        ("person", "varchar"),
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

LISTINGS = Rollup(
    name="listings",
    version=1,
    columns=(
        ("day", "date"),
        ("ts_us", "bigint"),
        ("sku", "varchar"),
        ("title", "varchar"),
        ("title_en", "varchar"),
        ("category", "varchar"),
        ("amount_minor", "bigint"),
        ("currency", "varchar"),
    ),
    sql="""
with listed as (
    select day, ts_us, sku, category, amount_minor, currency, body from events
    where name = 'shop.product_listed'
    qualify row_number() over (partition by day, sku order by ts_us desc, id desc) = 1
)
select day, ts_us, sku, coalesce(decode(body) ->> '$.title', '') as title,
    coalesce(decode(body) ->> '$.title_en', '') as title_en, category, amount_minor, currency
from listed
""",
)

ROLLUPS: tuple[Rollup, ...] = (ORDERS, SKU_DAYS, VISITS, LISTINGS)
_BY_NAME = {rollup.name: rollup for rollup in ROLLUPS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A source for DuckDB: write it behind `from`, as in f"select count(*) from {orders}".

    sql      a bracketed query over the files that are live now; use it at once, not tomorrow
    columns  their names, in order
    """

    sql: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return self.sql


def rollup_named(name: str) -> Rollup:
    """The daily table of that name; a KeyError is a bug."""
    return _BY_NAME[name]


def fingerprint(rollups: Sequence[Rollup]) -> str:
    """What tells whether the daily tables are still made the same way, such as `orders:1 visits:2`."""
    return " ".join(f"{rollup.name}:{rollup.version}" for rollup in rollups)


def month_after(month: date) -> date:
    """The first day of the month that follows."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def to_merge(rows: Sequence[int]) -> tuple[int, ...]:
    """Which of a day's segments to merge into one, by index; none if it would not pay yet.

    Takes the smallest as long as the next is no larger than all before it together, so that a row is written again only
    when what it lies in at least doubles: a day of n small segments costs about log2(n) writes of a row.

    rows     of each segment
    source   [10] * 8 -> all; [10] * 8 + [5_000_000] -> the eight; [10] * 7 -> none
    """
    by_size = sorted((count, index) for index, count in enumerate(rows) if count < MOST_MERGED_ROWS)
    taken: list[int] = []
    total = 0
    for count, index in by_size:
        if taken and (count > max(total, _SMALL_ROWS) or total + count > MOST_MERGED_ROWS):
            break
        taken.append(index)
        total += count
    return tuple(taken) if len(taken) >= MERGE_COUNT else ()

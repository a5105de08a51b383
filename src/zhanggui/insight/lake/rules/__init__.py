"""The lake's shapes: the schema of all events, and the daily tables made from them."""

from __future__ import annotations

from zhanggui.insight.lake.rules.daily import fingerprint, rollup_named
from zhanggui.insight.lake.rules.events import EVENTS, FIRST_OF_TWINS
from zhanggui.insight.lake.rules.people import NO_DAY, NOBODY, NUMBERS, PEOPLE, Walked
from zhanggui.insight.lake.rules.rollup import Parts, Rollup
from zhanggui.insight.lake.rules.rollups import ROLLUPS
from zhanggui.insight.lake.rules.rollups.listings import LISTINGS
from zhanggui.insight.lake.rules.rollups.orders import ORDERS
from zhanggui.insight.lake.rules.rollups.parts import PARTS, is_nobot, is_seen
from zhanggui.insight.lake.rules.rollups.sessions import SESSIONS
from zhanggui.insight.lake.rules.rollups.sku_days import SKU_DAYS
from zhanggui.insight.lake.rules.rollups.sku_views import LOOKS
from zhanggui.insight.lake.rules.rollups.steps import STEPS, is_of_one, is_step
from zhanggui.insight.lake.rules.rollups.visits import VISITS
from zhanggui.insight.lake.rules.tending import (
    BULK_DAYS,
    LARGE_ROWS,
    MERGE_COUNT,
    MOST_MERGED_ROWS,
    MOST_ROLLED_ROWS,
    Relation,
    month_after,
    to_merge,
)

__all__ = [
    "BULK_DAYS",
    "EVENTS",
    "FIRST_OF_TWINS",
    "LARGE_ROWS",
    "LISTINGS",
    "LOOKS",
    "MERGE_COUNT",
    "MOST_MERGED_ROWS",
    "MOST_ROLLED_ROWS",
    "NOBODY",
    "NO_DAY",
    "NUMBERS",
    "ORDERS",
    "PARTS",
    "PEOPLE",
    "ROLLUPS",
    "SESSIONS",
    "SKU_DAYS",
    "STEPS",
    "VISITS",
    "Parts",
    "Relation",
    "Rollup",
    "Walked",
    "fingerprint",
    "is_nobot",
    "is_of_one",
    "is_seen",
    "is_step",
    "month_after",
    "rollup_named",
    "to_merge",
]

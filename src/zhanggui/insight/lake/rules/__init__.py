"""The lake's shapes: the schema of all events, and the daily tables made from them."""

from __future__ import annotations

from zhanggui.insight.lake.rules.daily import fingerprint, rollup_named
from zhanggui.insight.lake.rules.events import EVENTS, FIRST_OF_TWINS
from zhanggui.insight.lake.rules.people import NO_DAY, NOBODY, NUMBERS, PEOPLE, Walked
from zhanggui.insight.lake.rules.rollup import Rollup
from zhanggui.insight.lake.rules.rollups import ROLLUPS
from zhanggui.insight.lake.rules.rollups.listings import LISTINGS
from zhanggui.insight.lake.rules.rollups.orders import ORDERS
from zhanggui.insight.lake.rules.rollups.sku_days import SKU_DAYS
from zhanggui.insight.lake.rules.rollups.visits import VISITS
from zhanggui.insight.lake.rules.tending import (
    BULK_DAYS,
    MERGE_COUNT,
    MOST_MERGED_ROWS,
    Relation,
    month_after,
    to_merge,
)

__all__ = [
    "BULK_DAYS",
    "EVENTS",
    "FIRST_OF_TWINS",
    "LISTINGS",
    "MERGE_COUNT",
    "MOST_MERGED_ROWS",
    "NOBODY",
    "NO_DAY",
    "NUMBERS",
    "ORDERS",
    "PEOPLE",
    "ROLLUPS",
    "SKU_DAYS",
    "VISITS",
    "Relation",
    "Rollup",
    "Walked",
    "fingerprint",
    "month_after",
    "rollup_named",
    "to_merge",
]

"""The daily tables, each in a file of its own; a new one is a file and a line here."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup
from zhanggui.insight.lake.rules.rollups.listings import LISTINGS
from zhanggui.insight.lake.rules.rollups.orders import ORDERS
from zhanggui.insight.lake.rules.rollups.sku_days import SKU_DAYS
from zhanggui.insight.lake.rules.rollups.visits import VISITS

ROLLUPS: tuple[Rollup, ...] = (ORDERS, SKU_DAYS, VISITS, LISTINGS)

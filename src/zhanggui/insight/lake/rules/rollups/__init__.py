"""The daily tables, each in a file of its own; a new one is a file and a line here."""

from __future__ import annotations

from zhanggui.insight.lake.rules.rollup import Rollup
from zhanggui.insight.lake.rules.rollups.block_days import BLOCK_DAYS
from zhanggui.insight.lake.rules.rollups.impressions import IMPRESSIONS
from zhanggui.insight.lake.rules.rollups.listings import LISTINGS
from zhanggui.insight.lake.rules.rollups.offers import OFFERS
from zhanggui.insight.lake.rules.rollups.order_lines import ORDER_LINES
from zhanggui.insight.lake.rules.rollups.orders import ORDERS
from zhanggui.insight.lake.rules.rollups.parcels import PARCELS
from zhanggui.insight.lake.rules.rollups.postage import POSTAGE
from zhanggui.insight.lake.rules.rollups.searches import SEARCHES
from zhanggui.insight.lake.rules.rollups.sessions import SESSIONS
from zhanggui.insight.lake.rules.rollups.sku_days import SKU_DAYS
from zhanggui.insight.lake.rules.rollups.sku_views import SKU_VIEWS
from zhanggui.insight.lake.rules.rollups.steps import STEPS
from zhanggui.insight.lake.rules.rollups.stock_days import STOCK_DAYS
from zhanggui.insight.lake.rules.rollups.tellings import TELLINGS
from zhanggui.insight.lake.rules.rollups.visits import VISITS

ROLLUPS: tuple[Rollup, ...] = (
    ORDERS,
    SKU_DAYS,
    VISITS,
    LISTINGS,
    SESSIONS,
    STEPS,
    IMPRESSIONS,
    PARCELS,
    STOCK_DAYS,
    TELLINGS,
    SEARCHES,
    SKU_VIEWS,
    POSTAGE,
    OFFERS,
    BLOCK_DAYS,
    ORDER_LINES,
)

"""Reading what promotions, flash sales and presales cost and brought.

standings    all offers of a period with what passed through them and what they added
detail       one of them day by day, SKU by SKU, and the orders behind it
conversions  deposits whose balance was paid, by presale and by day
stages       the warm-up and the burst of a campaign, for the whole shop
"""

from __future__ import annotations

from zhanggui.insight.campaigns.queries.conversions import Conversions, conversions
from zhanggui.insight.campaigns.queries.details import Day, Detail, Good, Used, detail
from zhanggui.insight.campaigns.queries.standings import stages, standings

__all__ = [
    "Conversions",
    "Day",
    "Detail",
    "Good",
    "Used",
    "conversions",
    "detail",
    "stages",
    "standings",
]

"""Days that are known to differ because somebody set them up so; `config/wiring.py` plugs them into the alerts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.doors.console import words
from zhanggui.growth.flash import queries as flash
from zhanggui.insight.alerts.rules import KnownDays
from zhanggui.shop.catalogue.rules import Words

# A sale that goes on for longer is how the shop usually does business.
LONGEST: Final = timedelta(days=7)


def flash_sales(shop: str, first: date, last: date) -> Sequence[KnownDays]:
    """The days of flash sales that began, as the shop's zone counts days. Two statements."""
    zone = shops.shop(shop).zone
    found = []
    for sale in flash.sales_of(shop):
        ended_at = sale.ended_at or sale.ends_at
        days = KnownDays(
            name=_called(sale.name),
            first=clock.day_of(sale.starts_at, zone),
            last=clock.day_of(ended_at - timedelta(microseconds=1), zone),
        )
        if sale.starts_at < ended_at and days.last - days.first < LONGEST and days.first <= last and first <= days.last:
            found.append(days)
    return found


def _called(name: Words) -> str:
    mine, other = (name.zh, name.en) if words.language().startswith("zh") else (name.en, name.zh)
    return mine or other

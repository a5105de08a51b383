"""The pages that are opened most, worked out before anybody opens them, where that takes long."""

from __future__ import annotations

from typing import Final

from django.http import QueryDict

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import cockpit
from zhanggui.doors.console.scope import scope_of
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics

# What the cockpit shows if nothing is chosen, and a quarter.
_OPENED_MOST: Final = ("", "period=90d")


def work_ahead() -> int:
    """Lay the latest figures of large shops ready; always 0, so that it rests however much there was to do.

    refuses  LakeBroken, LakeFull
    """
    for shop in shops.shops():
        if metrics.is_large(shop.code):
            _work_ahead(shop)
    return 0


def _work_ahead(shop: Shop) -> None:
    days = metrics.days(shop.code)
    if days is None:
        return
    for said in _OPENED_MOST:
        scope = scope_of(QueryDict(said), shop=shop, days=days, at=clock.now())
        cockpit.counted(scope, version=lake.version(shop.code))

"""The shops of this installation."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse, QueryDict

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.console import words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope, scope_of
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRow:
    """A shop, its days, and what it took in its usual period."""

    shop: Shop
    scope: Scope
    period: str
    gmv: Figure | None


@page(needs_shop=False)
def shops(request: ConsoleRequest) -> HttpResponse:
    """All shops."""
    return show(request, "console/shops.html", rows=[_row(request, shop) for shop in request.shops])


def _row(request: ConsoleRequest, shop: Shop) -> ShopRow:
    scope = scope_of(QueryDict(""), shop=shop, days=metrics.days(shop.code), at=clock.now())
    gmv = None
    if scope.days and request.operator.may(Right.SEE_NUMBERS):
        gmv = metrics.query(shop.code, ["gmv_paid"], scope.period, at=scope.at).whole.of("gmv_paid")
    return ShopRow(shop=shop, scope=scope, period=words.preset_or_span(scope.preset, scope.period), gmv=gmv)

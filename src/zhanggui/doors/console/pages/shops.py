"""The shops of this installation."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from zhanggui.base import clock
from zhanggui.base.accounts.rules import Right
from zhanggui.base.shops import actions
from zhanggui.base.shops.rules import Law, Shop, ShopKind
from zhanggui.doors.console import words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.scope import Scope, scope_of
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRow:
    """A shop, its days, and what it took in its usual period.

    may_set_law  whether the operator decides how a lower price is announced there
    """

    shop: Shop
    scope: Scope
    period: str
    gmv: Figure | None
    may_set_law: bool


@page(needs_shop=False)
def shops(request: ConsoleRequest) -> HttpResponse:
    """All shops."""
    return show(request, "console/shops.html", rows=[_row(request, shop) for shop in request.shops])


@require_POST
@page(Right.SET_TERMS)
def put_law(request: ConsoleRequest) -> HttpResponse:
    """Keep another law where a lower price is announced; a word that is none changes nothing."""
    law = request.POST.get("law", "")
    if law in set(Law):
        actions.keep_law(shop=request.scope.shop.code, law=Law(law))
        messages.success(request, _("Kept. Pages say it within half a minute."))
    return HttpResponseRedirect(reverse("console:shops"))


def _row(request: ConsoleRequest, shop: Shop) -> ShopRow:
    scope = scope_of(QueryDict(""), shop=shop, days=metrics.days(shop.code), at=clock.now())
    gmv = None
    if scope.days and request.operator.may(Right.SEE_NUMBERS):
        gmv = metrics.query(shop.code, ["gmv_paid"], scope.period, at=scope.at).whole.of("gmv_paid")
    return ShopRow(
        shop=shop,
        scope=scope,
        period=words.preset_or_span(scope.preset, scope.period),
        gmv=gmv,
        may_set_law=shop.kind is ShopKind.OWN and request.operator.may(Right.SET_TERMS),
    )

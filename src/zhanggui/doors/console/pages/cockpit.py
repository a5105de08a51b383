"""How the business goes."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.console import cockpit as figures
from zhanggui.doors.console import needing, words
from zhanggui.doors.console.buyers import segments, squares
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import rules
from zhanggui.insight.metrics.rules import Cut
from zhanggui.insight.value.rules import buyers_in
from zhanggui.shop.catalogue import queries as catalogue

# Stands for the version of a page whose figures are outdated; no version is called so.
FORMER: Final = "former"


@page(Right.SEE_NUMBERS)
def cockpit(request: ConsoleRequest) -> HttpResponse:
    """The head figures, how they came about, and who bought.

    A page that is open asks again with the version it shows in X-Known, and gets 204 until that is outdated. One that
    is being opened need not wait for the latest figures: it says as of when its own are, and asks for them at once.
    """
    scope = request.scope
    number = lake.version(scope.shop.code)
    version = str(number)
    if request.headers.get("X-Known") == version:
        return HttpResponse(status=204)
    if scope.days is None:
        has_goods = bool(catalogue.listed_from(scope.shop.code, "", is_included=True, limit=1))
        return show(request, "console/empty_shop.html", version=version, has_goods=has_goods)
    asked = needing.hands_of(request.operator, scope.shop, at=scope.at)
    found = figures.counted(scope, version=number, may_be_former=scope.is_live and "X-Known" not in request.headers)
    head = figures.head_cards(found, scope)
    is_by_goods = figures.is_by_goods(scope)
    return show(
        request,
        "console/cockpit.html",
        version=FORMER if found.as_of else version,
        as_of=found.as_of,
        hands=[hand for hand in (*asked, *needing.steering_of(scope.shop, at=scope.at)) if hand.count],
        headline=figures.headline(head, scope),
        head=head,
        rest=figures.rest_cards(found, scope),
        is_by_goods=is_by_goods,
        money_chart=figures.money_chart(found, head[0], scope),
        region_names=_names("gmv_paid", "orders_paid"),
        product_names=_names("goods_paid", "units"),
        regions=tuple(figures.parts(found.regions, scope, Cut.REGION)) if found.regions else None,
        products=tuple(figures.parts(found.products, scope, Cut.SKU, listings=found.listings)),
        buyers_chart=None if is_by_goods else figures.buyers_chart(found, scope),
        buyer_cells=() if is_by_goods else buyers_in(found.trend),
        segments=segments(found.buyers),
        squares=squares(found.buyers),
        buyers=found.buyers,
    )


def _names(*keys: str) -> list[str]:
    return [rules.metric(key).name(words.language()) for key in keys]

"""The lowest price of a SKU, whatever promotions there are."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from zhanggui.base.accounts.rules import Right
from zhanggui.base.money import Money
from zhanggui.doors.console import amounts
from zhanggui.doors.console import words as console_words
from zhanggui.doors.console.gate import ConsoleRequest, page, show
from zhanggui.doors.console.pages.returns import by
from zhanggui.growth.promotions import actions, queries
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.spine.log.rules import Trail


@require_http_methods(["GET", "HEAD", "POST"])
@page(Right.SET_TERMS)
def floors(request: ConsoleRequest) -> HttpResponse:
    """The floors of the shop, each beside its list price and cost; one more, another one, or none. Two statements."""
    shop = request.scope.shop
    if request.method == "POST":
        _set(request)
        return HttpResponseRedirect(f"{reverse('console:promotion_floors')}?{request.scope.query()}")
    kept = queries.floor_list(shop.code)
    cards = catalogue.products([sku for sku, _price in kept])
    return show(
        request,
        "console/promotions/floors.html",
        rows=[_row(sku, price, cards.get(sku)) for sku, price in kept],
        asked=request.GET.get("sku", "")[:60],
        currency=shop.currency,
    )


def _row(sku: str, price: Money, card: Card | None) -> tuple[str, Money, Card | None, str, bool]:
    """A floor with its product's title, and whether it lies below the cost."""
    if card is None:
        return sku, price, None, "", False
    return sku, price, card, card.title.to(console_words.language()), price < card.cost


def _set(request: ConsoleRequest) -> None:
    shop, sku = request.scope.shop, request.POST.get("sku", "").strip()[:60]
    said = request.POST.get("price", "").strip()
    price = amounts.typed_or_none(said, shop.currency) if said else None
    if sku not in catalogue.handles_by_sku(shop.code, [sku]):
        messages.warning(request, _("No product of this shop has that SKU. Nothing was changed."))
    elif said and not price:
        messages.warning(request, _("The lowest price is an amount above nothing. Nothing was changed."))
    else:
        actions.set_floor(sku=sku, price=price, trail=Trail(shop=shop.code), by=by(request))
        messages.success(
            request,
            _("No promotion takes it below that any more.") if price else _("It has no lowest price any more."),
        )

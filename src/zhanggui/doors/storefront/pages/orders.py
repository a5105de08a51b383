"""Orders after they are placed: thanks, how it stands, what has happened, paying once more, calling it off."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.doors.storefront import sights, words
from zhanggui.doors.storefront.pages.checkout import to_provider
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart import queries as cart
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder, TransitionRefused
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import NoSuchProvider, NotPayable

# How often the page looks again by itself whether the money has come: about a minute, then the shopper is asked to.
_LOOKS: Final = 20


@require_safe
def order(request: ShopRequest, number: str) -> HttpResponse:
    """How an order stands. While its money is on the way (`back`) the page looks again by itself, for a while."""
    visit = request.visit
    shown = _order(request, number)
    steps = [(words.step(step.name), step.at) for step in orders.timeline(visit.shop.code, number)]
    cards = catalogue.products([line.sku for line in shown.lines])
    looks = _looks(request)
    context = {
        "order": shown,
        "state": words.state(shown.state),
        "steps": [(said, at) for said, at in steps if said],
        "address": customers.address(shown.address_id),
        "lines": [(line, cards.get(line.sku)) for line in shown.lines],
        "providers": payments.provider_names(),
        "is_awaited": shown.is_open and 0 < looks <= _LOOKS,
        "next_look": looks + 1,
        "sight": sights.completed(shown) if shown.is_paid and looks else "",
        "pieces": cart.pieces(visit.shop.code, visit.visitor),
    }
    return render(request, "storefront/order.html", context)


@require_safe
def all_orders(request: ShopRequest) -> HttpResponse:
    """What this visitor has ordered."""
    visit = request.visit
    found = orders.orders_of(visit.shop.code, visit.visitor)
    context = {
        "orders": [(one, words.state(one.state)) for one in found],
        "pieces": cart.pieces(visit.shop.code, visit.visitor),
    }
    return render(request, "storefront/orders.html", context)


@require_POST
def pay(request: ShopRequest, number: str) -> HttpResponse:
    """Try once more to pay."""
    _order(request, number)
    provider = request.POST.get("provider", "")[:40]
    try:
        payment_id = paying.pay_again(
            order_number=number, provider=provider, trail=request.visit.trail(), by=request.visit.by
        )
    except (NotPayable, NoSuchProvider) as refused:
        messages.warning(request, words.refusal(refused))
        return redirect("storefront:order", number=number)
    return to_provider(request, payment_id=payment_id, order_number=number, provider=provider)


@require_POST
def cancel(request: ShopRequest, number: str) -> HttpResponse:
    """Call off an order that was not paid."""
    _order(request, number)
    try:
        actions.cancel(order_number=number, reason="shopper", trail=request.visit.trail(), by=request.visit.by)
    except TransitionRefused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, _("The order was cancelled. Nothing was charged."))
    return redirect("storefront:order", number=number)


def _order(request: ShopRequest, number: str) -> Order:
    try:
        return orders.order(request.visit.shop.code, number, person=request.visit.visitor)
    except NoSuchOrder as missing:
        raise Http404(number) from missing


def _looks(request: ShopRequest) -> int:
    """How often the page has looked since the shopper came back from paying; 0 if they come from elsewhere."""
    said = request.GET.get("back", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0

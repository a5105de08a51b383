"""The cart: laying aside, changing, taking out. Every change is a form that ends in a redirect."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from zhanggui.doors.storefront import baskets, holes, notices, offers, placing, sights, words
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart import actions
from zhanggui.shop.cart.errors import CartFull, NotForSale, QuantityNotAllowed


@require_safe
def cart(request: ShopRequest) -> HttpResponse:
    """What was laid aside, what it costs and why."""
    counter = placing.counter_of(request, None)
    said = offers.told(counter)
    context = {
        "counter": counter,
        "currencies": placing.currencies(request),
        "rows": baskets.rows_of(counter),
        "offers": said,
        "sum_lines": baskets.sum_lines(counter.quote, said.names) if counter.quote else (),
        "pieces": counter.cart.pieces,
        "sight": sights.cart_viewed(counter),
    }
    return render(request, "storefront/cart.html", context)


@require_POST
def add(request: ShopRequest) -> HttpResponse:
    """Lay pieces aside, and go to the cart, or with `then=checkout` straight on to pay."""
    sku, quantity, visit = _sku(request), _quantity(request), request.visit
    if not _done(request, lambda: actions.add(sku=sku, quantity=quantity, trail=visit.trail(), by=visit.by)):
        return _to_cart(request)
    if request.POST.get("then") == "checkout":
        return _onward(request, holes.reverse_in(request, "checkout"))
    return notices.say(_to_cart(request), "added")


@require_POST
def change(request: ShopRequest) -> HttpResponse:
    """Have exactly so many pieces."""
    sku, quantity, visit = _sku(request), _quantity(request), request.visit
    _done(request, lambda: actions.change(sku=sku, quantity=quantity, trail=visit.trail(), by=visit.by))
    return _to_cart(request)


@require_POST
def remove(request: ShopRequest) -> HttpResponse:
    """Take a SKU out."""
    sku, visit = _sku(request), request.visit
    if _done(request, lambda: actions.remove(sku=sku, trail=visit.trail(), by=visit.by)):
        messages.success(request, _("Taken out of the cart"))
    return _to_cart(request)


def _done(request: ShopRequest, verb: Callable[[], object]) -> bool:
    """Whether the shop said yes; if not, the shopper is told why."""
    try:
        verb()
    except (CartFull, NotForSale, QuantityNotAllowed) as refused:
        messages.error(request, words.refusal(refused))
        return False
    return True


def _to_cart(request: ShopRequest) -> HttpResponse:
    return HttpResponseRedirect(holes.reverse_in(request, "cart"))


def _onward(request: ShopRequest, address: str) -> HttpResponse:
    # A script that posted a form must be told to leave the page; a redirect would only fetch the next one.
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address)


def _sku(request: ShopRequest) -> str:
    return request.POST.get("sku", "").replace("\x00", "")[:80]


def _quantity(request: ShopRequest) -> int:
    """How many pieces a form asks for: its button's number (`to`) before its field's; 0 for what is no number."""
    asked = request.POST.get("to") or request.POST.get("quantity", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0

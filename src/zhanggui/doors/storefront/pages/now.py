"""One click: what one article costs a known shopper with all that comes on top, and the button that orders it."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from zhanggui.base import clock
from zhanggui.base.rates.errors import NoRate
from zhanggui.doors.storefront import forms, placing, words
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.checkout.errors import NoSuchOption
from zhanggui.shop.checkout.rules import Wanted, promised_on
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.payments import queries as payments

_MOST: Final = 99


@require_safe
def offered(request: ShopRequest, sku: str) -> HttpResponse:
    """The one-click form for so many pieces of an article: into the product's page, or by itself without scripts.

    Whoever is not known well enough to be sent anything gets no form.
    """
    context = _offer(request, sku, _quantity(request))
    if request.headers.get("HX-Request"):
        return render(request, "storefront/parts/now.html", context) if context else HttpResponse()
    if context is None:
        return redirect("storefront:product", sku=sku)
    return render(request, "storefront/now.html", context)


def _offer(request: ShopRequest, sku: str, quantity: int) -> dict[str, Any] | None:
    """The sum with delivery, to whom and until when; None if nothing can be ordered with one click."""
    visit, now = request.visit, clock.now()
    known = customers.known(visit.shop.code, visit.visitor) if visit.is_signed_in else None
    currency = placing.currency_of(request)
    providers = payments.provider_names(currency)
    if known is None or not providers:
        return None
    place = checkout.Place(country=known.address.country, region=known.address.region)
    try:
        offer = checkout.offer(
            visit.shop.code,
            visit.visitor,
            [Wanted(sku=sku, quantity=quantity)],
            at=now,
            places=[place],
            currency=currency,
        )
    except (NoRate, NoSuchOption):
        return None
    if offer.quote is None:
        raise Http404(sku)
    option = offer.stops[0].option
    return {
        "card": offer.cards[sku],
        "quantity": quantity,
        "total": offer.quote.total,
        "shipping": offer.quote.shipping,
        "address": known.address,
        "arrives_by": promised_on(option, placed_on=clock.day_of(now, visit.shop.zone)),
        "providers": [(name, words.provider(name)[0]) for name in providers],
        "key": forms.fresh_key(),
    }


def _quantity(request: ShopRequest) -> int:
    """How many pieces are asked for; one, where that is no number."""
    asked = request.GET.get("quantity", "1")
    return min(max(int(asked), 1), _MOST) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1

"""The wish list: putting things on it, taking them off, and what has become cheaper since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.storefront import holes
from zhanggui.doors.storefront import opinion_words as words
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.rules import parts_of
from zhanggui.shop.wishes import actions, queries, rules
from zhanggui.shop.wishes.errors import ListFull, NotForSale
from zhanggui.supply.stock import queries as stock

_A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A wish as it stands today.

    cheaper  how much less it costs than on the day it was wished for; None if it does not
    """

    card: Card
    now: Money
    cheaper: Money | None
    at: datetime
    is_sold_out: bool


@require_safe
def wishes(request: ShopRequest) -> HttpResponse:
    """The shopper's list, signed in or not."""
    visit = request.visit
    found = queries.wishes(visit.shop.code, visit.visitor)
    cards = catalogue.products({wish.sku for wish in found})
    free = stock.free({sku for card in cards.values() for sku, _units in parts_of(card)})
    at = clock.now()
    rows = [
        Row(
            card=cards[wish.sku],
            now=cards[wish.sku].price_at(at),
            cheaper=rules.cheaper_by(wish, now=cards[wish.sku].price_at(at)),
            at=wish.at,
            is_sold_out=not cards[wish.sku].is_listed
            or any(free.get(sku, 0) < units for sku, units in parts_of(cards[wish.sku])),
        )
        for wish in found
        if wish.sku in cards
    ]
    response = render(request, "storefront/wishes.html", {"rows": rows})
    response.headers.setdefault("Cache-Control", "private, no-store")
    return _remembered(response, has_wishes=bool(rows))


@require_POST
@throttled("wish", methods=("POST",))
def change(request: ShopRequest) -> HttpResponse:
    """Put something on the list, or with `to=off` take it off, and go back to where the button stood."""
    sku, trail = request.POST.get("sku", "").replace("\0", "")[:80], request.visit.trail()
    response = _back(request)
    if request.POST.get("to") == "off":
        actions.remove(sku=sku, trail=trail)
        messages.success(request, _("Taken off your wish list"))
        return response
    try:
        actions.add(sku=sku, trail=trail)
    except (NotForSale, ListFull) as refused:
        messages.warning(request, words.refusal(refused))
        return response
    messages.success(request, _("On your wish list"))
    return _remembered(response, has_wishes=True)


def _back(request: ShopRequest) -> HttpResponse:
    to = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(to if is_ours and to.startswith("/") else reverse("storefront:wishes"))


def _remembered(response: HttpResponse, *, has_wishes: bool) -> HttpResponse:
    """Note in the browser whether there are wishes at all: without any, no page needs to ask for them."""
    if has_wishes:
        response.set_cookie(
            holes.WISHES_COOKIE, "1", max_age=_A_YEAR, httponly=True, samesite="Lax", secure=settings.IS_SECURE
        )
    else:
        response.delete_cookie(holes.WISHES_COOKIE, samesite="Lax")
    return response

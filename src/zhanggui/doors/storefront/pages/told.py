"""An order as a letter shows it: read by whoever holds the letter, changed only by whoever placed the order."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from zhanggui.base import clock
from zhanggui.doors.storefront import lettering, words
from zhanggui.doors.storefront.parcels import is_coming, tracked
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart import actions as cart
from zhanggui.shop.cart.errors import CartFull, NotForSale, QuantityNotAllowed
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import masked_address
from zhanggui.shop.letters.rules import is_open_by_letter
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.returns import queries as returns


@never_cache
@require_safe
def told(request: ShopRequest, token: str) -> HttpResponse:
    """How the order of a letter stands. Who placed it in this browser or is signed in comes to its own page, unless it
    was closed unpaid: here it can fill the cart again.

    Anybody else sees goods, sums and parcels, the address down to the district, and can change nothing.
    """
    found = _order(request, token)
    is_closed = not found.is_open and found.paid_at is None and not found.difference_of
    if not is_closed and _is_own(request, found):
        number = request.GET.get("return", "")[:40]
        return redirect("storefront:return", number=number) if number else redirect("storefront:order", found.number)
    known = customers.addresses([place.address_id for place in found.destinations])
    cards = catalogue.products([line.sku for line in found.lines])
    context = {
        "order": found,
        "token": token,
        "is_closed": is_closed,
        "is_coming": is_coming(found),
        "exchange": returns.exchanges([found]).get(found.number, ""),
        "state": words.state(found.state),
        "places": [
            (masked_address(known[place.address_id]) if place.address_id in known else None, place.promised_on)
            for place in found.destinations
        ],
        "rows": [(line, cards.get(line.sku)) for line in found.lines],
        "parcels": tracked(found) if found.paid_at else (),
    }
    return render(request, "storefront/told.html", context)


@require_POST
def again(request: ShopRequest, token: str) -> HttpResponse:
    """Lay everything of an order into this browser's cart, as far as it is still there; says what is not."""
    found, visit = _order(request, token), request.visit
    missing = []
    for line in found.lines:
        try:
            cart.add(sku=line.sku, quantity=line.quantity, trail=visit.trail(), by=visit.by)
        except (CartFull, NotForSale, QuantityNotAllowed):
            missing.append(line.title(request.LANGUAGE_CODE))
    if missing:
        messages.warning(request, _("Could not be put into the cart: %(goods)s") % {"goods": _(", ").join(missing)})
    return redirect("storefront:cart")


def _order(request: ShopRequest, token: str) -> Order:
    said = lettering.order_of(token)
    if said is None or said[0] != request.visit.shop.code:
        raise Http404(token)
    try:
        found = orders.order_for_staff(*said)
    except NoSuchOrder as missing:
        raise Http404(token) from missing
    if not is_open_by_letter(found.placed_at, at=clock.now()):
        raise Http404(token)
    return found


def _is_own(request: ShopRequest, found: Order) -> bool:
    customer_id = request.visit.customer_id
    if customer_id:
        return found.customer_id in customers.ids(customer_id)
    return found.person in request.visit.persons

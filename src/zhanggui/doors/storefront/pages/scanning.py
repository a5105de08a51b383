"""Paying with the phone what was ordered on a larger screen: the page with the code to scan."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import segno
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhanggui.doors.storefront import words
from zhanggui.doors.storefront.pages.paying import NO_ANSWER, entered
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart import queries as cart
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import NoSuchPayment, NoSuchProvider, NotPayable, ProviderUnreachable


@require_safe
def scan(request: ShopRequest, provider: str, number: str, payment_id: UUID) -> HttpResponse:
    """Show the code. The page asks every few seconds whether the order still waits, and leaves when it does not."""
    visit = request.visit
    try:
        order = orders.order(visit.shop.code, number, person=visit.trail().person)
        attempt = payments.payment(str(payment_id))
    except (NoSuchOrder, NoSuchPayment) as unknown:
        raise Http404(number) from unknown
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204) if order.is_open else _gone(number)
    try:
        doorway = entered(request, payment_id=str(payment_id), order_number=number, provider=provider)
    except (NotPayable, NoSuchPayment, NoSuchOrder, NoSuchProvider):
        return redirect("storefront:order", number=number)
    except ProviderUnreachable:
        messages.warning(request, NO_ANSWER)
        return redirect("storefront:order", number=number)
    if not doorway.qr:
        return redirect("storefront:order", number=number)
    context: dict[str, Any] = {
        "order": order,
        "due": attempt.amount,
        "name": words.provider(provider)[0],
        "code": segno.make(doorway.qr, error="m").svg_data_uri(border=2, dark="#1c1b19", light="#ffffff"),
        "simulated": doorway.qr if urlsplit(doorway.qr).scheme in {"http", "https"} else "",
        "paid": reverse("storefront:came_back", args=[provider, number]) + "?back=1",
        "pieces": cart.pieces(visit.shop.code, visit.visitor),
    }
    return render(request, "storefront/scan.html", context)


def _gone(number: str) -> HttpResponse:
    """Let the page go on to the order."""
    answer = HttpResponse(status=200)
    answer.headers["HX-Redirect"] = reverse("storefront:order", args=[number]) + "?back=1"
    return answer

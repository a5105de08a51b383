"""A shopper's own orders: looking, paying, calling off."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Router

from zhanggui.doors.api import orders
from zhanggui.doors.api.askers import ApiRequest, Visitor, VisitorToken
from zhanggui.doors.api.brake import address_of
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.errors import ReturnNotAllowed
from zhanggui.doors.api.shapes import shop as shapes
from zhanggui.doors.api.shapes.common import Limit, Number
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions as returning

router: Final = Router(tags=["Orders"], auth=VisitorToken())


@router.get("/orders", response=reading(list[shapes.OrderBrief]))
def all_orders(request: ApiRequest, limit: Limit = 20) -> Any:
    """The newest orders of this shopper, up to a hundred."""
    visitor = request.visitor
    found = visitor.theirs(books.orders_of(visitor.shop.code, *visitor.persons, limit=limit))
    return [orders.brief(each) for each in found]


@router.get("/orders/{number}", response=reading(shapes.Order))
def order(request: ApiRequest, number: Number) -> Any:
    """One order; somebody else's is not there."""
    return orders.whole(own(request.visitor, number))


@router.post("/orders/{number}/pay", response=writing(shapes.Doorway), openapi_extra=KEYED)
def pay(request: ApiRequest, number: Number, said: shapes.PayAsked) -> Any:
    """Where the shopper pays an order: the open attempt, or a new one at another provider."""
    visitor = request.visitor
    walk = visitor.trail_of(own(visitor, number))
    payments.provider(said.provider)
    back = _back(said.return_to) or settings.PUBLIC_URL + reverse("storefront:came_back", args=[said.provider, number])
    payment_id = paying.pay_again(order_number=number, provider=said.provider, trail=walk, by=visitor.by)
    doorway = paying.enter(
        payment_id=payment_id,
        person=walk.person,
        return_to=back,
        notify_to=settings.PUBLIC_URL + reverse("storefront:notified", args=[said.provider]),
        language=get_language() or settings.LANGUAGE_CODE,
        network=address_of(request),
    )
    return {"payment_id": payment_id, "address": doorway.address, "qr": doorway.qr}


@router.post("/orders/{number}/cancel", response=writing(shapes.Order), openapi_extra=KEYED)
def cancel(request: ApiRequest, number: Number, said: shapes.CancelAsked) -> Any:
    """Call off an order: one that was not paid, or a paid one of which nothing has left; its money goes back."""
    visitor = request.visitor
    order = own(visitor, number)
    give_up = paying.give_up if order.is_open else returning.call_off_paid
    give_up(order_number=number, reason=said.reason, trail=visitor.trail_of(order), by=visitor.by)
    return orders.whole(own(visitor, number))


def own(visitor: Visitor, number: str) -> Order:
    """An order of this shopper.

    refuses  NoSuchOrder, for anybody else's too
    """
    found = visitor.theirs([books.order(visitor.shop.code, number, person=visitor.persons)])
    if not found:
        raise NoSuchOrder(order_number=number)
    return found[0]


def _back(asked: str) -> str:
    """Where a shopper is sent after paying, if it is a page of those that may call us.

    refuses  ReturnNotAllowed
    """
    if not asked:
        return ""
    try:
        parts = urlsplit(asked)
    except ValueError:
        parts = urlsplit("")
    if f"{parts.scheme}://{parts.netloc}" not in (settings.PUBLIC_URL, *settings.API_ORIGINS):
        raise ReturnNotAllowed(return_to=asked[:200])
    return asked

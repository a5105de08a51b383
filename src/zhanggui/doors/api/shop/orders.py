"""A shopper's own orders and returns: looking, paying, calling off, giving back."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from ninja import Router, Status

from zhanggui.doors.api import once, orders
from zhanggui.doors.api.askers import ApiRequest, VisitorToken
from zhanggui.doors.api.brake import address_of
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.errors import ReturnNotAllowed
from zhanggui.doors.api.shapes import shop as shapes
from zhanggui.doors.api.shapes.common import Limit, Number
from zhanggui.shop.orders import queries as books
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions as returning
from zhanggui.shop.returns import queries as returns

router: Final = Router(tags=["Orders"], auth=VisitorToken())


@router.get("/orders", response=reading(list[shapes.OrderBrief]))
def all_orders(request: ApiRequest, limit: Limit = 20) -> Any:
    """The newest orders of this shopper, up to a hundred."""
    visitor = request.visitor
    return [orders.brief(each) for each in books.orders_of(visitor.shop.code, visitor.person, limit=limit)]


@router.get("/orders/{number}", response=reading(shapes.Order))
def order(request: ApiRequest, number: Number) -> Any:
    """One order; somebody else's is not there."""
    return orders.whole(_own(request, number))


@router.post("/orders/{number}/pay", response=writing(shapes.Doorway), openapi_extra=KEYED)
def pay(request: ApiRequest, number: Number, said: shapes.PayAsked) -> Any:
    """Where the shopper pays an order: the open attempt, or a new one at another provider."""
    visitor = request.visitor
    _own(request, number)
    payments.provider(said.provider)
    back = _back(said.return_to) or settings.PUBLIC_URL + reverse("storefront:came_back", args=[said.provider, number])
    payment_id = paying.pay_again(order_number=number, provider=said.provider, trail=visitor.trail, by=visitor.by)
    doorway = paying.enter(
        payment_id=payment_id,
        person=visitor.person,
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
    give_up = paying.give_up if _own(request, number).is_open else returning.call_off_paid
    give_up(order_number=number, reason=said.reason, trail=visitor.trail, by=visitor.by)
    return orders.whole(_own(request, number))


@router.post("/orders/{number}/returns", response=writing(shapes.MadeReturn, status=201), openapi_extra=KEYED)
def ask_return(request: ApiRequest, number: Number, said: shapes.ReturnAsked) -> Any:
    """Ask to give pieces back; approved at once where the rule says yes."""
    visitor = request.visitor
    made = returning.request(
        order_number=number,
        units={each.position: each.units for each in said.lines},
        reason=said.reason,
        wish=said.wish,
        words=said.words,
        idempotency_key=once.key_of(request),
        trail=visitor.trail,
        by=visitor.by,
    )
    return Status(201, {"return_number": made})


@router.get("/returns", response=reading(list[shapes.Return]))
def all_returns(request: ApiRequest, limit: Limit = 20) -> Any:
    """The returns of this shopper's last orders, newest first."""
    visitor = request.visitor
    return list(returns.returns_of(visitor.shop.code, visitor.person, limit=limit))


@router.get("/returns/{number}", response=reading(shapes.Return))
def one_return(request: ApiRequest, number: Number) -> Any:
    """How a return stands."""
    visitor = request.visitor
    return returns.return_of(visitor.shop.code, number, person=visitor.person)


@router.post("/returns/{number}/drop-off", response=writing(shapes.Return), openapi_extra=KEYED)
def drop_off(request: ApiRequest, number: Number) -> Any:
    """Bring the goods to a counter, which reads the return's code."""
    visitor = request.visitor
    returning.book_drop_off(return_number=number, trail=visitor.trail, by=visitor.by)
    return returns.return_of(visitor.shop.code, number, person=visitor.person)


@router.post("/returns/{number}/withdraw", response=writing(shapes.Return), openapi_extra=KEYED)
def withdraw(request: ApiRequest, number: Number) -> Any:
    """Call a return off before the goods have arrived."""
    visitor = request.visitor
    returning.withdraw(return_number=number, trail=visitor.trail, by=visitor.by)
    return returns.return_of(visitor.shop.code, number, person=visitor.person)


def _own(request: ApiRequest, number: str) -> Order:
    return books.order(request.visitor.shop.code, number, person=request.visitor.person)


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

"""Orders at the back office."""

from __future__ import annotations

from typing import Any, Final

from ninja import Router, Status

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import once, orders, paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import office as shapes
from zhanggui.doors.api.shapes.common import Cursor, Done, Limit, Listed, Made, Number
from zhanggui.doors.api.shapes.shop import CancelAsked, MadeReturn, OrderBrief, OrderState
from zhanggui.shop.orders import actions
from zhanggui.shop.orders import queries as books
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.returns import actions as returning

router: Final = Router(tags=["Office: orders"], auth=OfficeKey(Right.RUN_SHOP))


@router.get("/orders", response=reading(Listed[OrderBrief]))
def all_orders(request: ApiRequest, state: OrderState | None = None, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Orders, newest first."""
    found = books.orders_in_shop(request.program.shop, state=state, behind=paging.place_of(cursor), limit=limit)
    after = paging.behind(found[-1].placed_at, found[-1].number) if len(found) == limit else ""
    return {"items": [orders.brief(each) for each in found], "next": after}


@router.get("/orders/{number}", response=reading(shapes.OrderForStaff))
def order(request: ApiRequest, number: Number) -> Any:
    """One order with all that belongs to it; where it goes is told in full, for that is what it is for."""
    found = books.order_for_staff(request.program.shop, number)
    notes = list(books.notes(found.shop, number))
    return {**orders.whole(found), "customer_id": found.customer_id, "notes": notes}


@router.post("/orders/{number}/cancel", response=writing(shapes.OrderForStaff), openapi_extra=KEYED)
def cancel(request: ApiRequest, number: Number, said: CancelAsked) -> Any:
    """Call an order off: one that was not paid, or a paid one of which nothing has left; its money goes back."""
    program = request.program
    is_open = books.order_for_staff(program.shop, number).is_open
    give_up = paying.give_up if is_open else returning.call_off_paid
    give_up(order_number=number, reason=said.reason, trail=program.trail, by=program.by)
    return order(request, number)


@router.post("/orders/{number}/refund", response=writing(Made, status=201), openapi_extra=KEYED)
def refund(request: ApiRequest, number: Number, said: shapes.RefundAsked) -> Any:
    """Give money back without goods, to the cent; a key with the right give_freely may give more of it."""
    program = request.program
    made = returning.give_goodwill(
        order_number=number,
        amount=said.amount.money,
        words=said.words,
        is_unlimited=program.key.may(Right.GIVE_FREELY),
        idempotency_key=once.key_of(request),
        trail=program.trail,
        by=program.by,
    )
    return Status(201, {"id": made})


@router.post("/orders/{number}/lost", response=writing(MadeReturn, status=201), openapi_extra=KEYED)
def lost(request: ApiRequest, number: Number, said: shapes.LostAsked) -> Any:
    """Give back the money for pieces that never arrived."""
    program = request.program
    made = returning.give_lost(
        order_number=number,
        units={each.position: each.units for each in said.lines},
        words=said.words,
        idempotency_key=once.key_of(request),
        trail=program.trail,
        by=program.by,
    )
    return Status(201, {"return_number": made})


@router.post("/orders/{number}/notes", response=writing(Done, status=201), openapi_extra=KEYED)
def note(request: ApiRequest, number: Number, said: shapes.NoteAsked) -> Any:
    """Write down what colleagues should know; shoppers never see it."""
    program = request.program
    actions.add_note(order_number=number, words=said.words, trail=program.trail, by=program.by)
    return Status(201, {})

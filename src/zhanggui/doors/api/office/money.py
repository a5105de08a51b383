"""Payments and people at the back office; people are masked."""

from __future__ import annotations

from typing import Any, Final

from ninja import Router

from zhanggui.base.accounts.rules import Right
from zhanggui.doors.api import paging
from zhanggui.doors.api.askers import ApiRequest, OfficeKey
from zhanggui.doors.api.documented import reading
from zhanggui.doors.api.shapes import office as shapes
from zhanggui.doors.api.shapes.common import Cursor, Id, Limit, Line, Listed
from zhanggui.doors.api.shapes.shop import PaymentWord, RefundWord
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import Listed as Known
from zhanggui.shop.customers.rules import masked_contact
from zhanggui.shop.payments import queries as payments

router: Final = Router(tags=["Office: money"], auth=OfficeKey(Right.RUN_SHOP))
people: Final = Router(tags=["Office: customers"], auth=OfficeKey(Right.SEE_PEOPLE))


@router.get("/payments", response=reading(Listed[shapes.PaymentForStaff]))
def all_payments(
    request: ApiRequest, state: PaymentWord | None = None, find: Line = "", cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """Attempts to pay, newest first; find takes a whole order number, attempt or transaction."""
    skipped = paging.offset_of(cursor)
    found = payments.payments(request.program.shop, state=state, find=find, limit=limit, offset=skipped)
    return {"items": list(found), "next": paging.after_part(skipped, len(found), limit=limit)}


@router.get("/refunds", response=reading(Listed[shapes.RefundForStaff]))
def all_refunds(request: ApiRequest, state: RefundWord | None = None, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Money that goes back, newest first."""
    skipped = paging.offset_of(cursor)
    states = [state] if state else []
    found = payments.refunds(request.program.shop, states=states, limit=limit, offset=skipped)
    return {"items": list(found), "next": paging.after_part(skipped, len(found), limit=limit)}


@router.get("/disagreements", response=reading(shapes.Disagreements))
def disagreements(request: ApiRequest) -> Any:
    """Messages of providers that do not fit, and where their bills and our books differ; a hundred of each at most."""
    shop = request.program.shop
    return {
        "messages": list(payments.quarantined(shop, is_open=True, limit=100)),
        "bills": list(payments.differences(shop)),
    }


@people.get("/customers", response=reading(Listed[shapes.Customer]))
def all_customers(request: ApiRequest, find: Line = "", cursor: Cursor = "", limit: Limit = 50) -> Any:
    """Customers, newest first; find takes a whole phone number or mail address, or a part of a name."""
    skipped = paging.offset_of(cursor)
    found, _count = customers.customers(request.program.shop, wanted=find, limit=limit, offset=skipped)
    items = [_masked(each) for each in found]
    return {"items": items, "next": paging.after_part(skipped, len(found), limit=limit)}


@people.get("/customers/{id}", response=reading(shapes.Customer))
def one_customer(request: ApiRequest, id: Id) -> Any:
    """One customer."""
    return _masked(customers.customer(request.program.shop, id))


@people.get("/customers/{id}/wallet", response=reading(shapes.Wallet))
def wallet(request: ApiRequest, id: Id) -> Any:
    """What a customer's wallet holds."""
    known = customers.customer(request.program.shop, id)
    return {"balance": payments.wallet(request.program.shop, str(known.id))}


def _masked(known: Known) -> dict[str, Any]:
    return {
        "id": known.id,
        "contact": masked_contact(known.contact),
        "registered_at": known.registered_at,
        "has_account": known.has_account,
    }

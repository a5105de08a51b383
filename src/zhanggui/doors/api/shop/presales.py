"""Presales: what can be reserved, paying a deposit, and a shopper's own reservations up to the balance."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from ninja import Router, Status

from zhanggui.base import clock
from zhanggui.doors.api import once
from zhanggui.doors.api.askers import ApiRequest, Visitor, VisitorToken
from zhanggui.doors.api.documented import KEYED, reading, writing
from zhanggui.doors.api.shapes import sales as shapes
from zhanggui.doors.api.shapes.shop import Cart
from zhanggui.doors.api.shop.cart import seen
from zhanggui.growth.presale import actions, queries
from zhanggui.growth.presale.errors import StateNotAllowed
from zhanggui.growth.presale.queries import Mine, Shown
from zhanggui.growth.presale.rules import State, refusal
from zhanggui.shop.cart import actions as carts
from zhanggui.shop.cart import queries as lying
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.rules import Card
from zhanggui.shop.checkout.queries import Place
from zhanggui.shop.customers.rules import Address

router: Final = Router(tags=["Presales"], auth=VisitorToken())
_TERMS: Final = ("price", "first", "deposit", "prepayment", "credit", "balance", "total", "per_person", "ship_by")
_WINDOWS: Final = ("deposit_from", "deposit_until", "balance_from", "balance_until")
_MINE: Final = ("sku", "units", "state", "deposit", "prepayment", "balance", "total", "deposit_order", "balance_order")


@router.get("/presales", response=reading(list[shapes.Presale]))
def presales(request: ApiRequest) -> Any:
    """What can be reserved now or soon."""
    now = clock.now()
    found = queries.taking_deposits(request.visitor.shop.code, at=now)
    cards = catalogue.products(sorted({one.terms.sku for one in found})) if found else {}
    return [_presale(one, cards[one.terms.sku], at=now) for one in found if one.terms.sku in cards]


@router.get("/presales/{id}", response=reading(shapes.Presale))
def presale(request: ApiRequest, id: UUID) -> Any:
    """One presale, whatever became of it."""
    found = queries.presale(request.visitor.shop.code, id)
    return _presale(found, catalogue.products([found.terms.sku])[found.terms.sku], at=clock.now())


@router.post("/presales/{id}/reservations", response=writing(shapes.Reserved, status=201), openapi_extra=KEYED)
def reserve(request: ApiRequest, id: UUID, said: shapes.ReserveAsked) -> Any:
    """Keep pieces and open the deposit's order; send the shopper off to pay it as every order. Needs a sign-in.

    A deposit is not paid back if the shopper lets the balance go: show that before has_agreed is sent.
    """
    visitor = request.visitor
    visitor.customer()
    made = actions.reserve(
        presale_id=str(id),
        units=said.units,
        first_seen=said.first.money,
        address=Address(**said.address.model_dump()),
        has_agreed=said.has_agreed,
        provider=said.provider,
        language=get_language() or settings.LANGUAGE_CODE,
        idempotency_key=once.key_of(request),
        trail=visitor.trail,
        by=visitor.by,
    )
    answer = {"reservation": made.reservation_id, "order_number": made.order_number, "payment_id": made.payment_id}
    return Status(201, answer)


@router.get("/reservations", response=reading(list[shapes.Reservation]))
def reservations(request: ApiRequest) -> Any:
    """What the shopper has reserved, newest first; a hundred at most."""
    visitor, now = request.visitor, clock.now()
    visitor.customer()
    return [_mine(one, at=now) for one in queries.mine(visitor.shop.code, visitor.person)]


@router.get("/reservations/{id}", response=reading(shapes.Reservation))
def reservation(request: ApiRequest, id: UUID) -> Any:
    """One reservation; somebody else's is not there."""
    return _mine(_own(request.visitor, id), at=clock.now())


@router.post("/reservations/{id}/balance", response=writing(Cart), openapi_extra=KEYED)
def balance(request: ApiRequest, id: UUID) -> Any:
    """Lay what was reserved into the cart, where the balance is its price; then order it as everything.

    All that is reserved of the same goods and can be paid goes together. The balance is in the shop's own currency.
    """
    visitor, now = request.visitor, clock.now()
    found = _own(visitor, id)
    if not found.can_pay_balance(now):
        to = State.BALANCE_PAID
        raise StateNotAllowed(id=str(id), state=found.state, to=to, reason=refusal(found.state, to=to))
    all_mine = queries.mine(visitor.shop.code, visitor.person)
    units = sum(one.units for one in all_mine if one.sku == found.sku and one.can_pay_balance(now))
    there = {line.sku: line.quantity for line in lying.cart(visitor.shop.code, visitor.person).lines}
    if there.get(found.sku, 0) < units:
        carts.change(sku=found.sku, quantity=units, trail=visitor.trail, by=visitor.by)
    return seen(visitor, [Place()], [])


def _own(visitor: Visitor, id: UUID) -> Mine:
    """A reservation of this shopper.

    refuses  SignInNeeded, NoSuchReservation for anybody else's too
    """
    visitor.customer()
    return queries.one(visitor.shop.code, id, person=visitor.person)


def _presale(found: Shown, card: Card, *, at: datetime) -> dict[str, Any]:
    return {
        "id": str(found.id),
        "sku": found.terms.sku,
        "title": card.title,
        "variant": card.variant,
        "phase": found.phase(at),
        "left_units": found.left_units,
        "now": at,
        **{name: getattr(found.terms, name) for name in (*_TERMS, *_WINDOWS)},
    }


def _mine(found: Mine, *, at: datetime) -> dict[str, Any]:
    terms = found.presale.terms
    return {
        "id": str(found.id),
        "presale": str(found.presale.id),
        "phase": found.presale.phase(at),
        "can_pay_balance": found.can_pay_balance(at),
        "balance_from": terms.balance_from,
        "balance_until": terms.balance_until,
        **{name: getattr(found, name) for name in (*_MINE, "made_at", "paid_at", "ended_at")},
    }

"""How an order moves on. A state changes only by `update ... where state = ...`: of two at once, one finds no row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NoReturn

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.orders import models, queries, rules
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.orders.ports import lets_go
from zhanggui.shop.orders.rules import Order, State
from zhanggui.spine.facts.returns import DifferenceCancelled, DifferenceExpired
from zhanggui.spine.facts.shop import OrderCancelled, OrderExpired
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock


@operation
def mark_paid(*, order_number: str) -> bool:
    """Let an order be paid, if it still waits for its money; whether it did. A part of settling a payment.

    Its stock is kept for it from then on. An order that was forgotten for so long that its stock went back on sale
    expires instead, and the money with it goes back.

    tells  nothing; shop.order_expired for a forgotten one
    """
    if not _move(order_number, out_of=[State.AWAITING_PAYMENT], to=State.PAID, is_paid=True):
        return False
    if stock.keep(order_number=order_number):
        return True
    order = queries.order_by_number(order_number)
    if not any(line.needs_shipping for line in order.lines):
        return True
    models.Order.objects.filter(pk=order_number).update(state=State.EXPIRED, paid_at=None)
    record(_expired(order), by=job_actor("orders.expire"), trail=order.trail, subject=f"order:{order_number}")
    return False


@operation
def cancel(*, order_number: str, reason: str, trail: Trail, by: Actor) -> None:
    """Call off an order that has not been paid, and put its stock back on sale.

    Whoever offers this to a person asks `payments.give_up` instead, which closes the provider's charge before.

    reason   a word, such as changed_mind
    refuses  NoSuchOrder, for another shopper's order too; TransitionRefused
    tells    shop.order_cancelled, supply.stock_released; shop.difference_cancelled for what an exchange costs more
    """
    _call_off(order_number, out_of=State.AWAITING_PAYMENT, reason=reason, trail=trail, by=by)


@operation
def cancel_paid(*, order_number: str, reason: str, trail: Trail, by: Actor) -> None:
    """Call off an order that is paid and has not left. A part of `returns.call_off_paid`, which pays back.

    refuses  NoSuchOrder, for another shopper's order too; TransitionRefused
    tells    shop.order_cancelled, supply.stock_released
    """
    _call_off(order_number, out_of=State.PAID, reason=reason, trail=trail, by=by)


@operation
def expire(*, order_number: str) -> bool:
    """Give up an order that was not paid in time, and put its stock back on sale; False if it does not wait any longer.

    refuses  NoSuchOrder
    tells    shop.order_expired, supply.stock_released; shop.difference_expired for what an exchange costs more
    """
    if not _move(order_number, out_of=[State.AWAITING_PAYMENT], to=State.EXPIRED, due_before=clock.now()):
        return False
    order = queries.order_by_number(order_number)
    by = job_actor("orders.expire")
    id = record(_expired(order), by=by, trail=order.trail, subject=f"order:{order_number}")
    _let_go(order_number, is_paid=False, trail=order.trail.after(id), by=by)
    return True


@operation
def note_shipped(*, order_number: str, is_all: bool) -> None:
    """Know that a parcel of an order has left, or the last of them. A part of shipping a parcel.

    refuses  TransitionRefused if it is not paid or all has left before; a further parcel of many changes nothing
    """
    if is_all:
        moved = _move(order_number, out_of=[State.PAID, State.SHIPPING], to=State.SHIPPED)
    else:
        moved = _move(order_number, out_of=[State.PAID, State.SHIPPING], to=State.SHIPPING)
    if not moved:
        _refuse(order_number, to=State.SHIPPED if is_all else State.SHIPPING)


@operation
def note_delivered(*, order_number: str, is_all: bool) -> None:
    """Know that a parcel of an order was signed for; the order is delivered once all were, and nothing is left to ship.

    refuses  TransitionRefused if the last of it was delivered before it was shipped, or once more
    """
    if is_all and not _move(order_number, out_of=[State.PAID, State.SHIPPED], to=State.DELIVERED):
        _refuse(order_number, to=State.DELIVERED)


@operation
def complete(*, order_number: str) -> bool:
    """Close an order whose goods arrived, or of which the rest went back; whether it was open until now."""
    return _move(order_number, out_of=rules.before(State.COMPLETED), to=State.COMPLETED)


def _call_off(order_number: str, *, out_of: State, reason: str, trail: Trail, by: Actor) -> None:
    is_shopper = by.kind is ActorKind.CUSTOMER
    order = (
        queries.order(trail.shop, order_number, person=trail.person)
        if is_shopper
        else queries.order_for_staff(trail.shop, order_number)
    )
    if not _move(order_number, out_of=[out_of], to=State.CANCELLED):
        _refuse(order_number, to=State.CANCELLED)
    its_trail = order.trail if trail.cause is None else order.trail.after(trail.cause)
    id = record(_cancelled(order, reason=reason), by=by, trail=its_trail, subject=f"order:{order_number}")
    _let_go(order_number, is_paid=out_of is State.PAID, trail=its_trail.after(id), by=by)


def _cancelled(order: Order, *, reason: str) -> OrderCancelled | DifferenceCancelled:
    said = {**_worth(order), "reason": reason}
    if order.difference_of:
        return DifferenceCancelled(**said, difference_of=order.difference_of)
    return OrderCancelled(**said)


def _expired(order: Order) -> OrderExpired | DifferenceExpired:
    if order.difference_of:
        return DifferenceExpired(**_worth(order), difference_of=order.difference_of)
    return OrderExpired(**_worth(order))


def _worth(order: Order) -> dict[str, Any]:
    worth = rules.in_books(order.total, order.booked)
    return {"order_number": order.number, "amount_minor": worth.minor, "currency": worth.currency}


def _let_go(order_number: str, *, is_paid: bool, trail: Trail, by: Actor) -> None:
    """Give what an order held to whoever has a right to it, and put the rest back on sale."""
    for takes_over in lets_go:
        takes_over(order_number=order_number, is_paid=is_paid, trail=trail, by=by)
    stock.release(order_number=order_number, trail=trail, by=by)


def _move(
    order_number: str,
    *,
    out_of: Iterable[State],
    to: State,
    due_before: datetime | None = None,
    is_paid: bool = False,
) -> bool:
    rows = models.Order.objects.filter(pk=order_number, state__in=list(out_of))
    if due_before is not None:
        rows = rows.filter(expires_at__lte=due_before)
    now = clock.now()
    changed: dict[str, Any] = {"state": to}
    if to in rules.ENDS_WAITING:
        changed["ended_at"] = now
    if is_paid:
        changed["paid_at"] = now
    return rows.update(**changed) == 1


def _refuse(order_number: str, *, to: State) -> NoReturn:
    state = queries.order_by_number(order_number).state
    raise TransitionRefused(order_number=order_number, state=state, to=to, reason=rules.refusal(state, to=to))

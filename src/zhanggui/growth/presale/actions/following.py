"""What becomes of a reservation when the orders of its deposit and its balance move on."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.presale import models, rules
from zhanggui.growth.presale.actions import booking, ending, refunding
from zhanggui.growth.presale.rules import SOURCE, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.spine.facts.presales import BalancePaid, DepositPaid, DepositReturned
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

_BY = job_actor("presale.follow")
_NOTHING_CAME_OF_IT = (OrderState.CANCELLED, OrderState.EXPIRED)


@operation
def follow_order(*, order_number: str, cause: UUID | None = None) -> None:
    """Bring the reservations of an order in line with it; nothing happens for another order, or the second time.

    A deposit that was paid becomes one in the books, one that was not lets go of its pieces; a paid balance makes the
    reservation an ordinary order; pieces that come back take their share of the deposit back with them.

    tells  growth.deposit_paid, growth.balance_paid, growth.deposit_returned, supply.stock_released
    """
    mine = models.Reservation.objects.filter(Q(deposit_order=order_number) | Q(balance_order=order_number))
    rows = list(mine.select_for_update(of=["self"]).select_related("presale").order_by("id"))
    if not rows:
        return
    order = orders.order_by_number(order_number)
    trail = order.trail if cause is None else order.trail.after(cause)
    for row in rows:
        if row.deposit_order == order_number:
            _follow_deposit(row, order, trail=trail)
        else:
            _follow_balance(row, order, trail=trail)


def _follow_deposit(row: models.Reservation, order: Order, *, trail: Trail) -> None:
    state = State(row.state)
    if order.state in _NOTHING_CAME_OF_IT and state in rules.before(State.LAPSED):
        _lapse(row, trail=trail)
    elif order.is_paid and state is State.DEPOSIT_DUE:
        booking.set_aside(row, by=_BY)
        _move(row, State.DEPOSIT_PAID, paid_at=order.paid_at)
        fact = DepositPaid(
            reservation_id=str(row.id),
            presale_id=str(row.presale_id),
            order_number=order.number,
            sku=row.sku,
            quantity=row.units,
            amount_minor=row.deposit_minor,
            prepayment_minor=row.prepayment_minor,
            currency=row.currency,
        )
        record(fact, by=_BY, trail=trail, subject=f"reservation:{row.id}")
        if row.presale.ended_as:  # it was called off while the deposit was on its way
            ending.queue(row.id, how=State(row.presale.ended_as))


def _follow_balance(row: models.Reservation, order: Order, *, trail: Trail) -> None:
    state = State(row.state)
    if order.paid_at is not None and state is State.BALANCE_OPEN:
        booking.earn(row, by=_BY)
        _move(row, State.BALANCE_PAID, ended_at=clock.now())
        fact = BalancePaid(
            reservation_id=str(row.id),
            presale_id=str(row.presale_id),
            order_number=order.number,
            sku=row.sku,
            quantity=row.units,
            amount_minor=row.balance_minor,
            deposit_minor=row.deposit_minor + row.prepayment_minor,
            saved_minor=_saved(row, order),
            currency=row.currency,
        )
        record(fact, by=_BY, trail=trail, subject=f"reservation:{row.id}")
    if row.state == State.BALANCE_PAID:
        _give_back_with(row, order, trail=trail, by=_BY)


def _saved(row: models.Reservation, order: Order) -> int:
    """What a reservation costs less than at the list price: what the order took off it, less what was paid before."""
    shares = (share for line in order.lines for share in line.shares if share.source == f"{SOURCE}{row.id}")
    return max(0, -sum(share.amount.minor for share in shares) - row.deposit_minor - row.prepayment_minor)


def _lapse(row: models.Reservation, *, trail: Trail) -> None:
    """Nothing came of a deposit: its pieces, its place in the quota and the person's own are free again."""
    if row.state == State.DEPOSIT_PAID:
        booking.earn(row, by=_BY)
    stock.release(order_number=rules.held_as(row.id), trail=trail, by=_BY)
    models.Taken.objects.filter(presale=row.presale_id, person=row.person).update(units=F("units") - row.units)
    models.Presale.objects.filter(pk=row.presale_id).update(reserved_units=F("reserved_units") - row.units)
    _move(row, State.LAPSED, ended_at=clock.now())


def _give_back_with(row: models.Reservation, order: Order, *, trail: Trail, by: Actor) -> None:
    """Give the deposit of the pieces that came back with a finished order back, each piece once.

    source  2 pieces with a deposit of 50 each, 1 of them returned -> 50; the other one later -> 50
    """
    source = f"{SOURCE}{row.id}"
    lines = [line for line in order.lines if any(share.source == source for share in line.shares)]
    kept = sum(line.quantity - line.returned_units for line in lines)
    back = max(0, row.units - kept)
    pieces = back - row.returned_units
    if pieces <= 0:
        return
    amount = refunding.give_back(row, pieces, reason="order_refunded", trail=trail, by=by, nth=back)
    row.returned_units = back
    row.save(update_fields=["returned_units"])
    fact = DepositReturned(
        reservation_id=str(row.id),
        presale_id=str(row.presale_id),
        order_number=row.deposit_order,
        sku=row.sku,
        quantity=pieces,
        reason="order_refunded",
        amount_minor=amount.minor,
        currency=row.currency,
    )
    record(fact, by=by, trail=trail, subject=f"reservation:{row.id}")


def _move(row: models.Reservation, to: State, **said: object) -> None:
    """A reservation that is locked goes on."""
    row.state = to
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=["state", *said])

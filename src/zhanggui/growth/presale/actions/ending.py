"""How a reservation ends without an order: the time is over, or the presale is called off."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.growth.presale import models, queries, rules
from zhanggui.growth.presale.actions import booking, refunding
from zhanggui.growth.presale.errors import NoSuchReservation, StateNotAllowed
from zhanggui.growth.presale.rules import ENDINGS, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.payments import actions as payments
from zhanggui.spine.facts.presales import DepositForfeited, DepositReturned
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

_CLOCK = job_actor("presale.expire")


@operation
def open_balances() -> int:
    """Let the balances be paid whose window has begun; how many. Index growth_presale_by_balance."""
    begun = models.Presale.objects.filter(
        balance_from__lte=clock.now(), ended_as="", reservations__state=State.DEPOSIT_PAID
    )
    ids = list(begun.distinct().values_list("pk", flat=True))
    # The presales are named by their ids: a join would not be asked again after a wait (docs/decisions/0007).
    return models.Reservation.objects.filter(presale__in=ids, state=State.DEPOSIT_PAID).update(state=State.BALANCE_OPEN)


@operation
def expire(*, reservation_id: UUID) -> bool:
    """Let the time for a balance be over, and put its pieces back on sale; False if it is paid, or being paid.

    An order for the balance that was placed in time may still be paid in its own time; if it is not, this comes after.

    tells  supply.stock_released
    """
    row = models.Reservation.objects.select_related("presale").get(pk=reservation_id)
    if row.presale.ended_as or clock.now() < row.presale.balance_until:
        return False
    rows = models.Reservation.objects.filter(pk=reservation_id, state=State.BALANCE_OPEN, balance_order="")
    if not rows.update(state=State.BALANCE_EXPIRED):
        return False
    stock.release(order_number=rules.held_as(row.id), trail=_trail(row), by=_CLOCK)
    return True


@operation
def forfeit(*, reservation_id: UUID) -> bool:
    """Keep the deposit of a balance that was not paid in time; what was prepaid beyond it goes back. False if it is
    none of those, or is done.

    tells  growth.deposit_forfeited; shop.refund_started for a prepayment
    """
    rows = models.Reservation.objects.filter(pk=reservation_id, state=State.BALANCE_EXPIRED)
    if not rows.update(state=State.FORFEITED, ended_at=clock.now()):
        return False
    row = models.Reservation.objects.get(pk=reservation_id)
    booking.earn(row, by=_CLOCK)
    fact = DepositForfeited(
        reservation_id=str(row.id),
        presale_id=str(row.presale_id),
        order_number=row.deposit_order,
        sku=row.sku,
        quantity=row.units,
        amount_minor=row.deposit_minor,
        prepayment_minor=row.prepayment_minor,
        currency=row.currency,
    )
    trail = _trail(row)
    trail = trail.after(record(fact, by=_CLOCK, trail=trail, subject=f"reservation:{row.id}"))
    if row.prepayment_minor:
        refunding.give_back(row, row.units, positions=(2,), reason="prepayment", trail=trail, by=_CLOCK)
    return True


@operation
def end(*, reservation_id: UUID, how: State, trail: Trail, by: Actor) -> None:
    """Give a deposit back because the contract is not kept, by us or by anybody.

    SELLER_CANCELLED  the deposit goes back the way it came, and as much again into the wallet (Civil Code art. 587);
                      what was prepaid beyond it goes back once
    FORCE_MAJEURE     all that was paid goes back the way it came
    refuses  NoSuchReservation; StateNotAllowed if nothing is paid, it has ended, or its balance is paid or being paid
    tells    growth.deposit_returned, supply.stock_released, shop.refund_started; shop.wallet_credited
    """
    if how not in ENDINGS:
        raise ValueError(f"{how} is no way to end a reservation by hand")
    rows = models.Reservation.objects.filter(
        pk=reservation_id, shop=trail.shop, state__in=rules.before(how), balance_order=""
    )
    if not rows.update(state=how, ended_at=clock.now()):
        raise _refusal(reservation_id, how, shop=trail.shop)
    row = models.Reservation.objects.get(pk=reservation_id)
    stock.release(order_number=rules.held_as(row.id), trail=trail, by=by)
    booking.earn(row, by=by)
    doubled = row.money(row.deposit_minor if how is State.SELLER_CANCELLED else 0)
    after = _trail(row).after(_tell_returned(row, how, doubled, by=by))
    refunding.give_back(row, row.units, reason=how, trail=after, by=by)
    if doubled:
        payments.credit_wallet(
            customer_id=str(row.customer_id),
            amount=doubled,
            reason="presale_seller_cancelled",
            idempotency_key=rules.held_as(row.id),
            trail=after,
            by=by,
        )


def queue(reservation_id: UUID, *, how: State) -> None:
    """Have a job end a reservation of a presale that was called off. A part of what calls it off."""
    later(end_one, once=f"presale.end/{reservation_id}", reservation_id=str(reservation_id), how=how)


@job(name="presale.end_one")
def end_one(reservation_id: str, how: str) -> None:
    """End one reservation of a presale that was called off: orders that wait for money are closed at their provider
    first. What was paid just before stays paid, and its order is called off as an order.
    """
    found = models.Reservation.objects.filter(pk=reservation_id).first()
    if found is None or found.state in rules.ENDS:
        return
    waiting = found.balance_order or (found.deposit_order if found.state == State.DEPOSIT_DUE else "")
    if waiting and orders.order_by_number(waiting).is_open:
        try:
            payments.give_up(order_number=waiting, reason=how, trail=Trail(shop=found.shop), by=_CLOCK)
        except TransitionRefused:
            return  # paid just now: the fact of it says how it goes on
    try:
        end(reservation_id=found.id, how=State(how), trail=Trail(shop=found.shop), by=_CLOCK)
    except StateNotAllowed:
        return


@job(name="presale.every_minute", every="* * * * *")
def every_minute() -> None:
    """Open balances, let those expire whose time is over, and end what a presale that was called off left behind."""
    open_balances()
    for id in queries.overdue(at=clock.now()):
        expire(reservation_id=id)
    for id in queries.expired():
        forfeit(reservation_id=id)
    for id, how in queries.left_behind():
        queue(id, how=how)


def _trail(row: models.Reservation) -> Trail:
    return orders.order_by_number(row.deposit_order).trail


def _tell_returned(row: models.Reservation, how: State, doubled: Money, *, by: Actor) -> UUID:
    fact = DepositReturned(
        reservation_id=str(row.id),
        presale_id=str(row.presale_id),
        order_number=row.deposit_order,
        sku=row.sku,
        quantity=row.units,
        reason=how,
        amount_minor=row.deposit_minor + row.prepayment_minor,
        doubled_minor=doubled.minor,
        currency=row.currency,
    )
    return record(fact, by=by, trail=_trail(row), subject=f"reservation:{row.id}")


def _refusal(id: UUID, how: State, *, shop: str) -> NoSuchReservation | StateNotAllowed:
    row = models.Reservation.objects.filter(pk=id, shop=shop).first()
    if row is None:
        return NoSuchReservation(id=str(id))
    state = State(row.state)
    reason = rules.refusal(state, to=how) or "Its balance is being paid just now."
    return StateNotAllowed(id=str(id), state=state, to=how, reason=reason)

"""The verbs of payments."""

from __future__ import annotations

from typing import Any

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, partner
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.errors import NotPayable
from zhanggui.shop.payments.rules import Fault, Notice, Outcome, Payment, Settled, State
from zhanggui.spine.facts.shop import PaymentFailed, PaymentQuarantined, PaymentSettled, PaymentStarted
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# Index shop_payments_message_once. Waits for whoever is working on the same event, then adds nothing.
_KEEP = """
insert into shop_payments_message (provider, event_id, shop, order_number, payment_id, amount_minor, currency,
    transaction_id, outcome, reason, body, received_at)
values (%s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::bigint, %s::varchar, %s::varchar, '', '',
    %s::bytea, %s::timestamptz)
on conflict on constraint shop_payments_message_once do nothing returning id
"""


@operation
def start(*, order_number: str, due: Money, provider: str, trail: Trail, by: Actor) -> str:
    """Begin an attempt to pay an order; its id. A part of checkout and of `pay_again`.

    refuses  NoSuchProvider
    tells    shop.payment_started
    """
    queries.provider(provider)
    id = ids.uuid7()
    fact = PaymentStarted(
        order_number=order_number,
        payment_id=str(id),
        provider=provider,
        amount_minor=due.minor,
        currency=due.currency,
    )
    fact_id = record(fact, by=by, trail=trail, subject=f"payment:{id}")
    models.Payment.objects.bulk_create(
        [
            models.Payment(
                id=id,
                shop=trail.shop,
                order_number=order_number,
                provider=provider,
                amount_minor=due.minor,
                currency=due.currency,
                state=State.STARTED,
                started_fact=fact_id,
                started_at=clock.now(),
            )
        ]
    )
    return str(id)


@operation
def pay_again(*, order_number: str, provider: str, trail: Trail, by: Actor) -> str:
    """Let a shopper try once more to pay an order; the id of the attempt, which is the open one if there is one.

    refuses  NoSuchOrder, NotPayable if the order does not wait for money, NoSuchProvider
    tells    shop.payment_started, not for an attempt that is open already
    """
    order = orders.order(trail.shop, order_number, person=trail.person)
    if not order.is_open or clock.now() >= order.expires_at:
        raise NotPayable(order_number=order_number, state=order.state)
    attempts = models.Payment.objects.filter(order_number=order_number).order_by("pk")
    # Every order has an attempt: whoever comes second waits here, and reads afterwards what the first one wrote.
    list(attempts.select_for_update().values_list("pk"))
    still_open = attempts.filter(state=State.STARTED).first()
    if still_open is not None and still_open.provider == provider:
        return str(still_open.pk)
    if still_open is not None:
        _fail(still_open.value, reason="other_provider_chosen", trail=trail.after(still_open.started_fact), by=by)
    return start(order_number=order_number, due=order.total, provider=provider, trail=trail, by=by)


@operation
def settle(*, shop: str, provider: str, message: bytes) -> Settled:
    """Believe what a provider says, if it can be believed, and let it come true once.

    The return of the shopper and the notification of the server both come here, in either order, any number of times.
    Locks the attempt, then the order, then the books.

    message  the raw query string of a return, or the raw body of a notification
    refuses  Forged, Stale, Unreadable, NoSuchProvider; nothing is written
    tells    shop.payment_settled once per order, shop.payment_failed, or shop.payment_quarantined with the reason:
             money that does not fit is never accepted, and money that is late or came twice is booked as owed back
    """
    adapter = queries.provider(provider)
    notice = adapter.read(message, at=clock.now())
    if not _keep(shop, provider, notice, message):
        return _said_before(provider, notice)
    row = _locked(shop, provider, notice.payment_id)
    fault = rules.fault_of(notice, payment=row.value if row else None, merchant=adapter.merchant)
    if row is None or fault is not None:
        return _quarantine(shop, provider, notice, row=row, fault=fault or Fault.UNKNOWN_PAYMENT)
    if not notice.is_paid:
        return _decline(row, notice)
    return _take_money(row, notice)


def _keep(shop: str, provider: str, notice: Notice, message: bytes) -> bool:
    """Put a message into the inbox; whether it is there for the first time."""
    said: list[Any] = [notice.order_number[:60], notice.payment_id[:60], notice.amount.minor, notice.amount.currency]
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [provider, notice.event_id, shop, *said, notice.transaction_id, message, clock.now()],
        )
        return cursor.fetchone() is not None


def _said_before(provider: str, notice: Notice) -> Settled:
    row = models.Message.objects.get(provider=provider, event_id=notice.event_id)
    return Settled(outcome=Outcome(row.outcome), order_number=row.order_number, payment_id=row.payment_id)


def _locked(shop: str, provider: str, payment_id: str) -> models.Payment | None:
    id = rules.payment_id_of(payment_id)
    rows = models.Payment.objects.select_for_update().filter(shop=shop, provider=provider)
    return rows.filter(pk=id).first() if id else None


def _take_money(row: models.Payment, notice: Notice) -> Settled:
    payment = row.value
    if payment.transaction_id == notice.transaction_id:
        return _told_again(payment, notice)
    is_open = payment.state in {State.STARTED, State.FAILED}
    if not (is_open and orders_actions.mark_paid(order_number=payment.order_number)):
        return _owe_back(row, notice)
    _end(payment, State.SETTLED, transaction_id=notice.transaction_id)
    order = orders.order_for_staff(payment.shop, payment.order_number)
    by = partner(payment.provider)
    fact = PaymentSettled(
        order_number=order.number,
        payment_id=payment.id,
        provider=payment.provider,
        lines=order_rules.told_lines(order.lines),
        amount_minor=payment.amount.minor,
        currency=payment.amount.currency,
    )
    record(fact, by=by, trail=order.trail.after(row.started_fact), subject=f"payment:{payment.id}")
    ledger.post(entry=rules.sale_entry(order, payment=payment), by=by)
    return _answer(payment.provider, notice, outcome=Outcome.PAID)


def _told_again(payment: Payment, notice: Notice) -> Settled:
    """The same money under another event id: the answer it had the first time, and nothing else."""
    if payment.state is State.SETTLED:
        return _answer(payment.provider, notice, outcome=Outcome.PAID)
    fault = rules.lateness(orders.states([payment.order_number])[payment.order_number])
    return _answer(payment.provider, notice, outcome=Outcome.QUARANTINED, reason=fault)


def _owe_back(row: models.Payment, notice: Notice) -> Settled:
    """Good money that comes too late or twice: it does not touch the order, and the books say that we owe it."""
    payment = row.value
    if payment.state in {State.STARTED, State.FAILED}:
        _end(payment, State.REFUND_DUE, transaction_id=notice.transaction_id)
    fault = rules.lateness(orders.states([payment.order_number])[payment.order_number])
    answer = _quarantine(payment.shop, payment.provider, notice, row=row, fault=fault)
    entry = rules.refund_due_entry(payment, transaction_id=notice.transaction_id)
    ledger.post(entry=entry, by=partner(payment.provider))
    return answer


def _decline(row: models.Payment, notice: Notice) -> Settled:
    """No money came; whatever the attempt became otherwise stands, because messages come in any order."""
    payment = row.value
    if payment.state is State.STARTED:
        trail = orders.order_for_staff(payment.shop, payment.order_number).trail.after(row.started_fact)
        _fail(payment, reason=notice.reason or "declined", trail=trail, by=partner(payment.provider))
    outcome = Outcome.PAID if payment.state is State.SETTLED else Outcome.DECLINED
    return _answer(payment.provider, notice, outcome=outcome)


def _fail(payment: Payment, *, reason: str, trail: Trail, by: Actor) -> None:
    _end(payment, State.FAILED)
    fact = PaymentFailed(
        order_number=payment.order_number,
        payment_id=payment.id,
        provider=payment.provider,
        reason=reason,
        amount_minor=payment.amount.minor,
        currency=payment.amount.currency,
    )
    record(fact, by=by, trail=trail, subject=f"payment:{payment.id}")


def _quarantine(shop: str, provider: str, notice: Notice, *, row: models.Payment | None, fault: Fault) -> Settled:
    trail = Trail(shop=shop)
    if row is not None:
        trail = orders.order_for_staff(shop, row.order_number).trail.after(row.started_fact)
    fact = PaymentQuarantined(
        order_number=row.order_number if row else "",
        payment_id=str(row.pk) if row else "",
        provider=provider,
        reason=fault,
        amount_minor=notice.amount.minor,
        currency=notice.amount.currency,
    )
    subject = f"payment:{row.pk}" if row else f"message:{notice.event_id}"
    record(fact, by=partner(provider), trail=trail, subject=subject)
    return _answer(provider, notice, outcome=Outcome.QUARANTINED, reason=fault)


def _end(payment: Payment, state: State, *, transaction_id: str = "") -> None:
    models.Payment.objects.filter(pk=payment.id).update(
        state=state, transaction_id=transaction_id, ended_at=clock.now()
    )


def _answer(provider: str, notice: Notice, *, outcome: Outcome, reason: str = "") -> Settled:
    """Keep with the message what became of it, for the next time it comes."""
    rows = models.Message.objects.filter(provider=provider, event_id=notice.event_id)
    rows.update(outcome=outcome, reason=reason)
    return Settled(outcome=outcome, order_number=notice.order_number[:60], payment_id=notice.payment_id[:60])

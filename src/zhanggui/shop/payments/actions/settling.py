"""Believing what providers say, and letting it come true once."""

from __future__ import annotations

from typing import Any

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, partner
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.actions import attempts, paying_back, refunding, tendering
from zhanggui.shop.payments.errors import Forged, Stale, Unreadable
from zhanggui.shop.payments.rules import (
    Decision,
    Fault,
    Message,
    Notice,
    NoticeKind,
    Outcome,
    Payment,
    Settled,
    Source,
    State,
)
from zhanggui.spine.facts.returns import DifferenceSettled
from zhanggui.spine.facts.shop import PaymentQuarantined, PaymentSettled
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

# Index shop_payments_message_once. Waits for whoever is working on the same event, then adds nothing.
_KEEP = """
insert into shop_payments_message (provider, event_id, shop, order_number, payment_id, amount_minor, currency,
    transaction_id, source, outcome, reason, body, received_at, decision, decided_by, note)
values (%s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::bigint, %s::varchar, %s::varchar,
    %s::varchar, '', '', %s::bytea, %s::timestamptz, '', '', '')
on conflict on constraint shop_payments_message_once do nothing returning id
"""
# Index shop_payments_incident_new. A flood of forged messages must not fill the disk: so many an hour are kept.
_KEEP_INCIDENT = """
insert into shop_payments_incident (provider, shop, fault, reason, body, received_at)
select %s::varchar, %s::varchar, %s::varchar, %s::varchar, %s::bytea, %s::timestamptz
where (
    select count(*) from shop_payments_incident
    where shop = %s::varchar and received_at > %s::timestamptz - interval '1 hour') < %s::int
"""
_INCIDENTS_AN_HOUR = 200
_LONGEST_KEPT = 4096


def settle(*, shop: str, provider: str, message: Message) -> Settled:
    """Believe what a provider says, if it can be believed, and let it come true once.

    The return of the shopper and the notification of the server both come here, in either order, any number of times.

    refuses  Forged, Stale, Unreadable, NoSuchProvider; nothing is written but the incident; NothingNew for a message
             that is believed and moves no money
    tells    as `hear` does
    """
    adapter = queries.provider(provider)
    try:
        notice = adapter.read(message, at=clock.now())
    except (Forged, Stale, Unreadable) as refused:
        _keep_incident(shop, provider, refused, message)
        raise
    return hear(shop=shop, provider=provider, notice=notice, source=Source.TOLD, body=message.body)


@operation
def hear(*, shop: str, provider: str, notice: Notice, source: Source, body: bytes = b"") -> Settled:
    """Let what a provider says come true once: it told, was asked, was closed at, or has it on its bill.

    Locks the attempt, then the order, then the tenders, then the books.

    tells    shop.payment_settled once per order, shop.payment_failed, or shop.payment_quarantined with the reason:
             money that does not fit is never accepted; money that is late, came twice or is for nothing we know
             goes back; shop.refund_settled for the end of a refund
    """
    if not _keep(shop, provider, notice, source, body):
        return _said_before(provider, notice)
    if notice.kind is NoticeKind.REFUND:
        return _hear_refund(shop, provider, notice)
    row = attempts.locked_one(shop, provider, notice.payment_id)
    merchant = queries.provider(provider).merchant
    fault = rules.fault_of(notice, payment=row.value if row else None, merchant=merchant)
    if fault is Fault.UNKNOWN_PAYMENT and queries.is_known(notice.payment_id):
        fault = Fault.OTHER_SHOP
    if row is None or fault is not None:
        return _quarantine(shop, provider, notice, row=row, fault=fault or Fault.UNKNOWN_PAYMENT)
    if not notice.is_paid:
        return _decline(row, notice)
    return _take_money(row, notice)


def settle_covered(row: models.Payment) -> None:
    """An order that wallet and cards pay whole is paid as soon as it is placed. A part of `start`."""
    orders_actions.mark_paid(order_number=row.order_number)
    _settle(row, transaction_id="", by=job_actor("payments.balance"))


def _take_money(row: models.Payment, notice: Notice) -> Settled:
    payment = row.value
    if payment.transaction_id == notice.transaction_id:
        return _told_again(payment, notice)
    is_open = payment.state in {State.STARTED, State.FAILED}
    if not (is_open and orders_actions.mark_paid(order_number=payment.order_number)):
        return _owe_back(row, notice)
    _settle(row, transaction_id=notice.transaction_id, by=partner(payment.provider))
    return _answer(payment.provider, notice, outcome=Outcome.PAID)


def _settle(row: models.Payment, *, transaction_id: str, by: Actor) -> None:
    payment = row.value
    attempts.end(payment, State.SETTLED, transaction_id=transaction_id)
    order = orders.order_for_staff(payment.shop, payment.order_number)
    tenders = tendering.take(payment.order_number) if payment.amount < order.total else ()
    worth = order_rules.in_books(order.total, order.booked)
    told: dict[str, Any] = {
        "order_number": order.number,
        "payment_id": payment.id,
        "provider": payment.provider,
        "lines": order_rules.told_lines(order.lines, booked=order.booked),
        "amount_minor": worth.minor,
        "currency": worth.currency,
    }
    fact = (
        DifferenceSettled(**told, difference_of=order.difference_of) if order.difference_of else PaymentSettled(**told)
    )
    record(fact, by=by, trail=order.trail.after(row.started_fact), subject=f"payment:{payment.id}")
    if order.total:
        ledger.post(entry=rules.sale_entry(order, payment=payment, tenders=tenders), by=by)


def _told_again(payment: Payment, notice: Notice) -> Settled:
    """The same money under another event id: the answer it had the first time, and nothing else."""
    if payment.state is State.SETTLED:
        return _answer(payment.provider, notice, outcome=Outcome.PAID)
    fault = rules.lateness(orders.states([payment.order_number])[payment.order_number])
    return _answer(payment.provider, notice, outcome=Outcome.QUARANTINED, reason=fault, decision=Decision.GIVEN_BACK)


def _owe_back(row: models.Payment, notice: Notice) -> Settled:
    """Good money that comes too late or twice: it does not touch the order, and it goes back."""
    payment = row.value
    if payment.state in {State.STARTED, State.FAILED}:
        attempts.end(payment, State.REFUND_DUE, transaction_id=notice.transaction_id)
    fault = rules.lateness(orders.states([payment.order_number])[payment.order_number])
    return _quarantine(payment.shop, payment.provider, notice, row=row, fault=fault)


def _decline(row: models.Payment, notice: Notice) -> Settled:
    """No money came; whatever the attempt became otherwise stands, because messages come in any order."""
    payment = row.value
    if payment.state is State.STARTED:
        trail = orders.order_for_staff(payment.shop, payment.order_number).trail.after(row.started_fact)
        attempts.fail(payment, reason=notice.reason or "declined", trail=trail, by=partner(payment.provider))
    outcome = Outcome.PAID if payment.state is State.SETTLED else Outcome.DECLINED
    return _answer(payment.provider, notice, outcome=outcome)


def _hear_refund(shop: str, provider: str, notice: Notice) -> Settled:
    is_ours = notice.merchant == queries.provider(provider).merchant
    fault = paying_back.hear(shop, provider, notice) if is_ours else Fault.UNKNOWN_REFUND
    if fault is None:
        return _answer(provider, notice, outcome=Outcome.REFUNDED)
    row = attempts.locked_one(shop, provider, notice.payment_id) if fault is Fault.REFUND_RETURNED else None
    return _quarantine(shop, provider, notice, row=row, fault=fault)


def _quarantine(shop: str, provider: str, notice: Notice, *, row: models.Payment | None, fault: Fault) -> Settled:
    """What does not fit is put aside; money among it that nobody wants goes back by itself."""
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
    goes_back = fault in rules.UNWANTED and notice.is_paid and notice.amount.minor > 0
    if goes_back:
        refunding.owe_back(
            shop=shop,
            provider=provider,
            order_number=row.order_number if row else notice.order_number[:60],
            payment_id=notice.payment_id[:60],
            transaction_id=notice.transaction_id,
            amount=notice.amount,
            reason=fault,
            by=partner(provider),
        )
    decision = Decision.GIVEN_BACK if goes_back else Decision.OPEN
    return _answer(provider, notice, outcome=Outcome.QUARANTINED, reason=fault, decision=decision)


def _keep(shop: str, provider: str, notice: Notice, source: Source, body: bytes) -> bool:
    """Put a message into the inbox; whether it is there for the first time."""
    said: list[Any] = [notice.order_number[:60], notice.payment_id[:60], notice.amount.minor, notice.amount.currency]
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [provider, notice.event_id[:120], shop, *said, notice.transaction_id[:120], source, body, clock.now()],
        )
        return cursor.fetchone() is not None


def _keep_incident(shop: str, provider: str, refused: Forged | Stale | Unreadable, message: Message) -> None:
    now, body = clock.now(), message.body[:_LONGEST_KEPT]
    reason = str(refused.data.get("reason", ""))[:300].replace("\0", "")
    said: list[Any] = [provider, shop, type(refused).__name__.lower(), reason, body, now]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP_INCIDENT, [*said, shop, now, _INCIDENTS_AN_HOUR])


def _said_before(provider: str, notice: Notice) -> Settled:
    row = models.Message.objects.get(provider=provider, event_id=notice.event_id[:120])
    return Settled(outcome=Outcome(row.outcome), order_number=row.order_number, payment_id=row.payment_id)


def _answer(
    provider: str, notice: Notice, *, outcome: Outcome, reason: str = "", decision: Decision = Decision.OPEN
) -> Settled:
    """Keep with the message what became of it, for the next time it comes."""
    rows = models.Message.objects.filter(provider=provider, event_id=notice.event_id[:120])
    rows.update(outcome=outcome, reason=reason, decision=decision)
    return Settled(outcome=outcome, order_number=notice.order_number[:60], payment_id=notice.payment_id[:60])

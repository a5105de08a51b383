"""Telling a provider to give money back, until it has; outside of any transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.ledger import rules as books
from zhanggui.base.ledger.rules import Account, Posting
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, partner
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.errors import NothingToDecide
from zhanggui.shop.payments.rules import Fault, Notice, Payment, Refund, RefundAnswer, RefundNotice, RefundState
from zhanggui.spine.facts.returns import DifferenceRefunded
from zhanggui.spine.facts.shop import RefundSettled
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_STANDING = {
    RefundAnswer.ACCEPTED: RefundState.ACCEPTED,
    RefundAnswer.DONE: RefundState.DONE,
    RefundAnswer.REFUSED: RefundState.REFUSED,
}


def begin(row: models.Refund, *, by: Actor) -> None:
    """Queue the provider's part, or be done if it has none. A part of `refund`."""
    if row.provider_minor:
        later(pay_back, refund_id=str(row.pk))
    else:
        _done(row, by=by)


@job(name="payments.pay_back")
def pay_back(refund_id: str) -> None:
    """Tell a provider to give a refund back, or ask how that stands; what fails is tried again by the sweep."""
    taken = _take_up(refund_id=refund_id)
    if taken is None:
        return
    refund, payment = taken
    adapter = queries.provider(refund.provider)
    call = adapter.ask_refund if refund.state is RefundState.ACCEPTED else adapter.refund
    try:
        answer = call(rules.for_provider(refund), payment=payment)
    except Unreachable:
        return
    note(refund_id=refund_id, answer=answer, by=partner(refund.provider))


@operation
def note(*, refund_id: str, answer: RefundNotice, by: Actor) -> None:
    """Write down what a provider said about a refund; what was done or refused before stays.

    tells  shop.refund_settled once the money is back
    """
    row = models.Refund.objects.select_for_update().get(pk=refund_id)
    if row.state not in rules.OPEN:
        return
    if answer.state is RefundAnswer.DONE:
        _pay(row, to=None, by=by)
    elif answer.state is RefundAnswer.REFUSED:
        _stop(row, refusal=answer.reason or "refused")
    else:
        row.state = RefundState.ACCEPTED
        row.save(update_fields=["state"])


def hear(shop: str, provider: str, notice: Notice) -> Fault | None:
    """Take what a provider tells of its own accord about a refund of ours; what of it does not fit. A part of `hear`.

    A message that names another amount is not about our refund. One that takes back what the provider said before, as
    Stripe does when a bank sends the money back, is for a person: the shopper waits for money that will not come.
    """
    id = rules.payment_id_of(notice.refund_id)
    rows = models.Refund.objects.select_for_update().filter(pk=id, shop=shop, provider=provider)
    row = rows.first() if id else None
    if row is None or notice.amount != Money(row.provider_minor, row.currency):
        return Fault.UNKNOWN_REFUND
    is_by_provider = row.state == RefundState.DONE and not row.is_by_wallet and not row.note
    if is_by_provider and not notice.is_paid:
        return Fault.REFUND_RETURNED
    state = RefundAnswer.DONE if notice.is_paid else RefundAnswer.REFUSED
    note(refund_id=str(row.pk), answer=RefundNotice(state=state, reason=notice.reason), by=partner(provider))
    return None


@operation
def try_again(*, refund_id: str) -> None:
    """Tell a provider once more about a refund that it refused.

    refuses  NoSuchRefund, NothingToDecide unless it was refused
    """
    row = _refused(refund_id)
    row.state, row.refusal, row.next_at, row.ended_at, row.tries = RefundState.DUE, "", clock.now(), None, 0
    row.save(update_fields=["state", "refusal", "next_at", "ended_at", "tries"])
    later(pay_back, refund_id=refund_id)


@operation
def give_to_wallet(*, refund_id: str, note: str, by: Actor) -> None:
    """Put the provider's part of a refused refund into the shopper's wallet instead.

    refuses  NoSuchRefund, NothingToDecide unless it was refused, or if it belongs to no order
    tells    shop.refund_settled
    """
    row = _refused(refund_id)
    if row.is_stray and row.order_number not in orders.states([row.order_number]):
        raise NothingToDecide(subject=refund_id)
    holder = str(orders.order_for_staff(row.shop, row.order_number).customer_id)
    row.is_by_wallet, row.note = True, note
    _pay(row, to=books.credit(Account.WALLET, Money(row.provider_minor, row.currency), holder=holder), by=by)


@operation
def paid_by_hand(*, refund_id: str, note: str, by: Actor) -> None:
    """Know that a refused refund was paid out in another way, such as by a transfer from the provider's own pages.

    refuses  NoSuchRefund, NothingToDecide unless it was refused
    tells    shop.refund_settled
    """
    row = _refused(refund_id)
    row.note = note
    _pay(row, to=None, by=by)


@operation
def _take_up(*, refund_id: str) -> tuple[Refund, Payment] | None:
    """A refund whose turn it is, and what it gives back of; None if it is not, or never will be.

    The intent is written before the provider is told: whoever comes at the same time finds its turn later.
    """
    row = models.Refund.objects.select_for_update().filter(pk=refund_id, state__in=rules.OPEN).first()
    now = clock.now()
    if row is None or (row.next_at and row.next_at > now):
        return None
    payment = _payment_of(row)
    if row.state != RefundState.ACCEPTED and not _may_tell(row, payment, at=now):
        return None
    refund = row.value
    row.tries += 1
    row.next_at = now + rules.wait_after(row.tries)
    if row.state != RefundState.ACCEPTED:
        row.state, row.asked_at = RefundState.ASKED, now
    row.save(update_fields=["tries", "next_at", "state", "asked_at"])
    return refund, payment


def _may_tell(row: models.Refund, payment: Payment, *, at: datetime) -> bool:
    """Whether the provider may be told now; if not, the refund waits for its turn or stops."""
    told = models.Refund.objects.filter(
        provider=row.provider, transaction_id=row.transaction_id, asked_at__isnull=False
    ).exclude(pk=row.pk)
    earlier = [asked_at for asked_at in told.values_list("asked_at", flat=True) if asked_at]
    limits = queries.provider(row.provider).limits
    moment = rules.may_ask_at(limits, earlier=earlier, paid_at=payment.ended_at or payment.started_at, at=at)
    if moment is None:
        _stop(row, refusal="past_limits")
        return False
    if moment > at:
        row.next_at = moment
        row.save(update_fields=["next_at"])
        return False
    return True


def _payment_of(row: models.Refund) -> Payment:
    """The payment whose money goes back, as the provider knows it: under the transaction that the refund names."""
    id = rules.payment_id_of(row.payment_id)
    # Locked, so that two parts of one payment do not take their turn at the same moment.
    found = models.Payment.objects.select_for_update().filter(pk=id).first() if id else None
    return rules.money_of(row.value, payment=found.value if found else None)


def _pay(row: models.Refund, *, to: Posting | None, by: Actor) -> None:
    """A provider's part is back with the shopper."""
    ledger.post(entry=rules.refund_paid_entry(row.value, to=to), by=by)
    _done(row, by=by)


def _done(row: models.Refund, *, by: Actor) -> None:
    row.state, row.ended_at, row.next_at = RefundState.DONE, clock.now(), None
    row.save(update_fields=["state", "ended_at", "next_at", "is_by_wallet", "note"])
    if row.is_stray:
        return
    order = orders.order_for_staff(row.shop, row.order_number)
    refund = row.value
    worth = order_rules.in_books(refund.amount, order.booked)
    told: dict[str, Any] = {
        "order_number": refund.order_number,
        "refund_id": refund.id,
        "reason": refund.reason,
        "amount_minor": worth.minor,
        "currency": worth.currency,
    }
    fact = (
        DifferenceRefunded(**told, difference_of=order.difference_of)
        if order.difference_of
        else RefundSettled(**told, lines=rules.told_back(refund.lines, booked=order.booked))
    )
    trail: Trail = order.trail.after(row.started_fact) if row.started_fact else order.trail
    record(fact, by=by, trail=trail, subject=f"refund:{refund.id}")


def _stop(row: models.Refund, *, refusal: str) -> None:
    """The provider will not: a person decides."""
    row.state, row.refusal, row.next_at, row.ended_at = RefundState.REFUSED, refusal[:200], None, clock.now()
    row.save(update_fields=["state", "refusal", "next_at", "ended_at"])


def _refused(refund_id: str) -> models.Refund:
    row = queries.refund_row(refund_id, lock=True)
    if row.state != RefundState.REFUSED:
        raise NothingToDecide(subject=refund_id)
    return row

"""What every verb about an attempt to pay needs: its lock, its end, its failure."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.payments import models, rules
from zhanggui.shop.payments.rules import Payment, State
from zhanggui.spine.facts.shop import PaymentFailed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


def locked(order_number: str) -> tuple[models.Payment, ...]:
    """All attempts to pay an order, locked in the order of their ids: whoever comes second waits here.

    Every order has an attempt. They are read once more after the lock: whoever held it may have added one.
    """
    rows = models.Payment.objects.filter(order_number=order_number).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
    return tuple(rows)


def locked_one(shop: str, provider: str, payment_id: str) -> models.Payment | None:
    """The attempt of that id at that provider, locked; None if the shop knows none. Primary key."""
    id = rules.payment_id_of(payment_id)
    rows = models.Payment.objects.select_for_update().filter(shop=shop, provider=provider)
    return rows.filter(pk=id).first() if id else None


def end(payment: Payment, state: State, *, transaction_id: str = "") -> None:
    """An attempt is over; nobody asks for it any more."""
    models.Payment.objects.filter(pk=payment.id).update(
        state=state, transaction_id=transaction_id, ended_at=clock.now(), ask_at=None
    )


def fail(payment: Payment, *, reason: str, trail: Trail, by: Actor) -> None:
    """An attempt ended without money.

    tells  shop.payment_failed
    """
    end(payment, State.FAILED)
    fact = PaymentFailed(
        order_number=payment.order_number,
        payment_id=payment.id,
        provider=payment.provider,
        reason=reason,
        amount_minor=payment.amount.minor,
        currency=payment.amount.currency,
    )
    record(fact, by=by, trail=trail, subject=f"payment:{payment.id}")

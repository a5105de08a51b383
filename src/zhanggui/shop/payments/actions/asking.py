"""Asking providers how open attempts stand, and doing again what was missed."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.payments import models, queries, rules
from zhanggui.shop.payments.actions import ending, paying_back, settling, tendering
from zhanggui.shop.payments.rules import Settled, Source, State

# So many at once; the rest a minute later.
_BATCH = 200


def ask(*, payment_id: str) -> Settled | None:
    """Ask the provider how an attempt stands; what became of its answer, None if nothing was paid yet.

    Outside of any transaction: it uses the network.

    refuses  NoSuchPayment; ProviderUnreachable if the world fails
    tells    as `hear` does
    """
    payment = queries.payment(payment_id)
    if payment.provider == rules.BALANCE:
        return None
    notice = queries.provider(payment.provider).ask(payment)
    if notice is None:
        return None
    return settling.hear(shop=payment.shop, provider=payment.provider, notice=notice, source=Source.ASKED)


@job(name="payments.ask", tries=3)
def ask_one(payment_id: str) -> None:
    """The job that asks for one attempt."""
    ask(payment_id=payment_id)


@operation
def queue_asks() -> int:
    """Queue a question for every open attempt whose turn it is, 1, 5, 15 and 60 minutes after its start; how many.

    Index shop_payments_payment_ask.
    """
    now = clock.now()
    due = models.Payment.objects.select_for_update(skip_locked=True).filter(ask_at__lte=now, state=State.STARTED)
    rows = list(due.order_by("ask_at")[:_BATCH])
    for row in rows:
        row.asks += 1
        row.ask_at = rules.next_ask(row.asks, started_at=row.started_at)
        later(ask_one, payment_id=str(row.pk))
    models.Payment.objects.bulk_update(rows, ["asks", "ask_at"])
    return len(rows)


@operation
def queue_refunds() -> int:
    """Queue every refund whose turn it is: told again, asked again, or missed; how many.

    Index shop_payments_refund_next.
    """
    due = models.Refund.objects.filter(next_at__lte=clock.now(), state__in=rules.OPEN).order_by("next_at")
    ids = [str(id) for id in due.values_list("pk", flat=True)[:_BATCH]]
    for id in ids:
        later(paying_back.pay_back, once=f"pay_back:{id}", refund_id=id)
    return len(ids)


def queue_overdue() -> int:
    """Queue the end of every order whose time to pay is over, by itself, since its provider is asked first; how many.

    One that is queued already is not queued again. Index shop_orders_order_waiting.
    """
    numbers = queries.overdue(at=clock.now())
    for number in numbers:
        later(ending.expire_in_time, once=f"expire:{number}", order_number=number)
    return len(numbers)


def expire_overdue() -> int:
    """Give up what its own job missed, because it failed or a clock was wrong; how many.

    A provider that cannot be reached keeps its orders open; the others are given up all the same.

    refuses  ProviderUnreachable at the end, if one was
    """
    failed: Unreachable | None = None
    ended = 0
    for number in queries.overdue(at=clock.now()):
        try:
            ended += ending.expire(order_number=number)
        except Unreachable as unreachable:
            failed = unreachable
    if failed is not None:
        raise failed
    return ended


def return_strays() -> int:
    """Give back to wallet and cards what is held for orders that were ended by another way; for how many orders."""
    strays = queries.held_for_ended_orders()
    for shop, number in strays:
        _return(shop=shop, order_number=number)
    return len(strays)


@operation
def _return(*, shop: str, order_number: str) -> None:
    tendering.give_up(order_number, shop=shop, by=job_actor("payments.return_strays"))

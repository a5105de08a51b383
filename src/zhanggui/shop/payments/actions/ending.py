"""Giving an order up: its provider's charge is closed before its stock goes back on sale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, ActorKind
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import models, queries
from zhanggui.shop.payments.actions import attempts, settling, tendering
from zhanggui.shop.payments.rules import Payment, Source, State
from zhanggui.spine.log.rules import Trail

# A shopper who opens new attempts while we close the old ones is followed so often.
_ROUNDS: Final = 5


def give_up(*, order_number: str, reason: str, trail: Trail, by: Actor) -> None:
    """Call off an order that has not been paid: closed at the provider first, then its stock and tenders go back.

    Outside of any transaction: it uses the network. If the provider says that it was paid already, it is paid.

    reason   a word, such as changed_mind
    refuses  NoSuchOrder, for another shopper's order too; TransitionRefused if it does not wait for money, or was paid
             meanwhile; ProviderUnreachable if the world fails, then nothing is called off
    tells    shop.order_cancelled, shop.payment_failed, supply.stock_released; shop.payment_settled if it was paid
    """
    if by.kind is ActorKind.CUSTOMER:
        orders.order(trail.shop, order_number, person=trail.person)
    else:
        orders.order_for_staff(trail.shop, order_number)

    def cancel() -> bool:
        orders_actions.cancel(order_number=order_number, reason=reason, trail=trail, by=by)
        return True

    _give_up(order_number, cancel, by=by)


def expire(*, order_number: str) -> bool:
    """Give up an order that was not paid in time, as `give_up` does; False if it does not wait any longer.

    refuses  NoSuchOrder; ProviderUnreachable if the world fails
    tells    shop.order_expired, shop.payment_failed, supply.stock_released; shop.payment_settled if it was paid
    """
    order = orders.order_by_number(order_number)
    if not order.is_open or clock.now() < order.expires_at:
        return False
    return _give_up(
        order_number, lambda: orders_actions.expire(order_number=order_number), by=job_actor("payments.expire")
    )


@job(name="payments.expire")
def expire_in_time(order_number: str) -> None:
    """The job that ends an order whose deadline has passed; queued within a minute of it."""
    expire(order_number=order_number)


@job(name="payments.close", tries=12)
def close_at_provider(payment_id: str) -> None:
    """End an attempt at a provider that the shopper left for another; money that came meanwhile is heard of."""
    row = models.Payment.objects.filter(pk=payment_id, state=State.FAILED).first()
    if row is not None:
        _close(row.value)


def _give_up(order_number: str, end: Callable[[], bool], *, by: Actor) -> bool:
    closed: frozenset[str] = frozenset()
    for _ in range(_ROUNDS):
        open_ones = [one for one in queries.open_attempts(order_number) if one.id not in closed]
        for payment in open_ones:
            _close(payment)
        closed |= {payment.id for payment in open_ones}
        ended = _end(order_number=order_number, closed=closed, end=end, by=by)
        if ended is not None:
            return ended
    return False


def _close(payment: Payment) -> None:
    """End an attempt at its provider; if it says that money came, the money is believed."""
    notice = queries.provider(payment.provider).close(payment)
    if notice is not None:
        settling.hear(shop=payment.shop, provider=payment.provider, notice=notice, source=Source.CLOSED)


@operation
def _end(*, order_number: str, closed: frozenset[str], end: Callable[[], bool], by: Actor) -> bool | None:
    """End an order whose attempts are closed, and whether it was open; None if a new attempt was opened meanwhile."""
    open_rows = [row for row in attempts.locked(order_number) if row.state == State.STARTED]
    if any(str(row.pk) not in closed for row in open_rows):
        return None
    if not end():
        return False
    order = orders.order_by_number(order_number)
    for row in open_rows:
        attempts.fail(row.value, reason="given_up", trail=order.trail.after(row.started_fact), by=by)
    tendering.give_up(order_number, shop=order.shop, by=by)
    return True

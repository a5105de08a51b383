"""Bringing what was paid for an exchange in line with what it has become."""

from __future__ import annotations

from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders import rules as order_rules
from zhanggui.shop.orders.errors import TransitionRefused
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import queries
from zhanggui.spine.log.rules import Trail


@job(name="returns.even_out")
def even_out(return_number: str) -> None:
    """Give back what was paid for an exchange beyond what it costs by now; an order that asks for it still is closed.

    Queued when pieces were rejected, or the exchange came to nothing. A second time nothing happens.
    """
    found = queries.return_by_number(return_number)
    order = orders.order_by_number(found.paid_with)
    if order.is_open and order.total != found.to_pay:
        close_order(order_number=order.number)
    _give_back(return_number=return_number)


def close_order(*, order_number: str) -> None:
    """Close an order that asks for a difference nobody waits for any more; one that was paid meanwhile stays paid.

    Outside of any transaction: it uses the network.
    """
    by = job_actor("returns.even_out")
    trail = Trail(shop=orders.order_by_number(order_number).shop)
    try:
        payments.give_up(order_number=order_number, reason="exchange_ended", trail=trail, by=by)
    except TransitionRefused:
        return


@operation
def _give_back(*, return_number: str) -> None:
    found = queries.return_by_number(return_number)
    order = orders.order_by_number(found.paid_with)
    more = order.total - found.to_pay
    left = order.total - order.refunded
    amount = min(more, left, key=lambda money: money.minor)
    if order.state not in order_rules.STANDS or amount.minor <= 0:
        return
    payments.refund(
        order_number=order.number,
        amount=amount,
        units={},
        reason=found.reason,
        reference=f"{found.number}/{found.to_pay.minor}",
        trail=order.trail.after(found.requested_fact),
        by=job_actor("returns.even_out"),
    )

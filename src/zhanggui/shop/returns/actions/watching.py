"""The clock of the refund."""

from __future__ import annotations

from datetime import timedelta

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.shop.returns import models, queries
from zhanggui.shop.returns.actions.differing import lapse
from zhanggui.shop.returns.actions.inspecting import finish
from zhanggui.shop.returns.actions.moving import trail_of
from zhanggui.spine.facts.returns import RefundLate
from zhanggui.spine.log.actions import record


@job(name="returns.watch", every="*/10 * * * *")
def watch() -> None:
    """Run refunds whose own job was missed, tell a manager of those that are late, end exchanges nobody paid for."""
    for number in queries.unsettled(at=clock.now()):
        finish(return_number=number, by=job_actor("returns.watch"))
    for number in queries.late(at=clock.now()):
        escalate(return_number=number)
    for number in queries.unpaid(at=clock.now()):
        later(lapse, return_number=number, once=f"returns.lapse/{number}")


@operation
def escalate(*, return_number: str) -> bool:
    """Tell a manager that the money for a return is late; False if that was told before, or it is not late any more.

    tells  shop.refund_late
    """
    now = clock.now()
    if not models.Return.objects.filter(queries.is_late(at=now), pk=return_number).update(escalated_at=now):
        return False
    found = queries.return_by_number(return_number)
    waited = now - (found.received_at or found.sent_at or now)
    fact = RefundLate(
        order_number=found.order_number,
        return_number=found.number,
        hours=waited // timedelta(hours=1),
        amount_minor=found.expected.minor,
        currency=found.expected.currency,
    )
    record(fact, by=job_actor("returns.watch"), trail=trail_of(found), subject=f"return:{found.number}")
    return True

"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.shop.payments import actions


@job(name="payments.every_minute", every="* * * * *")
def every_minute() -> None:
    """End the orders whose time to pay is over; ask for open attempts and tell of refunds whose turn it is."""
    actions.queue_overdue()
    actions.queue_asks()
    actions.queue_refunds()


@job(name="payments.expire_overdue", every="*/10 * * * *")
def expire_overdue() -> None:
    """Give up what its own job missed, and give back what is held for nothing."""
    actions.return_strays()
    actions.expire_overdue()


@job(name="payments.compare_bills", every="40 2,6,10 * * *")
def compare_bills() -> None:
    """Compare yesterday's bills in the Chinese morning, when the providers have written them; later if they had not."""
    actions.compare_all(today=clock.now().date())

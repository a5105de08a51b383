"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.shops import queries as shops
from zhanggui.insight.outgrown import actions


@job(name="insight.publish", every="50 * * * *")
def publish() -> None:
    """Every hour: publish the days that ended, wherever in the world a shop's midnight is; no change, no version."""
    for shop in shops.shops():
        actions.publish(shop.code, today=clock.day_of(clock.now(), shop.zone))


jobs: tuple[Job, ...] = (publish,)

"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.steer.signals import actions


@job(name="steer.look", every="40 * * * *")
def look() -> None:
    """Every hour: ask all detectors about the days that ended, a quarter of an hour after what is normal was judged."""
    for shop in shops.shops():
        actions.look_at_ended_days(shop=shop.code, at=clock.now(), by=the_job("steer.look"))


jobs: tuple[Job, ...] = (look,)

"""What the clock starts."""

from __future__ import annotations

from contextlib import ExitStack

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.steer.signals import actions


@job(name="steer.look", every="40 * * * *")
def look() -> None:
    """Every hour: ask all detectors about the days that ended, a quarter of an hour after what is normal was judged."""
    with ExitStack() as every:  # what fails in one shop holds up no other
        for shop in reversed(shops.shops()):
            every.callback(actions.look_at_ended_days, shop=shop.code, at=clock.now(), by=the_job("steer.look"))


jobs: tuple[Job, ...] = (look,)

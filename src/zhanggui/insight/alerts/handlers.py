"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts import actions


@job(name="insight.look", every="25 * * * *")
def look() -> None:
    """Every hour: look at the days that ended, wherever in the world a shop's midnight is; each day once."""
    for shop in shops.shops():
        actions.look(shop=shop.code, at=clock.now(), by=the_job("insight.look"))


jobs: tuple[Job, ...] = (look,)

"""What the clock starts."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.steer.goals import actions


@job(name="steer.goals.judge", every="45 * * * *")
def judge() -> None:
    """Every hour, wherever in the world a shop's midnight is: say which goals are missed; each once."""
    for shop in shops.shops():
        actions.judge(shop=shop.code, at=clock.now(), by=the_job("steer.goals.judge"))


@job(name="steer.goals.start", every="25 5 * * *")
def start() -> None:
    """Every day: fill in where goals start from that were set without knowing it, once their first days are whole."""
    for shop in shops.shops():
        actions.find_baselines(shop=shop.code, at=clock.now(), by=the_job("steer.goals.start"))


jobs: tuple[Job, ...] = (judge, start)

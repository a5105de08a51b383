"""What the clock starts."""

from __future__ import annotations

from typing import Final

from zhanggui.base import clock
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import ShopKind
from zhanggui.steer.briefings import actions, models, queries
from zhanggui.steer.briefings.errors import NothingKnown
from zhanggui.steer.briefings.rules import Kind

_BY: Final = the_job("steer.write_reviews")
# Once the day of the farthest zone is over, and what came late in the night is counted.
_FROM_HOUR: Final = 6


@job(name="steer.write_reviews", every="20 * * * *")
def write_reviews() -> None:
    """Every hour: the draft of the month that is over, in each of our shops whose first morning of a month it is.

    A month that has a briefing already is left alone, so it may run as often as it likes.
    """
    now = clock.now()
    for shop in shops.shops():
        there = now.astimezone(clock.zone(shop.zone))
        if shop.kind is not ShopKind.OWN or there.day != 1 or there.hour < _FROM_HOUR:
            continue
        period = queries.last_month(shop.code, at=now)
        if models.Briefing.objects.filter(shop=shop.code, kind=Kind.MONTH, first=period.start).exists():
            continue
        try:
            actions.write(shop=shop.code, kind=Kind.MONTH, period=period, at=now, by=_BY)
        except NothingKnown:
            continue


jobs: tuple[Job, ...] = (write_reviews,)

"""What the clock starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Final, ParamSpec

from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.jobs.actions import Job, job
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as the_job
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import Shop
from zhanggui.insight.metrics import queries as metrics
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.plays import actions, queries
from zhanggui.steer.plays.rules import Play, State

# What was told at the end of a day is in the tables some time after midnight.
SETTLED_AFTER: Final = timedelta(hours=2)
_DAY: Final = timedelta(days=1)

P = ParamSpec("P")


@job(name="steer.tend_plays", every="45 * * * *")
def tend() -> None:
    """Every hour, wherever in the world a shop's midnight is: each day of each play once."""
    for shop in shops.shops():
        tend_shop(shop, at=clock.now(), by=the_job("steer.plays"))


def tend_shop(shop: Shop, *, at: datetime, by: Actor) -> None:
    """Start what is due, take in who came late, look at what runs, end what is over, measure what is settled.

    A play that refuses holds only itself, and is tried again an hour later.
    """
    today = clock.day_of(at, shop.zone)
    settled = _settled(shop, at)
    for play in queries.at_work(shop.code, State.APPROVED):
        if play.plan.starts_on == today:
            _try(actions.start, shop=shop.code, id=play.id, trail=Trail(shop=shop.code), by=by)
    for play in queries.at_work(shop.code, State.RUNNING):
        _try(_tend, play, today=today, settled=settled, by=by)
    for play in queries.at_work(shop.code, State.STOPPED, State.ENDED):
        if play.counts_until is not None and settled is not None and play.counts_until <= settled + _DAY:
            _try(actions.measure, shop=shop.code, id=play.id, at=at, by=by)


def _tend(play: Play, *, today: date, settled: date | None, by: Actor) -> None:
    if play.started_on is None:
        return
    looked = {look.day for look in queries.looks(play.id)}
    day = play.started_on
    while settled is not None and day <= min(settled, play.plan.ends_on - _DAY):
        if day not in looked and actions.look(shop=play.shop, id=play.id, day=day, by=by):
            return
        day += _DAY
    if today >= play.plan.ends_on:
        actions.end(shop=play.shop, id=play.id, trail=Trail(shop=play.shop), by=by)
    else:
        actions.take_in(shop=play.shop, id=play.id, by=by)


def _settled(shop: Shop, at: datetime) -> date | None:
    """The last day that is over and has come into the tables; None while there are none."""
    known = metrics.days(shop.code)
    newest = clock.day_of(at - SETTLED_AFTER, shop.zone) - _DAY
    return min(newest, known[1]) if known is not None else None


def _try(verb: Callable[P, object], *args: P.args, **said: P.kwargs) -> None:
    """Do it unless it is refused: its page says how the play stands, and the others go on."""
    with suppress(Refused):
        verb(*args, **said)


jobs: tuple[Job, ...] = (tend,)

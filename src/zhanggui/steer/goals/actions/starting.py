"""Saying or finding out where a goal starts from, once that is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import models, queries
from zhanggui.steer.goals.actions.writing import change, tell
from zhanggui.steer.goals.errors import BaselineKnown
from zhanggui.steer.goals.rules import Did, Goal


@operation
def start_from(*, id: UUID, baseline: int, trail: Trail, by: Actor) -> None:
    """Say where a goal starts from that nobody knew before. Of two at once the second is refused.

    baseline  in units, as in `set_goal`
    tells     steer.goal_set
    refuses   NoSuchGoal, BaselineKnown
    """
    goal = queries.goal_of(id)
    if not _start(goal, baseline, trail=trail, by=by):
        raise BaselineKnown(id=str(id))


def find_baselines(*, shop: str, at: datetime, by: Actor) -> int:
    """Fill in where goals start from, of those that wait for it and whose first whole days are over by now; how many.

    tells    steer.goal_set for each
    refuses  NoSuchShop
    """
    today = clock.day_of(at, shops.shop(shop).zone)
    found = 0
    for goal in queries.without_baseline(shop, since=today):
        known = queries.first_known(goal, at=at)
        found += known is not None and _fill(goal=goal, units=known[0], days=known[1], by=by)
    return found


@operation
def _fill(*, goal: Goal, units: int, days: Period, by: Actor) -> bool:
    words = f"{days.start}/{days.last}"
    return _start(goal, units, words=words, trail=Trail(shop=goal.shop), by=by)


def _start(goal: Goal, units: int, *, words: str = "", trail: Trail, by: Actor) -> bool:
    """Write a baseline down and tell it, unless there is one by now."""
    rows = models.Goal.objects.filter(pk=goal.id, baseline=None, dropped_at=None)
    if not rows.update(baseline=units):
        return False
    after = trail.after(goal.told) if goal.told else trail
    told = tell(goal, trail=after, by=by, baseline=units, target=goal.target)
    models.Goal.objects.filter(pk=goal.id).update(told=told)
    change(goal.id, Did.STARTED, now=units, words=words, by=by)
    return True

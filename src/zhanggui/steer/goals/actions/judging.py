"""Saying once that a goal is missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.facts.goals import GoalMissed
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import models, queries, rules
from zhanggui.steer.goals.rules import Goal, Missed, Progress

# What was told at the end of a day is in the tables some time after midnight.
SETTLED_AFTER: Final = timedelta(hours=2)
# A goal that ended longer ago was judged, or nobody was here to judge it.
_LOOKED_BACK: Final = timedelta(days=7)


def judge(*, shop: str, at: datetime, by: Actor) -> int:
    """Look at the goals of a shop that run or have just ended; how many are found to be missed now.

    Each is told of once for each target it had: when its period ended and it was not reached, or before that when the
    better end of its forecast falls short. Two looks at once tell it once.

    tells    steer.goal_missed
    refuses  NoSuchShop
    """
    today = clock.day_of(at - SETTLED_AFTER, shops.shop(shop).zone)
    running = queries.goals_in(shop, Period(today - _LOOKED_BACK, today + timedelta(days=1)))
    open_goals = [goal for goal in running if goal.missed is None and goal.period.start < today]
    seen = queries.progresses(open_goals, at=at - SETTLED_AFTER)
    return sum(
        _miss(goal=goal, why=why, seen=seen[goal.id], by=by)
        for goal in open_goals
        if (why := _why(goal, seen[goal.id]))
    )


def _why(goal: Goal, seen: Progress) -> Missed | None:
    if not seen.is_known or seen.actual is None:
        return None
    if seen.is_over:
        return None if seen.is_reached else Missed.ENDED
    return Missed.OUT_OF_REACH if rules.is_out_of_reach(goal, seen) else None


@operation
def _miss(*, goal: Goal, why: Missed, seen: Progress, by: Actor) -> bool:
    """Write down and tell that a goal is missed, unless somebody did or it has another target by now."""
    rows = models.Goal.objects.filter(pk=goal.id, missed="", dropped_at=None, target=goal.target)
    if not rows.update(missed=why, missed_at=clock.now()):
        return False
    fact = GoalMissed(
        goal_id=str(goal.id),
        metric=goal.metric,
        why=why,
        target=goal.target,
        actual=seen.actual or 0,
        forecast=None if seen.is_over else seen.forecast,
        money_minor=seen.money_at_stake_minor,
        currency=goal.currency,
        start=goal.period.start.isoformat(),
        end=goal.period.end.isoformat(),
    )
    record(fact, by=by, trail=Trail(shop=goal.shop, cause=goal.told), subject=f"goal:{goal.id}")
    return True

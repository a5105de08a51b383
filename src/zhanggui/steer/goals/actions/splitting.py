"""Splitting a goal into parts."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import models, queries, rules
from zhanggui.steer.goals.actions.setting import checked_owner
from zhanggui.steer.goals.actions.writing import change, locked_tree, team_row, tell
from zhanggui.steer.goals.errors import AlreadySplit, GoalUnfit
from zhanggui.steer.goals.rules import Did, Goal, Part


@operation
def split(*, id: UUID, parts: Sequence[Part], trail: Trail, by: Actor) -> tuple[UUID, ...]:
    """Split a goal by its days, or by category or channel, into parts that add up to it; their ids, in order.

    Of a rate, an average or a number of people the parts are targets of their own, and nothing is added up.

    tells    steer.goal_set for each part, caused by the whole's
    refuses  NoSuchGoal, AlreadySplit, PartsDoNotAddUp; GoalUnfit for parts that are not the whole, that the number
             cannot be counted in, or whose owner cannot come in; NoSuchTeam
    """
    goal = locked_tree(id)[id]
    if goal.is_split:
        raise AlreadySplit(id=str(id))
    rules.checked_parts(goal, parts)
    made = tuple(_part(goal, part, trail=trail, by=by) for part in parts)
    change(id, Did.SPLIT, now=len(made), by=by)
    return made


def _part(goal: Goal, part: Part, *, trail: Trail, by: Actor) -> UUID:
    rules.checked(goal.metric, target=part.target, period=part.period)
    if not rules.can_be_read(goal.metric, where=part.where):
        raise GoalUnfit(field="where", reason="not_counted_there")
    category, channel = rules.place_of(part.where)
    team = goal.team if part.team is None else part.team
    row = models.Goal(
        id=ids.uuid7(),
        parent_id=goal.id,
        root_id=goal.root,
        shop=goal.shop,
        metric=goal.metric,
        category=category,
        channel=channel,
        better=goal.better,
        baseline=part.baseline,
        target=part.target,
        currency=goal.currency,
        start=part.period.start,
        end=part.period.end,
        owner=goal.owner if part.owner is None else checked_owner(part.owner),
        team=team_row(goal.shop, team) if team else None,
        is_sum=goal.is_sum,
        set_at=clock.now(),
    )
    row.told = tell(queries.reading.value(row), trail=trail.after(goal.told) if goal.told else trail, by=by)
    row.save(force_insert=True)
    change(row.id, Did.SET, now=part.target, by=by)
    return row.id

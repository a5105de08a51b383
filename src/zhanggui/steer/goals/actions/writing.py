"""What every verb about goals does: lock its tree, write down what was done, tell it."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.facts.goals import GoalSet
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import models, queries, rules
from zhanggui.steer.goals.errors import NoSuchGoal, NoSuchTeam
from zhanggui.steer.goals.rules import Did, Goal


def locked_tree(id: UUID) -> dict[UUID, Goal]:
    """The tree of a goal by id, held until the transaction ends: whoever changes a tree locks its top first.

    refuses  NoSuchGoal
    """
    goal = queries.goal_of(id)
    models.Goal.objects.select_for_update().get(pk=goal.root)
    tree = queries.tree(goal)
    if id not in tree:  # dropped while we waited
        raise NoSuchGoal(id=str(id))
    return tree


def change(goal: UUID, did: Did, *, was: int | None = None, now: int | None = None, words: str = "", by: Actor) -> None:
    """Write down what was done to a goal."""
    models.Change.objects.create(goal_id=goal, at=clock.now(), by=str(by), did=did, was=was, now=now, words=words)


def tell(goal: Goal, *, trail: Trail, by: Actor, target: int | None = None, baseline: int | None = None) -> UUID:
    """Tell of a goal's target; the fact's id.

    target    the new one, or the same if only something else is told anew
    baseline  where it starts from, if that is only known now
    """
    category, channel = rules.place_of(goal.where)
    fact = GoalSet(
        goal_id=str(goal.id),
        metric=goal.metric,
        category=category,
        channel=channel,
        better=goal.better,
        baseline=goal.baseline if baseline is None else baseline,
        target=goal.target if target is None else target,
        was_target=None if target is None else goal.target,
        currency=goal.currency,
        start=goal.period.start.isoformat(),
        end=goal.period.end.isoformat(),
        owner=goal.owner,
        team=goal.team,
        parent=str(goal.parent or ""),
    )
    return record(fact, by=by, trail=trail, subject=f"goal:{goal.id}")


def team_row(shop: str, name: str) -> models.Team:
    """The row of a team.

    refuses  NoSuchTeam
    """
    row = models.Team.objects.filter(shop=shop, name=name).first()
    if row is None:
        raise NoSuchTeam(name=name)
    return row

"""Setting goals, and changing them."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.accounts import queries as accounts
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import EVERYTHING, Better, Filters, Period
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.goals import models, queries, rules
from zhanggui.steer.goals.actions.writing import change, locked_tree, team_row, tell
from zhanggui.steer.goals.errors import GoalUnfit, NoSuchObjective, PartOfWhole
from zhanggui.steer.goals.rules import LONGEST_WORDS, Course, Did, Goal


@operation
def set_goal(
    *,
    shop: str,
    metric: str | None,
    baseline: int | None,
    target: int | None,
    period: Period | None,
    owner: int | None,
    team: str = "",
    where: Filters | None = None,
    better: Better | None = None,
    objective: UUID | None = None,
    awaits_baseline: bool = False,
    trail: Trail,
    by: Actor,
) -> UUID:
    """Say what a number is to be in a period, and who answers for it; the goal's id.

    baseline, target  minor units of an amount, a count as it is, else millionths: 0.35 is 350,000
    owner             id of an operator's account
    where             one category, one channel, or both; everything if not given
    better            UP if it is to be at least the target, DOWN if at most; as the dictionary says if not given
    objective         what it is a key result of; the team is then the objective's if none is named
    awaits_baseline   a rate, an average or a time may start without a baseline: `find_baselines` fills it in
    tells             steer.goal_set
    refuses           GoalIncomplete; GoalUnfit for a metric that no goal can read or not there, a sum below zero or
                      without a baseline, a period of more than five years, an owner who cannot come in; NoSuchTeam,
                      NoSuchObjective
    """
    key, aim, days, answerable = rules.complete(
        metric=metric, baseline=baseline, target=target, period=period, owner=owner, awaits_baseline=awaits_baseline
    )
    one = rules.checked(key, target=aim, period=days)
    category, channel = rules.place_of(where or EVERYTHING)
    if not rules.can_be_read(key, where=where or EVERYTHING):
        raise GoalUnfit(field="where", reason="not_counted_there")
    wanted = _objective(shop, objective)
    id = ids.uuid7()
    row = models.Goal(
        id=id,
        root_id=id,
        shop=shop,
        metric=key,
        category=category,
        channel=channel,
        better=better or one.better,
        baseline=baseline,
        target=aim,
        currency=shops.shop(shop).currency,
        start=days.start,
        end=days.end,
        owner=checked_owner(answerable),
        team=team_row(shop, team) if team else wanted.team if wanted else None,
        objective=wanted,
        is_sum=rules.course_of(key) is Course.SUM,
        set_at=clock.now(),
    )
    _put(row, trail=trail, by=by)
    return id


@operation
def change_target(*, id: UUID, target: int, trail: Trail, by: Actor) -> dict[str, int]:
    """Give a goal another target, and balance what has to add up; what is another than before, by goal.

    The free siblings of a part share what it leaves of the whole, by their targets, and the parts below each that
    changed do so too. Two changes of one tree happen one after the other. A goal that was missed may be missed again.

    tells    steer.goal_set for the goal itself
    refuses  NoSuchGoal, NothingToBalance, GoalUnfit for a sum below zero
    """
    tree = locked_tree(id)
    goal = tree[id]
    rules.checked(goal.metric, target=target, period=goal.period)
    fresh = rules.retarget(tree, id, target)
    if id in fresh:
        told = tell(goal, trail=trail.after(goal.told) if goal.told else trail, by=by, target=target)
        models.Goal.objects.filter(pk=id).update(told=told)
    for key, units in fresh.items():
        models.Goal.objects.filter(pk=key).update(target=units, missed="", missed_at=None)
        change(key, Did.TARGET if key == id else Did.BALANCED, was=tree[key].target, now=units, by=by)
    return {str(key): units for key, units in fresh.items()}


@operation
def lock(*, id: UUID, is_locked: bool, by: Actor) -> None:
    """Keep a part as it is when its siblings are balanced, or let it be balanced again.

    refuses  NoSuchGoal
    """
    goal = locked_tree(id)[id]
    if goal.is_locked is not is_locked:
        models.Goal.objects.filter(pk=id).update(is_locked=is_locked)
        change(id, Did.LOCKED if is_locked else Did.FREED, by=by)


@operation
def hand_over(*, id: UUID, owner: int, by: Actor) -> None:
    """Let somebody else answer for a goal.

    refuses  NoSuchGoal, GoalUnfit for an owner who cannot come in
    """
    goal = locked_tree(id)[id]
    if goal.owner != owner:
        models.Goal.objects.filter(pk=id).update(owner=checked_owner(owner))
        change(id, Did.OWNER, was=goal.owner, now=owner, by=by)


@operation
def move_to_team(*, id: UUID, team: str, by: Actor) -> None:
    """Let another team work at a goal, or none.

    refuses  NoSuchGoal, NoSuchTeam
    """
    goal = locked_tree(id)[id]
    if goal.team != team:
        models.Goal.objects.filter(pk=id).update(team=team_row(goal.shop, team) if team else None)
        change(id, Did.TEAM, words=team, by=by)


@operation
def name_result(*, id: UUID, objective: UUID | None, by: Actor) -> None:
    """Let a goal be a key result of an objective, or of none any more.

    refuses  NoSuchGoal, NoSuchObjective
    """
    goal = locked_tree(id)[id]
    if goal.objective != objective:
        wanted = _objective(goal.shop, objective)
        models.Goal.objects.filter(pk=id).update(objective=wanted)
        change(id, Did.RESULT, words=wanted.words if wanted else "", by=by)


@operation
def drop(*, id: UUID, words: str, by: Actor) -> None:
    """Give a goal up, with all its parts; what was done to it, and why it was dropped, stays to be read.

    words    why
    refuses  NoSuchGoal; GoalUnfit without a reason, or with one that is too long; PartOfWhole for a part of a sum,
             whose siblings would no longer add up
    """
    why = words.strip()
    if not why or len(why) > LONGEST_WORDS:
        raise GoalUnfit(field="words", reason="no_reason")
    tree = locked_tree(id)
    goal = tree[id]
    if goal.parent and tree[goal.parent].is_sum:
        raise PartOfWhole(id=str(id))
    _drop(tree, (id,), words=why, by=by)


@operation
def drop_parts(*, id: UUID, by: Actor) -> None:
    """Make a goal one again: give its parts up, all of them together.

    refuses  NoSuchGoal
    """
    tree = locked_tree(id)
    parts = tuple(one.id for one in tree.values() if one.parent == id)
    if parts:
        _drop(tree, parts, by=by)
        change(id, Did.JOINED, by=by)


def _put(row: models.Goal, *, trail: Trail, by: Actor) -> None:
    """Tell of a new goal, keep it, and begin its history."""
    row.told = tell(queries.reading.value(row), trail=trail, by=by)
    row.save(force_insert=True)
    change(row.id, Did.SET, now=row.target, by=by)


def checked_owner(owner: int) -> int:
    """An operator who may come in.

    refuses  GoalUnfit
    """
    if accounts.reader(owner) is None:
        raise GoalUnfit(field="owner", reason="cannot_come_in")
    return owner


def _objective(shop: str, id: UUID | None) -> models.Objective | None:
    if id is None:
        return None
    row = models.Objective.objects.select_related("team").filter(shop=shop, pk=id).first()
    if row is None:
        raise NoSuchObjective(id=str(id))
    return row


def _drop(tree: dict[UUID, Goal], tops: tuple[UUID, ...], *, words: str = "", by: Actor) -> None:
    """Drop goals and all that lies below them, in one statement."""
    gone = list(tops)
    for one in tree.values():  # parts stand behind their wholes
        if one.parent in gone:
            gone.append(one.id)
    models.Goal.objects.filter(pk__in=gone).update(dropped_at=clock.now())
    for id in gone:
        change(id, Did.DROPPED, was=tree[id].target, words=words, by=by)

"""Goals as they were set, their trees, teams and history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Exists, F, OuterRef, QuerySet

from zhanggui.insight.metrics.rules import Better, Period
from zhanggui.steer.goals import models
from zhanggui.steer.goals.errors import NoSuchGoal, NoSuchTeam
from zhanggui.steer.goals.rules import Change, Course, Did, Goal, Missed, Objective, Team, at_place, course_of


def goals(shop: str, *, on: date) -> tuple[Goal, ...]:
    """The goals whose period has that day, parts behind their wholes. Index steer_goals_open, one statement."""
    return _in_order(_standing(shop).filter(start__lte=on, end__gt=on))


def goals_in(shop: str, period: Period) -> tuple[Goal, ...]:
    """The goals whose period has any day of another, parts behind their wholes. Index steer_goals_open."""
    return _in_order(_standing(shop).filter(start__lt=period.end, end__gt=period.start))


def roots(shop: str, period: Period, *, team: str = "") -> tuple[Goal, ...]:
    """The whole trees whose top has any day of a period, of one team if one is named; parts behind their wholes."""
    tops = _standing(shop).filter(parent=None, start__lt=period.end, end__gt=period.start)
    if team:
        tops = tops.filter(tree__in=_standing(shop).filter(team__name=team))
    return _in_order(_standing(shop).filter(root__in=tops.values("id")))


def goal(shop: str, id: UUID) -> Goal:
    """One goal. One statement.

    refuses  NoSuchGoal
    """
    found = goal_of(id)
    if found.shop != shop:
        raise NoSuchGoal(id=str(id))
    return found


def goal_of(id: UUID) -> Goal:
    """One goal of whichever shop, for verbs: doors ask with the shop. One statement.

    refuses  NoSuchGoal
    """
    row = _split(models.Goal.objects.filter(pk=id, dropped_at=None)).first()
    if row is None:
        raise NoSuchGoal(id=str(id))
    return value(row)


def tree(goal: Goal) -> dict[UUID, Goal]:
    """All goals of its tree by id. Index steer_goals_tree, one statement."""
    return {one.id: one for one in _in_order(_standing(goal.shop).filter(root=goal.root))}


def history(ids: Iterable[UUID], *, limit: int = 100) -> tuple[Change, ...]:
    """What was done to goals, the latest first. Index steer_goals_history."""
    rows = models.Change.objects.filter(goal__in=list(ids)).order_by("-id")[:limit]
    return tuple(
        Change(goal=row.goal_id, at=row.at, by=row.by, did=Did(row.did), was=row.was, now=row.now, words=row.words)
        for row in rows
    )


def dropped(shop: str, *, limit: int) -> tuple[tuple[Goal, Change], ...]:
    """Goals that were given up, each with how: the latest first, without the parts that went with them."""
    rows = models.Goal.objects.filter(shop=shop).exclude(dropped_at=None).order_by("-dropped_at", "-id")
    tops = _split(rows.exclude(parent__dropped_at=F("dropped_at")))[:limit]
    goals = [value(row) for row in tops]
    latest: dict[UUID, Change] = {}
    for one in history([goal.id for goal in goals], limit=100 * limit):
        if one.did is Did.DROPPED:
            latest.setdefault(one.goal, one)
    return tuple((goal, latest[goal.id]) for goal in goals)


def without_baseline(shop: str, *, since: date) -> tuple[Goal, ...]:
    """The goals that run or come, and nobody knows where they start from. Index steer_goals_open, one statement."""
    rows = _standing(shop).filter(end__gt=since, baseline=None, is_sum=False)
    return tuple(one for one in _in_order(rows) if course_of(one.metric) is Course.LEVEL)


def teams(shop: str) -> tuple[Team, ...]:
    """The teams of a shop, by name. Two statements."""
    rows = models.Team.objects.filter(shop=shop).order_by("name").prefetch_related("members")
    return tuple(
        Team(name=row.name, members=tuple(sorted(one.operator_id for one in row.members.all()))) for row in rows
    )


def team(shop: str, name: str) -> Team:
    """A team.

    refuses  NoSuchTeam
    """
    found = next((one for one in teams(shop) if one.name == name), None)
    if found is None:
        raise NoSuchTeam(name=name)
    return found


def teams_of(shop: str, operator_id: int) -> tuple[str, ...]:
    """The names of the teams that an operator is in."""
    rows = models.Team.objects.filter(shop=shop, members__operator_id=operator_id).order_by("name")
    return tuple(rows.values_list("name", flat=True))


def objectives(shop: str, period: Period, *, team: str = "") -> tuple[Objective, ...]:
    """What teams want in any day of a period. Index steer_goals_objective_open, one statement."""
    rows = models.Objective.objects.filter(shop=shop, start__lt=period.end, end__gt=period.start)
    rows = rows.filter(team__name=team) if team else rows
    return tuple(row.value for row in rows.select_related("team").order_by("start", "team__name", "id"))


def value(row: models.Goal) -> Goal:
    """A row, read by `_standing`, as a frozen value."""
    return Goal(
        id=row.id,
        shop=row.shop,
        metric=row.metric,
        where=at_place(row.category, row.channel),
        better=Better(row.better),
        baseline=row.baseline,
        target=row.target,
        currency=row.currency,
        period=Period(row.start, row.end),
        owner=row.owner,
        team=row.team.name if row.team else "",
        parent=row.parent_id,
        root=row.root_id,
        is_split=bool(getattr(row, "has_parts", False)),
        is_sum=row.is_sum,
        is_locked=row.is_locked,
        objective=row.objective_id,
        missed=Missed(row.missed) if row.missed else None,
        told=row.told,
        set_at=row.set_at,
    )


def _standing(shop: str) -> QuerySet[models.Goal]:
    return _split(models.Goal.objects.filter(shop=shop, dropped_at=None))


def _split(rows: QuerySet[models.Goal]) -> QuerySet[models.Goal]:
    """Each with whether it has parts."""
    parts = models.Goal.objects.filter(parent=OuterRef("pk"), dropped_at=None)
    return rows.select_related("team").annotate(has_parts=Exists(parts))


def _in_order(rows: QuerySet[models.Goal]) -> tuple[Goal, ...]:
    """Parts behind their wholes: a whole is older than its parts, and ids sort by time."""
    return tuple(value(row) for row in rows.order_by("root__start", "root", "start", "id"))

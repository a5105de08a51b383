"""Teams, and what they want in words."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.goals import models
from zhanggui.steer.goals.actions.setting import checked_owner
from zhanggui.steer.goals.actions.writing import change, team_row
from zhanggui.steer.goals.errors import NoSuchObjective, TeamUnfit
from zhanggui.steer.goals.rules import LONGEST_NAME, LONGEST_WORDS, Did


@operation
def make_team(*, shop: str, name: str, members: Collection[int]) -> None:
    """Have operators work at goals together.

    refuses  TeamUnfit if the name is missing, too long or taken; GoalUnfit for a member who cannot come in
    """
    called = name.strip()
    if not called or len(called) > LONGEST_NAME:
        raise TeamUnfit(field="name")
    row = models.Team(shop=shop, name=called)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as taken:
        raise TeamUnfit(field="name") from taken
    _join(row, members)


@operation
def change_members(*, shop: str, name: str, members: Collection[int]) -> None:
    """Say who is in a team: these, and nobody else.

    refuses  NoSuchTeam, GoalUnfit for a member who cannot come in
    """
    row = models.Team.objects.select_for_update().get(pk=team_row(shop, name).pk)
    row.members.exclude(operator_id__in=list(members)).delete()
    _join(row, members)


@operation
def rename_team(*, shop: str, name: str, to: str) -> None:
    """Call a team otherwise; its members, objectives and goals stay with it.

    refuses  NoSuchTeam; TeamUnfit if the new name is missing, too long or taken
    """
    called = to.strip()
    if not called or len(called) > LONGEST_NAME:
        raise TeamUnfit(field="name")
    row = team_row(shop, name)
    try:
        with transaction.atomic():
            models.Team.objects.filter(pk=row.pk).update(name=called)
    except IntegrityError as taken:
        raise TeamUnfit(field="name") from taken


@operation
def set_objective(*, shop: str, team: str, words: str, period: Period) -> UUID:
    """Say what a team wants in a period; its key results are goals that name it.

    refuses  NoSuchTeam, TeamUnfit if there are no words, or too many
    """
    row = models.Objective.objects.create(
        id=ids.uuid7(),
        shop=shop,
        team=team_row(shop, team),
        words=_said(words),
        start=period.start,
        end=period.end,
        set_at=clock.now(),
    )
    return row.id


@operation
def change_objective(*, shop: str, id: UUID, words: str, period: Period) -> None:
    """Word an objective otherwise, or give it other days; its key results stay with it.

    refuses  NoSuchObjective, TeamUnfit if there are no words, or too many
    """
    rows = models.Objective.objects.filter(shop=shop, pk=id)
    if not rows.update(words=_said(words), start=period.start, end=period.end):
        raise NoSuchObjective(id=str(id))


@operation
def drop_objective(*, shop: str, id: UUID, by: Actor) -> None:
    """Give an objective up; its key results go on as goals, and in their history stands what they were results of.

    refuses  NoSuchObjective
    """
    row = models.Objective.objects.select_for_update().filter(shop=shop, pk=id).first()
    if row is None:
        raise NoSuchObjective(id=str(id))
    for goal in models.Goal.objects.filter(objective=row).order_by("pk").values_list("pk", flat=True):
        change(goal, Did.RESULT, by=by)
    models.Goal.objects.filter(objective=row).update(objective=None)
    row.delete()


def _said(words: str) -> str:
    """What an objective says.

    refuses  TeamUnfit if there is nothing, or too much
    """
    said = words.strip()
    if not said or len(said) > LONGEST_WORDS:
        raise TeamUnfit(field="words")
    return said


def _join(row: models.Team, members: Collection[int]) -> None:
    models.Member.objects.bulk_create(
        [models.Member(team=row, operator_id=checked_owner(one)) for one in sorted(set(members))], ignore_conflicts=True
    )

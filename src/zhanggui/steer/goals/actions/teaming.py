"""Teams, and what they want in words."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.goals import models
from zhanggui.steer.goals.actions.setting import checked_owner
from zhanggui.steer.goals.actions.writing import team_row
from zhanggui.steer.goals.errors import TeamUnfit
from zhanggui.steer.goals.rules import LONGEST_NAME, LONGEST_WORDS


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
def set_objective(*, shop: str, team: str, words: str, period: Period) -> UUID:
    """Say what a team wants in a period; its key results are goals that name it.

    refuses  NoSuchTeam, TeamUnfit if there are no words, or too many
    """
    said = words.strip()
    if not said or len(said) > LONGEST_WORDS:
        raise TeamUnfit(field="words")
    row = models.Objective.objects.create(
        id=ids.uuid7(),
        shop=shop,
        team=team_row(shop, team),
        words=said,
        start=period.start,
        end=period.end,
        set_at=clock.now(),
    )
    return row.id


def _join(row: models.Team, members: Collection[int]) -> None:
    models.Member.objects.bulk_create(
        [models.Member(team=row, operator_id=checked_owner(one)) for one in sorted(set(members))], ignore_conflicts=True
    )

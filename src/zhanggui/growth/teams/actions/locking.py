"""Locking teams, and keeping the numbers on them true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from zhanggui.growth.teams import models
from zhanggui.growth.teams.rules import Sits


def locked(team_ids: Iterable[UUID]) -> list[models.Team]:
    """Teams, locked in the order of their ids until the transaction ends."""
    rows = models.Team.objects.select_for_update().filter(pk__in=set(team_ids))
    return list(rows.order_by("pk"))


def freed(team: models.Team, *, at: datetime) -> None:
    """Free the seats of a locked team that were not ordered in their minutes."""
    stale = models.Seat.objects.filter(team=team, state=Sits.TAKEN, holds_until__lte=at)
    if stale.update(state=Sits.FREED):
        counted(team)


def counted(team: models.Team) -> None:
    """Note on a locked team how many seats are taken, and how many of them count."""
    sitting = list(models.Seat.objects.filter(team=team).exclude(state=Sits.FREED).values_list("state", flat=True))
    team.taken_seats, team.paid_seats = len(sitting), sitting.count(Sits.PAID)
    team.save(update_fields=["taken_seats", "paid_seats"])

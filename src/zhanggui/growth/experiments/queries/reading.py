"""Trials and their members, as they stand in the tables."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count

from zhanggui.growth.experiments import models
from zhanggui.growth.experiments.errors import NoSuchTrial
from zhanggui.growth.experiments.rules import Arm, Trial


def trial(id: UUID) -> Trial:
    """One trial.

    refuses  NoSuchTrial
    """
    row = models.Trial.objects.filter(pk=id).first()
    if row is None:
        raise NoSuchTrial(id=str(id))
    return row.value


def trials(shop: str, *, limit: int, offset: int = 0) -> tuple[Trial, ...]:
    """A shop's trials, the newest first. Index growth_experiments_newest."""
    rows = models.Trial.objects.filter(shop=shop).order_by("-opened_at", "id")
    return tuple(row.value for row in rows[offset : offset + limit])


def members(trial_id: UUID, arm: Arm) -> tuple[str, ...]:
    """Who is on a side, sorted. Index growth_experiments_one_side."""
    rows = models.Member.objects.filter(trial_id=trial_id, arm=arm).order_by("person")
    return tuple(rows.values_list("person", flat=True))


def arm_counts(trial_id: UUID) -> dict[Arm, int]:
    """How many people are on each side."""
    rows = models.Member.objects.filter(trial_id=trial_id).values_list("arm").annotate(people=Count("id"))
    return dict.fromkeys(Arm, 0) | {Arm(arm): people for arm, people in rows}

"""Dry runs: asked for by an operator, done by a job, kept with the promotion."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

import msgspec

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.promotions import models, queries
from zhanggui.growth.promotions.actions.planning import note
from zhanggui.growth.promotions.errors import NoSuchPromotion
from zhanggui.growth.promotions.rules import Done
from zhanggui.growth.promotions.rules.trials import DAYS, Outcome, Progress
from zhanggui.spine.log.rules import Trail

# A part of the orders takes a second; a run that did not move for so long has nobody who works on it.
STANDS_STILL_AFTER: Final = timedelta(minutes=2)


@operation
def try_out(*, promotion_id: str, trail: Trail, by: Actor) -> str:
    """Have a job try a promotion on the orders of the last 90 days; the id of the run.

    While one runs, that one is told and no other begins, unless it stands still.

    refuses  NoSuchPromotion
    """
    row = models.Promotion.objects.select_for_update().filter(pk=UUID(promotion_id), shop=trail.shop).first()
    if row is None:
        raise NoSuchPromotion(id=promotion_id)
    now = clock.now()
    running = models.Trial.objects.filter(promotion=row, progress=Progress.RUNNING)
    running.filter(moved_at__lt=now - STANDS_STILL_AFTER).update(progress=Progress.STOPPED)
    running.exclude(version=row.version).update(progress=Progress.STOPPED)
    found = running.first()
    if found is not None:
        return str(found.id)
    made = models.Trial.objects.create(
        id=ids.uuid7(),
        promotion=row,
        version=row.version,
        progress=Progress.RUNNING,
        since=now - timedelta(days=DAYS),
        until=now,
        asked_by=str(by),
        asked_at=now,
        moved_at=now,
    )
    note(row, Done.TRIED, by=by)
    later(run_trial, id=str(made.id))
    return str(made.id)


@job(name="growth.try_promotion", tries=3)
def run_trial(*, id: str) -> None:
    """Try a promotion part by part; how far it is stands in its row. Begun again, it begins at the first order.

    It ends without a word once somebody changed the promotion, or began another run.
    """
    row = models.Trial.objects.select_related("promotion").filter(pk=id, progress=Progress.RUNNING).first()
    if row is None:
        return
    promotion = row.promotion
    outcome: Outcome | None = None
    for outcome in queries.replay(promotion.shop, queries.draft_of(promotion), since=row.since, until=row.until):
        if not _moved(row, outcome, Progress.RUNNING):
            return
    is_same = models.Promotion.objects.filter(pk=promotion.pk, version=row.version).exists()
    _moved(row, outcome, Progress.DONE if is_same else Progress.STOPPED)


def _moved(row: models.Trial, outcome: Outcome | None, progress: Progress) -> bool:
    """Write how far it is; False if somebody stopped the run."""
    running = models.Trial.objects.filter(pk=row.pk, progress=Progress.RUNNING)
    said = None if outcome is None else msgspec.to_builtins(outcome, str_keys=True)
    return bool(running.update(outcome=said, progress=progress, moved_at=clock.now()))

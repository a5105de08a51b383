"""Putting a review up and taking it down: its stars count exactly as long as it can be read."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.reviews import models
from zhanggui.shop.reviews.rules import Fault, State
from zhanggui.spine.facts.shop import ReviewPublished
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail


def put_up(row: models.Review, *, trail: Trail, by: Actor) -> None:
    """Let others read a review that this transaction holds; told the first time."""
    is_first = row.told_at is None
    at = clock.now()
    said = {"state": State.PUBLISHED, "fault": Fault.NONE, "told_at": row.told_at or at}
    models.Review.objects.filter(pk=row.pk).update(**said)
    shelves.count_ratings(ratings={row.sku: [row.rating]})
    if is_first:
        fact = ReviewPublished(sku=row.sku, rating=row.rating, order_number=row.order_number)
        record(fact, by=by, trail=trail, subject=f"sku:{row.sku}")


def take_down(row: models.Review, *, state: State, fault: Fault) -> None:
    """Let nobody read a review any more that this transaction holds."""
    if row.state == State.PUBLISHED:
        shelves.count_ratings(ratings={row.sku: [row.rating]}, is_more=False)
    models.Review.objects.filter(pk=row.pk).update(state=state, fault=fault)

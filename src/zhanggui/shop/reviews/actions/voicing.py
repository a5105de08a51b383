"""What readers do with reviews: find them useful, say that they should not stand there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.shop.reviews import models
from zhanggui.shop.reviews.errors import NoSuchReview, NotYours
from zhanggui.shop.reviews.rules import Fault, State
from zhanggui.spine.log.rules import Trail

# Indexes shop_reviews_vote_once, shop_reviews_report_once: whoever says it at the same moment waits, then adds none.
_VOTE: Final = """
with said as (
    insert into shop_reviews_vote (review_id, person) values (%s::uuid, %s::varchar)
    on conflict on constraint shop_reviews_vote_once do nothing returning review_id)
update shop_reviews_review r set useful = r.useful + 1 from said where r.id = said.review_id returning 1
"""
_REPORT: Final = """
with said as (
    insert into shop_reviews_report (review_id, person, fault, at)
    values (%s::uuid, %s::varchar, %s::varchar, %s::timestamptz)
    on conflict on constraint shop_reviews_report_once do nothing returning review_id)
update shop_reviews_review r set reports = r.reports + 1 from said where r.id = said.review_id returning 1
"""


@operation
def find_useful(*, review_id: UUID, persons: Sequence[str], trail: Trail) -> bool:
    """Say that a review helped; False if the same person said so before.

    persons  all ids of the reader; one vote counts for all of them
    refuses  NoSuchReview, NotYours
    """
    _readable(review_id, persons, trail)
    if models.Vote.objects.filter(review=review_id, person__in=persons).exists():
        return False
    return _say(_VOTE, [review_id, trail.person])


@operation
def report(*, review_id: UUID, fault: Fault, persons: Sequence[str], trail: Trail) -> bool:
    """Say that a review should not stand there; False if the same person said so before.

    refuses  NoSuchReview, NotYours
    """
    _readable(review_id, persons, trail)
    if models.Report.objects.filter(review=review_id, person__in=persons).exists():
        return False
    return _say(_REPORT, [review_id, trail.person, fault, clock.now()])


def _say(statement: str, said: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return cursor.fetchone() is not None


def _readable(review_id: UUID, persons: Sequence[str], trail: Trail) -> None:
    row = models.Review.objects.filter(pk=review_id, shop=trail.shop, state=State.PUBLISHED).first()
    if row is None:
        raise NoSuchReview(review_id=review_id)
    if row.person and row.person in persons:
        raise NotYours(review_id=review_id)

"""What the shop's people do with reviews: let through, reject, hide, reply."""

from __future__ import annotations

from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.reviews import models, rules
from zhanggui.shop.reviews.actions.standing import put_up, take_down
from zhanggui.shop.reviews.errors import NoSuchReview, NotDecidable, WordsNotAllowed
from zhanggui.shop.reviews.rules import Fault, State
from zhanggui.spine.log.rules import Trail


@operation
def publish(*, review_id: UUID, trail: Trail, by: Actor) -> None:
    """Let others read a review, and what was added to it; reports that were made of it are settled with that.

    refuses  NoSuchReview; NotDecidable if it can be read already and nothing of it waits
    tells    shop.review_published the first time
    """
    row = _held(review_id, trail)
    waits = row.reports > 0 or row.added_state == State.PENDING
    if not rules.can_become(State(row.state), State.PUBLISHED) and not waits:
        raise NotDecidable(id=review_id, state=row.state)
    added = {"added_state": State.PUBLISHED} if row.added_state == State.PENDING else {}
    _decided(row, by=by, reports=0, **added)
    models.Report.objects.filter(review=row).delete()
    if row.state == State.PUBLISHED:
        shelves.touch(skus=[row.sku])
    else:
        put_up(row, trail=Trail(shop=row.shop, person=row.person), by=by)


@operation
def reject(*, review_id: UUID, fault: Fault, trail: Trail, by: Actor) -> None:
    """Do not let a review through, or what was added to a published one; its writer sees why.

    refuses  NoSuchReview; NotDecidable if nothing of it waits, or no fault is named
    """
    row = _held(review_id, trail)
    if not fault or State.PENDING not in (row.state, row.added_state):
        raise NotDecidable(id=review_id, state=row.state)
    if row.state == State.PENDING:
        take_down(row, state=State.REJECTED, fault=fault)
        _decided(row, by=by)
    else:
        _decided(row, by=by, added_state=State.REJECTED, fault=fault)


@operation
def hide(*, review_id: UUID, fault: Fault, trail: Trail, by: Actor) -> None:
    """Take down a review that others could read; its stars count no longer.

    refuses  NoSuchReview; NotDecidable if it cannot be read anyway, or no fault is named
    """
    row = _held(review_id, trail)
    if not fault or not rules.can_become(State(row.state), State.HIDDEN):
        raise NotDecidable(id=review_id, state=row.state)
    take_down(row, state=State.HIDDEN, fault=fault)
    _decided(row, by=by)


@operation
def reply(*, review_id: UUID, words: str, trail: Trail, by: Actor) -> None:
    """Answer a review in the shop's name; a second reply takes the place of the first.

    refuses  NoSuchReview, WordsNotAllowed
    """
    said = rules.cleaned(words)
    if fault := rules.words_fault(said, most=rules.LONGEST_REPLY):
        raise WordsNotAllowed(reason=fault, most=rules.LONGEST_REPLY)
    row = _held(review_id, trail)
    models.Review.objects.filter(pk=row.pk).update(reply_words=said, reply_at=clock.now(), reply_by=str(by))
    shelves.touch(skus=[row.sku])


@operation
def read_first(*, is_read_first: bool, trail: Trail) -> None:
    """Have every review read by somebody before others can, or only those that are held."""
    models.Setting.objects.update_or_create(shop=trail.shop, defaults={"is_read_first": is_read_first})


def _held(review_id: UUID, trail: Trail) -> models.Review:
    """The review, held until the end of the transaction."""
    row = models.Review.objects.select_for_update().filter(pk=review_id, shop=trail.shop).first()
    if row is None:
        raise NoSuchReview(review_id=review_id)
    return row


def _decided(row: models.Review, *, by: Actor, **changed: object) -> None:
    models.Review.objects.filter(pk=row.pk).update(decided_by=str(by), decided_at=clock.now(), **changed)

"""Writing a review, adding to it later, and the reviews and questions that a shop begins with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.customers.rules import masked_name
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.reviews import models, queries, rules
from zhanggui.shop.reviews.actions.standing import put_up
from zhanggui.shop.reviews.errors import (
    AlreadyReviewed,
    CannotBeAdded,
    NotBought,
    PictureNotAllowed,
    RatingNotAllowed,
    WordsNotAllowed,
)
from zhanggui.shop.reviews.rules import Held, NewQuestion, NewReview, Picture, State
from zhanggui.spine.log.rules import Trail

_ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


@operation
def write(
    *,
    order_number: str,
    line: int,
    rating: int,
    words: str,
    pictures: Sequence[Picture] = (),
    is_anonymous: bool = False,
    persons: Sequence[str],
    trail: Trail,
    by: Actor,
) -> State:
    """Say what one thinks of what one bought; others read it at once, unless it waits to be read by us first.

    line      its position in the order
    persons   all ids under which the shopper ever ordered
    refuses   NotBought if the line is not theirs, has not arrived or is the difference of an exchange; AlreadyReviewed;
              WordsNotAllowed; RatingNotAllowed; PictureNotAllowed if there are more than six
    tells     shop.review_published if others can read it now
    """
    said = _kept(words, most=rules.LONGEST_REVIEW)
    if not 1 <= rating <= 5:
        raise RatingNotAllowed(rating=rating)
    if len(pictures) > rules.MOST_PICTURES:
        raise PictureNotAllowed(reason="count", most=rules.MOST_PICTURES)
    order = _bought(order_number, line, persons=persons, shop=trail.shop)
    held = rules.held_for(said) or (Held.ALL if queries.is_read_first(trail.shop) else Held.NONE)
    row = models.Review(
        id=ids.uuid7(),
        shop=trail.shop,
        sku=order.line(line).sku,
        rating=rating,
        words=said,
        language=rules.language_of(said),
        author="" if is_anonymous else masked_name(customers.contact(order.customer_id).name),
        person=trail.person,
        order_number=order_number,
        line=line,
        pictures=list(dict.fromkeys(f"{picture.digest}.{_ENDINGS[picture.kind]}" for picture in pictures)),
        at=clock.now(),
        state=State.PENDING,
        held=held,
    )
    models.Review.objects.bulk_create([row], ignore_conflicts=True)
    if not models.Review.objects.filter(pk=row.id).exists():
        raise AlreadyReviewed(order_number=order_number, line=line)
    if held:
        return State.PENDING
    put_up(row, trail=trail, by=by)
    return State.PUBLISHED


@operation
def add_words(*, review_id: UUID, words: str, persons: Sequence[str], trail: Trail) -> State:
    """Add to one's own published review what only time has shown; once, and held like a review.

    refuses  CannotBeAdded if it is not theirs, not published or has an addition; WordsNotAllowed
    """
    said = _kept(words, most=rules.LONGEST_REVIEW)
    held = rules.held_for(said) or (Held.ALL if queries.is_read_first(trail.shop) else Held.NONE)
    state = State.PENDING if held else State.PUBLISHED
    mine = models.Review.objects.filter(pk=review_id, shop=trail.shop, state=State.PUBLISHED, added_at=None)
    now: dict[str, str | datetime] = {"added_words": said, "added_at": clock.now()}
    if not mine.filter(person__in=[one for one in persons if one]).update(**now, added_state=state, added_held=held):
        raise CannotBeAdded(review_id=review_id)
    if state is State.PUBLISHED:
        shelves.touch(skus=list(models.Review.objects.filter(pk=review_id).values_list("sku", flat=True)))
    return state


@operation
def add_reviews(*, reviews: Sequence[NewReview]) -> None:
    """Have these reviews of the past stand under their products; tells nothing, like `catalogue.stock_shelves`.

    refuses  NoSuchProduct, RatingNotAllowed; nothing is written
    """
    stars: dict[str, list[int]] = {}
    for review in reviews:
        if not 1 <= review.rating <= 5:
            raise RatingNotAllowed(rating=review.rating)
        stars.setdefault(review.sku, []).append(review.rating)
    shelves.count_ratings(ratings=stars)
    models.Review.objects.bulk_create([_of_the_past(review) for review in reviews], batch_size=1000)


@operation
def add_questions(*, questions: Sequence[NewQuestion]) -> None:
    """Have these questions of the past stand under their products, with their answers."""
    rows = [
        models.Question(
            id=ids.uuid7(),
            shop=asked.shop,
            sku=asked.sku,
            words=asked.words,
            author=asked.author,
            at=asked.at,
            state=State.PUBLISHED,
        )
        for asked in questions
    ]
    models.Question.objects.bulk_create(rows, batch_size=1000)
    answers = [
        models.Answer(
            id=ids.uuid7(),
            question=row,
            speaker=speaker,
            words=said.words,
            author=author,
            at=said.at,
            state=State.PUBLISHED,
        )
        for row, asked in zip(rows, questions, strict=True)
        for speaker, author, said in asked.answers
    ]
    models.Answer.objects.bulk_create(answers, batch_size=1000)


def _kept(words: str, *, most: int) -> str:
    said = rules.cleaned(words)
    if fault := rules.words_fault(said, most=most):
        raise WordsNotAllowed(reason=fault, most=most)
    return said


def _bought(order_number: str, line: int, *, persons: Sequence[str], shop: str) -> Order:
    """The order, if that line of it is theirs and has arrived."""
    try:
        order = orders.order(shop, order_number, person=persons)
    except NoSuchOrder as missing:
        raise NotBought(order_number=order_number, line=line) from missing
    arrived: Mapping[int, datetime] = parcels.delivered_at(order_number) if order.is_paid else {}
    if line not in arrived or returns.exchanges([order]):
        raise NotBought(order_number=order_number, line=line)
    return order


def _of_the_past(review: NewReview) -> models.Review:
    added, reply = review.added, review.reply
    return models.Review(
        id=ids.uuid7(),
        shop=review.shop,
        sku=review.sku,
        rating=review.rating,
        words=review.words,
        language=review.language,
        author=review.author,
        order_number=review.order_number,
        at=review.at,
        state=State.PUBLISHED,
        told_at=review.at,
        useful=review.useful,
        added_words=added.words if added else "",
        added_at=added.at if added else None,
        added_state=State.PUBLISHED if added else "",
        reply_words=reply.words if reply else "",
        reply_at=reply.at if reply else None,
    )

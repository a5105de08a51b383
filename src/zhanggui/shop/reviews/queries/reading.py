"""What shoppers read: a product's reviews and questions, and what they wrote themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import connection

from zhanggui.base import home, pictures
from zhanggui.base.database import together
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.reviews import models, rules
from zhanggui.shop.reviews.errors import NoSuchQuestion, NoSuchReview
from zhanggui.shop.reviews.rules import Page, Picture, Question, Review, Sort, State, Wanted

_PICTURES: Final = "review_pictures"
_NO_FILTER: Final = Wanted()
_ORDERS: Final = {
    Sort.NEWEST: "at desc, id desc",
    Sort.USEFUL: "useful desc, at desc, id desc",
    Sort.WORST: "rating, at desc, id desc",
}
_COUNTED: Final = """
select json_agg(json_build_array(r.rating, r.shown, r.pictured))::text from (
    select rating, count(*) as shown, count(*) filter (where pictures <> '{{}}') as pictured
    from shop_reviews_review where sku = any({skus}) and state = 'published' group by rating) r
"""
_SHOWN: Final = """
select * from shop_reviews_review where sku = any({skus}) and state = 'published'
    and (%s::int is null or rating = %s::int) and (not %s::boolean or pictures <> '{{}}')
order by {order} limit %s::bigint offset %s::bigint
"""
_counts: Final = msgspec.json.Decoder(tuple[tuple[int, int, int], ...])
# Index shop_reviews_question_sku, then that of the answers' question.
_QUESTIONS: Final = """
select q.id, q.shop, q.sku, q.author, q.words, q.at, q.state, q.held,
    a.id, a.speaker, a.author, a.words, a.at, a.state
from (
    select * from shop_reviews_question where sku = any(%s::varchar[]) and state = 'published'
    order by at desc, id desc limit %s::int offset %s::int) q
left join lateral (
    select * from shop_reviews_answer where question_id = q.id and state = 'published'
    order by speaker = 'shop' desc, at, id limit %s::int) a on true
order by q.at desc, q.id desc, a.speaker = 'shop' desc, a.at, a.id
"""


def page(skus: Collection[str], *, page: int = 1, wanted: Wanted = _NO_FILTER) -> Page:
    """One page of the published reviews of a product's SKUs. Two statements, one if there are none to show.

    Index shop_reviews_review_sku.
    """
    page = min(max(1, page), 100_000)
    among, parameters = together.any_of(skus)
    (counted,) = together.ask(together.Question(_COUNTED.format(skus=among), parameters, _read_counts))
    matching = [counts for rating, counts in counted.items() if wanted.stars in (None, rating)]
    found = sum(pictured if wanted.is_pictured else every for every, pictured in matching)
    start = (page - 1) * rules.PER_PAGE
    narrowed = (wanted.stars, wanted.stars, wanted.is_pictured, rules.PER_PAGE, start)
    statement = _SHOWN.format(skus=among, order=_ORDERS[wanted.sort])
    rows = models.Review.objects.raw(statement, (*parameters, *narrowed)) if found > start else ()
    one, two, three, four, five = (counted.get(rating, (0, 0))[0] for rating in range(1, 6))
    return Page(
        reviews=tuple(rules.for_readers(row.value) for row in rows),
        page=page,
        pages=max(1, -(-found // rules.PER_PAGE)),
        found=found,
        total=one + two + three + four + five,
        by_rating=(one, two, three, four, five),
        pictured=sum(pictured for _, pictured in counted.values()),
    )


def _read_counts(said: str | None) -> dict[int, tuple[int, int]]:
    """By stars: how many reviews, and how many of them with pictures."""
    return {rating: (shown, pictured) for rating, shown, pictured in _counts.decode(said)} if said else {}


def questions(
    skus: Collection[str],
    *,
    limit: int = rules.QUESTIONS_PER_PAGE,
    answers: int = rules.ANSWERS_SHOWN,
    offset: int = 0,
) -> tuple[Question, ...]:
    """The newest published questions about a product's SKUs, each with its first answers. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_QUESTIONS, [list(skus), limit, offset, answers])
        return grouped(cursor.fetchall())


def question(shop: str, question_id: UUID) -> Question:
    """A published question with all its published answers. Two statements. Primary key.

    refuses  NoSuchQuestion
    """
    row = models.Question.objects.filter(pk=question_id, shop=shop, state=State.PUBLISHED).first()
    if row is None:
        raise NoSuchQuestion(question_id=question_id)
    said = row.answers.filter(state=State.PUBLISHED).order_by("speaker", "at", "id")
    answers = sorted((_answer(each) for each in said), key=lambda each: each.speaker != rules.Speaker.SHOP)
    return _question(row, tuple(answers))


def review(shop: str, review_id: UUID) -> Review:
    """A published review as everybody reads it. One statement. Primary key.

    refuses  NoSuchReview
    """
    row = models.Review.objects.filter(pk=review_id, shop=shop, state=State.PUBLISHED).first()
    if row is None:
        raise NoSuchReview(review_id=review_id)
    return rules.for_readers(row.value)


def reviews_by(shop: str, persons: Collection[str], *, limit: int = 50) -> tuple[Review, ...]:
    """What somebody wrote, under any id they had, newest first. One statement. Index shop_reviews_review_person."""
    rows = models.Review.objects.filter(shop=shop, person__in=[person for person in persons if person])
    return tuple(row.value for row in rows.order_by("-at", "-id")[:limit])


def reviewed_lines(order_numbers: Iterable[str]) -> dict[tuple[str, int], UUID]:
    """The reviews of lines of these orders, by order number and position. One statement.

    Index shop_reviews_review_once.
    """
    rows = models.Review.objects.filter(order_number__in=list(order_numbers), line__isnull=False)
    return {(number, line or 0): id for number, line, id in rows.values_list("order_number", "line", "id")}


def is_read_first(shop: str) -> bool:
    """Whether somebody reads every review before others can. One statement."""
    return models.Setting.objects.filter(pk=shop, is_read_first=True).exists()


def has_bought(sku: str, *, persons: Sequence[str], shop: str) -> bool:
    """Whether somebody bought that SKU, or another of its product, and paid for it. Two statements."""
    bought = [line.sku for order in orders.orders_of(shop, *persons) if order.is_paid for line in order.lines]
    cards = catalogue.products([sku, *bought])
    return sku in cards and any(cards[own].product == cards[sku].product for own in bought if own in cards)


def folder() -> Path:
    """Where the pictures of reviews lie."""
    return home.shelf(_PICTURES)


def picture_file(picture: Picture) -> Path:
    """Where a picture lies."""
    return pictures.place(picture.digest, folder=folder())


def grouped(rows: Sequence[tuple[Any, ...]]) -> tuple[Question, ...]:
    """Rows of questions beside their answers, as questions with answers; the order stays."""
    found: dict[object, models.Question] = {}
    answers: dict[object, list[rules.Answer]] = {}
    for id, shop, sku, author, words, at, state, held, *said in rows:
        row = models.Question(id=id, shop=shop, sku=sku, author=author, words=words, at=at, state=state, held=held)
        found.setdefault(id, row)
        if said[0] is not None:
            names = ("id", "speaker", "author", "words", "at", "state")
            answer = models.Answer(**dict(zip(names, said, strict=True)))
            answers.setdefault(id, []).append(_answer(answer))
    return tuple(_question(row, tuple(answers.get(id, ()))) for id, row in found.items())


def _question(row: models.Question, answers: tuple[rules.Answer, ...]) -> Question:
    return Question(
        id=row.id,
        shop=row.shop,
        sku=row.sku,
        author=row.author,
        words=row.words,
        at=row.at,
        state=State(row.state),
        held=rules.Held(row.held),
        answers=answers,
    )


def _answer(row: models.Answer) -> rules.Answer:
    return rules.Answer(
        id=row.id,
        speaker=rules.Speaker(row.speaker),
        author=row.author,
        words=row.words,
        at=row.at,
        state=State(row.state),
    )

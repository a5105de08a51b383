"""Questions about a product and their answers, by the shop or by somebody who bought it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.reviews import models, queries, rules
from zhanggui.shop.reviews.errors import (
    AlreadyAnswered,
    NoSuchQuestion,
    NotBought,
    NotDecidable,
    WordsNotAllowed,
)
from zhanggui.shop.reviews.rules import Speaker, State
from zhanggui.spine.log.rules import Trail

_FROM: Final = {then: [state.value for state in before] for then, before in rules.COMES_FROM.items()}


@operation
def ask(*, sku: str, words: str, author: str, trail: Trail) -> State:
    """Ask something about a product; others read it at once unless it waits to be read by us first.

    author   a masked name, or empty
    refuses  NoSuchProduct, WordsNotAllowed
    """
    said = _kept(words, most=rules.LONGEST_QUESTION)
    card = catalogue.products([sku]).get(sku)
    if card is None or card.shop != trail.shop:
        raise NoSuchProduct(sku=sku)
    held = rules.held_for(said)
    state = State.PENDING if held else State.PUBLISHED
    models.Question.objects.create(
        id=ids.uuid7(),
        shop=trail.shop,
        sku=sku,
        words=said,
        author=author,
        person=trail.person,
        at=clock.now(),
        state=state,
        held=held,
    )
    if state is State.PUBLISHED:
        shelves.touch(skus=[sku])
    return state


@operation
def answer(*, question_id: UUID, words: str, author: str, persons: Sequence[str], trail: Trail) -> State:
    """Answer another shopper's question as somebody who bought the product.

    persons  all ids under which the shopper ever ordered
    refuses  NoSuchQuestion, NotBought, AlreadyAnswered, WordsNotAllowed
    """
    said = _kept(words, most=rules.LONGEST_REPLY)
    question = models.Question.objects.filter(pk=question_id, shop=trail.shop, state=State.PUBLISHED).first()
    if question is None:
        raise NoSuchQuestion(question_id=question_id)
    if not queries.has_bought(question.sku, persons=persons, shop=trail.shop):
        raise NotBought(order_number="", line=0)
    if models.Answer.objects.filter(question=question, person__in=persons).exists():
        raise AlreadyAnswered(question_id=question_id)
    held = rules.held_for(said)
    state = State.PENDING if held else State.PUBLISHED
    row = models.Answer(
        id=ids.uuid7(),
        question=question,
        speaker=Speaker.BUYER,
        words=said,
        author=author,
        person=trail.person,
        at=clock.now(),
        state=state,
        held=held,
    )
    _answer_once(row)
    if state is State.PUBLISHED:
        shelves.touch(skus=[question.sku])
    return state


@operation
def answer_for_shop(*, question_id: UUID, words: str, trail: Trail, by: Actor) -> None:
    """Answer a question in the shop's name; that lets it be read if it waited. A second answer replaces the first.

    refuses  NoSuchQuestion, WordsNotAllowed
    """
    said = _kept(words, most=rules.LONGEST_REPLY)
    question = _question(question_id, trail)
    models.Question.objects.filter(pk=question.pk).update(state=State.PUBLISHED)
    standing = {"words": said, "at": clock.now(), "state": State.PUBLISHED, "author": "", "person": str(by)}
    if not models.Answer.objects.filter(question=question, speaker=Speaker.SHOP).update(**standing):
        models.Answer.objects.create(id=ids.uuid7(), question=question, speaker=Speaker.SHOP, **standing)
    shelves.touch(skus=[question.sku])


@operation
def decide_question(*, question_id: UUID, then: State, trail: Trail) -> None:
    """Let a question through, reject it, or take it down.

    refuses  NoSuchQuestion, NotDecidable
    """
    question = _question(question_id, trail)
    if not rules.can_become(State(question.state), then):
        raise NotDecidable(id=question_id, state=question.state)
    models.Question.objects.filter(pk=question.pk).update(state=then)
    shelves.touch(skus=[question.sku])


@operation
def decide_answer(*, answer_id: UUID, then: State, trail: Trail) -> None:
    """Let an answer through, reject it, or take it down.

    refuses  NoSuchQuestion if there is no such answer, NotDecidable
    """
    found = models.Answer.objects.filter(pk=answer_id, question__shop=trail.shop).select_related("question").first()
    if found is None:
        raise NoSuchQuestion(question_id=answer_id)
    if not models.Answer.objects.filter(pk=answer_id, state__in=_FROM.get(then, [])).update(state=then):
        raise NotDecidable(id=answer_id, state=found.state)
    shelves.touch(skus=[found.question.sku])


def _question(question_id: UUID, trail: Trail) -> models.Question:
    """The question, held until the end of the transaction."""
    row = models.Question.objects.select_for_update().filter(pk=question_id, shop=trail.shop).first()
    if row is None:
        raise NoSuchQuestion(question_id=question_id)
    return row


def _answer_once(row: models.Answer) -> None:
    models.Answer.objects.bulk_create([row], ignore_conflicts=True)
    if not models.Answer.objects.filter(pk=row.pk).exists():
        raise AlreadyAnswered(question_id=row.question_id)


def _kept(words: str, *, most: int) -> str:
    said = rules.cleaned(words)
    if fault := rules.words_fault(said, most=most):
        raise WordsNotAllowed(reason=fault, most=most)
    return said

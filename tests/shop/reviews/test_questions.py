"""Questions and answers, on real PostgreSQL."""

from __future__ import annotations

import pytest

from tests.shop import made
from tests.shop.reviews.made import HERE, STAFF, an_arrived_order
from tests.worlds import made_once
from zhanggui.base import ids
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.reviews import actions, models, queries
from zhanggui.shop.reviews.errors import (
    AlreadyAnswered,
    NoSuchQuestion,
    NotBought,
    NotDecidable,
    WordsNotAllowed,
)
from zhanggui.shop.reviews.queries import Asked
from zhanggui.shop.reviews.rules import Held, Question, Speaker, State

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", units=20)


def asked(words: str = "能进洗碗机吗？") -> State:
    return actions.ask(sku="CUP", words=words, author="", trail=made.a_walk())


def the_question() -> Question:
    (found,) = queries.questions(["CUP"])
    return found


def test_a_question_is_read_at_once_and_one_with_a_link_later() -> None:
    assert asked() is State.PUBLISHED
    assert asked("看 www.cheap.example") is State.PENDING
    assert [question.words for question in queries.questions(["CUP"])] == ["能进洗碗机吗？"]
    first, second = queries.questions_for_staff(made.SHOP, asked=Asked.OPEN, limit=9)
    assert (first.held, second.held) == (Held.LINK, Held.NONE)


@pytest.mark.parametrize("words", ["", "字" * 501, "a\0"])
def test_words_that_do_not_fit_are_refused(words: str) -> None:
    with pytest.raises(WordsNotAllowed):
        asked(words)
    assert models.Question.objects.count() == 0


def test_a_question_is_about_something_that_stands_in_this_shop() -> None:
    with pytest.raises(NoSuchProduct):
        actions.ask(sku="NONE", words="？", author="", trail=made.a_walk())


def test_the_shop_answers_first_then_buyers_each_once() -> None:
    asked()
    id = the_question().id
    order = an_arrived_order()
    mine = {"question_id": id, "words": "可以", "author": "林**", "persons": (order.person,), "trail": order.trail}
    actions.answer(**mine)  # type: ignore[arg-type]
    actions.answer_for_shop(question_id=id, words="可以，上层。", trail=HERE, by=STAFF)
    assert [(one.speaker, one.words) for one in the_question().answers] == [
        (Speaker.SHOP, "可以，上层。"),
        (Speaker.BUYER, "可以"),
    ]
    with pytest.raises(AlreadyAnswered):
        actions.answer(**mine)  # type: ignore[arg-type]
    actions.answer_for_shop(question_id=id, words="可以。", trail=HERE, by=STAFF)
    assert [one.words for one in queries.question(made.SHOP, id).answers] == ["可以。", "可以"]
    assert queries.question_counts(made.SHOP) == {Asked.OPEN: 0, Asked.ANSWERED: 1, Asked.DOWN: 0}


def test_who_did_not_buy_it_does_not_answer() -> None:
    asked()
    stranger = made.a_walk()
    with pytest.raises(NotBought):
        actions.answer(
            question_id=the_question().id, words="可以", author="", persons=(stranger.person,), trail=stranger
        )
    with pytest.raises(NoSuchQuestion):
        actions.answer(question_id=ids.uuid7(), words="可以", author="", persons=(), trail=stranger)
    assert models.Answer.objects.count() == 0


def test_an_answer_with_a_phone_number_waits() -> None:
    asked()
    order = an_arrived_order()
    said = actions.answer(
        question_id=the_question().id, words="13800138000", author="", persons=(order.person,), trail=order.trail
    )
    assert said is State.PENDING
    assert the_question().answers == ()
    answer = models.Answer.objects.get()
    actions.decide_answer(answer_id=answer.pk, then=State.PUBLISHED, trail=HERE)
    assert [one.words for one in the_question().answers] == ["13800138000"]


def test_a_question_is_taken_down_and_put_up_again() -> None:
    asked()
    id = the_question().id
    actions.decide_question(question_id=id, then=State.HIDDEN, trail=HERE)
    assert queries.questions(["CUP"]) == ()
    with pytest.raises(NotDecidable):
        actions.decide_question(question_id=id, then=State.HIDDEN, trail=HERE)
    with pytest.raises(NoSuchQuestion):
        queries.question(made.SHOP, id)
    actions.decide_question(question_id=id, then=State.PUBLISHED, trail=HERE)
    assert the_question().id == id

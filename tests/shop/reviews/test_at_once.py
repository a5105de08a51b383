"""The same thing said twice at the same moment is said once; on real PostgreSQL, with real threads."""

from __future__ import annotations

import pytest

from tests.shop import made
from tests.shop.made import at_once
from tests.shop.reviews.made import HERE, STAFF, a_review, an_arrived_order, say
from zhanggui.base.errors import Refused
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.reviews import actions, models, queries
from zhanggui.shop.reviews.rules import Fault
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)
TIMES = 8


@pytest.fixture(autouse=True)
def shelves(transactional_db: None) -> None:
    made.a_shop()
    made.a_product("CUP", units=20)


def count() -> int:
    return catalogue.products(["CUP"])["CUP"].rating_count


def done(answers: list[object]) -> int:
    return sum(not isinstance(answer, Refused) for answer in answers)


def test_the_same_review_sent_many_times_is_one() -> None:
    order = an_arrived_order()
    answers = at_once(lambda _: say(order), TIMES)
    assert (done(answers), models.Review.objects.count(), count()) == (1, 1, 1)
    assert Entry.objects.filter(name="shop.review_published").count() == 1


def test_the_same_reader_votes_once_and_many_readers_are_all_counted() -> None:
    _, id = a_review()
    one = made.a_walk()
    many = [one] * TIMES + [made.a_walk() for _ in range(TIMES)]
    at_once(lambda n: actions.find_useful(review_id=id, persons=(many[n].person,), trail=many[n]), len(many))
    assert models.Review.objects.get().useful == models.Vote.objects.count() == TIMES + 1


def test_two_operators_decide_once() -> None:
    _, id = a_review()
    answers = at_once(lambda _: actions.hide(review_id=id, fault=Fault.OTHER, trail=HERE, by=STAFF), TIMES)
    assert (done(answers), count()) == (1, 0)
    answers = at_once(lambda _: actions.publish(review_id=id, trail=HERE, by=STAFF), TIMES)
    assert (done(answers), count(), queries.audit()) == (1, 1, ())


def test_hiding_and_letting_through_at_once_leaves_stars_and_reviews_agreed() -> None:
    _, id = a_review()

    def either(n: int) -> None:
        if n % 2:
            actions.publish(review_id=id, trail=HERE, by=STAFF)
        else:
            actions.hide(review_id=id, fault=Fault.OTHER, trail=HERE, by=STAFF)

    at_once(either, TIMES)
    assert queries.audit() == ()


def test_a_buyer_answers_once() -> None:
    order = an_arrived_order()
    actions.ask(sku="CUP", words="好吗？", author="", trail=made.a_walk())
    (question,) = queries.questions(["CUP"])
    answers = at_once(
        lambda _: actions.answer(
            question_id=question.id, words="好", author="", persons=(order.person,), trail=order.trail
        ),
        TIMES,
    )
    assert (done(answers), models.Answer.objects.count()) == (1, 1)


def test_an_addition_is_made_once() -> None:
    order, id = a_review()
    answers = at_once(
        lambda n: actions.add_words(review_id=id, words=f"第 {n} 次", persons=(order.person,), trail=order.trail), TIMES
    )
    assert done(answers) == 1

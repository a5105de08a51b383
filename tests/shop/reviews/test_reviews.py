"""The life of a review, on real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.base.test_pictures import PLACE, a_jpeg
from tests.shop import made
from tests.shop.returns import arrived
from tests.shop.returns.arrived import a_paid_order
from tests.shop.returns.sizes import in_sizes
from tests.shop.reviews.made import HERE, STAFF, a_review, an_arrived_order, say
from tests.worlds import made_once
from zhanggui.base import ids
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import customer
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import actions as returns
from zhanggui.shop.returns.rules import Wish
from zhanggui.shop.reviews import actions, models, queries, rules
from zhanggui.shop.reviews.errors import (
    AlreadyReviewed,
    CannotBeAdded,
    NoSuchReview,
    NotBought,
    NotDecidable,
    NotYours,
    PictureNotAllowed,
    RatingNotAllowed,
    WordsNotAllowed,
)
from zhanggui.shop.reviews.queries import Disagreement, View
from zhanggui.shop.reviews.rules import Fault, Held, Picture, Sort, State, Wanted
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
@made_once
def shelves(db: None) -> None:
    made.a_shop()
    made.a_product("CUP", units=20)
    made.a_product("BOWL", units=20)


def rating() -> tuple[Decimal | None, int]:
    card = catalogue.products(["CUP"])["CUP"]
    return card.rating_mean, card.rating_count


def told() -> int:
    return Entry.objects.filter(name="shop.review_published").count()


def read() -> list[str]:
    return [review.words for review in queries.page(["CUP"]).reviews]


def test_what_was_bought_and_has_arrived_is_reviewed_at_once() -> None:
    order = an_arrived_order()
    assert say(order, " 很好用\r\n\r\n\r\n真的 ", rating=4) is State.PUBLISHED
    row = models.Review.objects.get()
    assert (row.sku, row.rating, row.words, row.language, row.author) == ("CUP", 4, "很好用\n\n真的", "zh", "林**")
    assert (row.order_number, row.line, row.person, row.state) == (order.number, 1, order.person, State.PUBLISHED)
    assert rating() == (Decimal("4.0"), 1)
    fact = next(f for f in made.facts_of(order.number) if f.name == "shop.review_published")
    assert (fact.sku, fact.person) == ("CUP", order.person)
    assert queries.audit() == ()


def test_the_difference_of_an_exchange_is_nothing_to_be_reviewed() -> None:
    in_sizes(price=5990)
    order = an_arrived_order()
    number = arrived.ask(order, wish=Wish.EXCHANGE, wanted={1: "LARGE"})
    by = customer(order.person)
    asked = returns.pay_difference(return_number=number, provider="sandbox", trail=order.trail, by=by)
    placed = Placed(order_number=asked.order_number, payment_id=asked.payment_id)
    payments.settle(shop=made.SHOP, provider="sandbox", message=made.a_message(placed, amount=2000))
    more = arrived.sent(orders.order_by_number(asked.order_number))
    assert parcels.delivered_at(more.number)
    with pytest.raises(NotBought):
        say(more)
    assert not models.Review.objects.exists()


def test_readers_see_neither_person_nor_order() -> None:
    a_review()
    (shown,) = queries.page(["CUP"]).reviews
    assert (shown.person, shown.order_number, shown.line, shown.author) == ("", "", None, "林**")


def test_a_line_is_reviewed_once() -> None:
    order, _ = a_review("第一次")
    with pytest.raises(AlreadyReviewed):
        say(order, "第二次", rating=1)
    assert (read(), rating(), told()) == (["第一次"], (Decimal("5.0"), 1), 1)


def test_the_database_itself_holds_one_review_of_a_line() -> None:
    _, id = a_review()
    row = models.Review.objects.get()
    row.pk = ids.uuid7()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Review.objects.filter(pk=id).update(rating=6)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Review.objects.filter(pk=id).update(state=State.HIDDEN)


def test_who_has_not_bought_it_or_not_got_it_yet_says_nothing() -> None:
    order = an_arrived_order()
    paid = a_paid_order()
    stranger = made.a_walk()
    calls: list[Callable[[], object]] = [
        lambda: say(paid),
        lambda: say(order, line=2),
        lambda: actions.write(
            order_number=order.number,
            line=1,
            rating=1,
            words="假的",
            persons=(stranger.person,),
            trail=stranger,
            by=customer(stranger.person),
        ),
    ]
    for call in calls:
        with pytest.raises(NotBought):
            call()
    assert (models.Review.objects.count(), rating(), told()) == (0, (None, 0), 0)


@pytest.mark.parametrize(
    ("words", "stars", "pictures", "refusal"),
    [
        ("", 5, 0, WordsNotAllowed),
        ("字" * 2001, 5, 0, WordsNotAllowed),
        ("a\0b", 5, 0, WordsNotAllowed),
        ("好", 0, 0, RatingNotAllowed),
        ("好", 6, 0, RatingNotAllowed),
        ("好", 5, 7, PictureNotAllowed),
    ],
)
def test_what_does_not_fit_is_refused(words: str, stars: int, pictures: int, refusal: type[Refused]) -> None:
    order = an_arrived_order()
    many = [Picture(digest=f"{n:064}", kind="image/png") for n in range(pictures)]
    with pytest.raises(refusal):
        say(order, words, rating=stars, pictures=many)
    assert (models.Review.objects.count(), rating()) == (0, (None, 0))


def test_who_wants_no_name_there_has_none() -> None:
    order = an_arrived_order()
    actions.write(
        order_number=order.number,
        line=1,
        rating=5,
        words="好",
        is_anonymous=True,
        persons=(order.person,),
        trail=order.trail,
        by=customer(order.person),
    )
    assert queries.page(["CUP"]).reviews[0].author == ""


def test_words_with_a_phone_number_wait_and_count_once_they_are_let_through() -> None:
    order, id = a_review("打我 138 0013 8000", rating=2)
    assert (read(), rating(), told()) == ([], (None, 0), 0)
    (waiting,) = queries.queue(made.SHOP, view=View.WAITING, limit=9)
    assert (waiting.held, waiting.state) == (Held.PHONE, State.PENDING)
    actions.publish(review_id=id, trail=HERE, by=STAFF)
    assert (len(read()), rating(), told()) == (1, (Decimal("2.0"), 1), 1)
    fact = next(f for f in made.facts_of(order.number) if f.name == "shop.review_published")
    assert fact.person == order.person
    with pytest.raises(NotDecidable):
        actions.publish(review_id=id, trail=HERE, by=STAFF)


def test_a_shop_can_read_everything_first() -> None:
    actions.read_first(is_read_first=True, trail=HERE)
    _, id = a_review()
    assert (read(), queries.review_for_staff(made.SHOP, id).held) == ([], Held.ALL)
    actions.read_first(is_read_first=False, trail=HERE)
    assert not queries.is_read_first(made.SHOP)


def test_what_is_rejected_never_counted_and_can_still_be_let_through() -> None:
    _, id = a_review("看 www.cheap.example")
    actions.reject(review_id=id, fault=Fault.ADVERT, trail=HERE, by=STAFF)
    row = models.Review.objects.get()
    assert (row.state, row.fault, row.decided_by, rating()) == (State.REJECTED, Fault.ADVERT, str(STAFF), (None, 0))
    actions.publish(review_id=id, trail=HERE, by=STAFF)
    assert (rating(), models.Review.objects.get().fault) == ((Decimal("5.0"), 1), "")


def test_what_is_hidden_counts_no_longer_and_is_told_once_for_all() -> None:
    _, id = a_review(rating=1)
    actions.hide(review_id=id, fault=Fault.ABUSE, trail=HERE, by=STAFF)
    assert (read(), rating()) == ([], (None, 0))
    with pytest.raises(NotDecidable):
        actions.hide(review_id=id, fault=Fault.ABUSE, trail=HERE, by=STAFF)
    actions.publish(review_id=id, trail=HERE, by=STAFF)
    assert (rating(), told(), queries.audit()) == ((Decimal("1.0"), 1), 1, ())


def test_a_decision_needs_a_reason_and_the_right_shop() -> None:
    _, id = a_review()
    with pytest.raises(NotDecidable):
        actions.hide(review_id=id, fault=Fault.NONE, trail=HERE, by=STAFF)
    with pytest.raises(NoSuchReview):
        actions.hide(review_id=id, fault=Fault.OTHER, trail=Trail(shop="other"), by=STAFF)
    assert len(read()) == 1


def test_the_buyer_adds_once_and_a_link_in_it_waits() -> None:
    order, id = a_review()
    one, other = (order.person,), ("somebody",)
    with pytest.raises(CannotBeAdded):
        actions.add_words(review_id=id, words="别人的", persons=other, trail=order.trail)
    assert actions.add_words(review_id=id, words="看 www.a.com", persons=one, trail=order.trail) is State.PENDING
    with pytest.raises(CannotBeAdded):
        actions.add_words(review_id=id, words="再加", persons=one, trail=order.trail)
    assert queries.page(["CUP"]).reviews[0].added is None
    assert queries.counts(made.SHOP)[View.WAITING] == 1
    actions.publish(review_id=id, trail=HERE, by=STAFF)
    added = queries.page(["CUP"]).reviews[0].added
    assert added is not None and added.words == "看 www.a.com"
    assert (queries.counts(made.SHOP)[View.WAITING], rating()) == (0, (Decimal("5.0"), 1))


def test_an_addition_is_rejected_without_the_review() -> None:
    order, id = a_review()
    actions.add_words(review_id=id, words="VX tea_88888", persons=(order.person,), trail=order.trail)
    actions.reject(review_id=id, fault=Fault.CONTACT, trail=HERE, by=STAFF)
    (shown,) = queries.page(["CUP"]).reviews
    assert (shown.added, rating()) == (None, (Decimal("5.0"), 1))


def test_the_shop_replies_and_the_page_is_made_anew() -> None:
    _, id = a_review()
    before = catalogue.versions(["CUP"])
    actions.reply(review_id=id, words=" 谢谢 ", trail=HERE, by=STAFF)
    reply = queries.page(["CUP"]).reviews[0].reply
    assert reply is not None and reply.words == "谢谢"
    assert catalogue.versions(["CUP"]) != before
    with pytest.raises(WordsNotAllowed):
        actions.reply(review_id=id, words="字" * 1001, trail=HERE, by=STAFF)


def test_a_reader_votes_once_and_nobody_for_their_own() -> None:
    order, id = a_review()
    reader = made.a_walk()
    assert actions.find_useful(review_id=id, persons=(reader.person,), trail=reader)
    assert not actions.find_useful(review_id=id, persons=(reader.person,), trail=reader)
    signed_in = made.a_walk("somebody-else")
    assert not actions.find_useful(review_id=id, persons=("somebody-else", reader.person), trail=signed_in)
    with pytest.raises(NotYours):
        actions.find_useful(review_id=id, persons=(order.person,), trail=order.trail)
    with pytest.raises(NoSuchReview):
        actions.find_useful(review_id=ids.uuid7(), persons=(reader.person,), trail=reader)
    assert (models.Review.objects.get().useful, queries.audit()) == (1, ())


def test_what_readers_report_comes_before_the_shop_until_it_is_settled() -> None:
    _, id = a_review()
    reader = made.a_walk()
    assert actions.report(review_id=id, fault=Fault.UNTRUE, persons=(reader.person,), trail=reader)
    assert not actions.report(review_id=id, fault=Fault.ABUSE, persons=(reader.person,), trail=reader)
    assert [one.id for one in queries.queue(made.SHOP, view=View.WAITING, limit=9)] == [id]
    assert queries.reports_of([id]) == {id: (Fault.UNTRUE,)}
    actions.publish(review_id=id, trail=HERE, by=STAFF)
    assert (queries.counts(made.SHOP)[View.WAITING], len(read()), told(), queries.audit()) == (0, 1, 1, ())


def test_what_is_held_stands_before_what_is_reported_before_the_rest() -> None:
    def one(words: str) -> UUID:
        return a_review(words)[1]

    reported = one("好")
    reader = made.a_walk()
    actions.report(review_id=reported, fault=Fault.OTHER, persons=(reader.person,), trail=reader)
    actions.read_first(is_read_first=True, trail=HERE)
    usual, held = one("不错"), one("加微信 abc12345")
    found = [review.id for review in queries.queue(made.SHOP, view=View.WAITING, limit=9)]
    assert found == [held, reported, usual]


def test_reviews_are_narrowed_and_sorted() -> None:
    kept = actions.keep_picture(body=a_jpeg())
    for stars, pictures in ((5, [kept]), (4, []), (1, [])):
        say(an_arrived_order(), f"{stars} 星", rating=stars, pictures=pictures)
    useful = models.Review.objects.get(rating=4)
    reader = made.a_walk()
    actions.find_useful(review_id=useful.pk, persons=(reader.person,), trail=reader)

    def shown(wanted: Wanted) -> list[int]:
        page = queries.page(["CUP", "BOWL"], wanted=wanted)
        assert page.found == len(page.reviews)
        return [review.rating for review in page.reviews]

    assert shown(Wanted()) == [1, 4, 5]
    assert shown(Wanted(stars=4)) == [4]
    assert shown(Wanted(is_pictured=True)) == [5]
    assert shown(Wanted(sort=Sort.USEFUL))[0] == 4
    assert shown(Wanted(sort=Sort.WORST)) == [1, 4, 5]
    page = queries.page(["CUP"])
    assert (page.total, page.by_rating, page.pictured) == (3, (1, 0, 0, 1, 1), 1)


def test_a_page_of_reviews_takes_two_statements_and_that_of_questions_one() -> None:
    a_review()
    with made.statements() as sent:
        queries.page(["CUP"])
    assert len(sent) == 2
    with made.statements() as sent:
        queries.questions(["CUP"])
    assert len(sent) == 1


def test_a_kept_picture_says_nothing_of_where_it_was_taken() -> None:
    kept = actions.keep_picture(body=a_jpeg())
    assert kept.kind == "image/jpeg"
    assert PLACE not in queries.picture_file(kept).read_bytes()
    for body, reason in ((b"<svg/>", "kind"), (b"x" * (rules.LARGEST_PICTURE + 1), "size")):
        with pytest.raises(PictureNotAllowed) as refused:
            actions.keep_picture(body=body)
        assert refused.value.data["reason"] == reason


def test_the_audit_finds_stars_that_no_review_gave() -> None:
    _, id = a_review()
    models.Review.objects.filter(pk=id).update(rating=3, useful=7)
    assert set(queries.audit()) == {
        Disagreement(subject="CUP", fault="rating"),
        Disagreement(subject=str(id), fault="useful"),
    }


def test_numbers_say_what_needs_a_hand() -> None:
    for stars in (1, 2, 5):
        a_review(rating=stars)
    (cup,) = queries.numbers(made.SHOP, since=models.Review.objects.get(rating=5).at, limit=9)
    assert (cup.sku, cup.reviews, cup.low, cup.unanswered, cup.lately) == ("CUP", 3, 2, 2, 1)
    assert (round(cup.mean, 2), round(cup.low_rate, 2)) == (2.67, 0.67)

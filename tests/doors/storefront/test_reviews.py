"""Reviews, questions and the wish list, as shoppers walk through them without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.base.test_pictures import PLACE, a_jpeg
from tests.doors.storefront.walker import Walker
from tests.shop import made
from tests.shop.reviews.made import HERE, STAFF, a_review, an_arrived_order
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.orders import models as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.reviews import actions, models, queries
from zhanggui.shop.reviews.rules import Fault, State

pytestmark = pytest.mark.django_db
SCRIPT = "</script><script>alert('x')</script>"
SAFE = "&lt;/script&gt;&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"


def bought(walker: Walker) -> Order:
    """An order of this shopper that has arrived."""
    walker.opens("/")
    order = an_arrived_order({"CUP": 1})
    orders.Order.objects.filter(pk=order.number).update(person=walker.id)
    return order


def test_a_shopper_reviews_what_has_arrived_with_a_picture_and_reads_it(walker: Walker) -> None:
    order = bought(walker)
    page = walker.opens(f"/reviews/?order={order.number}")
    assert "Write a review" in page.text
    action = f"/reviews/of/{order.number}/1/"
    shot = SimpleUploadedFile("a.exe", a_jpeg())
    typed: dict[str, object] = {"rating": "4", "words": "很好 " + SCRIPT, "pictures": shot}
    sent = walker.client.post(action, {**walker.opens(action).fields(action), **typed})
    assert sent.status_code == 302

    shown = walker.opens("/p/CUP/")

    assert SAFE in shown.html and SCRIPT not in shown.html
    assert "4.0 · 1 review" in shown.text
    review = models.Review.objects.get()
    picture = walker.client.get(f"/reviews/{review.pk}/1/")
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/jpeg")
    assert PLACE not in b"".join(picture)  # type: ignore[arg-type]
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    del typed["pictures"]
    again = walker.client.post(action, {**walker.opens(action).fields(action), **typed}, follow=True)
    assert "reviewed this already" in again.content.decode()
    assert models.Review.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rating": "", "words": "good"}, "one to five stars"),
        ({"rating": "5", "words": ""}, "a few words"),
        ({"rating": "5", "words": "x" * 2001}, "longer than"),
        ({"rating": "5", "words": "a\0b"}, "cannot be shown"),
        ({"rating": "5", "words": "good", "pictures": SimpleUploadedFile("a.jpg", b"<svg/>")}, "no whole JPEG"),
    ],
)
def test_what_does_not_fit_is_said_and_the_words_are_kept(walker: Walker, typed: dict[str, object], said: str) -> None:
    order = bought(walker)
    action = f"/reviews/of/{order.number}/1/"
    answer = walker.client.post(action, {**walker.opens(action).fields(action), **typed})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert models.Review.objects.count() == 0


def test_a_field_of_ten_megabytes_is_refused_with_a_page(walker: Walker) -> None:
    order = bought(walker)
    action = f"/reviews/of/{order.number}/1/"
    answer = walker.client.post(action, {**walker.opens(action).fields(action), "rating": "5", "words": "x" * 10**7})
    assert answer.status_code in (400, 413)
    assert "could not be read" in answer.content.decode()
    assert models.Review.objects.count() == 0


def test_another_shoppers_line_is_not_there(walker: Walker, another: Callable[..., Walker]) -> None:
    order = bought(walker)
    stranger = another()
    stranger.opens("/")
    assert stranger.opens(f"/reviews/of/{order.number}/1/").status == 404
    assert stranger.opens(f"/reviews/?order={order.number}").status == 404
    assert walker.opens(f"/reviews/of/{order.number}/9/").status == 404


def test_a_reader_finds_a_review_useful_and_reports_it(walker: Walker) -> None:
    _, id = a_review()
    page = walker.opens("/p/CUP/")
    assert "Thank you" in walker.sends(page, "/reviews/useful/", review=str(id)).text
    assert "said so before" in walker.sends(page, "/reviews/useful/", review=str(id)).text
    asked = walker.opens(f"/reviews/{id}/report/")
    walker.sends(asked, f"/reviews/{id}/report/", fault="untrue")
    row = models.Review.objects.get()
    assert (row.useful, row.reports) == (1, 1)
    assert walker.sends(page, "/reviews/useful/", review="x").status == 404


def test_what_waits_or_is_hidden_is_not_on_the_page_nor_its_picture(walker: Walker) -> None:
    _, id = a_review("打我 13800138000")
    models.Review.objects.filter(pk=id).update(pictures=[f"{'0' * 64}.png"])
    assert "13800138000" not in walker.opens("/p/CUP/").html
    assert walker.opens(f"/reviews/{id}/1/").status == 404
    actions.publish(review_id=id, trail=HERE, by=STAFF)
    assert "13800138000" in walker.opens("/p/CUP/").html
    actions.hide(review_id=id, fault=Fault.CONTACT, trail=HERE, by=STAFF)
    assert "13800138000" not in walker.opens("/p/CUP/").html


def test_a_reply_and_an_addition_are_on_the_page_at_once(walker: Walker) -> None:
    order, id = a_review()
    walker.opens("/p/CUP/")
    actions.reply(review_id=id, words="谢谢您的支持", trail=HERE, by=STAFF)
    assert "谢谢您的支持" in walker.opens("/p/CUP/").text
    actions.add_words(review_id=id, words="一个月后还是好", persons=(order.person,), trail=order.trail)
    assert "一个月后还是好" in walker.opens("/p/CUP/").text


def test_a_shopper_adds_to_their_own_review_only(walker: Walker) -> None:
    _, strange = a_review()
    assert walker.opens(f"/reviews/{strange}/add/").status == 404
    models.Review.objects.filter(pk=strange).update(person=walker.id)
    page = walker.opens(f"/reviews/{strange}/add/")
    assert "Thank you" in walker.sends(page, f"/reviews/{strange}/add/", words="还是好").text
    assert models.Review.objects.get().added_words == "还是好"


def test_reviews_are_narrowed_by_links(walker: Walker) -> None:
    a_review("坏的", rating=1)
    a_review("好的", rating=5)
    page = walker.opens("/p/CUP/?stars=1")
    assert "坏的" in page.text and "好的" not in page.text
    assert 'content="noindex' in page.html
    assert walker.opens("/p/CUP/?stars=9&sort=x&page=-1&pictures=%00").status == 200


def test_anybody_asks_and_whoever_bought_it_answers(walker: Walker, another: Callable[..., Walker]) -> None:
    guest = another()
    asked = guest.sends(guest.opens("/p/CUP/"), "/questions/ask/", sku="CUP", words="能进洗碗机吗 " + SCRIPT)
    assert SAFE in asked.html and SCRIPT not in asked.html
    (question,) = queries.questions(["CUP"])
    address = f"/questions/{question.id}/"
    assert "What do you say" not in guest.opens(address).text
    bought(walker)
    page = walker.sends(walker.opens(address), address, words="可以的")
    assert "可以的" in page.text
    assert "可以的" in guest.opens("/p/CUP/").text
    assert guest.sends(guest.opens("/p/CUP/"), "/questions/ask/", sku="NONE", words="？").status == 404


def test_a_question_with_a_link_waits(walker: Walker) -> None:
    page = walker.sends(walker.opens("/p/CUP/"), "/questions/ask/", sku="CUP", words="看 www.cheap.example")
    assert "We read it first" in page.text
    assert models.Question.objects.get().state == State.PENDING


def test_a_wish_is_made_on_the_page_and_gets_cheaper(walker: Walker) -> None:
    page = walker.opens("/p/CUP/")
    assert "Add to wish list" in page.text
    page = walker.sends(page, "/wishes/change/", sku="CUP", to="on")
    assert page.address.endswith("/p/CUP/")
    assert 'aria-pressed="true"' in page.html
    catalogue.change_price(sku="CUP", price=made.cny(4990), trail=HERE, by=STAFF)
    page = walker.opens("/wishes/")
    assert "CN¥10.00 less than when you added it" in page.text
    page = walker.sends(page, "/wishes/change/", sku="CUP", to="off")
    assert "Nothing on your wish list yet" in page.text


def test_a_wish_is_made_on_a_card_of_a_shelf(walker: Walker) -> None:
    page = walker.opens("/c/cups/")
    assert 'form="wish-form" name="sku" value="CUP"' in page.html
    walker.sends(page, "/wishes/change/", sku="BOWL")
    assert "On your wish list" in walker.opens("/p/BOWL/").text
    strange = walker.sends(page, "/wishes/change/", sku="CUP", next="https://evil.example/", follow=False)
    assert strange.address == "/wishes/"


def test_who_wished_for_nothing_is_asked_nothing(walker: Walker) -> None:
    walker.opens("/p/CUP/")
    with made.statements() as sent:
        walker.opens("/p/CUP/")
    assert not [one for one in sent if "shop_wishes" in one or "shop_reviews" in one]

"""Giving goods back, as a shopper without a script does it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.doors.storefront.walker import Walker
from tests.shop import made
from tests.shop.made import statements
from tests.shop.returns import arrived
from tests.shop.returns.arrived import PNG
from tests.shop.returns.sizes import in_sizes
from zhanggui.doors.storefront import lettering
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.returns import actions, queries
from zhanggui.shop.returns.rules import State
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


def paid(walker: Walker, quantity: int = 2) -> str:
    """The number of an order that this shopper has paid."""
    number = walker.orders("CUP", quantity)
    (payment, *_) = payments.payments_of(number)
    placed = Placed(order_number=number, payment_id=payment.id)
    message = made.a_message(placed, amount=orders.order_by_number(number).total.minor)
    paying.settle(shop=made.SHOP, provider="sandbox", message=message)
    return number


def had(walker: Walker, quantity: int = 2) -> str:
    """The number of an order that this shopper has paid and signed for."""
    number = paid(walker, quantity)
    arrived.sent(orders.order_by_number(number))
    for parcel in parcels.parcels(number):
        fulfilment.deliver(parcel_id=parcel.id, by=made.CLERK)
    return number


def asked(walker: Walker, number: str, *, reason: str = "changed_mind", units: int = 1, **typed: str) -> str:
    """The number of the return that the shopper asked for."""
    form = walker.opens(f"/orders/{number}/return/?u1={units}&reason={reason}")
    page = walker.sends(form, f"/orders/{number}/return/", **typed)
    assert page.address.startswith("/returns/R"), page.text
    return page.address.strip("/").rpartition("/")[2]


def test_the_money_is_said_to_the_cent_before_anything_is_sent(walker: Walker) -> None:
    number = had(walker)

    page = walker.opens(f"/orders/{number}/return/?u1=1&reason=changed_mind")

    assert page.status == 200
    assert "Goods, as you paid for them CN¥59.90" in page.text
    assert "Goes back to you CN¥59.90" in page.text
    assert "(CN¥6.00)" in page.text
    assert "Approved at once" in page.text
    assert "Without a reason until" in page.text


def test_a_line_that_cannot_come_back_says_why(walker: Walker) -> None:
    number = paid(walker)
    arrived.sent(orders.order_by_number(number))

    page = walker.opens(f"/orders/{number}/return/")

    assert "It has not been signed for yet; you can return it once it has." in page.text
    assert "Nothing of this order can come back at the moment" in page.text


def test_from_the_order_to_the_code_to_the_counter(walker: Walker, another: Callable[..., Walker]) -> None:
    number = had(walker)
    assert f'href="/orders/{number}/return/"' in walker.opens(f"/orders/{number}/").html

    code = asked(walker, number, reason="damaged", words="A chip at the rim.")
    page = walker.opens(f"/returns/{code}/")
    assert '<svg viewBox="0 0' in page.html
    assert "A chip at the rim." in page.text
    assert "Goes back to you CN¥65.90" in page.text
    page = walker.sends(page, f"/returns/{code}/drop-off/")
    assert "Drop-off booked" in page.text

    clerk = another()
    token = queries.token_of(code)
    page = clerk.opens(f"/returns/counter/{token}/")
    assert "Prepaid: take nothing from the shopper." in page.text
    assert "林小满" not in page.text
    clerk.sends(page, f"/returns/counter/{token}/")

    assert "On its way to us" in walker.opens(f"/returns/{code}/").text
    assert queries.return_by_number(code).state is State.IN_TRANSIT
    assert clerk.opens(f"/returns/counter/{token[:-2]}xx/").status == 404


def test_another_shopper_sees_nothing_of_it(walker: Walker, another: Callable[..., Walker]) -> None:
    number = had(walker)
    code = asked(walker, number)
    stranger = another()
    stranger.opens("/")
    for address in (f"/orders/{number}/return/", f"/returns/{code}/", f"/returns/{code}/pictures/{'0' * 64}/"):
        assert stranger.opens(address).status == 404
    token = stranger.client.cookies["csrftoken"].value
    answer = stranger.client.post(f"/returns/{code}/withdraw/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 404
    assert queries.return_by_number(code).state is State.APPROVED


def test_pictures_are_shown_to_their_owner_as_what_they_are(walker: Walker) -> None:
    number = had(walker)
    form = walker.opens(f"/orders/{number}/return/?u1=1&reason=faulty")
    fields = form.fields(f"/orders/{number}/return/")
    sent = [SimpleUploadedFile("a.svg", PNG, content_type="image/svg+xml"), SimpleUploadedFile("b.png", PNG + b"1")]

    answer = walker.client.post(f"/orders/{number}/return/", {**fields, "pictures": sent})

    code = answer.headers["Location"].strip("/").rpartition("/")[2]
    shown = queries.return_by_number(code).pictures
    assert [one.kept.kind for one in shown] == ["image/png", "image/png"]
    picture = walker.client.get(f"/returns/{code}/pictures/{shown[0].kept.digest}/")
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["X-Content-Type-Options"] == "nosniff"
    assert b"".join(picture.streaming_content) == PNG


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([b"<svg onload='x'/>"], "Only JPEG, PNG and WebP pictures can be sent."),
        ([PNG] * 6, "At most 5 pictures can be sent."),
        ([PNG + b"0" * 8 * 1024 * 1024], "A picture may have at most 8 MB."),
    ],
)
def test_what_is_no_picture_is_refused_and_what_was_typed_is_kept(
    walker: Walker, files: list[bytes], said: str
) -> None:
    number = had(walker)
    fields = walker.opens(f"/orders/{number}/return/?u1=1&reason=faulty").fields(f"/orders/{number}/return/")
    sent = [SimpleUploadedFile(f"{n}.png", body) for n, body in enumerate(files)]

    answer = walker.client.post(f"/orders/{number}/return/", {**fields, "words": "It leaks.", "pictures": sent})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "It leaks." in answer.content.decode()
    assert not queries.claimed_slots(number)


def test_the_same_form_sent_twice_is_one_return(walker: Walker) -> None:
    number = had(walker)
    form = walker.opens(f"/orders/{number}/return/?u1=1&reason=changed_mind")
    first = walker.sends(form, f"/orders/{number}/return/")
    second = walker.sends(form, f"/orders/{number}/return/")
    assert first.address == second.address
    assert len(queries.returns_of_order(number)) == 1
    other = walker.sends(form, f"/orders/{number}/return/", words="something else")
    assert other.status == 422
    assert "This form was sent before with other choices." in other.text


@pytest.mark.parametrize("typed", [{"u1": "99"}, {"u1": "-1"}, {"u1": "x"}, {"reason": "lost"}, {"reason": "x"}])
def test_a_tampered_form_changes_nothing(walker: Walker, typed: dict[str, str]) -> None:
    number = had(walker)
    form = walker.opens(f"/orders/{number}/return/?u1=1&reason=changed_mind")
    page = walker.sends(form, f"/orders/{number}/return/", **typed)
    assert page.status == 422
    assert "Nothing was sent." in page.text
    assert not queries.claimed_slots(number)


def test_a_courier_is_booked_and_the_return_called_off(walker: Walker) -> None:
    code = asked(walker, had(walker))
    page = walker.sends(walker.opens(f"/returns/{code}/"), f"/returns/{code}/pickup/")
    assert "Pickup booked" in page.text
    page = walker.sends(page, f"/returns/{code}/withdraw/")
    assert "Called off by you" in page.text
    assert walker.client.post(f"/returns/{code}/explode/").status_code in (403, 404)


def test_what_costs_more_is_paid_on_the_page_of_the_exchange(walker: Walker) -> None:
    in_sizes()
    number = had(walker)
    form = walker.opens(f"/orders/{number}/return/?u1=1&reason=changed_mind")
    assert "Large · CN¥20.00 more each" in form.text
    assert "Tiny · CN¥10.00 less each" in form.text
    page = walker.sends(form, f"/orders/{number}/return/", wish="exchange", w1="LARGE")
    code = page.address.strip("/").rpartition("/")[2]
    assert "To be paid CN¥20.00" in page.text

    walker.sends(page, f"/returns/{code}/pay/", follow=False)

    more = queries.return_by_number(code).paid_with
    (payment, *_) = payments.payments_of(more)
    assert payment.amount.minor == 2000
    told = made.a_message(Placed(order_number=more, payment_id=payment.id), amount=2000)
    paying.settle(shop=made.SHOP, provider="sandbox", message=told)
    assert "The difference of CN¥20.00 is paid." in walker.opens(f"/returns/{code}/").text
    assert "It is the difference of an exchange" in walker.opens(f"/orders/{more}/return/").text


def a_difference_paid(walker: Walker) -> tuple[str, str]:
    """The number of an exchange for something dearer, and of the order that paid the difference."""
    in_sizes()
    code = asked(walker, had(walker), wish="exchange", w1="LARGE")
    walker.sends(walker.opens(f"/returns/{code}/"), f"/returns/{code}/pay/", follow=False)
    more = queries.return_by_number(code).paid_with
    (payment, *_) = payments.payments_of(more)
    told = made.a_message(Placed(order_number=more, payment_id=payment.id), amount=2000)
    paying.settle(shop=made.SHOP, provider="sandbox", message=told)
    return code, more


def test_the_order_that_pays_a_difference_leads_to_its_exchange_and_cannot_be_called_off(walker: Walker) -> None:
    code, more = a_difference_paid(walker)

    page = walker.opens(f"/orders/{more}/")

    assert f'href="/returns/{code}/"' in page.html
    assert "The difference is paid." in page.text
    assert "We are getting it ready" not in page.text
    assert "Delivery" not in page.text.partition("Items")[2].partition("Seven-day")[0]
    assert f'action="/orders/{more}/cancel/"' not in page.html
    assert "Difference of an exchange: " in walker.opens("/orders/").text
    assert more not in walker.opens("/reviews/").text
    form = walker.opens(f"/returns/{code}/")  # whoever sends it all the same
    walker.client.post(f"/orders/{more}/cancel/", form.fields(f"/returns/{code}/withdraw/"))
    assert orders.order_by_number(more).is_paid


def test_the_order_of_a_difference_that_was_given_up_says_that_its_money_goes_back(walker: Walker) -> None:
    code, more = a_difference_paid(walker)
    actions.refund_instead(return_number=code, trail=Trail(shop=made.SHOP), by=made.CLERK)
    actions.even_out(return_number=code)

    page = walker.opens(f"/orders/{more}/")

    assert "What you paid goes back the way it came." in page.text
    assert "The difference is paid." not in page.text


def test_the_letter_of_a_difference_that_was_closed_leads_to_the_exchange_and_fills_no_cart(
    walker: Walker, another: Callable[..., Walker]
) -> None:
    in_sizes()
    code = asked(walker, had(walker), wish="exchange", w1="LARGE")
    walker.sends(walker.opens(f"/returns/{code}/"), f"/returns/{code}/pay/", follow=False)
    more = queries.return_by_number(code).paid_with
    actions.refund_instead(return_number=code, trail=Trail(shop=made.SHOP), by=made.CLERK)
    actions.even_out(return_number=code)
    assert orders.order_by_number(more).state is OrderState.CANCELLED
    written = lettering.page_of_order(shop=made.SHOP, order_number=more, language="en", return_number=code)
    path = written.partition("//")[2].partition("/")[2]

    assert walker.opens(f"/{path}").address == f"/en/returns/{code}/"
    page = another(**{"Accept-Language": "en"}).opens(f"/{path}")
    assert "Difference of an exchange" in page.text
    assert "Put it into the cart again" not in page.text
    assert "Payment of the difference called off" in walker.opens(f"/en/orders/{more}/").text


def test_what_comes_back_is_named_by_its_variant_and_not_by_its_code(walker: Walker) -> None:
    in_sizes()
    number = had(walker)
    code = asked(walker, number, wish="exchange", w1="LARGE")

    page = walker.opens(f"/returns/{code}/")

    assert "Medium" in page.text
    assert "Exchanged for Large" in page.text
    assert "CUP" not in page.text
    assert "Exchange" in walker.opens("/returns/").text


def test_what_costs_less_says_what_goes_back(walker: Walker) -> None:
    in_sizes()
    number = had(walker)
    code = asked(walker, number, wish="exchange", w1="TINY")
    assert "It costs less: CN¥10.00 goes back to you when it leaves." in walker.opens(f"/returns/{code}/").text


def test_a_paid_order_is_called_off_from_its_page(walker: Walker) -> None:
    number = paid(walker)
    walker.sends(walker.opens(f"/orders/{number}/"), f"/orders/{number}/cancel/")
    assert orders.order_by_number(number).state is OrderState.CANCELLED


def test_the_pages_cost_few_statements(walker: Walker) -> None:
    number = had(walker)
    code = asked(walker, number)
    for address, most in (
        (f"/orders/{number}/return/?u1=1&reason=faulty", 20),
        (f"/returns/{code}/", 14),
        ("/returns/", 10),
    ):
        walker.opens(address)
        with statements() as sent:
            assert walker.opens(address).status == 200
        assert len(sent) <= most, (address, len(sent), sent)

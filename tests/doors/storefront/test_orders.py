"""Orders after they were placed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Words
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import actions as moving
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State
from zhanggui.shop.payments import queries as payments
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


def message(number: str, *, is_paid: bool = True, key: bytes = b"") -> str:
    """What the gateway would say about an order, as the address it sends the shopper back to."""
    order = orders.order_for_staff(made.SHOP, number)
    (payment, *_) = payments.payments_of(number)
    placed = Placed(order_number=number, payment_id=payment.id)
    said = made.a_message(placed, amount=order.total.minor, is_paid=is_paid, key=key)
    return f"/pay/sandbox/{number}/back/?{said.body.decode()}"


def test_a_shopper_who_paid_is_thanked_with_every_line(walker: Walker) -> None:
    number = walker.orders("CUP", 2)

    page = walker.opens(message(number))

    assert page.address == f"/orders/{number}/?back=1"
    assert "Thank you. Your order is paid." in page.text
    assert "White cup CN¥59.90 × 2 CN¥119.80" in page.text
    assert "Total CN¥131.80" in page.text
    assert page.text.index("Order placed") < page.text.index("Payment received")
    assert number in page.text
    assert "Order Completed" in page.html
    assert orders.order_for_staff(made.SHOP, number).is_paid


def test_an_order_that_was_paid_before_is_not_reported_again(walker: Walker) -> None:
    number = walker.orders()
    walker.opens(message(number))

    assert "Order Completed" not in walker.opens(f"/orders/{number}/").html


def test_an_order_waits_for_its_payment_until_a_moment_on_the_shops_clock(walker: Walker) -> None:
    page = walker.opens(f"/orders/{walker.orders()}/")

    assert "Your order waits for its payment" in page.text
    assert "kept for you until" in page.text
    assert "Pay CN¥71.90" in page.text


def test_an_awaited_payment_is_looked_for_with_and_without_a_script_but_not_for_ever(walker: Walker) -> None:
    number = walker.orders()

    first, last = walker.opens(f"/orders/{number}/?back=1"), walker.opens(f"/orders/{number}/?back=21")

    assert "Waiting for the payment provider" in first.text
    assert '<noscript><meta http-equiv="refresh" content="4;url=?back=2"></noscript>' in first.html
    assert 'hx-get="?back=2"' in first.html
    assert "http-equiv" not in last.html
    assert "hx-get" not in last.html
    assert "Your order waits for its payment" in last.text


@pytest.mark.parametrize("back", ["x", "-1", "99999", "", "%00"])
def test_a_strange_count_of_looks_is_none(walker: Walker, back: str) -> None:
    assert "http-equiv" not in walker.opens(f"/orders/{walker.orders()}/?back={back}").html


def test_a_declined_payment_is_said_and_can_be_tried_again(walker: Walker) -> None:
    number = walker.orders()

    page = walker.opens(message(number, is_paid=False))

    assert "The payment did not go through. Nothing was charged" in page.text
    again = walker.sends(page, f"/orders/{number}/pay/", follow=False)
    assert "/sandbox/open?" in again.address
    assert len(payments.payments_of(number)) == 2


def test_a_forged_word_is_not_believed(walker: Walker) -> None:
    number = walker.orders()

    page = walker.opens(message(number, key=b"0" * 32))

    assert "could not be verified" in page.text
    assert "Waiting for the payment provider" in page.text
    assert not orders.order_for_staff(made.SHOP, number).is_paid


def test_a_providers_server_is_answered_as_it_expects_without_a_form_token(walker: Walker) -> None:
    number = walker.orders()
    said = message(number).partition("?")[2]

    told = walker.client.post("/pay/sandbox/notify/", said, content_type="application/x-www-form-urlencoded")
    again = walker.client.post("/pay/sandbox/notify/", said, content_type="application/x-www-form-urlencoded")
    forged = walker.client.post("/pay/sandbox/notify/", said + "1", content_type="application/x-www-form-urlencoded")

    assert (told.status_code, told.content) == (200, b"success")
    assert (again.status_code, again.content) == (200, b"success")
    assert forged.status_code == 400
    assert orders.order_for_staff(made.SHOP, number).is_paid


def test_a_shopper_who_went_back_without_deciding_sees_the_order_and_no_warning(walker: Walker) -> None:
    number = walker.orders()

    page = walker.opens(f"/pay/sandbox/{number}/back/")

    assert page.status == 200
    assert "could not be verified" not in page.text
    assert not orders.order_for_staff(made.SHOP, number).is_paid


def test_an_unknown_provider_has_no_address(walker: Walker) -> None:
    assert walker.opens("/pay/gold/1/back/?x=1").status == 404
    assert walker.client.post("/pay/gold/notify/", b"x", content_type="text/plain").status_code == 404


def test_an_order_can_be_called_off_until_it_is_paid(walker: Walker) -> None:
    number = walker.orders()

    page = walker.sends(walker.opens(f"/orders/{number}/"), f"/orders/{number}/cancel/")

    assert "The order was cancelled. Nothing was charged." in page.text
    assert orders.order_for_staff(made.SHOP, number).state is State.CANCELLED


def test_a_paid_order_that_has_not_left_is_called_off_and_its_money_goes_back(walker: Walker) -> None:
    number = walker.orders()
    page = walker.opens(f"/orders/{number}/")
    walker.opens(message(number))

    answer = walker.sends(page, f"/orders/{number}/cancel/")

    assert "What you paid goes back the way it came" in answer.text
    order = orders.order_for_staff(made.SHOP, number)
    assert (order.state, order.refunded) == (State.CANCELLED, order.total)


def test_a_day_is_promised_until_it_has_come_or_is_called_off(walker: Walker) -> None:
    number = walker.orders()
    page = walker.opens(f"/orders/{number}/")
    assert "At your door by" in page.text
    walker.sends(page, f"/orders/{number}/cancel/")
    assert "At your door by" not in walker.opens(f"/orders/{number}/").text


def test_an_order_that_has_left_cannot_be_called_off(walker: Walker) -> None:
    number = walker.orders()
    page = walker.opens(f"/orders/{number}/")
    walker.opens(message(number))
    moving.note_shipped(order_number=number, is_all=True)

    answer = walker.sends(page, f"/orders/{number}/cancel/")

    assert "return what you do not want" in answer.text
    assert orders.order_for_staff(made.SHOP, number).state is State.SHIPPED


def test_paying_for_an_order_that_is_paid_says_so(walker: Walker) -> None:
    number = walker.orders()
    page = walker.opens(f"/orders/{number}/")
    walker.opens(message(number))

    assert "nothing left to pay" in walker.sends(page, f"/orders/{number}/pay/").text


@pytest.mark.parametrize("verb", ["", "pay/", "cancel/"])
def test_nobody_sees_or_touches_somebody_elses_order(walker: Walker, another: Callable[..., Walker], verb: str) -> None:
    number = walker.orders()
    stranger = another(**{"Accept-Language": "en"})
    page = stranger.lays_aside("BOWL")

    if verb:
        token = page.fields("/cart/change/")["csrfmiddlewaretoken"]
        answer = stranger.client.post(f"/orders/{number}/{verb}", {"csrfmiddlewaretoken": token, "provider": "sandbox"})
    else:
        answer = stranger.client.get(f"/orders/{number}/")

    assert answer.status_code == 404
    assert "林小满" not in answer.content.decode()
    assert orders.order_for_staff(made.SHOP, number).is_open


def test_all_orders_of_this_browser_are_listed_newest_first(walker: Walker) -> None:
    first, second = walker.orders("CUP"), walker.orders("BOWL")

    page = walker.opens("/orders/")

    assert page.html.index(second) < page.html.index(first)
    assert page.text.count("Awaiting payment") == 2


def test_an_order_page_asks_the_database_a_known_number_of_times(walker: Walker) -> None:
    number = walker.orders()

    with made.statements() as sent:
        walker.opens(f"/orders/{number}/")

    assert len(sent) == 2, "\n".join(sent)


def test_the_goods_of_an_order_are_called_what_they_were_called_then(walker: Walker) -> None:
    number = walker.orders()
    renamed = replace(made.a_new_product("CUP"), title=Words(zh="新杯", en="Renamed cup"))
    catalogue.list_product(product=renamed, trail=Trail(shop=made.SHOP), by=made.CLERK)

    page = walker.opens(f"/orders/{number}/")

    assert "White cup" in page.text
    assert "Renamed cup" not in page.text

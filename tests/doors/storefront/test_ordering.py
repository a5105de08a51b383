"""Ordering in more ways than one: to two places, some other way, with a gift card, by one click, with an invoice."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.doors.storefront.walker import ADDRESS, Page, Walker
from tests.shop import made
from zhanggui.base import clock, ids
from zhanggui.base.money import Money
from zhanggui.base.rates import actions as exchange
from zhanggui.base.rates.rules import Rate
from zhanggui.shop.checkout import actions as checkout
from zhanggui.shop.checkout.rules import Option
from zhanggui.shop.orders import actions as moving
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order, State
from zhanggui.shop.payments import actions as paying
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

OFFICE = {
    f"p2-{name}": value for name, value in {**ADDRESS, "recipient": "陈", "city": "宁波"}.items() if name != "email"
}


def the_order(walker: Walker) -> Order:
    (order,) = orders.orders_of(made.SHOP, walker.id)
    return order


def two_ways() -> None:
    zero = made.cny(0)
    slow = Option(key="slow", name_en="Slow", countries=("CN",), rate=made.cny(600), per_kg=zero, days=(4, 7))
    fast = Option(key="fast", name_en="Fast", rate=made.cny(2200), per_kg=zero, days=(1, 1), position=2)
    checkout.put_up_options(shop=made.SHOP, options=[slow, fast])


def test_one_order_goes_to_two_addresses(walker: Walker) -> None:
    walker.lays_aside("CUP", 3)
    page = walker.sends(walker.opens("/checkout/"), "/checkout/", act="more", **ADDRESS)
    assert page.status == 200
    assert "Address 2" in page.text
    assert page.fields("/checkout/")["city"] == "杭州"
    page = walker.sends(page, "/checkout/", act="look", **OFFICE, **{"p2-units-CUP": "1"})
    assert "Total CN¥203.70" in page.text  # two ways at 12.00

    walker.sends(page, "/checkout/", follow=False, **OFFICE, **{"p2-units-CUP": "1"})

    order = the_order(walker)
    assert [(line.destination, line.quantity) for line in order.lines] == [(1, 2), (2, 1)]
    assert order.total == made.cny(3 * 5990 + 2400)
    shown = walker.opens(f"/orders/{order.number}/")
    assert "陈" in shown.text
    assert "宁波" in shown.text


def test_an_address_more_can_be_taken_away_again(walker: Walker) -> None:
    walker.lays_aside("CUP", 3)
    page = walker.sends(walker.opens("/checkout/"), "/checkout/", act="more", **ADDRESS)
    page = walker.sends(page, "/checkout/", act="fewer")
    assert "Address 2" not in page.text
    assert page.fields("/checkout/")["places"] == "1"


def test_pieces_that_go_nowhere_are_asked_about_and_nothing_is_ordered(walker: Walker) -> None:
    walker.lays_aside("CUP", 2)
    page = walker.sends(walker.opens("/checkout/"), "/checkout/", act="more", **ADDRESS)
    page = walker.sends(page, "/checkout/", **OFFICE, **{"p2-units-CUP": "0"})
    assert page.status == 409
    assert "give each piece to one address" in page.text
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_a_way_to_deliver_is_chosen_with_its_price_and_its_day(walker: Walker) -> None:
    two_ways()
    walker.lays_aside("CUP")
    page = walker.opens("/checkout/")
    assert "Slow" in page.text
    assert "CN¥22.00" in page.text
    page = walker.sends(page, "/checkout/", act="look", option="fast", **ADDRESS)
    assert "Total CN¥81.90" in page.text

    walker.sends(page, "/checkout/", follow=False)

    order = the_order(walker)
    assert (order.destinations[0].option, order.shipping) == ("fast", made.cny(2200))


def test_a_sum_that_was_not_looked_at_again_is_asked_about_and_not_charged(walker: Walker) -> None:
    two_ways()
    walker.lays_aside("CUP")
    page = walker.sends(walker.opens("/checkout/"), "/checkout/", option="fast", **ADDRESS)
    assert page.status == 409
    assert "The total is now CN¥81.90. Nothing was ordered" in page.text
    assert orders.orders_of(made.SHOP, walker.id) == ()
    walker.sends(page, "/checkout/", follow=False)
    assert the_order(walker).shipping == made.cny(2200)


def test_a_place_that_nothing_goes_to_is_said(walker: Walker) -> None:
    checkout.put_up_options(
        shop=made.SHOP, options=[Option(key="home", countries=("CN",), rate=made.cny(0), per_kg=made.cny(0))]
    )
    walker.lays_aside("CUP")
    page = walker.sends(
        walker.opens("/checkout/"), "/checkout/", **{**ADDRESS, "country": "GB", "city": "London", "postcode": "N1"}
    )
    assert "does not go there" in page.text
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_a_shopper_pays_in_another_currency_and_the_rate_is_kept(walker: Walker) -> None:
    rate = Rate(base="EUR", quote="CNY", rate=Decimal(8), on=date(2026, 1, 1))
    exchange.set_rates(rates=[rate])
    walker.lays_aside("CUP")
    page = walker.opens("/cart/")
    assert "Total CN¥71.90" in page.text
    for chosen, total in (("USD", "CN¥71.90"), ("EUR", "€8.99")):
        page = walker.sends(page, "/currency/", currency=chosen)
        assert f"Total {total}" in page.text

    walker.sends(walker.opens("/checkout/"), "/checkout/", follow=False, **ADDRESS)

    order = the_order(walker)
    assert (order.total, order.booked.rate, order.booked.currency) == (Money(899, "EUR"), Decimal(8), "CNY")


def a_card(minor: int) -> str:
    (issued,) = paying.issue_cards(
        count=1,
        value=made.cny(minor),
        expires_at=clock.now() + timedelta(days=30),
        is_sold=True,
        note="",
        trail=Trail(shop=made.SHOP),
        by=made.CLERK,
    )
    return issued.code


def test_a_gift_card_pays_a_part(walker: Walker) -> None:
    code = a_card(3000)
    walker.lays_aside("CUP")
    page = walker.sends(walker.opens("/checkout/"), "/checkout/", act="look", gift_card=code, **ADDRESS)
    assert "CN¥30.00 can be spent from this card" in page.text
    assert "Left to pay CN¥41.90" in page.text

    answer = walker.sends(page, "/checkout/", follow=False)

    assert "amount=4190" in answer.address
    assert "Pay CN¥41.90" in walker.opens(f"/orders/{the_order(walker).number}/").text


def test_a_gift_card_that_pays_all_needs_no_provider(walker: Walker) -> None:
    code = a_card(10000)
    walker.lays_aside("CUP")
    page = walker.sends(walker.opens("/checkout/"), "/checkout/", act="look", gift_card=code, **ADDRESS)
    page = walker.sends(page, "/checkout/")
    assert the_order(walker).state is State.PAID
    assert "Your order is paid" in page.text


def test_a_code_that_is_none_is_said_and_nothing_is_taken(walker: Walker) -> None:
    walker.lays_aside("CUP")
    page = walker.sends(
        walker.opens("/checkout/"), "/checkout/", act="look", gift_card="0000-0000-0000-0000", **ADDRESS
    )
    assert "No card with this code" in page.text
    assert "Total CN¥71.90" in page.text


def now(walker: Walker, page: Page, **said: str) -> Page:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.html)
    assert token
    asked = {
        "csrfmiddlewaretoken": token[1],
        "sku": "CUP",
        "quantity": "1",
        "provider": "sandbox",
        "total_minor": "7190",
        "currency": "CNY",
        "key": str(ids.uuid7()),
    }
    answer = walker.client.post("/checkout/now/", {**asked, **said})
    return Page(status=answer.status_code, html="", address=answer.headers.get("Location", ""), headers={})


def test_a_known_shopper_orders_with_one_click(walker: Walker) -> None:
    walker.orders("BOWL")
    page = walker.opens("/p/CUP/")
    key = str(ids.uuid7())

    first, second = (now(walker, page, key=key) for _ in range(2))

    assert "/sandbox/open?" in first.address
    assert "amount=7190" in second.address
    skus = sorted(line.sku for order in orders.orders_of(made.SHOP, walker.id) for line in order.lines)
    assert skus == ["BOWL", "CUP"]


def test_one_click_at_another_price_orders_nothing(walker: Walker) -> None:
    walker.orders("BOWL")
    page = walker.opens("/p/CUP/")
    for wrong in (
        {"total_minor": "1"},
        {"quantity": "-3"},
        {"sku": "NOTHING"},
        {"quantity": "9999"},
        {"currency": "x"},
    ):
        now(walker, page, **wrong)
    assert len(orders.orders_of(made.SHOP, walker.id)) == 1


def test_a_stranger_who_clicks_once_goes_through_the_checkout(walker: Walker) -> None:
    page = walker.opens("/p/CUP/")
    assert now(walker, page).address == "/checkout/"
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_an_invoice_is_made_out_once(walker: Walker) -> None:
    number = walker.orders()
    assert walker.opens(f"/orders/{number}/invoice/").status == 404
    moving.mark_paid(order_number=number)
    page = walker.opens(f"/orders/{number}/invoice/")
    action = f"/orders/{number}/invoice/"
    fields = page.fields(action)
    bad = walker.client.post(action, {**fields, "made_out_to": " "})
    assert bad.status_code == 422
    walker.client.post(action, {**fields, "made_out_to": "林小满", "tax_id": "91330106MA2XXXXX0Q"})
    shown = walker.opens(action)
    assert re.search(r"20\d\d-000001", shown.text)
    assert "91330106MA2XXXXX0Q" in shown.text
    assert Money(7190, "CNY") == the_order(walker).total


def test_somebody_elses_order_and_invoice_are_not_there(walker: Walker) -> None:
    other = made.an_order()
    for page in ("", "invoice/"):
        assert walker.opens(f"/orders/{other.order_number}/{page}").status == 404

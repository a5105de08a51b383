"""The one-page checkout."""

from __future__ import annotations

import pytest

from tests.doors.storefront.walker import ADDRESS, Walker
from tests.shop import made
from zhanggui.base.money import Money
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as paying
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

BRITISH = {
    "recipient": "Ada Lovelace",
    "phone": "+44 20 7946 0000",
    "email": "ada@example.org",
    "country": "GB",
    "region": "",
    "city": "London",
    "district": "",
    "street": "12 St James's Square",
    "postcode": "SW1Y 4JH",
}


@pytest.mark.parametrize("typed", [ADDRESS, BRITISH], ids=["in China", "abroad"])
def test_an_order_is_placed_as_the_page_showed_it_and_sent_off_to_be_paid(
    walker: Walker, typed: dict[str, str]
) -> None:
    walker.lays_aside("CUP", 2)
    page = walker.opens("/checkout/")

    answer = walker.sends(page, "/checkout/", follow=False, **typed)

    assert answer.status == 302
    assert answer.address.find("/sandbox/open?") > 0
    (order,) = orders.orders_of(made.SHOP, walker.id)
    assert order.total == Money(2 * 5990 + 1200, "CNY")
    assert [(line.sku, line.quantity) for line in order.lines] == [("CUP", 2)]
    placed = made.only(walker.told(), "shop.order_placed")
    assert str(placed.cause) == page.view
    assert placed.session == page.attribute("session")


def test_the_sum_explains_every_line(walker: Walker) -> None:
    walker.lays_aside("CUP", 2)

    page = walker.opens("/checkout/")

    assert "Goods, 2 pieces CN¥119.80 Delivery fee CN¥12.00 Update the sum Total CN¥131.80" in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"recipient": ""}, "who receives the parcel"),
        ({"phone": "call me"}, "phone number the courier can call"),
        ({"email": "nobody"}, "does not look like an email"),
        ({"district": ""}, "district or county"),
        ({"country": ""}, "choose a country"),
        ({"street": "  "}, "street, house number"),
        ({"country": "GB", "postcode": ""}, "give the postcode"),
        ({"recipient": "长" * 300}, "missing or cannot be right"),
    ],
)
def test_what_is_missing_is_said_at_its_place_and_what_was_typed_is_kept(
    walker: Walker, typed: dict[str, str], said: str
) -> None:
    walker.lays_aside()

    page = walker.sends(walker.opens("/checkout/"), "/checkout/", **{**ADDRESS, **typed})

    assert page.status == 422
    assert said in page.text
    assert page.fields("/checkout/")["city"] == "杭州"
    assert 'aria-invalid="true"' in page.html
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_another_total_than_the_page_showed_is_asked_about_again(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")
    catalogue.change_price(sku="CUP", price=made.cny(9990), trail=Trail(shop=made.SHOP), by=made.CLERK)

    changed = walker.sends(page, "/checkout/", **ADDRESS)

    assert changed.status == 409
    assert "The total is now CN¥111.90. Nothing was ordered" in changed.text
    assert orders.orders_of(made.SHOP, walker.id) == ()
    assert walker.sends(changed, "/checkout/", follow=False, **ADDRESS).address.find("/sandbox/open?") > 0


def test_a_cart_that_changed_in_another_tab_is_asked_about_again(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")
    walker.lays_aside("BOWL")

    changed = walker.sends(page, "/checkout/", **ADDRESS)

    assert changed.status == 409
    assert "cart has changed since" in changed.text
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_what_sold_out_meanwhile_is_said_in_the_cart(walker: Walker) -> None:
    walker.lays_aside("CUP", 10)
    page = walker.opens("/checkout/")
    made.an_order({"CUP": 5})

    answer = walker.sends(page, "/checkout/", **ADDRESS)

    assert answer.address == "/cart/"
    assert "Nothing was ordered" in answer.text
    assert "Only 5 pieces left" in answer.text
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_the_same_page_sent_twice_is_one_order(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")

    first = walker.sends(page, "/checkout/", follow=False, **ADDRESS)
    second = walker.sends(page, "/checkout/", follow=False, **ADDRESS)

    assert (first.status, second.status) == (302, 302)
    assert len(orders.orders_of(made.SHOP, walker.id)) == 1


def test_a_page_sent_again_after_its_order_ended_leads_to_the_order_and_not_to_the_provider(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")
    walker.sends(page, "/checkout/", follow=False, **ADDRESS)
    (order,) = orders.orders_of(made.SHOP, walker.id)
    walk = Trail(shop=made.SHOP, person=walker.id)
    paying.give_up(order_number=order.number, reason="changed_mind", trail=walk, by=made.by(walk))

    again = walker.sends(page, "/checkout/", **ADDRESS)

    assert again.address == f"/orders/{order.number}/"


def test_a_sent_page_that_is_changed_and_sent_again_leads_to_the_order_that_stands(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")
    walker.sends(page, "/checkout/", follow=False, **ADDRESS)

    again = walker.sends(page, "/checkout/", **{**ADDRESS, "city": "宁波"})

    assert again.address == "/orders/"
    assert "placed already" in again.text
    assert len(orders.orders_of(made.SHOP, walker.id)) == 1


def test_a_way_to_pay_that_is_not_offered_is_refused(walker: Walker) -> None:
    walker.lays_aside()

    page = walker.sends(walker.opens("/checkout/"), "/checkout/", **ADDRESS, provider="gold")

    assert page.status == 409
    assert "not offered here" in page.text
    assert orders.orders_of(made.SHOP, walker.id) == ()


@pytest.mark.parametrize(
    "typed", [{"cart_version": "x"}, {"total_minor": "-5"}, {"key": "1"}, {"total_minor": "9" * 40}]
)
def test_hidden_fields_that_were_tampered_with_order_nothing(walker: Walker, typed: dict[str, str]) -> None:
    walker.lays_aside()

    page = walker.sends(walker.opens("/checkout/"), "/checkout/", **{**ADDRESS, **typed})

    assert page.status == 422
    assert orders.orders_of(made.SHOP, walker.id) == ()


def test_a_returning_shopper_needs_one_button(walker: Walker) -> None:
    walker.orders()

    page = walker.sends(walker.opens("/p/BOWL/"), "/cart/add/", then="checkout")

    assert page.address == "/checkout/"
    assert page.fields("/checkout/")["street"] == ADDRESS["street"]
    assert walker.sends(page, "/checkout/", follow=False).address.find("/sandbox/open?") > 0
    assert len(orders.orders_of(made.SHOP, walker.id)) == 2


def test_somebody_elses_address_is_not_filled_in(walker: Walker, another: type) -> None:
    walker.orders()
    stranger = another()
    stranger.lays_aside()

    assert "林小满" not in stranger.opens("/checkout/").html


def test_an_empty_cart_has_no_checkout(walker: Walker) -> None:
    assert walker.opens("/checkout/").address == "/cart/"


def test_orders_from_one_address_are_braked(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")
    answers = [walker.sends(page, "/checkout/", **{**ADDRESS, "city": ""}).status for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_a_braked_search_says_when_to_try_again(walker: Walker) -> None:
    for _ in range(60):
        assert walker.opens("/search/?q=cup").status == 200

    page = walker.opens("/search/?q=cup")

    assert (page.status, page.headers["Retry-After"]) == (429, "60")
    assert "try again in a minute" in page.text


def test_the_checkout_asks_the_database_a_known_number_of_times(walker: Walker) -> None:
    walker.lays_aside()

    with made.statements() as sent:
        walker.opens("/checkout/")

    assert len(sent) == 2, "\n".join(sent)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_order(walker: Walker) -> None:
    walker.lays_aside()
    page = walker.opens("/checkout/")

    answers = made.at_once(lambda _: walker.sends(page, "/checkout/", follow=False, **ADDRESS).status, 2)

    assert answers == [302, 302]
    assert len(orders.orders_of(made.SHOP, walker.id)) == 1

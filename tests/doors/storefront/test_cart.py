"""The cart, without a script and with one."""

from __future__ import annotations

import pytest

from tests.doors.storefront.walker import Walker
from tests.shop import made
from tests.shop.returns.sizes import in_sizes
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


def test_what_was_laid_aside_stands_in_the_cart_with_every_part_of_its_sum(walker: Walker) -> None:
    walker.lays_aside("CUP", 2)
    page = walker.lays_aside("BOWL")

    assert page.address == "/cart/"
    assert "Added to the cart" in page.text
    assert "Goods, 3 pieces CN¥179.70" in page.text
    assert "Delivery fee CN¥12.00" in page.text
    assert "CN¥320.30 more and delivery is free" in page.text
    assert "Total CN¥191.70" in page.text


def test_a_variant_is_named_in_the_cart_and_on_the_checkout_page(walker: Walker) -> None:
    in_sizes()
    walker.lays_aside("LARGE", quantity=2)

    assert "Large CN¥79.90 each" in walker.opens("/cart/").text
    assert "Large × 2" in walker.opens("/checkout/").text


def test_a_notice_is_said_once_and_says_nothing_but_words_of_the_shop(walker: Walker) -> None:
    walker.lays_aside("CUP")
    assert "Added to the cart" not in walker.opens("/cart/").text

    walker.client.cookies["notice"] = "You have won"
    page = walker.opens("/cart/")
    assert "You have won" not in page.html
    assert not walker.client.cookies["notice"].value


def test_the_number_in_the_head_counts_pieces(walker: Walker) -> None:
    walker.lays_aside("CUP", 3)

    assert 'aria-label="Cart, 3 pieces"' in walker.opens("/").html


def test_free_delivery_is_a_line_with_a_name(walker: Walker) -> None:
    page = walker.lays_aside("CUP", 9)

    assert "Free delivery CN¥0.00" in page.text
    assert "more and delivery is free" not in page.text


@pytest.mark.parametrize(("typed", "quantity"), [({"quantity": "5"}, "5"), ({"quantity": "2", "to": "3"}, "3")])
def test_pieces_can_be_typed_or_stepped(walker: Walker, typed: dict[str, str], quantity: str) -> None:
    cart = walker.lays_aside("CUP", 2)

    page = walker.sends(cart, "/cart/change/", **typed)

    assert page.address == "/cart/"
    assert page.fields("/cart/change/")["quantity"] == quantity


def test_taking_out_the_last_item_leaves_an_empty_cart_that_leads_on(walker: Walker) -> None:
    page = walker.sends(walker.lays_aside(), "/cart/remove/")

    assert "Taken out of the cart" in page.text
    assert "Nothing in the cart yet" in page.text
    assert [fact.quantity for fact in walker.told()] == [1, 0]


@pytest.mark.parametrize("quantity", ["0", "-1", "100", "1e3", "x", "", "9999999999999999999999", "１"])
def test_a_quantity_that_cannot_be_is_refused_in_words_and_changes_nothing(walker: Walker, quantity: str) -> None:
    cart = walker.lays_aside("CUP", 2)
    told = len(walker.told())

    page = walker.sends(cart, "/cart/change/", quantity=quantity)

    assert "1 to 99 pieces" in page.text
    assert page.fields("/cart/change/")["quantity"] == "2"
    assert len(walker.told()) == told


def test_an_unknown_item_is_refused_in_words(walker: Walker) -> None:
    page = walker.sends(walker.opens("/p/CUP/"), "/cart/add/", sku="NOTHING\x00" * 30)

    assert "no longer sold" in page.text
    assert walker.told() == []


def test_an_item_that_was_taken_off_the_shelf_is_marked_and_stops_the_checkout(walker: Walker) -> None:
    walker.lays_aside("BOWL")
    walker.lays_aside("CUP")
    catalogue.delist(sku="CUP", trail=Trail(shop=made.SHOP), by=made.CLERK)

    page = walker.opens("/cart/")

    assert "No longer sold. Take it out to continue." in page.text
    assert 'href="/checkout/"' not in page.html
    assert walker.opens("/checkout/").address == "/cart/"


def test_more_than_there_is_says_how_many_there_are(walker: Walker) -> None:
    page = walker.lays_aside("CUP", 11)

    assert "Only 10 pieces left" in page.text
    assert 'href="/checkout/"' not in page.html


def test_buy_now_goes_straight_to_the_checkout(walker: Walker) -> None:
    page = walker.sends(walker.opens("/p/CUP/"), "/cart/add/", then="checkout")

    assert page.address == "/checkout/"


def test_a_script_is_told_to_leave_the_page_for_the_checkout(walker: Walker) -> None:
    fields = walker.opens("/p/CUP/").fields("/cart/add/")

    answer = walker.client.post("/cart/add/", {**fields, "then": "checkout"}, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (200, "/checkout/")


@pytest.mark.parametrize(
    "address", ["/cart/add/", "/cart/change/", "/cart/remove/", "/checkout/", "/theme/", "/language/"]
)
def test_a_form_of_another_site_is_refused(walker: Walker, address: str) -> None:
    walker.lays_aside()

    answer = walker.client.post(address, {"sku": "CUP", "quantity": "2"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert "open too long" in answer.content.decode()
    assert len(walker.told()) == 1


@pytest.mark.parametrize("address", ["/cart/add/", "/cart/change/", "/cart/remove/"])
def test_opening_a_verb_does_nothing(walker: Walker, address: str) -> None:
    assert walker.opens(address).status == 405


def test_a_full_cart_asks_the_database_a_known_number_of_times(walker: Walker) -> None:
    walker.lays_aside("CUP")
    walker.lays_aside("BOWL")

    with made.statements() as sent:
        walker.opens("/cart/")

    assert len(sent) == 2, "\n".join(sent)

"""One click: a member sees what an article costs at the door and orders it, past the cart."""

from __future__ import annotations

import re

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import ADDRESS, Walker
from tests.shop import made
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.orders.models import Order
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

ASKED = {"HX-Request": "true"}


@pytest.fixture
def member(walker: Walker) -> Walker:
    """Somebody who has ordered here, and has signed in."""
    walker.lays_aside("BOWL")
    walker.sends(walker.opens("/checkout/"), "/checkout/", follow=False, **ADDRESS)
    sign_in(walker)
    return walker


def test_a_member_is_shown_the_sum_with_delivery_and_to_whom(member: Walker) -> None:
    page = member.opens("/p/CUP/")
    assert 'hx-get="/checkout/now/CUP/"' in page.html

    form = member.opens("/checkout/now/CUP/?quantity=2", **ASKED)

    assert "<html" not in form.html
    assert "林小满 · 杭州 西湖区 龙井路 1 号" in form.text
    assert "delivery CN¥12.00 included" in form.text
    assert form.fields("/checkout/now/").items() >= {"sku": "CUP", "quantity": "2", "total_minor": "13180"}.items()


def test_one_press_orders_and_leaves_the_cart_as_it_is(member: Walker) -> None:
    member.lays_aside("LONGJING")
    before = Order.objects.count()

    page = member.sends(member.opens("/checkout/now/CUP/", **ASKED), "/checkout/now/", follow=False)

    assert page.status == 302
    order = Order.objects.latest("placed_at")
    assert (Order.objects.count(), order.total_minor, order.lines.get().sku) == (before + 1, 7190, "CUP")
    assert [line.sku for line in carts.cart(made.SHOP, order.person).lines] == ["LONGJING"]


def test_two_presses_of_one_form_are_one_order(member: Walker) -> None:
    form = member.opens("/checkout/now/CUP/", **ASKED)
    before = Order.objects.count()

    member.sends(form, "/checkout/now/", follow=False)
    member.sends(form, "/checkout/now/", follow=False)

    assert Order.objects.count() == before + 1


def test_a_price_that_changed_meanwhile_is_not_charged(member: Walker) -> None:
    form = member.opens("/checkout/now/CUP/", **ASKED)
    catalogue.change_price(sku="CUP", price=made.cny(6990), trail=Trail(shop=made.SHOP), by=made.CLERK)
    before = Order.objects.count()

    page = member.sends(form, "/checkout/now/")

    assert (page.address, Order.objects.count()) == ("/p/CUP/", before)
    assert "81.90" in page.text


def test_without_scripts_the_form_is_a_page_of_its_own(member: Walker) -> None:
    (address,) = re.findall(r'href="(/checkout/now/[^"]+)"', member.opens("/p/CUP/").html)

    page = member.opens(address)

    assert "<h1>Order with one click</h1>" in page.html
    assert member.sends(page, "/checkout/now/", follow=False).status == 302


def test_a_guest_is_offered_no_click(walker: Walker) -> None:
    walker.orders("BOWL")

    assert "/checkout/now/" not in walker.opens("/p/CUP/").html
    assert walker.opens("/checkout/now/CUP/", **ASKED).html == ""
    assert walker.opens("/checkout/now/CUP/").address == "/p/CUP/"


def test_the_place_for_it_costs_the_product_page_nothing(member: Walker) -> None:
    member.opens("/p/CUP/")
    with made.statements() as sent:
        member.opens("/p/CUP/")

    assert len(sent) <= 5

"""The link in a letter about an order: it opens wherever it is read, and shows what the letter may show."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.doors.storefront.test_orders import message
from tests.doors.storefront.walker import Walker
from tests.shop import made
from tests.shop.conftest import wait
from zhanggui.doors.storefront import lettering
from zhanggui.shop.letters.models import Language
from zhanggui.shop.orders import actions as orders

__all__ = ["wait"]
pytestmark = pytest.mark.django_db


def link(number: str) -> str:
    return urlsplit(lettering.page_of_order(shop=made.SHOP, order_number=number, language="en")).path


def test_in_the_browser_of_the_order_the_letter_leads_to_its_own_page(walker: Walker) -> None:
    number = walker.orders()
    assert walker.opens(link(number)).address.endswith(f"/orders/{number}/")


def test_elsewhere_it_shows_goods_and_sums_but_neither_name_nor_door(
    walker: Walker, another: Callable[..., Walker]
) -> None:
    number = walker.orders("CUP", 2)
    walker.opens(message(number))
    with made.statements() as sent:
        page = another(accept_language="en").opens(link(number))
    assert "White cup CN¥59.90 × 2 CN¥119.80" in page.text
    assert "CN¥131.80" in page.text
    assert "At your door by" in page.text
    assert "Sign in" in page.text
    for secret in ("林小满", "龙井路", "13800138000", "lin@example.com", 'action="/en/orders/'):
        assert secret not in page.html
    assert len(sent) <= 10


def test_a_link_that_was_changed_or_has_lain_about_for_half_a_year_opens_nothing(
    walker: Walker, another: Callable[..., Walker], wait: Callable[[timedelta], object]
) -> None:
    number, stranger = walker.orders(), another()
    good = link(number)
    assert stranger.client.get(good).status_code == 200
    assert stranger.client.get(good.replace(number[:6], "261120")).status_code == 404
    assert stranger.client.get("/o/x~y/").status_code == 404
    wait(timedelta(days=181))
    assert stranger.client.get(good).status_code == 404


def test_an_order_that_was_closed_fills_the_cart_again(walker: Walker, wait: Callable[[timedelta], object]) -> None:
    number = walker.orders("CUP", 2)
    assert Language.objects.get().language == "en"
    wait(timedelta(minutes=31))
    orders.expire(order_number=number)
    page = walker.opens(link(number))
    assert "Closed, not paid in time" in page.text
    assert "At your door by" not in page.text
    assert "White cup" in walker.sends(page, f"{link(number)}again/").text

"""A basket with promotions and a coupon: built, read why it costs what it does, chosen otherwise, ordered."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.growth.promotions.made import a_batch, live
from tests.journeys.shopper import DESKTOP, PHONE, PICTURES, Screen, Shopper
from tests.journeys.signed_in import as_member
from tests.shop import made
from zhanggui.base import clock
from zhanggui.growth.membership import actions as membership
from zhanggui.growth.promotions.models import Coupon
from zhanggui.growth.promotions.rules import Audience, Hold, Target
from zhanggui.shop.orders.models import Order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CUPS = Target(categories=frozenset({"cups"}))
SIGNS = {"zh": "¥", "en": "CN¥"}
# The night changes colours only: it is walked for whoever looks at the pictures. Axe looks by night in test_access.
BY_NIGHT = [Screen(size=PHONE, theme="dark")] if PICTURES in os.environ else []


def offers() -> None:
    """300 off 40 on cups, a price of the day, a gift, one for other people; two coupons, one of them large."""
    live(target=CUPS)
    live(
        "price",
        {"off": "0.2"},
        name_zh="今日特价",
        name_en="Price of the day",
        target=Target(skus=frozenset({"CUP"})),
        ends_at=clock.now() + timedelta(days=1),
    )
    live(
        "buy_get",
        {"buy_units": 2, "gift": "LONGJING"},
        name_zh="买杯赠茶",
        name_en="Tea with two cups",
        target=Target(skus=frozenset({"CUP"})),
    )
    live(
        "threshold_rate",
        {"currency": "CNY", "steps": [{"from": 10000, "off": "0.1"}]},
        name_zh="金卡专享 9 折",
        name_en="Gold: tenth off",
        audience=Audience(tiers=frozenset({"gold"})),
    )
    a_batch(stock_units=10)
    a_batch(
        terms={"currency": "CNY", "steps": [{"from": 20000, "off": 2500}]},
    )


@pytest.mark.parametrize(
    "screen",
    [Screen(size=PHONE, language="zh"), Screen(size=DESKTOP, language="en"), *BY_NIGHT],
    ids=lambda screen: f"{screen}-{screen.theme}",
)
def test_a_basket_with_offers_says_why_it_costs_what_it_does(
    shopper: Callable[[Screen], Shopper], screen: Screen
) -> None:
    membership.open_membership(shop=made.SHOP)
    offers()
    someone = shopper(screen)
    page, sign, theme = someone.page, SIGNS[screen.language], screen.theme

    as_member(someone, "offers@example.com")
    someone.opens("/coupons/")
    someone.shows(f"coupons-{theme}")
    for _ in range(2):
        someone.presses(".ticket-hand button >> nth=0")
    assert page.locator(".ticket-hand .good").count() == 2
    someone.shows(f"coupons-claimed-{theme}")

    someone.opens("/c/cups/")
    someone.shows(f"cards-{theme}")
    someone.opens("/p/CUP/")
    assert f"{sign}47.92" in page.locator(".offer-price").inner_text()
    assert page.locator(".deals li").count() >= 3
    someone.shows(f"product-{theme}")
    page.fill("#quantity", "2")
    page.locator("button[value=checkout]").click()
    page.wait_for_url("**/checkout/")
    someone.opens("/cart/")
    assert f"-{sign}10.00" in page.locator(".sum-lines").inner_text()
    assert page.locator(".nearest").is_visible()
    someone.shows(f"cart-{theme}")
    page.locator(".why summary >> nth=0").click()
    assert page.locator(".why-lines li").count() >= 4
    someone.shows(f"cart-why-{theme}")
    someone.presses(".gift-due button")
    assert page.locator(".gift-due").count() == 0

    for _ in range(4):
        someone.opens("/p/BOWL/")
        page.locator("button[value=cart]").click()
        page.wait_for_selector("#said p, #said li, #said div")
    someone.opens("/checkout/")
    assert f"-{sign}25.00" in someone.sums()
    someone.shows(f"checkout-{theme}")
    page.locator("#coupon-choice button[value*='-'] >> nth=0").click()
    page.wait_for_selector("#coupon-choice button[value=best]")
    assert f"-{sign}10.00" in someone.sums()
    someone.shows(f"checkout-chosen-{theme}")

    someone.fills_in_where()
    page.locator(".sum-end button.is-main").click()
    page.wait_for_url(re.compile("^(?!.*/checkout/$)"))
    order = Order.objects.get()
    assert Coupon.objects.get(state=Hold.USED).order_number == order.number

    someone.opens("/account/coupons/")
    assert order.number in page.locator("main").inner_text()
    someone.shows(f"my-coupons-{theme}")
    someone.opens("/offers/")
    someone.shows(f"offers-{theme}")

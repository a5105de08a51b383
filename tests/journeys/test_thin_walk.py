"""A whole walk through the shop in a real browser: home, product, cart, checkout, payment, thanks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.shop.checkout.rules import Placed
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.spine.log import queries as log

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Whatever two of the three choices are taken, they meet in one of the walks.
SCREENS = [
    Screen(size=PHONE, language="zh", has_scripts=True),
    Screen(size=PHONE, language="en", has_scripts=False),
    Screen(size=DESKTOP, language="zh", has_scripts=False),
    Screen(size=DESKTOP, language="en", has_scripts=True),
]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_shopper_walks_from_the_home_page_to_a_paid_order(
    shopper: Callable[[Screen], Shopper], screen: Screen
) -> None:
    someone = shopper(screen)
    page = someone.page
    sign = {"zh": "¥", "en": "CN¥"}[screen.language]

    someone.opens("/?utm_source=weibo&utm_campaign=spring")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans", "en": "en"}[screen.language]
    page.locator('.cards a[href="/p/CUP/"]').first.click()
    page.wait_for_url("**/p/CUP/")
    product_view = someone.view()
    assert page.locator(".offer .price").inner_text() == f"{sign}59.90"

    someone.presses(".buy button[value=cart]")
    page.locator("#cart-link .badge").wait_for()
    assert page.locator("#cart-link .badge").inner_text() == "1"
    assert page.locator("#said .notice.is-good").is_visible()
    assert (someone.path == "/p/CUP/") is screen.has_scripts

    someone.opens("/cart/")
    page.locator("button[name=to][value='2']").click()
    page.locator(".row-amount", has_text="119.80").wait_for()
    assert page.locator(".sum-total .price").inner_text() == f"{sign}131.80"

    someone.presses('.sum a[href="/checkout/"]')
    checkout_view = someone.view()
    someone.fills_in_where()
    someone.presses(".sum button.is-main")
    assert someone.path.startswith("/sandbox/")

    someone.presses("button[value=pay]")
    assert someone.path.startswith("/orders/")
    assert page.locator(".order-mark.good").is_visible()
    number = page.locator(".order-number").inner_text()
    assert page.locator(".panel .sum-total .price").inner_text() == f"{sign}131.80"
    assert page.locator(".timeline > li").count() == 3

    order = orders.order_for_staff(made.SHOP, number)
    assert order.is_paid
    facts = {fact.name: fact for fact in log.of_order(shop=made.SHOP, order_number=number)}
    assert {"shop.order_placed", "shop.payment_started", "shop.payment_settled", "supply.stock_held"} <= facts.keys()
    placed = facts["shop.order_placed"]
    assert str(placed.cause) == checkout_view
    assert (placed.channel, placed.campaign) == ("organic_social", "spring")
    assert placed.device == ("phone" if screen.size == PHONE else "desktop")
    assert facts["shop.payment_started"].cause == placed.id
    assert {product_view, checkout_view} <= {seen["messageId"] for seen in someone.sightings if seen["type"] == "page"}


def test_the_browser_script_reports_each_step_of_the_way(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    page = someone.page
    for path in ("/", "/c/cups/", "/search/?q=cup"):
        someone.opens(path)
    page.locator('.cards a[href="/p/CUP/"]').first.click()
    page.wait_for_url("**/p/CUP/")
    view = someone.view()
    page.fill(".buy [name=quantity]", "3")
    someone.presses(".buy button[value=checkout]")
    page.wait_for_url("**/checkout/")
    someone.fills_in_where()
    page.locator("[data-next]").first.click()
    someone.presses(".sum button.is-main")
    someone.presses("button[value=pay]")
    someone.opens("/")

    told = someone.told()
    assert told.keys() >= {
        *("Product List Viewed", "Products Searched", "Product Clicked", "Product Viewed", "Product Added"),
        *("Checkout Started", "Checkout Step Completed", "Order Completed"),
    }
    (added,) = told["Product Added"]
    assert (added["properties"]["sku"], added["properties"]["price"]) == ("CUP", 59.9)
    assert int(added["properties"]["quantity"]) == 3
    assert added["context"]["cause"] == view
    (completed,) = told["Order Completed"]
    assert (completed["properties"]["revenue"], completed["properties"]["total"]) == (179.7, 191.7)


def test_a_returning_shopper_buys_with_one_button_and_one_confirmation(shopper: Callable[[Screen], Shopper]) -> None:
    walk = made.a_cart()
    pay(made.place(walk).order_number)
    someone = shopper(Screen(size=PHONE, language="zh"))
    someone.is_known_as(walk.person)

    someone.opens("/p/BOWL/")
    someone.presses(".buy button[value=checkout]")
    someone.page.wait_for_url("**/checkout/")
    assert not someone.page.locator("[name=street]").is_visible()
    someone.presses(".sum button.is-main")
    someone.presses("button[value=pay]")

    assert someone.page.locator(".order-mark.good").is_visible()


def test_a_checkout_can_be_done_with_the_keyboard_alone(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    keys = someone.page.keyboard
    someone.opens("/p/CUP/")
    someone.page.locator("#quantity").focus()
    for key in ("Tab", "Tab", "Tab", "Enter"):
        keys.press(key)
    someone.page.wait_for_url("**/checkout/")

    someone.page.locator("[name=recipient]").focus()
    keys.type("Ada Lovelace")
    keys.press("Tab")
    keys.type("+44 20 7946 0000")
    keys.press("Tab")
    keys.type("United K")
    for typed in ("12 St James's Square", "London", "", "SW1Y 4JH", ""):
        keys.press("Tab")
        keys.type(typed)
    keys.press("Tab")
    keys.press("Enter")
    assert not someone.page.locator("[name=street]").is_visible()
    assert "Ada Lovelace" in someone.page.locator(".block-said").first.inner_text()
    someone.page.locator(".sum button.is-main").focus()
    keys.press("Enter")
    someone.page.wait_for_url("**/sandbox/**")

    assert someone.path.startswith("/sandbox/")


def test_a_payment_that_comes_later_shows_without_a_hand(shopper: Callable[[Screen], Shopper]) -> None:
    walk = made.a_cart()
    number = made.place(walk).order_number
    someone = shopper(Screen(language="en"))
    someone.is_known_as(walk.person)
    someone.opens("/orders/")
    address = someone.page.locator(".orders a").first.get_attribute("href")

    someone.opens(f"{address}?back=1")
    assert someone.page.locator(".order-mark.watch").is_visible()
    pay(number)

    someone.page.locator(".order-mark.good").wait_for()
    assert someone.path == address


def pay(number: str) -> None:
    """The provider's server says that an order was paid."""
    order = orders.order_for_staff(made.SHOP, number)
    placed = Placed(order_number=number, payment_id=payments.payments_of(number)[0].id)
    paying.settle(shop=made.SHOP, provider="sandbox", message=made.a_message(placed, amount=order.total.minor))

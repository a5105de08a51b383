"""Paying at each provider in a real browser: the sandbox's own process on one side, the shop on the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.a_sandbox import Sandbox, eventually
from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.rules import State

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_ZH, DESKTOP_EN = Screen(size=PHONE, language="zh"), Screen(size=DESKTOP, language="en")
PLAIN = Screen(size=DESKTOP, language="en", has_scripts=False)


class Buyer:
    """Somebody with an order that waits for its money."""

    def __init__(self, someone: Shopper) -> None:
        walk = made.a_cart()
        self.someone, self.page = someone, someone.page
        self.number = made.place(walk).order_number
        someone.is_known_as(walk.person)

    def goes_to(self, provider: str) -> None:
        """Choose how to pay on the order's page, and go there."""
        self.someone.opens(f"/orders/{self.number}/")
        self.page.locator("#provider").select_option(provider)
        self.someone.presses(".order-pay button")

    @property
    def is_paid(self) -> bool:
        return orders.order_for_staff(made.SHOP, self.number).is_paid

    @property
    def payment_id(self) -> str:
        """The attempt that is open."""
        (open_one,) = [one.id for one in payments.payments_of(self.number) if one.state is State.STARTED]
        return open_one


@pytest.fixture
def buyer(shopper: Callable[[Screen], Shopper]) -> Callable[[Screen], Buyer]:
    """A buyer with a screen."""
    return lambda screen: Buyer(shopper(screen))


@pytest.mark.parametrize("screen", [PHONE_ZH, DESKTOP_EN, PLAIN], ids=str)
@pytest.mark.parametrize("provider", ["alipay", "stripe"])  # at the sandbox all the other walks pay
def test_a_shopper_pays_at_a_provider_and_comes_back(
    buyer: Callable[[Screen], Buyer], provider: str, screen: Screen
) -> None:
    one = buyer(screen)
    one.goes_to(provider)
    assert one.someone.path.startswith("/sandbox/pay/")

    one.someone.presses("button[value=pay]")

    assert one.someone.path == f"/orders/{one.number}/"
    one.page.locator(".order-mark.good").wait_for()
    assert one.is_paid


def test_a_code_is_scanned_with_a_phone_and_the_screen_goes_on_by_itself(buyer: Callable[[Screen], Buyer]) -> None:
    one = buyer(DESKTOP_EN)
    one.goes_to("wechat")
    assert one.page.locator(".scan-code").is_visible()
    with one.page.expect_popup() as opened:
        one.page.locator("#simulated").click()

    _pays(opened.value)

    one.page.wait_for_url(f"**/orders/{one.number}/?back=1")
    one.page.locator(".order-mark.good").wait_for()
    assert one.is_paid


def test_a_code_can_be_paid_without_scripts(buyer: Callable[[Screen], Buyer], sandbox: Sandbox) -> None:
    one = buyer(PLAIN)
    one.goes_to("wechat")
    sandbox.decide("wechat", one.payment_id, "tell_never")

    one.page.get_by_text("I have paid").click()

    assert one.page.locator(".order-mark.good").is_visible()


def test_a_phone_pays_by_wechat_without_a_code(buyer: Callable[[Screen], Buyer]) -> None:
    one = buyer(PHONE_ZH)
    one.goes_to("wechat")
    assert one.someone.path.startswith("/sandbox/pay/")

    one.someone.presses("button[value=pay]")

    one.page.locator(".order-mark.good").wait_for()
    assert one.is_paid


@pytest.mark.parametrize("provider", ["alipay", "stripe"])
def test_what_nobody_tells_the_shop_asks_for_when_the_shopper_is_back(
    buyer: Callable[[Screen], Buyer], provider: str
) -> None:
    one = buyer(DESKTOP_EN)
    one.goes_to(provider)
    one.page.locator("summary").click()
    one.someone.presses("button[value=tell_never]")
    assert not one.is_paid

    one.someone.presses(".gateway a.is-main")

    one.page.locator(".order-mark.good").wait_for()
    assert one.is_paid


def test_whoever_walks_away_may_pay_in_another_way(buyer: Callable[[Screen], Buyer]) -> None:
    one = buyer(PHONE_ZH)
    one.goes_to("stripe")
    one.someone.presses("button[value=walk_away]")
    assert one.someone.path == f"/orders/{one.number}/"
    assert not one.is_paid

    one.goes_to("alipay")
    one.someone.presses("button[value=pay]")

    one.page.locator(".order-mark.good").wait_for()
    assert one.is_paid


def test_a_provider_that_is_down_keeps_the_order(buyer: Callable[[Screen], Buyer], sandbox: Sandbox) -> None:
    one = buyer(DESKTOP_EN)
    sandbox.spoil("wechat", "begin", "fail")
    one.goes_to("wechat")
    assert "cannot be reached just now" in one.page.locator("body").inner_text()

    one.goes_to("wechat")

    assert one.page.locator(".scan-code").is_visible()


def _pays(phone: Page) -> None:
    phone.locator("button[value=pay]").click()
    eventually(lambda: "✓" in phone.locator("main").inner_text(), seconds=5)
    phone.close()

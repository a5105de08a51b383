"""The walk that goes on: from a paid order to the number it moved, and from the number back to the first page view."""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.base.accounts.actions import take_in
from zhanggui.base.accounts.rules import Role
from zhanggui.insight.lake import actions as lake_actions
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.errors import NoSuchEvent
from zhanggui.spine.relay import ports
from zhanggui.spine.relay.actions import drain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPERATOR, PASSWORD = "lin@example.com", "seven-teapots-91"


@pytest.mark.parametrize("has_scripts", [True, False], ids=["scripts", "plain"])
def test_an_order_moves_the_cockpit_and_leads_back_to_the_page_view_it_began_with(
    shopper: Callable[[Screen], Shopper], browser: Browser, open_shop: str, has_scripts: bool
) -> None:
    someone = shopper(Screen(size=PHONE, language="zh", has_scripts=has_scripts))
    home_view, number = _buys(someone)
    take_in(email=OPERATOR, password=PASSWORD, role=Role.ANALYST)

    for reader in ports.readers:
        drain(reader)
    _wait_for(UUID(home_view))
    lake_actions.roll()

    context = browser.new_context(
        base_url=open_shop,
        locale="en-GB",
        viewport={"width": DESKTOP[0], "height": DESKTOP[1]},
        java_script_enabled=has_scripts,
    )
    page = context.new_page()
    _signs_in(page)
    assert _card(page, "gmv_paid") == "CN¥71.90"
    assert _card(page, "orders_paid") == "1"
    assert _card(page, "aov") == "CN¥71.90"
    assert _card(page, "cvr_paid_visitor") == "100.0%"

    page.locator('.card-figure a[href*="number=gmv_paid"]').click()
    assert page.locator(".sum-figure").inner_text() == "CN¥71.90"
    page.get_by_role("link", name=number).click()
    facts = page.locator(".step code:not(.raw code)").all_inner_texts()
    assert {"shop.order_placed", "supply.stock_held", "shop.payment_settled"} <= set(facts)

    page.locator(".step", has_text="shop.payment_settled").locator(".step-name a").click()
    chain = page.locator(".is-chain .step > p code").all_inner_texts()
    assert chain[-3:] == ["shop.order_placed", "shop.payment_started", "shop.payment_settled"]
    assert chain[0] == "Page"
    assert home_view in page.locator(".is-chain .step").first.text_content()  # type: ignore[operator]
    context.close()


def _buys(someone: Shopper) -> tuple[str, str]:
    """The id of the first page view and the number of the paid order."""
    page = someone.page
    someone.opens("/")
    home_view = someone.view()
    page.locator('.cards a[href="/p/CUP/"]').first.click()
    page.wait_for_url("**/p/CUP/")
    someone.presses(".buy button[value=cart]")
    page.locator("#cart-link .badge").wait_for()
    someone.opens("/cart/")
    someone.presses('.sum a[href="/checkout/"]')
    someone.fills_in_where()
    someone.presses(".sum button.is-main")
    someone.presses("button[value=pay]")
    return home_view, page.locator(".order-number").inner_text()


def _wait_for(view: UUID) -> None:
    """A page tells what was seen on it as it is left, so the door may still be writing."""
    latest = time.monotonic() + 10
    while time.monotonic() < latest:
        try:
            lake.event(view, made.SHOP)
            return
        except NoSuchEvent:
            time.sleep(0.1)
    raise AssertionError(f"the page view {view} never came to the lake")


def _signs_in(page: Page) -> None:
    page.goto("/console/")
    page.fill("[name=email]", OPERATOR)
    page.fill("[name=password]", PASSWORD)
    page.locator(".door-form button").click()
    page.locator(".card").first.wait_for()


def _card(page: Page, key: str) -> str:
    card = page.locator(".card", has=page.locator(f'.card-name a[href*="/numbers/{key}/"]'))
    return card.locator(".card-figure").inner_text()

"""What only a real browser can say about the shop's pages: what fits, what can be touched, what leads somewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.journeys.shopper import DESKTOP, NARROW, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATHS = (
    *("/", "/c/", "/c/cups/", "/search/?q=zzz", "/help/returns/", "/p/CUP/"),
    *("/cart/", "/checkout/", "/orders/", "/nowhere"),
)

# The part of the first screen, on a grid of 8 pixels, where a touch leads somewhere.
_LEADING = """() => {
  const step = 8; let all = 0, leading = 0;
  for (let x = step / 2; x < innerWidth; x += step) for (let y = step / 2; y < innerHeight; y += step) {
    all += 1;
    const hit = document.elementFromPoint(x, y);
    if (hit && hit.closest("a, button, input, label, select, summary")) leading += 1;
  }
  return leading / all;
}"""
# Everything that can be touched and is smaller than a finger; links inside a sentence are text.
_TOO_SMALL = """() => [...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")]
  .filter((one) => one.checkVisibility() && !one.matches(".visually-hidden, .skip, .choice input, p a, td a"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([one, box]) => box.height < 43.5 || box.width < 43.5)
  .filter(([one]) => !one.closest(".stepper, .row-words"))
  .map(([one, box]) => `${one.outerHTML.slice(0, 60)} ${Math.round(box.width)}x${Math.round(box.height)}`)"""


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_hangs_over_the_edge_of_a_narrow_phone(shopper: Callable[[Screen], Shopper], language: str) -> None:
    long = made.a_new_product("LONG", price=123_456_789, title="手" * 60 + "LongestWordThatNobodyEverBreaks" * 3)
    catalogue.list_product(product=long, trail=Trail(shop=made.SHOP), by=made.CLERK)
    stock.receive(reference="long", units={"LONG": 99}, trail=Trail(shop=made.SHOP), by=made.CLERK)
    someone = shopper(Screen(size=NARROW, language=language))
    someone.opens("/p/LONG/")
    someone.presses(".buy button[value=cart]")
    someone.page.locator("#cart-link .badge").wait_for()
    over = {}
    for path in (*PATHS, "/p/LONG/"):
        someone.opens(path)
        wide = someone.page.evaluate("document.documentElement.scrollWidth")
        if wide > NARROW[0]:
            over[path] = wide
    someone.complaints.clear()  # the page that is not there is complained about by the browser itself

    assert over == {}


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_most_of_the_first_screen_leads_somewhere(shopper: Callable[[Screen], Shopper], size: tuple[int, int]) -> None:
    someone = shopper(Screen(size=size, language="zh"))
    someone.opens("/")

    share = someone.page.evaluate(_LEADING)

    assert share >= 0.6


def test_everything_to_touch_is_as_large_as_a_finger(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(size=PHONE, language="zh"))
    someone.opens("/p/CUP/")
    someone.presses(".buy button[value=cart]")
    someone.page.locator("#cart-link .badge").wait_for()
    small = {}
    for path in PATHS[:-1]:
        someone.opens(path)
        if found := someone.page.evaluate(_TOO_SMALL):
            small[path] = found

    assert small == {}


def test_the_buy_bar_stays_at_the_thumb_and_the_sum_on_the_screen(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(size=PHONE, language="en"))
    someone.opens("/p/CUP/")
    for depth in (0, 600, 100_000):
        someone.page.evaluate(f"scrollTo(0, {depth})")
        bar = someone.page.locator(".buy").bounding_box()
        assert bar is not None
        assert bar["y"] + bar["height"] == pytest.approx(PHONE[1], abs=1)
    someone.presses(".buy button[value=checkout]")
    someone.page.wait_for_url("**/checkout/")
    for depth in (0, 200, 400):
        someone.page.evaluate(f"scrollTo(0, {depth})")
        total = someone.page.locator(".sum-total .price").bounding_box()
        assert total is not None
        assert 0 <= total["y"] <= PHONE[1] - total["height"]


def test_the_light_changes_at_once_and_is_remembered(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    someone.opens("/")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = someone.page.evaluate(paper)
    view = someone.view()

    someone.page.locator("button[name=theme][value=dark]").click()

    dark = someone.page.evaluate(paper)
    assert dark != light
    assert someone.view() == view
    someone.opens("/c/")
    assert someone.page.evaluate(paper) == dark


def test_a_dark_device_gets_a_dark_shop(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en", theme="dark"))
    someone.opens("/")

    assert someone.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(22, 21, 19)"


def test_an_item_is_laid_aside_without_leaving_the_page_and_said_aloud(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    someone.opens("/p/CUP/")
    view = someone.view()

    someone.page.locator("[data-step='1']").click()
    someone.presses(".buy button[value=cart]")

    someone.page.locator("#said .notice").wait_for()
    assert someone.view() == view
    assert someone.page.locator("[aria-live=polite]").inner_text() == "Added to the cart"
    assert someone.page.locator("#cart-link").get_attribute("aria-label") == "Cart, 2 pieces"

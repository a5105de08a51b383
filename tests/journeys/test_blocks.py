"""What a shopper looks at on a product page arrives in the lake, and the console holds it against the cart."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Browser

from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.base.accounts.actions import take_in
from zhanggui.base.accounts.rules import Role
from zhanggui.insight.lake import actions as lake_actions
from zhanggui.insight.lake import queries as lake

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPERATOR, PASSWORD = "lin@example.com", "seven-teapots-91"
LOOKED_MS = 700
# Somebody looks at another tab. What is sent as a page is torn down may bear the browser's own name: headless, a robot.
HIDE = """() => {
  Object.defineProperty(document, "hidden", {get: () => true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""
SHAPE = '[{"block": "VARCHAR", "ms": "BIGINT"}]'


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_what_was_in_view_is_told_and_stands_beside_what_it_came_to(
    shopper: Callable[[Screen], Shopper], browser: Browser, open_shop: str, size: tuple[int, int]
) -> None:
    someone = shopper(Screen(size=size))
    someone.opens("/p/CUP/")
    page = someone.page
    page.locator("[data-block=specifications]").scroll_into_view_if_needed()
    page.wait_for_timeout(LOOKED_MS)
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_timeout(LOOKED_MS)
    someone.presses(".buy button[value=cart]")
    page.locator("#cart-link .badge").wait_for()
    page.evaluate(HIDE)
    take_in(email=OPERATOR, password=PASSWORD, role=Role.ANALYST)

    stays = _told()
    assert stays["specifications"] >= LOOKED_MS - 200
    assert stays["offer"] >= LOOKED_MS - 200
    assert not {name for name in stays if stays[name] > 60_000}
    lake_actions.roll()
    ((added, not_added),) = lake.ask(
        f"""select count_if(has_added), count_if(not has_added)
        from {lake.rollup(made.SHOP, "block_days")} where page = '/p/CUP/' and block = 'offer'"""
    )
    assert (added, not_added) == (1, 0)

    context = browser.new_context(base_url=open_shop, locale="en-GB", viewport={"width": 1440, "height": 900})
    desk = context.new_page()
    desk.goto("/console/blocks/?period=7d")
    desk.fill("[name=email]", OPERATOR)
    desk.fill("[name=password]", PASSWORD)
    desk.locator(".door-form button").click()
    row = desk.locator("tr", has=desk.get_by_role("rowheader", name="Price and offer"))
    assert "100.0%" in row.inner_text()
    context.close()


def _told() -> dict[str, int]:
    """Milliseconds by block, once the page that was left has told them."""
    latest = time.monotonic() + 10
    found: dict[str, int] = {}
    while not found and time.monotonic() < latest:
        time.sleep(0.1)
        found = dict(
            lake.ask(
                f"""select b.block, sum(b.ms)::bigint from (
                    select unnest(from_json(decode(body) -> '$.blocks', '{SHAPE}')) as b
                    from {lake.events(made.SHOP, date.min, date.max)}
                    where name = 'Blocks Viewed' and page = '/p/CUP/')
                group by 1"""
            )
        )
    return found

"""The browser script, in a real browser, against the real door."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, Page, Route

from tests.doors.ingest.making import PHONE, Door
from tests.doors.ingest.pages import BEFORE, VIEW
from zhanggui.insight.lake import queries as lake

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.doors.ingest.pages"),
]
COLUMNS = "name, id, cause, person, session, channel, campaign, device, page, quantity, sku, amount_minor, body"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(user_agent=PHONE)
    yield context
    context.close()


@pytest.fixture
def shop_page(visitor: BrowserContext, django_door: Door) -> Page:
    page = visitor.new_page()
    page.goto(f"http://{django_door.host}:{django_door.port}/tiny")
    return page


def told() -> dict[str, dict[str, Any]]:
    rows = lake.ask(f"select {COLUMNS} from {lake.events('tea', date.min, date.max)}")
    return {row[0]: dict(zip(COLUMNS.split(", "), row, strict=True)) for row in rows}


def wait_for(*names: str, seen: Callable[[], dict[str, Any]] = told) -> dict[str, dict[str, Any]]:
    """What is in the lake once it is these names, within ten seconds."""
    deadline = time.monotonic() + 10
    while set(found := seen()) != set(names) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert set(found) == set(names)
    return found


def test_a_page_view_and_what_it_shows_are_told_at_once(shop_page: Page) -> None:
    found = wait_for("Page", "Product Viewed")
    page, product = found["Page"], found["Product Viewed"]
    assert (page["id"], page["cause"], page["person"], page["session"]) == (UUID(VIEW), UUID(BEFORE), "v-1", "s-1")
    assert (page["page"], page["device"], page["channel"], page["campaign"]) == (
        "/tiny",
        "phone",
        "paid_search",
        "spring",
    )
    assert json.loads(page["body"]) == {"name": "product"}
    assert (product["cause"], product["sku"], product["amount_minor"]) == (UUID(VIEW), "S-7", 1890)
    assert (product["channel"], product["id"].version) == ("paid_search", 7)


def test_what_a_visitor_does_is_told_even_when_it_leads_away(shop_page: Page) -> None:
    shop_page.click("#offer b")
    shop_page.dispatch_event("#step", "done")
    shop_page.evaluate(
        "document.body.dispatchEvent(new CustomEvent('sight', {bubbles: true, detail: {event: 'Told'}}))"
    )
    shop_page.click("button")
    shop_page.wait_for_url("**/next")
    found = wait_for("Page", "Product Viewed", "Promotion Clicked", "Checkout Step Completed", "Told", "Product Added")
    assert (found["Product Added"]["quantity"], found["Product Added"]["sku"]) == (3, "S-7")
    assert json.loads(found["Checkout Step Completed"]["body"]) == {"step": 1}
    assert {row["cause"] for name, row in found.items() if name != "Page"} == {UUID(VIEW)}


def test_what_comes_by_htmx_is_told_too(shop_page: Page) -> None:
    shop_page.evaluate(
        """() => {
          const part = document.createElement("p");
          part.dataset.sight = '{"event":"Coupon Applied"}';
          document.querySelector("main").append(part);
          part.dispatchEvent(new CustomEvent("htmx:load", {bubbles: true}));
        }"""
    )
    found = wait_for("Page", "Product Viewed", "Coupon Applied")
    assert found["Coupon Applied"]["cause"] == UUID(VIEW)


def test_what_the_server_could_not_keep_is_sent_again_by_the_next_page(
    visitor: BrowserContext, django_door: Door
) -> None:
    def fail(route: Route) -> None:
        route.fulfill(status=503, body="{}")

    page = visitor.new_page()
    page.route("**/v1/batch", fail)
    address = f"http://{django_door.host}:{django_door.port}/tiny"
    page.goto(address)
    page.wait_for_function("() => JSON.parse(sessionStorage.sights || '[]').length === 2")
    assert told() == {}
    page.unroute("**/v1/batch", fail)
    page.goto(address)
    wait_for("Page", "Product Viewed")
    ((rows, product_views),) = lake.ask(
        f"select count(*), count_if(name = 'Product Viewed') from {lake.events('tea', date.min, date.max)}"
    )
    assert (rows, product_views) == (3, 2), "the page view is one, the product was shown twice"
    assert page.evaluate("sessionStorage.sights") == "[]"


@pytest.mark.parametrize(
    "wish",
    [
        "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})",
        "Object.defineProperty(Navigator.prototype, 'doNotTrack', {get: () => '1'})",
    ],
)
def test_who_wants_no_trace_leaves_none(visitor: BrowserContext, django_door: Door, wish: str) -> None:
    visitor.add_init_script(wish)
    page = visitor.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"http://{django_door.host}:{django_door.port}/tiny", wait_until="networkidle")
    page.click("#offer b")
    page.goto("about:blank")
    assert not any("/v1/" in url for url in asked)
    assert told() == {}


def test_the_script_is_small_keeps_no_cookie_and_asks_nobody_else(shop_page: Page) -> None:
    wait_for("Page", "Product Viewed")
    assert shop_page.context.cookies() == []
    source = Path(finders.find("storefront/sight.js") or "").read_bytes()
    assert len(source) < 5_000
    assert not re.search(rb"https?://|\beval\b|innerHTML|document\.cookie", source)

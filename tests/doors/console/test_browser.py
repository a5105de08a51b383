"""The console in a real browser, with scripts and without, under its strict policy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.doors.console.conftest import PASSWORD, WEEK
from tests.insight.attribution.test_credits import came
from tests.insight.metrics.events import a_tea_week, line, listed, paid, remember
from tests.journeys.shopper import PATIENCE_MS
from tests.journeys.signed_in import as_operator
from tests.worlds import made_once
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.rules import Role
from zhanggui.base.shops.rules import Shop

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

EMAIL = "ann@example.com"
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
LONG_TITLE = "明前龙井 特级礼盒装 送礼自用两相宜 一芽一叶 手工炒制 " * 3


@made_once
def a_week_of_long_titles() -> Shop:
    week = a_tea_week()
    remember(week, listed("tea", "2026-04-01T00:00", LONG_TITLE, "Longjing"))
    return week


@pytest.fixture
def shop(transactional_db: None, lake_folder: object, quick_passwords: None) -> Shop:
    week = a_week_of_long_titles()
    accounts.take_in(email=EMAIL, password=PASSWORD, role=Role.OWNER, name="王掌柜" * 8)
    return week


@pytest.fixture
def walk_in(browser: Browser, shop: Shop, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Somebody who is signed in stands on a page; whatever the browser complains about fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def walk(address: str, *, locale: str = "en-GB", size: dict[str, int] = DESKTOP, **more: Any) -> Page:
        contexts.append(browser.new_context(base_url=live_server.url, locale=locale, viewport=size, **more))
        as_operator(contexts[-1], live_server.url, get_user_model().objects.get(email=EMAIL).pk)
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(address)
        return page

    yield walk
    for context in contexts:
        context.close()
    assert complaints == []


def test_a_number_leads_to_its_orders_an_order_to_its_facts_a_fact_to_its_causes(walk_in):
    page = walk_in(f"/console/?{WEEK}")

    expect(page.locator("[data-chart=money-spec] svg")).to_be_visible()
    expect(page.locator("[data-chart=buyers-spec] svg")).to_be_visible()
    page.locator("article", has_text="GMV paid").first.get_by_role("link", name="CN¥75.00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Orders behind: GMV paid")
    page.get_by_role("link", name="T1").click()
    page.get_by_role("link", name="Payment settled").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What led to: Payment settled")


@pytest.mark.usefixtures("at_noon")
def test_an_open_cockpit_follows_what_happens_without_being_asked(walk_in, shop):
    page = walk_in("/console/?shop=acme&period=today")
    orders = page.locator(".card-figure a[href*='number=orders_paid']")
    expect(orders).to_have_text("1")
    page.locator("#money-numbers > summary").click()

    remember(shop, paid("T6", "2026-05-07T03:30", line("tea", 1, 100), person="ann", region="north"))

    expect(orders).to_have_text("2", timeout=5000)
    expect(page.locator("[data-chart=money-spec] svg")).to_be_visible()
    expect(page.locator("#money-numbers")).to_have_attribute("open", "")


def test_choices_show_at_once_and_stay_in_the_address(walk_in):
    page = walk_in(f"/console/?{WEEK}")

    page.locator("select[name=compare]").select_option("none")
    page.wait_for_url("**compare=none**")
    expect(page.locator(".headline")).to_have_text(
        "May 1, 2026 – May 7, 2026: CN¥75.00 paid in 4 orders; conversion 66.7%."
    )
    page.locator("input[name=to]").fill("2026-05-01")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**to=2026-05-01**")
    expect(page.locator(".headline")).to_contain_text("CN¥35.00 paid in 1 order;")


def test_the_keyboard_reaches_every_frame_that_is_cut_and_no_other(walk_in):
    page = walk_in(f"/console/paths/?{WEEK}", size={"width": 320, "height": 640})
    frames = page.locator(".scroll")
    cut = """all => all.map(one => [one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight,
        one.tabIndex === 0])"""
    expect(page.locator(".scroll[tabindex='0']").first).to_be_attached()

    found = frames.evaluate_all(cut)
    assert [is_cut for is_cut, _ in found] == [is_reached for _, is_reached in found]
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".scroll[tabindex]")).to_have_count(0)


def test_a_wide_table_leaves_the_page_as_wide_as_the_phone(walk_in):
    page = walk_in(
        f"/console/explorer/?{WEEK}&m=gmv_paid,orders_paid,uv,goods_paid,add_to_cart_rate&by=day", size=PHONE
    )

    frame = page.locator(".scroll").first
    expect(frame.locator(".visually-hidden").last).to_be_attached()
    assert frame.evaluate("one => one.scrollWidth > one.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_keyboard_reaches_the_search_and_the_meaning_of_a_number(walk_in):
    page = walk_in(f"/console/?{WEEK}")

    meaning = page.locator("article", has_text="Revenue per buyer").locator("summary")
    meaning.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Money paid / paying buyers.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("Money paid / paying buyers.")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("T1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="T1", exact=True)).to_be_visible()


def test_what_is_typed_is_found_at_once_and_arrows_walk_through_it(walk_in):
    page = walk_in(f"/console/?{WEEK}")

    page.keyboard.press("Control+k")
    page.keyboard.type("T1")
    find = page.locator("#search-finds a", has_text="T1")
    expect(find).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("combobox", name="Search everything")).to_have_attribute("aria-activedescendant", "find-0")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/orders/T1/**")
    page.keyboard.press("Control+k")
    page.keyboard.type("13800138000")
    page.keyboard.press("Escape")
    expect(page.locator("#search-finds")).to_be_hidden()


def test_what_was_typed_into_a_form_that_was_refused_stands_there_again(walk_in):
    page = walk_in(f"/console/teams/?{WEEK}")
    form = page.locator("form", has=page.locator("[name=sku]"))
    for name, value in {"sku": "NOPE", "price": "12.50", "size": "4", "hours": "36"}.items():
        form.locator(f"[name={name}]").fill(value)

    form.get_by_role("button").click()
    expect(page.locator("[data-refused]")).to_be_visible()
    for name, value in {"sku": "NOPE", "price": "12.50", "size": "4", "hours": "36"}.items():
        expect(form.locator(f"[name={name}]")).to_have_value(value)
    page.reload()
    expect(form.locator("[name=sku]")).to_have_value("")


def test_charts_take_the_colours_of_light_and_dark(walk_in):
    page = walk_in(f"/console/?{WEEK}", color_scheme="light")
    lines = page.locator("[data-chart=money-spec] svg path[stroke='#1f4e79']")
    expect(lines.first).to_be_attached()

    page.emulate_media(color_scheme="dark")
    expect(page.locator("[data-chart=money-spec] svg path[stroke='#7fb0e0']").first).to_be_attached()


def test_without_scripts_every_figure_of_a_chart_stands_in_its_table(walk_in):
    page = walk_in(f"/console/?{WEEK}", java_script_enabled=False)

    expect(page.locator("#money-numbers tbody")).to_be_visible()
    expect(page.locator("#money-numbers")).to_contain_text("CN¥35.00")
    page.locator("select[name=compare]").select_option("none")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**compare=none**")
    page.locator("input[name=q]").fill("T2")
    page.locator("input[name=q]").press("Enter")
    expect(page.get_by_role("link", name="T2", exact=True)).to_be_visible()


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_no_page_is_wider_than_a_phone(walk_in, locale):
    page = walk_in("/console/shops/", locale=locale, size=PHONE)
    places = [
        f"/console/?{WEEK}",
        "/console/numbers/?shop=acme",
        f"/console/numbers/goods_paid/?by=sku&{WEEK}",
        f"/console/orders/?{WEEK}&number=gmv_net",
        "/console/orders/T1/?shop=acme",
        "/console/search/?shop=acme&q=T",
        "/console/imports/",
        "/console/system/",
        "/console/shops/",
    ]

    too_wide = {}
    for place in places:
        page.goto(place)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            too_wide[place] = width
    assert too_wide == {}


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
def test_no_word_of_a_chart_is_cut_off_on_a_phone(walk_in, shop, locale):
    visit = came("2026-05-05T01:00", "ann", "paid_social", "feed-1111-retarget")
    remember(shop, visit, paid("L", "2026-05-05T02:00", line("tea", 1, 10000), person="ann", channel="direct"))

    page = walk_in(f"/console/attribution/?by=campaign&{WEEK}", locale=locale, size=PHONE)

    words = page.locator("figure[data-chart] svg text")
    expect(words.filter(has_text="feed-1111-retarget")).to_be_visible()
    cut = words.evaluate_all(
        """all => all.filter(one => {
            const box = one.getBoundingClientRect(), room = one.ownerSVGElement.getBoundingClientRect();
            return box.right > room.right + 1 || box.left < room.left - 1;
        }).map(one => one.textContent)"""
    )
    assert cut == []


def test_paper_shows_what_a_screen_scrolls(walk_in):
    page = walk_in(f"/console/goods/?{WEEK}")
    expect(page.locator(".scroll.tall").first).to_be_visible()

    page.emulate_media(media="print")

    cut = page.locator(".scroll").evaluate_all(
        """all => all.map(one => getComputedStyle(one))
            .filter(look => look.overflow !== "visible" || look.maxHeight !== "none").length"""
    )
    assert cut == 0

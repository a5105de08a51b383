"""Three ways to buy: as a guest who looks around, as a member with one click, for two addresses at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.journeys.shopper import ADDRESSES, COUNTRIES, DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.shop.cart import queries as carts
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import NewVariant, Words
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNS = {"zh": "¥", "en": "CN¥"}
EMAIL = "xiaoman@example.com"


def a_mug() -> None:
    """A mug in white and in blue, from Longquan while all else is from Jingdezhen; the blue one is dearer."""
    plain = made.a_new_product("MUG", price=4200, title="马克杯")
    blue = NewVariant(
        sku="MUG-BLUE",
        values=(Words(zh="天青", en="Sky blue"),),
        price=made.cny(4550),
        cost=made.cny(2000),
        weight_g=310,
    )
    origin = replace(plain.attributes[0], value=Words(zh="龙泉", en="Longquan"), is_facet=True)
    mug = replace(
        plain,
        title=Words(zh="马克杯", en="Office cup"),
        attributes=(origin,),
        options=(Words(zh="颜色", en="Colour"),),
        values=(Words(zh="月白", en="Moon white"),),
        variants=(blue,),
    )
    catalogue.list_product(product=mug, trail=Trail(shop=made.SHOP), by=made.CLERK)
    stock.receive(reference="mugs", units={"MUG": 20, "MUG-BLUE": 20}, trail=Trail(shop=made.SHOP), by=made.CLERK)


@pytest.mark.parametrize("screen", [Screen(size=PHONE, language="zh"), Screen(size=DESKTOP, language="en")], ids=str)
def test_a_guest_searches_narrows_chooses_and_pays(shopper: Callable[[Screen], Shopper], screen: Screen) -> None:
    a_mug()
    someone = shopper(screen)
    page, sign = someone.page, SIGNS[screen.language]

    someone.opens("/")
    page.fill("#q", {"zh": "杯", "en": "cup"}[screen.language])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    someone.shows("search")
    if screen.size == PHONE:
        page.locator(".facets-open").click()
    page.locator(".facet-value", has_text={"zh": "龙泉", "en": "Longquan"}[screen.language]).click()
    page.locator(".chosen .chip").first.wait_for()
    assert page.locator(".cards > li").count() == 1
    someone.shows("search-narrowed")

    page.locator('.cards a[href^="/p/MUG"]').first.click()
    page.wait_for_url("**/p/MUG**")
    page.locator(".pick", has_text={"zh": "天青", "en": "Sky blue"}[screen.language]).click()
    page.wait_for_url("**/p/MUG-BLUE/")
    assert page.locator(".offer .price").inner_text() == f"{sign}45.50"
    someone.presses(".buy button[value=cart]")
    page.locator("#cart-link .badge").wait_for()
    someone.shows("product-chosen")

    someone.opens("/c/cups/")
    if screen.size == PHONE:
        assert f"{sign}45.50" in page.locator(".floating-cart").inner_text()
        someone.shows("floating-cart")
        someone.presses(".floating-cart")
    else:
        someone.presses("#cart-link")
    someone.shows("cart")
    someone.presses('.sum a[href="/checkout/"]')
    someone.fills_in_where()
    someone.shows("checkout")
    someone.presses(".sum button.is-main")
    someone.presses("button[value=pay]")

    page.locator(".order-mark.good").wait_for()
    someone.shows("order-paid")
    order = orders.order_for_staff(made.SHOP, page.locator(".order-number").last.inner_text())
    (line,) = order.lines
    assert (order.is_paid, line.sku, order.total) == (True, "MUG-BLUE", made.cny(4550 + 1200))
    assert {"zh": "天青", "en": "Sky blue"}[screen.language] in page.locator(".rows").inner_text()


@pytest.mark.parametrize("screen", [Screen(size=PHONE, language="en"), Screen(size=DESKTOP, language="zh")], ids=str)
def test_a_member_signs_in_by_code_finds_both_carts_and_buys_with_one_click(
    shopper: Callable[[Screen], Shopper], screen: Screen
) -> None:
    earlier = shopper(Screen(size=DESKTOP, language="en", has_scripts=False))
    earlier.opens("/p/BOWL/")
    earlier.presses(".buy button[value=cart]")
    earlier.opens("/account/sign-in/")
    earlier.signs_in(EMAIL)
    someone = shopper(screen)
    page, sign = someone.page, SIGNS[screen.language]
    someone.opens("/p/CUP/")
    someone.presses(".buy button[value=cart]")
    page.locator("#cart-link .badge").wait_for()
    someone.opens("/account/sign-in/?next=/cart/")
    someone.signs_in(EMAIL)
    assert page.locator(".rows > li").count() == 2
    someone.shows("carts-merged")

    someone.presses('.sum a[href="/checkout/"]')
    someone.fills_in_where()
    someone.presses(".sum button.is-main")
    someone.presses("button[value=pay]")
    page.locator(".order-mark.good").wait_for()
    person = Order.objects.get().person
    someone.opens("/p/LONGJING/")
    page.locator(".now button").wait_for()
    page.locator("[data-step='1']").click()
    page.locator(".now [name=quantity][value='2']").wait_for(state="attached")
    someone.shows("one-click")
    assert f"{sign}131.80" in page.locator(".now button").inner_text()
    assert ADDRESSES[screen.language]["street"] in page.locator(".now-where").inner_text()
    someone.presses(".now button")
    assert someone.path.startswith("/sandbox/")
    someone.presses("button[value=pay]")

    page.locator(".order-mark.good").wait_for()
    newest = Order.objects.latest("placed_at")
    assert (newest.person, newest.total_minor, newest.state) == (person, 13180, "paid")
    assert carts.pieces(made.SHOP, person) == 0


@pytest.mark.parametrize("screen", [Screen(size=PHONE, language="zh"), Screen(size=DESKTOP, language="en")], ids=str)
def test_one_order_goes_to_two_addresses_and_the_sums_agree_to_the_fen(
    shopper: Callable[[Screen], Shopper], screen: Screen
) -> None:
    made.a_product("TRAY", price=3333, units=9)
    someone = shopper(screen)
    page = someone.page
    for sku, pieces in (("TRAY", 2), ("CUP", 1)):
        someone.opens(f"/p/{sku}/")
        page.fill(".buy [name=quantity]", str(pieces))
        someone.presses(".buy button[value=cart]")
        page.locator("#said .notice").wait_for()
    someone.opens("/checkout/")
    someone.fills_in_where()
    someone.presses(".place-hands [value=more]")
    page.locator(".place").wait_for()
    page.locator("[name=p2-country]").select_option(COUNTRIES[screen.language])
    for name, typed in (ADDRESSES[screen.language] | {"recipient": "Zoe 周", "street": "2 号 Second Street"}).items():
        page.fill(f"[name=p2-{name}]", typed)
    page.fill("[name=p2-units-TRAY]", "1")
    page.fill("[name=note]", "·")  # leaving the field lets the page look at the sum again
    page.locator(".sum-total .price", has_text="150.56").wait_for()
    assert page.locator("[name=recipient]").input_value() == ADDRESSES[screen.language]["recipient"]
    someone.shows("two-addresses")
    someone.presses(".sum button.is-main")
    someone.presses("button[value=pay]")

    page.locator(".order-mark.good").wait_for()
    someone.shows("order-two-addresses")
    order = orders.order_for_staff(made.SHOP, page.locator(".order-number").last.inner_text())
    assert [place.shipping for place in order.destinations] == [made.cny(1200), made.cny(1200)]
    assert order.total == made.cny(2 * 3333 + 5990 + 2 * 1200)
    assert page.locator(".order-place").count() == 2
    shown = [_minor(text) for text in page.locator(".order-main .row-amount").all_inner_texts()]
    goods, delivery, *_ = (_minor(text) for text in page.locator(".order-main .sum-lines dd").all_inner_texts())
    total = _minor(page.locator(".order-main .sum-total strong").first.inner_text())
    assert (sorted(shown), goods, delivery) == ([3333, 3333, 5990], sum(shown), 2400)
    assert total == goods + delivery == order.total.minor


def _minor(said: str) -> int:
    """An amount as the page shows it, in fen."""
    return int(re.sub(r"[^0-9]", "", said))

"""Everybody can use the shop: axe finds nothing serious on any page, and the keyboard alone is enough."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.journeys.clerk import Clerk
from tests.journeys.looking import grave
from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.shop.fulfilment import actions as delivering
from zhanggui.shop.fulfilment import handlers as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.returns import actions as returning
from zhanggui.shop.returns import queries as returns
from zhanggui.shop.returns.rules import Reason
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay.actions import drain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Each page once, by turns on one of two screens.
PATHS = (
    *("/", "/c/", "/c/cups/", "/c/cups/?price_from=20&price_below=50", "/search/?q=cup", "/search/?q=zzz"),
    *("/p/CUP/", "/p/CUP-01/", "/cart/", "/checkout/", "/orders/"),
    *("/help/delivery/", "/help/payment/", "/help/returns/", "/help/privacy/", "/help/contact/", "/nowhere"),
)
CONSOLE = (
    *("", "orders/", "parcels/", "returns/", "payments/", "payments/odd/", "payments/refunds/", "payments/bills/"),
    *("payments/cards/", "customers/", "products/", "products/cup/", "products/-/import/", "stock/", "stock/of/CUP/"),
    *("warehouses/", "parcels/promises/", "numbers/", "search/?q=CUP", "shops/", "imports/", "outbox/", "system/"),
)
# On a page that was looked at already: words that were easy to read are so no more, and there is one field more.
SPOIL = """() => {
  document.querySelector("main p").style.color = "#ddd";
  document.querySelector("main").append(document.createElement("input"));
}"""
FOCUSED = "document.activeElement.outerHTML.slice(0, 120)"


@pytest.mark.parametrize(
    ("screen", "paths"),
    [(Screen(size=PHONE, language="zh"), PATHS[::2]), (Screen(size=DESKTOP, language="en", theme="dark"), PATHS[1::2])],
    ids=["phone-zh-light", "desktop-en-dark"],
)
def test_axe_finds_nothing_serious_on_any_page(
    shopper: Callable[[Screen], Shopper], screen: Screen, paths: tuple[str, ...]
) -> None:
    someone = shopper(screen)
    someone.opens("/p/CUP/")
    someone.presses(".buy button[value=cart]")
    someone.page.locator("#cart-link .badge").wait_for()
    found = _grave(someone, paths)
    someone.complaints.clear()  # the page that is not there is complained about by the browser itself

    assert found == {}


@pytest.mark.parametrize(
    ("screen", "turn"),
    [(Screen(size=PHONE, language="en", theme="dark"), 0), (Screen(size=DESKTOP, language="zh"), 1)],
    ids=["phone-en-dark", "desktop-zh-light"],
)
def test_axe_finds_nothing_serious_on_the_pages_of_a_shopper_who_has_bought(
    shopper: Callable[[Screen], Shopper], open_shop: str, screen: Screen, turn: int
) -> None:
    someone, (walk, number, back) = shopper(screen), _bought_and_returned()
    someone.is_known_as(walk.person)
    someone.opens(f"/returns/{back}/")
    someone.presses('form[action$="/drop-off/"] button')
    paths = (
        *(f"/orders/{number}/", f"/orders/{number}/return/", f"/orders/{number}/invoice/", f"/returns/{back}/"),
        *("/returns/", f"/returns/counter/{returns.token_of(back)}/", "/account/sign-in/", "/texts/terms/"),
    )
    assert _grave(someone, paths[turn::2]) == {}
    someone.opens("/account/sign-in/")
    someone.signs_in("lin@example.com")
    paths = ("/account/", "/account/addresses/", "/account/addresses/new/", "/account/consent/", "/account/wallet/")
    assert _grave(someone, paths[turn::2]) == {}


@pytest.mark.parametrize(
    "screen",
    [Screen(size=DESKTOP, language="en", theme="dark"), Screen(size=PHONE, language="zh")],
    ids=["desktop-en-dark", "phone-zh-light"],
)
def test_axe_finds_nothing_serious_in_the_console(
    clerk: Callable[[Screen], Clerk], open_shop: str, screen: Screen
) -> None:
    _, number, back = _bought_and_returned()
    (parcel,) = parcels.parcels(number)
    one = clerk(screen)
    here = (f"orders/{number}/", f"parcels/{parcel.id}/", f"returns/{back}/", f"returns/{back}/slip/")
    paths = (*here, f"returns/of/{number}/", *(CONSOLE if screen.size == DESKTOP else CONSOLE[:4]))

    assert _grave(one, paths) == {}


def test_words_too_pale_to_read_and_a_field_without_a_name_are_found(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    someone.opens("/help/returns/")
    assert grave(someone.page) == []

    someone.page.evaluate(SPOIL)

    assert [rule for rule, _ in grave(someone.page)] == ["color-contrast", "label"]


def test_a_keyboard_reaches_the_buy_button_and_shows_where_it_is(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    someone.opens("/p/CUP/")
    keys = someone.page.keyboard

    keys.press("Tab")
    assert "skip" in someone.page.evaluate(FOCUSED)
    keys.press("Enter")
    seen = []
    for _ in range(40):
        keys.press("Tab")
        seen.append(someone.page.evaluate(FOCUSED))
        outline = someone.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", seen[-1]
        if 'value="cart"' in seen[-1]:
            break
    keys.press("Enter")
    someone.page.locator("#cart-link .badge").wait_for()

    assert 'value="cart"' in seen[-1]
    assert not any("top-link" in one for one in seen)  # the way past the head leads past the head


def test_a_keyboard_narrows_a_shelf_and_widens_it_again(shopper: Callable[[Screen], Shopper]) -> None:
    someone = shopper(Screen(language="en"))
    someone.opens("/c/cups/")
    first = someone.page.locator(".facet-value").first

    first.focus()
    someone.page.keyboard.press("Enter")
    someone.page.locator(".chosen .chip").first.wait_for()
    assert someone.page.locator(".chosen .chip").count() == 2
    narrowed = someone.page.url
    someone.page.locator(".chosen .chip").first.focus()
    someone.page.keyboard.press("Enter")
    someone.page.locator(".chosen").wait_for(state="detached")

    assert someone.page.url != narrowed
    assert someone.page.locator("h1").inner_text() == "Cups"


@pytest.mark.parametrize("path", ["/", "/c/cups/", "/p/CUP/"])
def test_nothing_jumps_while_a_page_comes_in(shopper: Callable[[Screen], Shopper], path: str) -> None:
    someone = shopper(Screen(size=PHONE, language="zh"))
    someone.context.add_init_script(
        "window.jumped = 0; new PerformanceObserver((list) => list.getEntries().forEach((one) => {"
        "if (!one.hadRecentInput) window.jumped += one.value})).observe({type: 'layout-shift', buffered: true})"
    )
    someone.opens(path)
    someone.page.wait_for_timeout(300)

    assert someone.page.evaluate("window.jumped") < 0.02


def _grave(someone: Shopper | Clerk, paths: Sequence[str]) -> dict[str, list[object]]:
    """What axe finds that keeps somebody from using a page, by page."""
    found = {}
    for path in paths:
        someone.opens(path)
        if faults := grave(someone.page):
            found[path] = faults
    return found


def _bought_and_returned() -> tuple[Trail, str, str]:
    """Somebody's walk, the number of an order of theirs that arrived, and that of a return that is asked for."""
    walk = made.a_cart({"CUP": 2})
    placed = made.place(walk)
    total = orders.order_for_staff(made.SHOP, placed.order_number).total
    paying.settle(shop=made.SHOP, provider="sandbox", message=made.a_message(placed, amount=total.minor))
    drain(fulfilment.reader)
    (parcel,) = parcels.parcels(placed.order_number)
    delivering.pick(parcel_id=parcel.id, by=made.CLERK)
    delivering.pack(parcel_id=parcel.id, weight_g=700, by=made.CLERK)
    delivering.hand_over(parcel_id=parcel.id, carrier="SF", tracking="SF100200300", by=made.CLERK)
    delivering.deliver(parcel_id=parcel.id, by=made.CLERK)
    number = returning.request(
        order_number=placed.order_number, units={1: 1}, reason=Reason.CHANGED_MIND, trail=walk, by=made.by(walk)
    )
    return walk, placed.order_number, number

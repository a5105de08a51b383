"""Both sides of the counter: an order is shipped and comes back; what the console changes, the shop shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.journeys.clerk import Clerk
from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.shop import made
from zhanggui.base import clock
from zhanggui.base.audit import ports as audit
from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.doors.carriers import actions as carrier_side
from zhanggui.doors.storefront.returning import drawn
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.fulfilment import handlers as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.fulfilment.rules import ScanKind
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.payments import actions as paying
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.rules import RefundState, Tender, TenderKind
from zhanggui.shop.returns import queries as returns
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.relay.actions import drain

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_ZH, PHONE_EN = Screen(size=PHONE, language="zh"), Screen(size=PHONE, language="en")
DESKTOP_ZH, DESKTOP_EN = Screen(size=DESKTOP, language="zh"), Screen(size=DESKTOP, language="en")


class Bought:
    """Somebody who has ordered three trays for 33.33 each and pays 50.00 of them with a gift card."""

    def __init__(self, someone: Shopper) -> None:
        self.someone, self.page = someone, someone.page
        self.walk = made.a_cart({"TRAY": 3})
        card = made.cny(5000)
        (issued,) = paying.issue_cards(
            count=1,
            value=card,
            expires_at=clock.now() + timedelta(days=9),
            is_sold=True,
            note="",
            trail=Trail(shop=made.SHOP),
            by=made.CLERK,
        )
        self.card_id = issued.id
        tender = Tender(kind=TenderKind.GIFT_CARD, holder=issued.id, amount=card)
        self.number = made.place(self.walk, tenders=(tender,)).order_number
        someone.is_known_as(self.walk.person)

    def pays(self) -> None:
        """At the sandbox; then the relay plans the parcel."""
        self.looks()
        if self.page.locator("#provider").is_visible():
            self.page.locator("#provider").select_option("sandbox")
        self.someone.presses(".order-pay button")
        self.someone.presses("button[value=pay]")
        self.page.locator(".order-mark.good").wait_for()
        drain(fulfilment.reader)

    def looks(self) -> None:
        """At the order."""
        self.someone.opens(f"/orders/{self.number}/")

    def asks_to_return_one(self) -> str:
        """Change their mind about one tray; the number of the return."""
        self.looks()
        self.someone.presses(f'a[href="/orders/{self.number}/return/"]')
        self.page.locator("[name=u1]").select_option("1")
        self.page.locator("#reason").select_option("changed_mind")
        self.someone.presses(".returns-choice button")
        self.someone.shows("return-ask")
        self.someone.presses("#money button.is-main")
        self.someone.presses('form[action$="/drop-off/"] button')
        return self.someone.path.strip("/").rpartition("/")[2]


@pytest.fixture
def bought(shopper: Callable[[Screen], Shopper], open_shop: str) -> Callable[[Screen], Bought]:
    """A buyer with a screen."""
    made.a_product("TRAY", price=3333, units=9)
    return lambda screen: Bought(shopper(screen))


def packs_and_ships(clerk: Clerk, number: str, *, units: int = 3) -> str:
    """Pick, count, pack and ship the order's only parcel; its tracking number."""
    clerk.opens("parcels/")
    clerk.shows("parcels")
    clerk.presses("a.desk-number")
    clerk.presses(".parcel-do button.is-main")
    clerk.page.locator("[name^=counted-]").fill(str(units))
    clerk.shows("pack")
    clerk.presses(".parcel-do button.is-main")
    clerk.presses(".parcel-do button.is-main")
    clerk.shows("shipped")
    (parcel,) = parcels.parcels(number)
    assert parcel.tracking
    return parcel.tracking


def sees(clerk: Clerk, tracking: str, kind: ScanKind) -> None:
    """Something happens to the parcel, and the clerk asks the carrier."""
    carrier_side.decide(tracking=tracking, kind=kind)
    clerk.presses(".parcel-do button.is-main")


def inspects_and_refunds(clerk: Clerk, code: str) -> None:
    """Scan the shopper's code, take the parcel in, find the piece good, let the money go back."""
    clerk.opens("returns/")
    clerk.page.fill("#code", code)
    clerk.presses(".return-scan button")
    clerk.shows("return-scanned")
    clerk.presses(".return-do button.is-main")
    clerk.page.locator("[name=verdict1][value=sellable]").check()
    clerk.presses(".return-do button.is-main")
    clerk.presses(".return-do button.is-main")
    clerk.shows("return-refunded")


def going_back(page: Page) -> int:
    """What the order's page says to go back, by all ways together, in fen."""
    return sum(int(re.sub(r"[^0-9]", "", said)) for said in page.locator(".back .figure").all_inner_texts())


@pytest.mark.usefixtures("carrier")
@pytest.mark.parametrize(("outside", "inside"), [(PHONE_ZH, DESKTOP_EN), (DESKTOP_EN, PHONE_ZH)], ids=str)
def test_an_order_is_shipped_followed_returned_by_its_code_and_refunded_to_the_fen(
    bought: Callable[[Screen], Bought],
    shopper: Callable[[Screen], Shopper],
    clerk: Callable[[Screen], Clerk],
    outside: Screen,
    inside: Screen,
) -> None:
    one = bought(outside)
    one.pays()
    someone_at_work = clerk(inside)
    tracking = packs_and_ships(someone_at_work, one.number)
    one.looks()
    assert tracking in one.page.locator(".parcel").inner_text()
    sees(someone_at_work, tracking, ScanKind.OUT_FOR_DELIVERY)
    one.looks()
    assert one.page.locator(".parcel-scans li").count() == 1
    one.someone.shows("parcel-on-its-way")
    sees(someone_at_work, tracking, ScanKind.DELIVERED)

    number = one.asks_to_return_one()
    one.someone.shows("return-code")
    address = f"{one.someone.address}/returns/counter/{returns.token_of(number)}/"
    squares = "document.querySelector('.returns-code svg path').getAttribute('d')"
    assert one.page.evaluate(squares) in drawn(address)  # what a phone would read
    counter = shopper(PHONE_EN)
    counter.opens(urlsplit(address).path)
    counter.shows("counter")
    counter.presses(".returns-counter button")
    inspects_and_refunds(someone_at_work, address)

    (refund,) = payments.refunds_of(one.number)
    paying.pay_back(refund_id=refund.id)
    (refund,) = payments.refunds_of(one.number)
    assert (refund.amount, refund.by_provider, refund.state) == (made.cny(3333), made.cny(1845), RefundState.DONE)
    assert ledger.balance(shop=made.SHOP, account=Account.GIFT_CARDS, currency="CNY", holder=one.card_id) == made.cny(
        1488
    )
    assert {name: list(found) for name, ask in audit.audits.items() if (found := ask())} == {}
    order = orders.order_for_staff(made.SHOP, one.number)
    assert (order.total, order.refunded, order.lines[0].returned_units) == (made.cny(11199), made.cny(3333), 1)
    one.looks()
    assert going_back(one.page) == 3333
    one.someone.shows("order-refunded")


@pytest.mark.usefixtures("carrier")
@pytest.mark.parametrize(
    "screen",
    [
        Screen(size=PHONE, language="zh", has_scripts=False),
        Screen(size=DESKTOP, language="en", has_scripts=False),
    ],
    ids=str,
)
def test_without_scripts_one_pays_follows_and_returns_all_the_same(
    bought: Callable[[Screen], Bought], clerk: Callable[[Screen], Clerk], screen: Screen
) -> None:
    one = bought(screen)
    one.pays()
    someone_at_work = clerk(PHONE_EN if screen.size == DESKTOP else DESKTOP_ZH)
    tracking = packs_and_ships(someone_at_work, one.number)
    sees(someone_at_work, tracking, ScanKind.DELIVERED)

    number = one.asks_to_return_one()

    assert one.page.locator(".returns-code svg").is_visible()
    assert one.page.locator(".returns-number").inner_text() == number
    one.someone.shows("return-code")
    inspects_and_refunds(someone_at_work, number)
    one.looks()
    assert going_back(one.page) == 3333


@pytest.mark.parametrize(("outside", "inside"), [(PHONE_EN, DESKTOP_ZH), (DESKTOP_ZH, PHONE_EN)], ids=str)
def test_a_price_or_a_delivery_in_the_console_is_in_the_shop_at_the_next_load(
    shopper: Callable[[Screen], Shopper], clerk: Callable[[Screen], Clerk], outside: Screen, inside: Screen
) -> None:
    made.a_product("VASE", price=8800, units=0)
    someone, someone_at_work = shopper(outside), clerk(inside)
    someone.opens("/p/VASE/")
    assert "88.00" in someone.page.locator(".offer .price").inner_text()
    assert not someone.page.locator(".buy").is_visible()

    someone_at_work.opens(f"products/{catalogue.products(['VASE'])['VASE'].product}/")
    someone_at_work.page.locator('[name="sku.0.price"]').fill("79.50")
    someone_at_work.shows("product")
    someone_at_work.presses(".save button.is-main")
    someone.opens("/p/VASE/")
    assert "79.50" in someone.page.locator(".offer .price").inner_text()

    someone_at_work.opens("stock/of/VASE/")
    someone_at_work.page.fill("#receive-units", "4")
    someone_at_work.shows("stock")
    someone_at_work.presses('form[action*="/receive/"] button.is-main')
    someone.opens("/p/VASE/")
    assert someone.page.locator(".buy").is_visible()
    assert "4" in someone.page.locator(".assurances li").first.inner_text()
    someone.shows("price-and-stock-changed")

"""In a cart of another currency: what holds in the shop's own only is left out and says so; floors hold at the rate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.growth.flash.made import a_pick, a_sale
from tests.growth.presale.made import a_deposit, a_presale, balances_are_open
from tests.growth.promotions.made import DESK, STAFF, live
from tests.growth.teams.made import an_offer, open_by, somebody
from tests.shop.made import SHOP, a_cart, cny
from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.rates import actions as exchange
from zhanggui.base.rates.rules import Rate
from zhanggui.growth.promotions import actions, queries
from zhanggui.growth.promotions.rules import Reason, Target
from zhanggui.shop.checkout import queries as counters
from zhanggui.shop.checkout.rules import Quote
from zhanggui.spine.log.rules import Trail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("shop")]
# 59.90 yuan at 8 yuan a euro, half up.
IN_EURO = Money(749, "EUR")


@pytest.fixture(autouse=True)
def at_eight() -> None:
    exchange.set_rates(rates=[Rate(base="EUR", quote="CNY", rate=Decimal("8"), on=date(2026, 1, 1))])


def quoted(walk: Trail, currency: str = "EUR") -> Quote:
    quote = counters.counter(SHOP, walk.person, at=clock.now(), currency=currency).quote
    assert quote is not None
    return quote


def left_out(quote: Quote) -> list[tuple[str, Reason]]:
    said = queries.said_of(quote.basket)
    assert said is not None
    return [(each.kind, each.reason) for each in said.rejected]


def test_a_flash_price_holds_in_the_shops_own_currency_only() -> None:
    a_sale(a_pick(price=3990))
    walk = a_cart({"CUP": 1})
    assert (quoted(walk, "").goods, quoted(walk).goods) == (cny(3990), IN_EURO)
    assert left_out(quoted(walk)) == [("flash", Reason.OTHER_CURRENCY)]


def test_a_group_price_too() -> None:
    who = somebody()
    open_by(an_offer("TRAY"), who)
    walk = a_cart({"TRAY": 1}, walk=who[0])
    assert (quoted(walk, "").goods, quoted(walk).goods) == (cny(3990), IN_EURO)
    assert left_out(quoted(walk)) == [("group", Reason.OTHER_CURRENCY)]


def test_a_balance_is_paid_as_it_was_agreed_or_not_at_all() -> None:
    presale = a_presale(price=cny(5990), first=cny(500), credit=cny(1000), quantity=5)
    walk, _ = somebody()
    a_deposit(presale, walk)
    balances_are_open(presale)
    a_cart({"CUP": 1}, walk=walk)
    assert (quoted(walk, "").goods, quoted(walk).goods) == (cny(4990), IN_EURO)
    assert left_out(quoted(walk)) == [("presale", Reason.OTHER_CURRENCY)]


def test_what_speaks_of_an_amount_is_left_out_and_a_rate_is_not() -> None:
    live("price", {"currency": "CNY", "price": 3990}, target=Target(skus=frozenset({"CUP"})))
    live("price", {"off": "0.1"})
    quote = quoted(a_cart({"CUP": 1}))
    assert quote.goods == Money(674, "EUR")
    assert left_out(quote) == [("price", Reason.OTHER_CURRENCY)]


@pytest.mark.parametrize(("floor", "price"), [(5000, 674), (5600, 700), (5990, 749), (9000, 749)])
def test_a_floor_holds_at_the_rate_of_the_day(floor: int, price: int) -> None:
    """A tenth off 7.49 is 6.74; a floor of 56.00 yuan is 7.00 euro."""
    live("price", {"off": "0.1"})
    actions.set_floor(sku="CUP", price=cny(floor), trail=DESK, by=STAFF)
    assert quoted(a_cart({"CUP": 1})).goods == Money(price, "EUR")


def test_the_checkout_says_so_in_words_and_the_button_of_the_sale_pays_in_the_shops_own(settings: Settings) -> None:
    settings.OWN_SHOP = SHOP
    sale = a_sale(a_pick(price=3990))
    client = Client(headers={"accept-language": "en"})
    client.cookies["currency"] = "EUR"
    answer = client.post(f"/flash/{sale}/buy/CUP/")
    assert (answer.headers["Location"], answer.cookies["currency"].value) == ("/checkout/", "")
    assert "CN¥39.90" in client.get("/checkout/").content.decode()
    client.cookies["currency"] = "EUR"
    page = client.get("/checkout/").content.decode()
    assert "It holds for another currency than the one you pay in." in page
    assert "7.49" in page

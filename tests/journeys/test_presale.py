"""A presale in the browser: deposit, account, balance, delivery; and the deposit that is lost."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.growth.presale.made import a_deposit, a_presale, all_fits, balances_are_open, balances_are_over, held
from tests.journeys.by_and_by import time_passes
from tests.journeys.clerk import Clerk
from tests.journeys.shopper import DESKTOP, PHONE, Screen, Shopper
from tests.journeys.signed_in import as_member
from tests.journeys.test_both_sides import packs_and_ships, sees
from tests.shop import made
from zhanggui.growth.presale import actions as presales
from zhanggui.growth.presale import models
from zhanggui.growth.presale.rules import State
from zhanggui.shop.fulfilment.rules import ScanKind
from zhanggui.shop.orders import queries as orders
from zhanggui.supply.stock import queries as stock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIGNS = {"zh": "¥", "en": "CN¥"}
PHONE_ZH, PHONE_EN = Screen(size=PHONE, language="zh"), Screen(size=PHONE, language="en")
DESKTOP_EN = Screen(size=DESKTOP, language="en")


class Reserver:
    """Somebody who reserves a pot at 500 with 50 that are worth 100."""

    def __init__(self, someone: Shopper) -> None:
        self.someone, self.page, self.sign = someone, someone.page, SIGNS[someone.screen.language]
        made.a_product("POT", price=50000)
        self.presale = a_presale(sku="POT")

    def pays_the_deposit(self) -> UUID:
        """From the article's page, without an account or an address, to the paid deposit; the reservation."""
        self.someone.opens("/p/POT/")
        assert f"{self.sign}450.00" in self.someone.reads(".presale-worth")
        self.someone.presses(".presale-block a.is-main")
        self.someone.presses("main a.is-main")
        self.someone.signs_in("presale@example.com")
        assert self.someone.path == f"/presales/{self.presale}/"
        self.someone.shows("presale-no-address")
        self.someone.presses("main a.is-main")
        self.someone.fills_in_where()
        self.someone.presses(".fields button.is-main")
        assert self.someone.path == f"/presales/{self.presale}/"
        self.someone.shows("presale")
        if self.page.locator("#provider").is_visible():
            self.page.locator("#provider").select_option("sandbox")
        self.page.locator("[name=agree]").check()
        self.someone.presses(".presale-form button.is-main")
        number = self.someone.pays()
        self.someone.shows("presale-deposit-paid")
        row = models.Reservation.objects.get(deposit_order=number)
        time_passes()
        return row.pk

    def looks(self, reservation: UUID) -> str:
        """At the reservation, by way of the account; what stands there."""
        self.someone.opens("/account/")
        self.someone.presses('a[href="/presales/mine/"]')
        self.someone.presses(".presale-title a")
        assert self.someone.path == f"/presales/mine/{reservation}/"
        return self.someone.reads()


@pytest.mark.usefixtures("carrier")
@pytest.mark.parametrize(("outside", "inside"), [(PHONE_ZH, DESKTOP_EN), (DESKTOP_EN, PHONE_ZH)], ids=str)
def test_a_deposit_leads_to_a_balance_and_the_balance_to_the_door(
    shopper: Callable[[Screen], Shopper], clerk: Callable[[Screen], Clerk], outside: Screen, inside: Screen
) -> None:
    one = Reserver(shopper(outside))
    sign, someone = one.sign, one.someone
    reservation = one.pays_the_deposit()
    assert (held(reservation), stock.free(["POT"])) == (1, {"POT": 9})
    said = one.looks(reservation)
    for amount in ("450.00", "400.00", "50.00"):
        assert f"{sign}{amount}" in said
    assert someone.page.locator(".presale-steps li.is-done").count() == 1
    assert someone.page.locator("form[action$='/balance/']").count() == 0
    someone.shows("presale-waits")

    balances_are_open(one.presale)
    one.looks(reservation)
    someone.shows("presale-balance")
    someone.presses("form[action$='/balance/'] button")
    assert someone.path == "/checkout/"
    assert f"{sign}412.00" in someone.reads(".sum-total")
    someone.shows("presale-checkout")
    someone.presses(".sum button.is-main")
    number = someone.pays()
    time_passes()
    order = orders.order_for_staff(made.SHOP, number)
    assert (order.goods, order.total) == (made.cny(40000), made.cny(41200))
    one.looks(reservation)
    assert someone.page.locator(".presale-steps li.is-done").count() == 2
    someone.shows("presale-balance-paid")

    someone_at_work = clerk(inside)
    for page in (f"presales/{one.presale}/", "outbox/"):
        someone_at_work.opens(page)
        assert someone_at_work.fits(), page
    tracking = packs_and_ships(someone_at_work, number, units=1)
    sees(someone_at_work, tracking, ScanKind.DELIVERED)
    one.looks(reservation)
    someone.shows("presale-delivered")
    someone.presses(f'.presale-card a[href="/orders/{number}/"]')
    assert tracking in someone.reads(".parcel")
    someone.shows("presale-order")
    assert all_fits()


def test_a_balance_that_nobody_pays_costs_the_deposit_and_frees_the_piece(
    shopper: Callable[[Screen], Shopper],
) -> None:
    one = Reserver(shopper(PHONE_EN))
    reservation = a_deposit(one.presale, as_member(one.someone, "presale@example.com").walk)
    time_passes()
    balances_are_open(one.presale)
    one.looks(reservation)
    assert one.page.locator("form[action$='/balance/']").is_visible()

    balances_are_over(one.presale)
    time_passes(presales.every_minute)

    one.looks(reservation)
    assert one.page.locator(".presale-card .bad").is_visible()
    assert one.page.locator("form[action$='/balance/']").count() == 0
    assert one.page.locator(".presale-steps [aria-current]").count() == 0
    one.someone.shows("presale-forfeited")
    row = models.Reservation.objects.get(pk=reservation)
    assert (row.state, stock.free(["POT"])) == (State.FORFEITED, {"POT": 10})
    assert not orders.order_by_number(row.deposit_order).refunded
    one.someone.presses(f'a[href="/orders/{row.deposit_order}/"]')
    assert one.page.locator("a[href$='/return/'], a[href^='/account/reviews/']").count() == 0
    one.someone.shows("presale-forfeited-order")
    assert all_fits()

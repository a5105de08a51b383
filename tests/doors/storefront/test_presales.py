"""Presales in the shop: the list, the deposit with its law, a shopper's own up to the balance."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.test import Client

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import Walker
from tests.growth.presale.conftest import plugged
from tests.growth.presale.made import HOUR, a_presale, balances_are_open, balances_are_over, pay, state
from tests.shop.made import ADDRESS, a_product, cny, statements
from zhanggui.base import clock
from zhanggui.growth.presale import actions, models
from zhanggui.growth.presale.rules import State
from zhanggui.shop.customers import actions as customers
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.models import Order
from zhanggui.shop.payments.models import Payment

__all__ = ["plugged"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plugged")]


@pytest.fixture
def presale(shelves: None) -> UUID:
    a_product("POT", price=50000)
    return a_presale(sku="POT")


@pytest.fixture
def shopper(walker: Walker, presale: UUID) -> Walker:
    """Somebody who is signed in and has an address."""
    sign_in(walker)
    customers.keep_address(customer_id=Customer.objects.get().id, address=ADDRESS)
    return walker


def reserve(shopper: Walker, presale: UUID, *, units: int = 1, **said: str) -> models.Reservation:
    page = shopper.opens(f"/presales/{presale}/?units={units}")
    typed = {"agree": "yes", "provider": "sandbox"} | said
    shopper.sends(page, f"/presales/{presale}/", follow=False, **typed)
    return models.Reservation.objects.get()


def paid(row: models.Reservation) -> None:
    pay(row.deposit_order, str(Payment.objects.get(order_number=row.deposit_order).pk))


def test_the_list_says_so_when_there_is_none(walker: Walker) -> None:
    assert "No presale just now" in walker.opens("/presales/").text


def test_the_list_and_the_product_page_show_the_sums(walker: Walker, presale: UUID) -> None:
    for address in ("/presales/", "/p/POT/"):
        text = walker.opens(address).text
        for said in ("Pay CN¥50.00, worth CN¥100.00", "CN¥450.00", "CN¥400.00"):
            assert said in text
    assert "presale-block" not in walker.opens("/p/CUP/").text


def test_the_list_takes_few_statements(walker: Walker, presale: UUID) -> None:
    walker.opens("/presales/")
    with statements() as sent:
        walker.opens("/presales/")
    assert len(sent) <= 4


def test_a_guest_reads_the_law_and_is_led_to_the_sign_in(walker: Walker, presale: UUID) -> None:
    page = walker.opens(f"/presales/{presale}/")
    for said in ("is not paid back", "you get the deposit back twice", "Sign in to reserve"):
        assert said in page.text
    assert walker.opens("/presales/mine/").address.startswith("/account/sign-in/")


def test_a_deposit_is_paid_by_an_order_of_its_own(shopper: Walker, presale: UUID) -> None:
    row = reserve(shopper, presale, units=2)
    assert (row.units, row.state, row.language) == (2, State.DEPOSIT_DUE, "en")
    assert orders.order_by_number(row.deposit_order).total.minor == 10000
    assert "Pay the deposit" in shopper.opens("/presales/mine/").text
    assert "paid first in a presale" in shopper.opens(f"/orders/{row.deposit_order}/").text


def test_without_the_tick_nothing_is_reserved(shopper: Walker, presale: UUID) -> None:
    page = shopper.opens(f"/presales/{presale}/")
    page = shopper.sends(page, f"/presales/{presale}/", provider="sandbox", agree="")
    assert "Please say that you know what a deposit is" in page.text
    assert not models.Reservation.objects.exists()
    assert not Order.objects.exists()


def test_the_same_form_twice_reserves_once(shopper: Walker, presale: UUID) -> None:
    page = shopper.opens(f"/presales/{presale}/")
    for _ in range(2):
        shopper.sends(page, f"/presales/{presale}/", follow=False, provider="sandbox", agree="yes")
    assert models.Reservation.objects.count() == 1


def test_a_prepayment_stands_under_its_own_word(shopper: Walker) -> None:
    dear = a_presale(sku="POT", first=cny(10000), credit=cny(15000))
    text = shopper.opens(f"/presales/{dear}/").text
    assert "Prepayment, now, refundable" in text
    assert "The CN¥10.00 beyond it are a prepayment" in text
    assert "the deposit of CN¥90.00 is not paid back" in text


def test_the_balance_leads_through_the_ordinary_checkout(shopper: Walker, presale: UUID) -> None:
    row = reserve(shopper, presale, units=2)
    paid(row)
    assert "We write to you when the balance opens" in shopper.opens("/presales/mine/").text
    balances_are_open(presale)
    page = shopper.opens(f"/presales/mine/{row.id}/")
    assert "Pay the balance of CN¥800.00" in page.text
    page = shopper.sends(page, f"/presales/mine/{row.id}/balance/")
    assert page.address.startswith("/checkout/")
    assert "CN¥800.00" in page.text
    assert "Presale price" in page.text


def test_a_balance_whose_time_is_over_is_not_taken(shopper: Walker, presale: UUID) -> None:
    row = reserve(shopper, presale)
    paid(row)
    balances_are_open(presale)
    page = shopper.opens(f"/presales/mine/{row.id}/")
    balances_are_over(presale)
    actions.every_minute()
    page = shopper.sends(page, f"/presales/mine/{row.id}/balance/")
    assert "The balance was not paid in time" in page.text
    assert state(row.id) is State.FORFEITED


def test_nobody_sees_the_reservation_of_somebody_else(shopper: Walker, presale: UUID) -> None:
    row = reserve(shopper, presale)
    models.Reservation.objects.update(person="somebody-else")
    assert shopper.opens(f"/presales/mine/{row.id}/").status == 404


def test_a_coming_presale_can_be_read_and_not_paid(walker: Walker, shelves: None) -> None:
    a_product("POT", price=50000)
    soon = a_presale(sku="POT", deposit_from=clock.now() + HOUR)
    text = walker.opens(f"/presales/{soon}/").text
    assert "Sign in to reserve" not in text
    assert Client().get("/presales/0199f3a1-7c2e-7d4b-9a51-3f6d2c8e1b07/").status_code == 404

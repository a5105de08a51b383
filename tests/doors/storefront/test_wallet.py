"""A shopper's wallet page: guests are led to the sign-in, a card fills it once, somebody else sees nothing of it."""

from __future__ import annotations

import pytest

from tests.doors.storefront.test_account import sign_in
from tests.doors.storefront.walker import Walker
from tests.shop.made import SHOP, statements
from tests.shop.payments.bank import a_card
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.payments import queries

pytestmark = pytest.mark.django_db


def test_a_guest_is_led_to_the_sign_in(walker: Walker) -> None:
    assert walker.opens("/account/wallet/").address == "/account/sign-in/?next=%2Faccount%2Fwallet%2F"


def test_a_gift_card_fills_the_wallet_once(walker: Walker) -> None:
    _, code = a_card(20000)
    sign_in(walker)
    page = walker.opens("/account/wallet/")
    assert "Nothing yet." in page.text
    page = walker.sends(page, "/account/wallet/", code=code.lower().replace("-", " "))
    assert "CN¥200.00 are in your wallet now." in page.text
    assert "Gift card" in page.text
    assert "+CN¥200.00" in page.text
    assert "Nothing is left on this gift card." in walker.sends(page, "/account/wallet/", code=code).text
    wrong = walker.sends(page, "/account/wallet/", code="<b>nonsense</b>")
    assert (wrong.status, "No gift card has this code." in wrong.text) == (422, True)
    assert "<b>nonsense" not in wrong.html
    assert "CN¥200.00" in walker.opens("/account/").text
    customer = Customer.objects.get()
    assert queries.wallet(SHOP, str(customer.pk)).minor == 20000


def test_the_page_asks_the_database_as_often_for_many_moves_as_for_few(walker: Walker) -> None:
    sign_in(walker)
    asked = []
    for _n in range(2):
        for _m in range(3):
            walker.sends(walker.opens("/account/wallet/"), "/account/wallet/", code=a_card(100)[1])
        with statements() as sent:
            walker.opens("/account/wallet/")
        asked.append(len(sent))
    assert asked[0] == asked[1] <= 10

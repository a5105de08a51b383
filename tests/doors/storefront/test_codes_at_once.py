"""Codes under two hands at once, on a database that really commits."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from tests.doors.storefront.test_account import allow_another_code, ask, last_code
from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.base.accounts.models import Account, Session
from zhanggui.shop.customers.models import Consent, Customer
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_code_used_twice_at_once_signs_in_once(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    made.a_shop()
    walker = Walker(Client(headers={"Accept-Language": "en"}))
    ask(walker)
    code, key = last_code(), walker.client.cookies["shop_session"].value

    def come(_: int) -> HttpResponse:
        browser = Client(headers={"Accept-Language": "en"})
        browser.cookies["shop_session"] = key
        return browser.post("/account/code/", {"code": code})

    answers = made.at_once(come, 6)

    led = sorted(one.headers["Location"] for one in answers)  # type: ignore[union-attr]
    assert led == ["/account/", *["/account/sign-in/"] * 5]
    assert Session.objects.exclude(account=None).count() == 1
    assert Customer.objects.count() == 1
    assert Entry.objects.filter(name="shop.customer_signed_in").count() == 1


def test_guessing_in_parallel_gives_no_more_than_five_tries(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    made.a_shop()
    walker = Walker(Client(headers={"Accept-Language": "en"}))
    ask(walker)
    code, key = last_code(), walker.client.cookies["shop_session"].value
    wrong = [f"{n:06}" for n in range(12) if f"{n:06}" != code][:11]

    def guess(n: int) -> int:
        browser = Client(headers={"Accept-Language": "en"})
        browser.cookies["shop_session"] = key
        return browser.post("/account/code/", {"code": wrong[n]}).status_code

    answers = made.at_once(guess, 11)

    assert answers.count(422) == 4
    assert walker.opens("/account/code/").address.startswith("/account/sign-in/")


def test_two_who_sign_up_with_one_address_at_once_are_one_customer(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    made.a_shop()
    walkers, codes = [], []
    for _ in range(4):
        walker = Walker(Client(headers={"Accept-Language": "en"}))
        ask(walker, "lin@example.com")
        walkers.append(walker)
        codes.append(last_code())
        allow_another_code()

    made.at_once(lambda n: walkers[n].client.post("/account/code/", {"code": codes[n]}), 4)

    assert (Account.objects.count(), Customer.objects.count(), Consent.objects.count()) == (1, 1, 2)
    assert Session.objects.exclude(account=None).count() == 4
    assert Entry.objects.filter(name="shop.customer_registered").count() == 1

"""Signing in with a code, and what a signed-in shopper sees."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.doors.storefront.walker import ADDRESS, Page, Walker
from tests.shop.made import SHOP
from zhanggui.base.accounts.models import Account, Session
from zhanggui.base.accounts.rules import Kind
from zhanggui.base.outbox.models import Letter
from zhanggui.shop.customers.models import Consent, Customer
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.django_db

PHONE = "138 0013 8000"


def last_code() -> str:
    """The code in the newest message."""
    letter = Letter.objects.order_by("-id").first()
    assert letter
    found = re.search(r"\b\d{6}\b", letter.words)
    assert found
    return found[0]


def ask(walker: Walker, handle: str = PHONE, **typed: str) -> Page:
    """Ask for a code on the sign-in page, as somebody who agrees."""
    return walker.sends(
        walker.opens("/account/sign-in/"), "/account/sign-in/", **{"handle": handle, "agree": "yes"} | typed
    )


def sign_in(walker: Walker, handle: str = PHONE) -> Page:
    page = ask(walker, handle)
    assert page.status == 200, page.text
    return walker.sends(page, "/account/code/", code=last_code())


def allow_another_code() -> None:
    """The wait between two codes is over."""
    with connection.cursor() as cursor:
        cursor.execute("delete from base_accounts_asked")


def test_a_code_makes_an_account_and_leads_to_it(walker: Walker) -> None:
    page = sign_in(walker)

    assert page.address == "/account/"
    assert "You are signed in." in page.text
    account = Account.objects.get()
    assert (account.kind, account.phone, account.role, account.verified_at is not None) == (
        Kind.SHOPPER,
        "+8613800138000",
        "",
        True,
    )
    customer = Customer.objects.get()
    assert (customer.account_id, customer.phone) == (account.pk, "+8613800138000")
    assert {one.purpose for one in Consent.objects.all()} == {"terms", "privacy"}


def test_a_mail_address_works_as_well(walker: Walker) -> None:
    page = sign_in(walker, "Lin@Example.com ")

    assert page.address == "/account/"
    assert Account.objects.get().email == "lin@example.com"
    assert Letter.objects.get().subject.endswith("is your code for 掌柜小铺")


def test_a_wrong_code_opens_nothing_and_after_five_not_even_the_right_one_does(walker: Walker) -> None:
    page = ask(walker)
    right = last_code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(4):
        page = walker.sends(page, "/account/code/", code=wrong)
        assert "That is not the code." in page.text
    page = walker.sends(page, "/account/code/", code=wrong)
    assert page.address.startswith("/account/sign-in/")
    assert "no longer good" in page.text

    assert walker.opens("/account/code/").address.startswith("/account/sign-in/")
    assert not Customer.objects.exists()
    assert Account.objects.get().verified_at is None


def test_a_code_is_of_no_use_in_another_browser(walker: Walker, another: Callable[..., Walker]) -> None:
    ask(walker)
    stranger = another(**{"Accept-Language": "en"})

    assert stranger.opens("/account/code/").address.startswith("/account/sign-in/")


def test_a_code_opens_the_door_once(walker: Walker) -> None:
    page = ask(walker)
    right = last_code()
    fields = page.fields("/account/code/")
    key = walker.client.cookies["shop_session"].value
    assert walker.sends(page, "/account/code/", code=right).address == "/account/"

    thief = Client(headers={"Accept-Language": "en"})
    thief.cookies["shop_session"] = key
    answer = thief.post("/account/code/", {**fields, "code": right})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/account/sign-in/")


def test_who_has_an_account_and_who_has_none_is_told_the_same(walker: Walker, another: Callable[..., Walker]) -> None:
    sign_in(walker)
    allow_another_code()
    first, second = (another(**{"Accept-Language": "en"}) for _ in range(2))

    known, unknown = ask(first, PHONE), ask(second, "13900139000")

    def said(page: Page) -> str:
        return page.text.replace("138****8000", "…").replace("139****9000", "…")

    assert said(known) == said(unknown)
    assert (known.status, known.address) == (unknown.status, unknown.address)


def test_a_second_code_has_to_wait(walker: Walker, another: Callable[..., Walker]) -> None:
    ask(walker)

    page = ask(another(**{"Accept-Language": "en"}), "+86 138-0013-8000")

    assert page.status == 429
    assert 0 < int(page.headers["Retry-After"]) <= 50
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    "handle", ["", "lin", "12345", "lin@", "138 0013 800", "x" * 300, "a\x00@b.cn", "138\x0000138000"]
)
def test_what_is_neither_number_nor_address_is_said_so(walker: Walker, handle: str) -> None:
    page = ask(walker, handle)

    assert page.status == 422
    assert "neither a phone number nor an email address" in page.text
    assert not Account.objects.exists()


def test_nobody_signs_in_without_agreeing(walker: Walker) -> None:
    page = ask(walker, agree="")

    assert page.status == 422
    assert not Letter.objects.exists()


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(walker: Walker, elsewhere: str) -> None:
    page = ask(walker, next=elsewhere)

    assert walker.sends(page, "/account/code/", code=last_code()).address == "/account/"


def test_a_guest_is_led_to_the_sign_in_and_back(walker: Walker) -> None:
    page = walker.opens("/account/addresses/")
    assert page.address == "/account/sign-in/?next=%2Faccount%2Faddresses%2F"

    page = walker.sends(page, "/account/sign-in/", handle=PHONE, agree="yes")
    assert walker.sends(page, "/account/code/", code=last_code()).address == "/account/addresses/"


def test_the_guests_cart_and_addresses_come_along_and_follow_to_another_device(
    walker: Walker, another: Callable[..., Walker]
) -> None:
    walker.orders("CUP")
    walker.lays_aside("BOWL", 2)
    sign_in(walker)
    allow_another_code()
    phone = another(**{"Accept-Language": "en"})
    phone.lays_aside("LONGJING")
    sign_in(phone)

    assert "3 pieces" in phone.opens("/cart/").html
    assert "3 pieces" in walker.opens("/cart/").html
    assert ADDRESS["street"] in phone.opens("/account/addresses/").text
    assert Customer.objects.filter(joined_to=None).count() == 1


def test_the_browser_in_which_a_guest_ordered_does_not_become_a_key_to_the_account(
    walker: Walker, another: Callable[..., Walker]
) -> None:
    walker.orders("CUP")
    owner = another(**{"Accept-Language": "en"})
    sign_in(owner)
    owner.lays_aside("BOWL", 5)

    assert "5 pieces" not in walker.opens("/cart/").html
    assert not walker.opens("/account/").address.endswith("/account/")


def test_an_order_of_somebody_else_in_the_same_browser_stays_theirs(walker: Walker) -> None:
    walker.orders("CUP")  # as a guest, with another number than the one that is proved below
    sign_in(walker, "13900139000")

    customer = Customer.objects.get(account_id__isnull=False)
    assert customer.earlier == []
    assert not Customer.objects.exclude(joined_to=None).exists()
    assert ADDRESS["street"] not in walker.opens("/account/addresses/").text


def test_signing_out_leaves_a_stranger(walker: Walker) -> None:
    sign_in(walker)
    walker.lays_aside("BOWL", 2)
    before = walker.id

    page = walker.sends(walker.opens("/account/"), "/account/sign-out/", where="here")

    assert "You are signed out." in page.text
    assert walker.id != before
    assert "2 pieces" not in walker.opens("/cart/").html
    assert walker.opens("/account/").address.startswith("/account/sign-in/")


def test_ending_the_sessions_signs_out_at_once(walker: Walker) -> None:
    sign_in(walker)
    walker.lays_aside("BOWL", 2)
    assert walker.opens("/account/").address == "/account/"

    Session.objects.all().delete()

    assert walker.opens("/account/").address.startswith("/account/sign-in/")
    assert "2 pieces" not in walker.opens("/cart/").html


def test_a_session_that_has_expired_is_none(walker: Walker) -> None:
    sign_in(walker)
    with connection.cursor() as cursor:
        cursor.execute("update base_accounts_session set expire_date = now() - interval '1 second'")

    assert walker.opens("/account/").address.startswith("/account/sign-in/")


def test_signing_out_everywhere_ends_the_other_browsers_too(walker: Walker, another: Callable[..., Walker]) -> None:
    sign_in(walker)
    allow_another_code()
    other = another(**{"Accept-Language": "en"})
    sign_in(other)

    other.sends(other.opens("/account/"), "/account/sign-out/", where="everywhere")

    assert walker.opens("/account/").address.startswith("/account/sign-in/")
    assert not Session.objects.exclude(account=None).exists()


def test_one_statement_knows_who_is_signed_in_and_none_is_sent_for_a_guest(walker: Walker) -> None:
    def asked_about_sessions() -> list[str]:
        with CaptureQueriesContext(connection) as sent:
            assert walker.opens("/account/").status == 200
        return [one["sql"] for one in sent if "session" in one["sql"].lower() or "customer" in one["sql"].lower()]

    assert asked_about_sessions() == []
    sign_in(walker)
    walker.opens("/account/")
    assert len(asked_about_sessions()) == 1


def test_the_sign_in_is_told_without_number_or_address(walker: Walker) -> None:
    browser = walker.id if walker.opens("/") else ""
    sign_in(walker)

    customer = Customer.objects.get()
    told = Entry.objects.filter(name="shop.customer_signed_in").get()
    assert told.person == customer.visitor_id
    assert told.body == {"customer_id": str(customer.id), "visitor_id": browser}
    assert not [row for row in Entry.objects.all() if "13800138000" in str(row.body)]


def test_a_second_number_is_added_with_a_code_and_brings_its_guest_along(
    walker: Walker, another: Callable[..., Walker]
) -> None:
    walker.orders("CUP")  # a guest with the phone number
    member = another(**{"Accept-Language": "en"})
    sign_in(member, "lin@example.com")
    page = member.sends(member.opens("/account/contact/"), "/account/contact/", handle=PHONE)

    page = member.sends(page, "/account/code/", code=last_code())

    assert page.address == "/account/contact/"
    assert (Account.objects.get().phone, Account.objects.get().email) == ("+8613800138000", "lin@example.com")
    assert Customer.objects.exclude(joined_to=None).count() == 1
    assert ADDRESS["street"] in member.opens("/account/addresses/").text


def test_the_number_of_another_account_is_refused(walker: Walker, another: Callable[..., Walker]) -> None:
    sign_in(walker)
    allow_another_code()
    member = another(**{"Accept-Language": "en"})
    sign_in(member, "lin@example.com")
    page = member.sends(member.opens("/account/contact/"), "/account/contact/", handle=PHONE)

    page = member.sends(page, "/account/code/", code=last_code())

    assert page.status == 409
    assert "belongs to another account" in page.text
    assert Account.objects.get(email="lin@example.com").phone is None


def test_the_shop_is_the_one_that_was_walked_into(walker: Walker) -> None:
    sign_in(walker)

    assert Customer.objects.get().shop == SHOP

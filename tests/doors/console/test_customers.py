"""Customers at the console: masked, found by the whole number only, read in full on record."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import URLPattern
from pytest_django.fixtures import Settings

from tests.doors.console.conftest import PASSWORD
from tests.shop import made
from zhanggui.base import ids
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.models import Account, Operator
from zhanggui.base.accounts.rules import Handle, Role, Way
from zhanggui.base.accounts.sessions import SessionStore
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox.rules import Channel, Message
from zhanggui.doors.console import urls
from zhanggui.shop.customers import actions
from zhanggui.shop.customers.models import Customer, Note
from zhanggui.spine.log.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

SECRETS = (made.CONTACT.name, made.CONTACT.phone, made.CONTACT.email, made.ADDRESS.street)


@pytest.fixture
def somebody(db: None) -> str:
    """A customer with an order, an account and an address; her customer id."""
    made.a_shop()
    made.a_product()
    walk = made.a_walk()
    made.an_order(walk=walk)
    handle = Handle(way=Way.PHONE, value="+8613800138000")
    account_id = accounts.open_for(handle=handle)
    accounts.prove(account_id=account_id, handle=handle)
    welcomed = actions.welcome(
        account_id=account_id, phone=handle.value, email="", visitor_id="v-1", trail=walk, by=made.by(walk)
    )
    return str(welcomed.customer_id)


def test_a_list_and_a_customer_are_masked_for_everybody(somebody: str, signed_in: Callable[..., Client]) -> None:
    for role in (Role.OWNER, Role.CLERK):
        client = signed_in(role)
        for address in ("/console/customers/?shop=tea", f"/console/customers/{somebody}/?shop=tea"):
            said = client.get(address).content.decode()
            assert "林**" in said
            assert not [secret for secret in SECRETS if secret in said]


def test_a_whole_number_finds_and_a_part_of_it_does_not(somebody: str, owner: Client) -> None:
    def found(wanted: str) -> bool:
        return somebody in owner.post("/console/customers/?shop=tea", {"q": wanted}).content.decode()

    assert [
        wanted for wanted in ("+86 138 0013 8000", "13800138000", "LIN@example.com", "林小") if not found(wanted)
    ] == []
    assert [wanted for wanted in ("1380013800", "138", "lin@example", "陈", "\x00") if found(wanted)] == []


def test_reading_in_full_needs_the_right_and_is_written_down(somebody: str, signed_in: Callable[..., Client]) -> None:
    address = f"/console/customers/{somebody}/full/?shop=tea"
    assert signed_in(Role.CLERK).post(address).status_code == 403
    assert not Entry.objects.filter(name="shop.customer_unmasked").exists()

    manager = signed_in(Role.MANAGER)
    assert manager.get(address).status_code == 405
    said = manager.post(address).content.decode()

    assert [secret for secret in ("+8613800138000", made.CONTACT.name, made.ADDRESS.street) if secret not in said] == []
    told = Entry.objects.get(name="shop.customer_unmasked")
    operator_id = Operator.objects.get(role=Role.MANAGER).pk
    assert (told.actor, told.body["customer_id"]) == (f"operator:{operator_id}", somebody)


def test_the_export_is_masked_and_an_analyst_may_have_it(somebody: str, signed_in: Callable[..., Client]) -> None:
    assert signed_in(Role.CLERK).get("/console/customers.csv?shop=tea").status_code == 403
    answer = signed_in(Role.ANALYST).get("/console/customers.csv?shop=tea")
    said = b"".join(answer.streaming_content).decode()
    assert f"{somebody},林**" in said
    assert "138****8000" in said
    assert not [secret for secret in SECRETS if secret in said]


def test_no_cell_of_the_export_is_a_formula(somebody: str, signed_in: Callable[..., Client]) -> None:
    Customer.objects.update(name="＝林小满")
    answer = signed_in(Role.ANALYST).get("/console/customers.csv?shop=tea")
    assert f"{somebody},'＝***," in b"".join(answer.streaming_content).decode()


def test_a_note_is_kept_with_who_wrote_it(somebody: str, signed_in: Callable[..., Client]) -> None:
    clerk = signed_in(Role.CLERK)
    clerk.post(f"/console/customers/{somebody}/note/?shop=tea", {"words": "Rings twice.\r\nLikes green tea."})
    clerk.post(f"/console/customers/{somebody}/note/?shop=tea", {"words": "  "})
    clerk.post(f"/console/customers/{somebody}/note/?shop=tea", {"words": "x" * 1001})

    note = Note.objects.get()
    assert (note.words, note.by.split(":")[0]) == ("Rings twice.\nLikes green tea.", "operator")
    page = clerk.get(f"/console/customers/{somebody}/?shop=tea").content.decode()
    assert "Likes green tea." in page
    assert f"Operator {note.by.removeprefix('operator:')}" in page


def test_nobody_of_another_shop_or_of_none_is_shown(somebody: str, owner: Client) -> None:
    made.a_shop("other")
    assert owner.get(f"/console/customers/{somebody}/?shop=other").status_code == 404
    assert owner.post(f"/console/customers/{somebody}/full/?shop=other").status_code == 404
    assert owner.get(f"/console/customers/{ids.uuid7()}/?shop=tea").status_code == 404


def _a_shopper() -> Account:
    handle = Handle(way=Way.EMAIL, value="ann@example.com")
    account_id = accounts.open_for(handle=handle)
    accounts.prove(account_id=account_id, handle=handle)
    return Account.objects.get(pk=account_id)


def _session_of(account: Account, backend: str) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = f"zhanggui.base.accounts.backends.{backend}"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


@pytest.mark.parametrize("backend", ["ShopperBackend", "OperatorBackend"])
@pytest.mark.parametrize("cookie", ["sessionid", "shop_session"])
def test_a_shoppers_session_opens_not_one_page_of_the_console(backend: str, cookie: str) -> None:
    client = Client()
    client.cookies[cookie] = _session_of(_a_shopper(), backend)
    plain = [
        str(one.pattern)
        for one in urls.urlpatterns
        if isinstance(one, URLPattern) and "<" not in str(one.pattern) and one.name not in ("sign_in", "sign_out")
    ]
    assert len(plain) > 10

    answers = {path: client.get(f"/console/{path}") for path in plain}

    opened = {path: one.status_code for path, one in answers.items() if one.status_code == 200}
    assert opened == {}


def test_a_shopper_cannot_come_in_with_any_password() -> None:
    _a_shopper()
    for password in ("", "!", PASSWORD):
        answer = Client().post("/console/sign-in/", {"email": "ann@example.com", "password": password})
        assert answer.status_code == 401


def test_the_two_doors_of_one_browser_have_a_session_each(
    somebody: str, signed_in: Callable[..., Client], settings: Settings
) -> None:
    settings.OWN_SHOP = made.SHOP
    client = signed_in(Role.OWNER)
    client.cookies["shop_session"] = _session_of(_a_shopper(), "ShopperBackend")
    token = {"where": "here"}

    assert client.get("/console/shops/").status_code == 200
    client.post("/account/sign-out/", token)

    assert client.get("/console/shops/").status_code == 200
    client.post("/console/sign-out/")
    assert client.get("/console/shops/").status_code == 302


def test_an_operator_is_a_guest_in_the_shop(
    somebody: str, signed_in: Callable[..., Client], settings: Settings
) -> None:
    settings.OWN_SHOP = made.SHOP

    answer = signed_in(Role.OWNER).get("/account/")

    assert (answer.status_code, answer.url) == (302, "/account/sign-in/?next=%2Faccount%2F")


def test_the_outbox_shows_a_code_in_a_trial_shop_only(signed_in: Callable[..., Client], settings: Settings) -> None:
    outbox.send(message=Message(channel=Channel.SMS, to="+8613800138000", words="Your code is 123456"))
    owner = signed_in(Role.OWNER)
    assert "123456" in owner.get("/console/outbox/").content.decode()

    settings.OUTBOX_SHOWS_WORDS = False
    said = owner.get("/console/outbox/").content.decode()

    assert "123456" not in said
    assert "+8613800138000" not in said
    assert signed_in(Role.CLERK).get("/console/outbox/").status_code == 403

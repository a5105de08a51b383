"""Coming in, and what keeps others out."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.doors.console.conftest import PASSWORD
from zhanggui.base.accounts import actions as accounts
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.doors.console.models import FailedSignIn

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture
def ann(quick_passwords: None) -> None:
    accounts.take_in(email="ann@example.com", password=PASSWORD, role=Role.OWNER)


def sign_in(client: Client, email: str = "ann@example.com", password: str = PASSWORD, **more):
    return client.post("/console/sign-in/", {"email": email, "password": password, **more})


@pytest.mark.usefixtures("ann")
def test_whoever_is_not_signed_in_is_asked_first_and_then_led_on():
    client = Client()

    asked = client.get("/console/numbers/?shop=acme")
    assert (asked.status_code, asked.url) == (302, "/console/sign-in/?next=/console/numbers/%3Fshop%3Dacme")

    led = sign_in(client, email="Ann@Example.com ", next="/console/numbers/?shop=acme")
    assert (led.status_code, led.url) == (302, "/console/numbers/?shop=acme")


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(elsewhere):
    assert sign_in(Client(), next=elsewhere).url == "/console/"


@pytest.mark.usefixtures("ann")
def test_a_wrong_password_and_an_unknown_address_read_the_same():
    english = Client(headers={"Accept-Language": "en"})
    wrong, unknown = (sign_in(english, **said) for said in ({"password": "x"}, {"email": "eve@example.com"}))

    assert (wrong.status_code, unknown.status_code) == (401, 401)
    said = "This address and password do not belong together."
    assert said in wrong.content.decode()
    assert said in unknown.content.decode()
    assert PASSWORD not in wrong.content.decode()


@pytest.mark.usefixtures("ann")
def test_after_five_wrong_passwords_the_right_one_has_to_wait_from_that_address_only():
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(5):
        assert sign_in(guesser, password="guess").status_code == 401

    braked = sign_in(guesser)
    assert (braked.status_code, braked.headers["Retry-After"]) == (429, "900")
    assert sign_in(Client(REMOTE_ADDR="203.0.113.10")).status_code == 302


@pytest.mark.usefixtures("ann")
def test_the_right_password_forgives_the_wrong_ones_before_it():
    client = Client()
    for _ in range(4):
        sign_in(client, password="guess")

    assert FailedSignIn.objects.count() == 4
    assert sign_in(client).status_code == 302
    assert FailedSignIn.objects.count() == 0


@pytest.mark.usefixtures("ann")
def test_no_address_is_kept_with_a_wrong_password():
    sign_in(Client(REMOTE_ADDR="203.0.113.9"), password="guess")

    kept = FailedSignIn.objects.get()
    assert b"ann" not in bytes(kept.who_digest)
    assert len(bytes(kept.who_digest)) == 16
    assert b"203.0.113.9" not in bytes(kept.from_digest)


@pytest.mark.usefixtures("ann")
def test_an_operator_who_was_let_go_cannot_come_in():
    Operator.objects.update(is_active=False)

    assert sign_in(Client()).status_code == 401


@pytest.mark.usefixtures("ann")
def test_signing_out_ends_the_session():
    client = Client()
    sign_in(client)

    assert client.post("/console/sign-out/").url == "/console/sign-in/"
    assert client.get("/console/").status_code == 302


@pytest.mark.usefixtures("ann")
def test_a_form_from_elsewhere_is_refused():
    strict = Client(enforce_csrf_checks=True)

    assert sign_in(strict).status_code == 403


@pytest.mark.parametrize(
    ("role", "open_pages"),
    [
        (Role.OWNER, {"", "numbers/", "orders/", "orders.csv", "shops/", "imports/", "system/", "search/"}),
        (Role.MANAGER, {"", "numbers/", "orders/", "orders.csv", "shops/", "imports/", "system/", "search/"}),
        (Role.ANALYST, {"", "numbers/", "orders/", "orders.csv", "shops/", "search/"}),
        (Role.CLERK, {"orders/", "shops/", "search/"}),
    ],
)
def test_each_role_sees_its_own_pages_and_no_links_to_others(acme, signed_in, role, open_pages):
    client = signed_in(role)
    pages = ("", "numbers/", "orders/", "orders.csv", "shops/", "imports/", "system/", "search/")

    found = {page: client.get(f"/console/{page}?shop=acme") for page in pages}

    assert {page for page, answer in found.items() if answer.status_code == 200} == open_pages
    assert {answer.status_code for page, answer in found.items() if page not in open_pages} <= {403}
    places = client.get("/console/shops/").content.decode()
    linked = set(re.findall(r'href="/console/([^"?]*)', places))
    assert {"system/", "numbers/"} & linked == {"system/", "numbers/"} & open_pages


def test_a_clerk_lands_on_the_first_page_that_is_open():
    accounts.take_in(email="clerk@example.com", password=PASSWORD, role=Role.CLERK)

    assert sign_in(Client(), email="clerk@example.com").url == "/console/hands/"

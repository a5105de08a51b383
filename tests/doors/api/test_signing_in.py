"""Signing in with a code from a program: one answer for everybody, a code that opens once, and what comes along."""

from __future__ import annotations

import time

import pytest
from django.http import HttpResponse
from pytest_django.fixtures import Settings

from tests.doors.api.caller import Caller, an_order_of, ask_code, last_code, sign_in
from tests.doors.api.conftest import a_shopper
from tests.doors.storefront.test_account import allow_another_code
from tests.growth.experiments.made import at_least_open
from tests.shop import made
from zhanggui.base.accounts.models import Account, Session
from zhanggui.base.outbox.models import Letter
from zhanggui.growth.experiments import actions as experiments
from zhanggui.growth.experiments.models import Member
from zhanggui.shop.cart.models import Cart
from zhanggui.shop.customers.models import Consent, Customer
from zhanggui.spine.log.rules import Trail

PHONE = "138 0013 8000"


def typed(shopper: Caller, challenge: str, code: str) -> HttpResponse:
    return shopper.post("/api/shop/session", {"challenge": challenge, "code": code})


@pytest.mark.django_db
def test_a_code_makes_an_account_and_a_token(shopper: Caller) -> None:
    me = sign_in(shopper, PHONE)
    assert me.get("/api/shop/session").json() == {
        "is_signed_in": True,
        "name": "",
        "phone": "+8613800138000",
        "email": "",
    }
    assert Account.objects.get().verified_at is not None
    assert {one.purpose for one in Consent.objects.all()} == {"terms", "privacy"}
    assert shopper.get("/api/shop/session").json()["is_signed_in"] is False


@pytest.mark.django_db
def test_nothing_of_a_session_becomes_a_cookie(shopper: Caller) -> None:
    asked = ask_code(shopper, "lin@example.com")
    answer = typed(shopper, asked.json()["challenge"], last_code())
    assert (answer.status_code, dict(asked.cookies), dict(answer.cookies)) == (201, {}, {})
    assert answer.json()["token"] not in str(Session.objects.values())


@pytest.mark.django_db
def test_cart_wishes_and_orders_come_along_and_follow_to_another_device(shopper: Caller) -> None:
    number = an_order_of(shopper).json()["order_number"]
    shopper.post("/api/shop/cart/lines", {"sku": "BOWL", "quantity": 2})
    shopper.put("/api/shop/wishes/CUP", {})
    me = sign_in(shopper, PHONE)
    allow_another_code()
    device = a_shopper()
    device.post("/api/shop/cart/lines", {"sku": "LONGJING"})
    there = sign_in(device, PHONE)

    for one in (me, there):
        assert one.get("/api/shop/cart").json()["pieces"] == 3
        assert [each["card"]["sku"] for each in one.get("/api/shop/wishes").json()] == ["CUP"]
        assert [each["number"] for each in one.get("/api/shop/orders").json()] == [number]
        assert one.get(f"/api/shop/orders/{number}").status_code == 200
    assert Customer.objects.filter(joined_to=None).count() == 1


@pytest.mark.django_db
def test_on_which_side_of_a_trial_a_visitor_was_the_customer_stays(shopper: Caller) -> None:
    trial_id = at_least_open(shop=made.SHOP)
    shopper.post("/api/shop/cart/lines", {"sku": "BOWL"})
    visitor = Cart.objects.get().person
    trail = Trail(shop=made.SHOP)
    arm = experiments.expose(trial_id=trial_id, person=visitor, held_out_bp=5000, trail=trail, by=made.CLERK)
    sign_in(shopper, PHONE)
    (person,) = Customer.objects.filter(joined_to=None).values_list("visitor_id", flat=True)
    assert list(Member.objects.values_list("person", "arm")) == [(person, arm)] and person != visitor


@pytest.mark.django_db
def test_who_has_an_account_and_who_has_none_is_told_the_same(shopper: Caller) -> None:
    sign_in(shopper, PHONE)
    allow_another_code()
    known, unknown = ask_code(a_shopper(), PHONE), ask_code(a_shopper(), "139 0013 9000")
    assert (known.status_code, known.headers.keys()) == (unknown.status_code, unknown.headers.keys())
    first, second = known.json(), unknown.json()
    assert (first.keys(), first["way"], len(first["challenge"])) == (
        second.keys(),
        second["way"],
        len(second["challenge"]),
    )


@pytest.mark.django_db
def test_a_code_opens_the_door_once(shopper: Caller) -> None:
    challenge, code = ask_code(shopper, PHONE).json()["challenge"], last_code()
    assert typed(shopper, challenge, code).status_code == 201
    again = typed(shopper, challenge, code)
    assert (again.status_code, again.json()["code"]) == (409, "code_ended")


@pytest.mark.django_db
def test_the_same_call_signs_in_once_and_gives_the_same_token(shopper: Caller) -> None:
    said = {"challenge": ask_code(shopper, PHONE).json()["challenge"], "code": last_code()}
    first, again = (shopper.post("/api/shop/session", said, key="k1") for _ in range(2))
    assert (first.status_code, first.content) == (201, again.content)
    assert Session.objects.exclude(account=None).count() == 1


@pytest.mark.django_db
def test_a_code_is_of_no_use_to_somebody_else(shopper: Caller) -> None:
    challenge, code = ask_code(shopper, PHONE).json()["challenge"], last_code()
    stranger = typed(a_shopper(), challenge, code)
    assert (stranger.status_code, stranger.json()["code"]) == (409, "code_ended")
    forged = typed(shopper, challenge[:-1] + "x", code)
    assert (forged.status_code, forged.json()["code"]) == (409, "code_ended")
    assert typed(shopper, challenge, code).status_code == 201


@pytest.mark.django_db
def test_after_five_wrong_codes_not_even_the_right_one_opens(shopper: Caller) -> None:
    challenge, code = ask_code(shopper, PHONE).json()["challenge"], last_code()
    wrong = "000000" if code != "000000" else "111111"
    said = [typed(shopper, challenge, wrong).json()["code"] for _ in range(5)]
    assert said == ["code_wrong"] * 4 + ["code_ended"]
    assert typed(shopper, challenge, code).json()["code"] == "code_ended"
    assert not Customer.objects.exists()


@pytest.mark.django_db
def test_a_second_code_has_to_wait(shopper: Caller) -> None:
    ask_code(shopper, PHONE)
    answer = ask_code(a_shopper(), "+86 138-0013-8000")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_codes")
    assert 0 < int(answer.headers["Retry-After"]) <= 50
    assert Letter.objects.count() == 1


@pytest.mark.django_db
def test_an_address_asks_for_ten_codes_a_minute(shopper: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    monkeypatch.setattr("zhanggui.doors.api.brake.time.monotonic", lambda: now)
    said = [ask_code(shopper, "nobody").json()["code"] for _ in range(11)]
    assert said == ["handle_unreadable"] * 10 + ["too_often"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"handle": "12345", "has_agreed": True}, "handle_unreadable"),
        ({"handle": "lin@example.com", "has_agreed": False}, "not_agreed"),
        ({"handle": "", "has_agreed": True}, "malformed"),
        ({"handle": "lin@example.com"}, "malformed"),
    ],
)
def test_what_opens_nothing_sends_nothing(shopper: Caller, said: dict[str, object], code: str) -> None:
    answer = shopper.post("/api/shop/codes", said)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Letter.objects.exists()


@pytest.mark.django_db
def test_signing_out_ends_the_token_here_or_everywhere(shopper: Caller) -> None:
    tokens = []
    for guest in (shopper, a_shopper(), a_shopper()):
        tokens.append(sign_in(guest, PHONE))
        allow_another_code()
    first, second, third = tokens

    assert first.delete("/api/shop/session").json() == {"is_done": True}
    assert [one.get("/api/shop/session").status_code for one in tokens] == [401, 200, 200]
    assert second.delete("/api/shop/session?everywhere=true").status_code == 200
    assert third.get("/api/shop/cart").status_code == 401
    assert shopper.delete("/api/shop/session").status_code == 200


@pytest.mark.django_db
def test_an_account_takes_in_another_handle_but_not_anothers(shopper: Caller) -> None:
    me = sign_in(shopper, PHONE)
    with_mail = sign_in(me, "lin@example.com")
    assert with_mail.get("/api/shop/session").json()["email"] == "lin@example.com"
    other = sign_in(a_shopper(), "other@example.com")
    allow_another_code()
    challenge = ask_code(other, "lin@example.com").json()["challenge"]
    taken = typed(other, challenge, last_code())
    assert (taken.status_code, taken.json()["code"]) == (409, "already_taken")


@pytest.mark.django_db(transaction=True)
def test_a_code_used_many_times_at_once_signs_in_once(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    made.a_shop()
    shopper = a_shopper()
    challenge, code = ask_code(shopper, PHONE).json()["challenge"], last_code()
    answers = made.at_once(lambda _n: typed(Caller(shopper.token), challenge, code).status_code, 6)
    assert sorted(answers) == [201, *[409] * 5]  # type: ignore[type-var]
    assert Session.objects.exclude(account=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_guessing_in_parallel_gives_no_more_than_five_tries(settings: Settings) -> None:
    settings.OWN_SHOP = made.SHOP
    made.a_shop()
    shopper = a_shopper()
    challenge, code = ask_code(shopper, PHONE).json()["challenge"], last_code()
    wrong = [f"{n:06}" for n in range(12) if f"{n:06}" != code][:11]
    answers = made.at_once(lambda n: typed(Caller(shopper.token), challenge, wrong[n]).status_code, 11)
    assert answers.count(422) == 4
    assert typed(shopper, challenge, code).status_code == 409

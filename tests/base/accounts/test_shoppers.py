"""Shoppers' accounts: opened by whoever asks, of use only to whoever proves them, and never a way into the console."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.made import at_once
from zhanggui.base import clock
from zhanggui.base.accounts import actions, backends, queries
from zhanggui.base.accounts.errors import AlreadyTaken, TooManyCodes
from zhanggui.base.accounts.models import Account, Asked, Operator, Session
from zhanggui.base.accounts.rules import FOR_ONE, FROM_ONE, Handle, Kind, Role, Way, handle_of
from zhanggui.base.accounts.sessions import SessionStore

PHONE = Handle(way=Way.PHONE, value="+8613800138000")
EMAIL = Handle(way=Way.EMAIL, value="lin@example.com")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("138 0013 8000", "+8613800138000"),
        ("+86 138-0013-8000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+44 20 7946 0958", "+442079460958"),
        ("0044 (20) 7946 0958", "+442079460958"),
        (" Lin@Example.COM ", "lin@example.com"),
        ("lin+tea@shop.example.com", "lin+tea@shop.example.com"),
    ],
)
def test_a_number_or_address_has_one_spelling(typed: str, value: str) -> None:
    found = handle_of(typed)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "typed",
    ["", "lin", "12345678", "2079460958", "+", "+0123456789", "lin@", "@example.com", "a@b", "a b@c.cn", "a\x00@b.cn"],
)
def test_what_is_neither_is_nothing(typed: str) -> None:
    assert handle_of(typed) is None


@given(st.text(max_size=300))
def test_whatever_is_typed_is_a_handle_that_reads_the_same_again_or_nothing(typed: str) -> None:
    found = handle_of(typed)
    assert found is None or handle_of(found.value) == found


@pytest.mark.django_db(transaction=True)
def test_eight_who_ask_at_once_open_one_account() -> None:
    opened = at_once(lambda _: actions.open_for(handle=EMAIL), 8)
    assert len(set(opened)) == 1
    assert Account.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_codes_asked_for_at_once_one_is_sent() -> None:
    asked = at_once(lambda n: actions.note_asked(handle=PHONE, address=f"203.0.113.{n}"), 8)
    assert sum(isinstance(one, TooManyCodes) for one in asked) == 7
    assert Asked.objects.count() == 1


@pytest.mark.django_db
def test_codes_for_one_number_are_rationed_by_the_hour_and_the_day(wait: Callable[[timedelta], object]) -> None:
    sent = 0
    for _ in range(60):
        try:
            actions.note_asked(handle=PHONE, address="203.0.113.1")
        except TooManyCodes as refused:
            wait(timedelta(seconds=refused.data["wait_seconds"]))
        else:
            sent += 1
        if sent == FOR_ONE[2].most:
            break
    with pytest.raises(TooManyCodes) as refused_for_the_day:
        wait(timedelta(hours=1, minutes=1))
        actions.note_asked(handle=PHONE, address="203.0.113.1")
    assert refused_for_the_day.value.data["wait_seconds"] > 3600


@pytest.mark.django_db
def test_codes_asked_for_from_one_network_address_are_rationed() -> None:
    for n in range(FROM_ONE[0].most):
        actions.note_asked(handle=Handle(way=Way.PHONE, value=f"+861380013{n:04}"), address="203.0.113.1")
    with pytest.raises(TooManyCodes):
        actions.note_asked(handle=PHONE, address="203.0.113.1")
    actions.note_asked(handle=PHONE, address="203.0.113.2")


@pytest.mark.django_db
def test_no_number_is_kept_with_the_count() -> None:
    actions.note_asked(handle=PHONE, address="203.0.113.1")
    kept = Asked.objects.get()
    assert len(bytes(kept.who_digest)) == 16
    assert b"138" not in bytes(kept.who_digest)


@pytest.mark.django_db
def test_an_account_is_nobodys_until_it_is_proved() -> None:
    account_id = actions.open_for(handle=PHONE)
    assert queries.shopper(account_id) is None
    actions.prove(account_id=account_id, handle=PHONE)
    found = queries.shopper(account_id)
    assert found is not None
    assert (found.phone, found.email) == (PHONE.value, "")


@pytest.mark.django_db
def test_a_number_that_opens_another_account_is_refused_and_an_unproved_one_gives_way() -> None:
    mine, unproved = actions.open_for(handle=EMAIL), actions.open_for(handle=PHONE)
    actions.prove(account_id=mine, handle=EMAIL)
    actions.prove(account_id=mine, handle=PHONE)
    assert not Account.objects.filter(pk=unproved).exists()

    other_mail = Handle(way=Way.EMAIL, value="other@example.com")
    other = actions.open_for(handle=other_mail)
    actions.prove(account_id=other, handle=other_mail)
    with pytest.raises(AlreadyTaken):
        actions.prove(account_id=other, handle=PHONE)
    assert Account.objects.get(pk=other).phone is None


@pytest.mark.django_db(transaction=True)
def test_two_accounts_that_prove_the_same_number_at_once_do_not_share_it() -> None:
    handles = [Handle(way=Way.EMAIL, value=f"{n}@example.com") for n in range(4)]
    accounts = [actions.open_for(handle=handle) for handle in handles]
    for account_id, handle in zip(accounts, handles, strict=True):
        actions.prove(account_id=account_id, handle=handle)

    proved = at_once(lambda n: actions.prove(account_id=accounts[n], handle=PHONE), 4)

    assert sum(isinstance(one, AlreadyTaken) for one in proved) == 3
    assert Account.objects.filter(phone=PHONE.value).count() == 1


@pytest.mark.django_db
def test_the_same_address_is_one_operators_and_one_shoppers_and_neither_is_the_other() -> None:
    actions.take_in(email=EMAIL.value, password="seven-teapots-91", role=Role.OWNER)
    shopper_id = actions.open_for(handle=EMAIL)
    operator = authenticate(username=EMAIL.value, password="seven-teapots-91")

    assert isinstance(operator, Operator)
    assert operator.pk != shopper_id
    assert backends.OperatorBackend().get_user(shopper_id) is None
    assert backends.ShopperBackend().get_user(operator.pk) is None
    assert not Operator.objects.filter(pk=shopper_id).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong", [{"role": "owner"}, {"password": "pbkdf2$1"}, {"kind": "operator"}, {"phone": None}, {"phone": "138"}]
)
def test_the_database_refuses_a_shopper_with_a_right_or_a_password(wrong: dict[str, str]) -> None:
    account_id = actions.open_for(handle=PHONE)
    with pytest.raises(IntegrityError):
        Account.objects.filter(pk=account_id).update(**wrong)


@pytest.mark.django_db
def test_a_session_says_whose_it_is_and_all_of_one_account_can_be_ended() -> None:
    account_id = actions.open_for(handle=PHONE)
    keys = []
    for _ in range(3):
        session = SessionStore()
        session["_auth_user_id"] = str(account_id)
        session.create()
        keys.append(session.session_key)

    assert Session.objects.filter(account_id=account_id).count() == 3
    assert actions.sign_out_everywhere(account_id=account_id, but=keys[0]) == 2
    assert list(Session.objects.values_list("session_key", flat=True)) == [keys[0]]


@pytest.mark.django_db
def test_the_sweep_forgets_what_nobody_proved_and_keeps_what_somebody_did(wait: Callable[[timedelta], object]) -> None:
    kept, gone = actions.open_for(handle=EMAIL), actions.open_for(handle=PHONE)
    actions.prove(account_id=kept, handle=EMAIL)
    actions.note_asked(handle=PHONE, address="203.0.113.1")
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=clock.now() + timedelta(hours=1))
    wait(timedelta(days=1, minutes=1))

    actions.sweep()

    assert list(Account.objects.values_list("pk", "kind")) == [(kept, Kind.SHOPPER)]
    assert gone != kept
    assert not Asked.objects.exists()
    assert not Session.objects.exists()

"""A guest who proves a number becomes one customer with an account; nobody else does."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.made import ADDRESS, CONTACT, SHOP, a_walk, at_once, by, names, told_about
from zhanggui.base import ids
from zhanggui.base.operation.rules import operator
from zhanggui.shop.customers import actions, queries, rules
from zhanggui.shop.customers.errors import (
    AddressIncomplete,
    BookFull,
    NoSuchCustomer,
    NoSuchEntry,
    WordsNotAllowed,
)
from zhanggui.shop.customers.models import Address, Consent, Customer, Kept
from zhanggui.shop.customers.rules import MOST_KEPT, Contact, Purpose, Welcomed
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

PHONE = "+8613800138000"


def come(account_id: int = 1, *, phone: str = PHONE, email: str = "", walk: Trail | None = None) -> Welcomed:
    walk = walk or a_walk()
    return actions.welcome(
        account_id=account_id, phone=phone, email=email, visitor_id=walk.person, trail=walk, by=by(walk)
    )


def a_guest(
    contact: Contact = CONTACT, *, street: str = ADDRESS.street, walk: Trail | None = None
) -> tuple[Trail, UUID]:
    walk = walk or a_walk()
    address = replace(ADDRESS, street=street)
    return walk, actions.recognise(contact=contact, address=address, trail=walk, by=by(walk)).customer_id


@pytest.mark.django_db
def test_somebody_new_is_registered_under_a_person_of_their_own() -> None:
    walk = a_walk()
    welcomed = come(walk=walk)

    assert welcomed.is_new
    assert welcomed.person != walk.person
    assert names(told_about(welcomed.person)) == ["shop.customer_registered", "shop.customer_signed_in"]
    assert queries.persons(welcomed.customer_id) == (welcomed.person,)
    assert come().customer_id == welcomed.customer_id


@pytest.mark.django_db
def test_the_guests_of_all_devices_who_gave_the_proved_number_become_one() -> None:
    first_walk, first = a_guest(replace(CONTACT, phone="138 0013 8000", email=""))
    second_walk, second = a_guest(replace(CONTACT, phone="0086-13800138000", email=""), street="南山路 2 号")
    a_guest(replace(CONTACT, phone="13900139000", email=""), street="别处 3 号")

    welcomed = come()

    assert not welcomed.is_new
    assert welcomed.customer_id == first
    assert set(welcomed.joined) == {first, second}
    assert set(queries.persons(first)) == {welcomed.person, first_walk.person, second_walk.person}
    assert queries.ids(first) == (first, second)
    assert [entry.address.street for entry in queries.address_book(first)] == ["南山路 2 号", ADDRESS.street]
    assert [entry.is_default for entry in queries.address_book(first)] == [True, False]
    joined = Entry.objects.filter(name="shop.customer_joined").order_by("seq")
    assert [row.body["visitor_id"] for row in joined] == [first_walk.person, second_walk.person]


@pytest.mark.django_db
def test_a_guest_is_found_by_a_mail_address_however_it_was_written() -> None:
    _, guest = a_guest(replace(CONTACT, phone="", email="LIN@Example.com"))
    assert come(phone="", email="lin@example.com").customer_id == guest


@pytest.mark.django_db
def test_nobody_is_joined_by_nothing_or_by_what_was_not_proved() -> None:
    a_guest(Contact(name="林小满", phone="13900139000"))
    a_guest(Contact(name="林小满", email="other@example.com"))

    welcomed = come(phone="", email="")

    assert welcomed.is_new
    assert welcomed.joined == ()
    assert come(2).joined == ()


@pytest.mark.django_db
def test_what_is_ordered_later_in_the_guests_browser_is_somebody_elses() -> None:
    walk, guest = a_guest()
    welcomed = come()

    _, later = a_guest(Contact(name="陈", phone="13900139000"), walk=walk)

    assert later not in queries.ids(welcomed.customer_id)
    assert guest in queries.ids(welcomed.customer_id)
    assert queries.known(SHOP, walk.person) is not None
    assert queries.contact(welcomed.customer_id).phone == PHONE


@pytest.mark.django_db
def test_a_signed_in_order_does_not_overwrite_what_the_account_says() -> None:
    welcomed = come()
    walk = a_walk(welcomed.person)
    actions.recognise(contact=Contact(name="妈妈", phone="13900139000"), address=ADDRESS, trail=walk, by=by(walk))
    actions.recognise(contact=Contact(name="爸爸", phone="13900139001"), address=ADDRESS, trail=walk, by=by(walk))
    assert queries.contact(welcomed.customer_id) == Contact(name="妈妈", phone=PHONE)


@pytest.mark.django_db
def test_an_account_is_another_customer_in_another_shop() -> None:
    here, there = come(), come(walk=a_walk(shop="other"))
    assert here.customer_id != there.customer_id


@pytest.mark.django_db(transaction=True)
def test_eight_first_sign_ins_at_once_make_one_customer() -> None:
    a_guest()
    a_guest(street="南山路 2 号")
    came = at_once(lambda _: come(), 8)
    assert len({one.customer_id for one in came}) == 1  # type: ignore[union-attr]
    assert Customer.objects.filter(joined_to=None).count() == 1
    assert Kept.objects.filter(is_default=True).count() == 1
    assert Entry.objects.filter(name="shop.customer_joined").count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_accounts_cannot_both_have_been_the_same_guest() -> None:
    a_guest()
    came = at_once(lambda n: come(1, email="") if n else come(2, phone="", email=CONTACT.email), 2)
    assert sum(bool(one.joined) for one in came) == 1  # type: ignore[union-attr]


@pytest.mark.django_db
def test_a_customer_cannot_be_joined_and_have_an_account() -> None:
    first, second = come(1, phone="+8613900139000"), come(2)
    with pytest.raises(IntegrityError):
        Customer.objects.filter(pk=second.customer_id).update(joined_to=first.customer_id)


@pytest.mark.django_db
@given(st.text(alphabet="0123456789+ -().", max_size=24))
def test_the_database_finds_a_number_again_as_the_rule_does(typed: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into shop_customers_customer (id, shop, visitor_id, name, phone, email, registered_at)"
            " values (%s, 'tea', %s, '', %s, '', now()) returning phone_key",
            [ids.uuid7(), str(ids.uuid7()), typed],
        )
        assert cursor.fetchone()[0] == rules.phone_key(typed)


@pytest.mark.django_db
def test_an_address_book_keeps_each_place_once_and_always_has_a_default() -> None:
    customer_id = come().customer_id
    first = actions.keep_address(customer_id=customer_id, address=ADDRESS)
    again = actions.keep_address(customer_id=customer_id, address=ADDRESS, label="家")
    second = actions.keep_address(customer_id=customer_id, address=replace(ADDRESS, street="南山路 2 号"))

    assert first == again
    assert [(entry.id, entry.label) for entry in queries.address_book(customer_id)] == [(first, "家"), (second, "")]

    actions.choose_default(customer_id=customer_id, entry_id=second)
    assert [entry.is_default for entry in queries.address_book(customer_id)] == [True, False]
    actions.forget_address(customer_id=customer_id, entry_id=second)
    assert [(entry.id, entry.is_default) for entry in queries.address_book(customer_id)] == [(first, True)]


@pytest.mark.django_db
def test_an_address_is_never_changed_only_exchanged() -> None:
    customer_id = come().customer_id
    entry = actions.keep_address(customer_id=customer_id, address=ADDRESS)
    (before,) = queries.address_book(customer_id)

    mended = actions.keep_address(
        customer_id=customer_id, address=replace(ADDRESS, street="南山路 2 号"), instead_of=entry
    )

    (after,) = queries.address_book(customer_id)
    assert (after.id, after.is_default) == (mended, True)
    assert queries.address(before.address_id) == ADDRESS
    assert Address.objects.count() == 2


@pytest.mark.django_db
def test_the_address_book_refuses_and_then_nothing_is_changed() -> None:
    customer_id, other = come().customer_id, come(2, phone="+8613900139000").customer_id
    entry = actions.keep_address(customer_id=customer_id, address=ADDRESS)
    keep = {"customer_id": customer_id, "address": replace(ADDRESS, street="南山路 2 号")}
    with pytest.raises(AddressIncomplete):
        actions.keep_address(customer_id=customer_id, address=replace(ADDRESS, recipient="a\x00b"))
    with pytest.raises(WordsNotAllowed):
        actions.keep_address(**keep, label="x" * 21)
    with pytest.raises(NoSuchEntry):
        actions.keep_address(**keep, instead_of=ids.uuid7())
    with pytest.raises(NoSuchCustomer):
        actions.keep_address(customer_id=ids.uuid7(), address=ADDRESS)
    for verb in (actions.forget_address, actions.choose_default):
        with pytest.raises(NoSuchEntry):
            verb(customer_id=other, entry_id=entry)
    assert [kept.id for kept in queries.address_book(customer_id)] == [entry]
    for n in range(MOST_KEPT - 1):
        actions.keep_address(customer_id=customer_id, address=replace(ADDRESS, street=f"龙井路 {n + 2} 号"))
    with pytest.raises(BookFull):
        actions.keep_address(**keep)


@pytest.mark.django_db(transaction=True)
def test_eight_first_addresses_at_once_have_one_default() -> None:
    customer_id = come().customer_id
    at_once(
        lambda n: actions.keep_address(
            customer_id=customer_id, address=replace(ADDRESS, street=f"龙井路 {n} 号"), is_default=True
        ),
        8,
    )
    assert Kept.objects.count() == 8
    assert Kept.objects.filter(is_default=True).count() == 1


def say(customer_id: UUID, purpose: Purpose, is_given: bool, language: str = "zh") -> bool:
    walk = a_walk()
    return actions.consent(
        customer_id=customer_id,
        purpose=purpose,
        is_given=is_given,
        language=language,
        how="account",
        trail=walk,
        by=by(walk),
    )


@pytest.mark.django_db
def test_consent_is_kept_with_version_and_fingerprint_of_the_words_that_were_shown() -> None:
    customer_id = come().customer_id
    assert say(customer_id, Purpose.MARKETING_EMAIL, True, "en")
    assert not say(customer_id, Purpose.MARKETING_EMAIL, True)
    assert queries.may_be_told(customer_id, Purpose.MARKETING_EMAIL)
    assert not queries.may_be_told(customer_id, Purpose.MARKETING_SMS)

    (said,) = queries.consents(customer_id)
    text = rules.text_of(Purpose.MARKETING_EMAIL, language="en")
    assert (said.version, said.text_digest, said.language, said.how) == (text.version, text.digest, "en", "account")

    assert say(customer_id, Purpose.MARKETING_EMAIL, False)
    assert not say(customer_id, Purpose.MARKETING_EMAIL, False)
    assert not queries.may_be_told(customer_id, Purpose.MARKETING_EMAIL)
    told = Entry.objects.filter(subject=f"customer:{customer_id}", name__startswith="shop.consent").order_by("seq")
    assert [row.name for row in told] == ["shop.consent_given", "shop.consent_withdrawn"]


@pytest.mark.django_db
def test_withdrawing_what_was_never_given_writes_nothing() -> None:
    assert not say(come().customer_id, Purpose.PERSONAL, False)
    assert not Consent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_eight_yeses_at_once_are_one() -> None:
    customer_id = come().customer_id
    at_once(lambda _: say(customer_id, Purpose.PERSONAL, True), 8)
    assert Consent.objects.count() == 1


@pytest.mark.django_db
def test_a_new_version_of_a_text_is_agreed_to_anew() -> None:
    customer_id = come().customer_id
    say(customer_id, Purpose.TERMS, True)
    Consent.objects.update(version="2020-01-01")
    assert say(customer_id, Purpose.TERMS, True)


@pytest.mark.django_db
def test_notes_and_full_readings_belong_to_a_customer_of_the_shop() -> None:
    customer_id, clerk = come().customer_id, operator("7")
    actions.add_note(shop=SHOP, customer_id=customer_id, words=" Rings twice. ", by=clerk)
    assert [(note.words, note.by) for note in queries.notes(customer_id)] == [("Rings twice.", "operator:7")]
    for shop, id in ((SHOP, ids.uuid7()), ("other", customer_id)):
        with pytest.raises(NoSuchCustomer):
            actions.add_note(shop=shop, customer_id=id, words="x", by=clerk)
        with pytest.raises(NoSuchCustomer):
            actions.unmask(shop=shop, customer_id=id, by=clerk)
    assert not Entry.objects.filter(name="shop.customer_unmasked").exists()

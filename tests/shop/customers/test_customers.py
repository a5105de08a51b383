"""Customers: known by their first order, their data in one place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.shop.made import ADDRESS, CONTACT, SHOP, a_walk, at_once, by, names, statements, told_about
from zhanggui.base import ids
from zhanggui.shop.customers import actions, queries
from zhanggui.shop.customers.errors import AddressIncomplete, ContactIncomplete, NoSuchAddress
from zhanggui.shop.customers.models import Address, Customer
from zhanggui.shop.customers.rules import Contact
from zhanggui.spine.log.models import Entry


@pytest.mark.django_db
def test_a_visitor_becomes_a_customer_with_the_first_order_and_stays_the_same() -> None:
    walk = a_walk()
    first = actions.recognise(contact=CONTACT, address=ADDRESS, trail=walk, by=by(walk))
    moved = replace(ADDRESS, street="南山路 2 号")
    second = actions.recognise(contact=replace(CONTACT, email=""), address=moved, trail=walk, by=by(walk))
    assert (first.is_new, second.is_new) == (True, False)
    assert first.customer_id == second.customer_id
    (fact,) = told_about(walk.person)
    assert (fact.name, fact.cause, fact.subject) == (
        "shop.customer_registered",
        walk.cause,
        f"customer:{first.customer_id}",
    )
    assert queries.address(first.address_id) == ADDRESS
    known = queries.known(SHOP, walk.person)
    assert known is not None
    assert (known.contact, known.address) == (CONTACT, moved)


@pytest.mark.django_db
def test_no_personal_data_stands_in_a_fact() -> None:
    walk = a_walk()
    actions.recognise(contact=CONTACT, address=ADDRESS, trail=walk, by=by(walk))
    told = " ".join(str(row) for row in Entry.objects.filter(person=walk.person).values())
    assert not [word for word in (CONTACT.name, CONTACT.phone, CONTACT.email, ADDRESS.street) if word in told]


@pytest.mark.django_db
def test_visitors_are_known_shop_by_shop() -> None:
    here, there = a_walk("v-same"), a_walk("v-same", shop="other")
    actions.recognise(contact=CONTACT, address=ADDRESS, trail=here, by=by(here))
    assert queries.known("other", "v-same") is None
    other = actions.recognise(contact=CONTACT, address=ADDRESS, trail=there, by=by(there))
    assert other.is_new


@pytest.mark.django_db
def test_who_cannot_be_reached_is_refused_and_nothing_is_kept() -> None:
    walk = a_walk()
    with pytest.raises(ContactIncomplete) as contact:
        actions.recognise(contact=Contact(name=" "), address=ADDRESS, trail=walk, by=by(walk))
    with pytest.raises(AddressIncomplete) as address:
        actions.recognise(contact=CONTACT, address=replace(ADDRESS, city=" "), trail=walk, by=by(walk))
    assert (contact.value.fields, address.value.fields) == (("name", "phone"), ("city",))
    assert not Customer.objects.exists()
    assert not Address.objects.exists()
    assert told_about(walk.person) == []


@pytest.mark.django_db
def test_nobody_is_known_who_never_ordered() -> None:
    assert queries.known(SHOP, "v-nobody") is None
    assert queries.contact(ids.uuid7()) == Contact(name="")
    with pytest.raises(NoSuchAddress):
        queries.address(ids.uuid7())


@pytest.mark.django_db(transaction=True)
def test_two_first_orders_at_once_make_one_customer() -> None:
    walk = a_walk()
    known = at_once(lambda _: actions.recognise(contact=CONTACT, address=ADDRESS, trail=walk, by=by(walk)), 8)
    assert len({one.customer_id for one in known}) == 1  # type: ignore[union-attr]
    assert sum(one.is_new for one in known) == 1  # type: ignore[union-attr]
    assert names(told_about(walk.person)) == ["shop.customer_registered"]


@pytest.mark.django_db
def test_recognising_takes_one_statement_and_one_for_the_fact() -> None:
    walk = a_walk()
    counted = []
    for _ in range(2):
        with statements() as sent:
            actions.recognise(contact=CONTACT, address=ADDRESS, trail=walk, by=by(walk))
        counted.append(len(sent))
    assert counted == [2, 1]

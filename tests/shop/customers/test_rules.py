"""Whom we can reach, and where a parcel arrives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.shop.made import ADDRESS, CONTACT
from zhanggui.shop.customers.rules import Address, Contact, address_faults, contact_faults, trimmed

ABROAD = Address(
    recipient="Ada Reed",
    phone="+44 20 7946 0958",
    country="GB",
    region="",
    city="London",
    street="1 Tea Lane",
    postcode="N1 9GU",
)


@pytest.mark.parametrize(
    ("contact", "faults"),
    [
        (CONTACT, ()),
        (replace(CONTACT, email=""), ()),
        (replace(CONTACT, phone=""), ()),
        (replace(CONTACT, phone="", email=""), ("phone",)),
        (replace(CONTACT, name=""), ("name",)),
        (replace(CONTACT, name="林" * 121), ("name",)),
        (replace(CONTACT, email="lin@"), ("email",)),
        (replace(CONTACT, email="lin at example.com"), ("email",)),
        (replace(CONTACT, email="a@b@example.com"), ("email",)),
        (replace(CONTACT, phone="call me"), ("phone",)),
        (replace(CONTACT, phone="+86 138 0013 8000"), ()),
        (Contact(name=""), ("name", "phone")),
    ],
)
def test_a_contact_is_complete_or_says_what_is_missing(contact: Contact, faults: tuple[str, ...]) -> None:
    assert contact_faults(contact) == faults


@pytest.mark.parametrize(
    ("address", "faults"),
    [
        (ADDRESS, ()),
        (ABROAD, ()),
        (replace(ADDRESS, district=""), ("district",)),
        (replace(ADDRESS, postcode="310013"), ()),
        (replace(ADDRESS, region="", street=""), ("region", "street")),
        (replace(ABROAD, postcode=""), ("postcode",)),
        (replace(ABROAD, country="gb"), ("country",)),
        (replace(ABROAD, country=""), ("country",)),
        (replace(ABROAD, phone=""), ("phone",)),
        (replace(ABROAD, street="x" * 121), ("street",)),
    ],
)
def test_an_address_is_complete_or_says_what_is_missing(address: Address, faults: tuple[str, ...]) -> None:
    assert address_faults(address) == faults


def test_blanks_around_what_was_typed_do_not_count() -> None:
    typed = Contact(name="  林小满 ", phone=" 13800138000", email=" ")
    assert trimmed(typed) == Contact(name="林小满", phone="13800138000")

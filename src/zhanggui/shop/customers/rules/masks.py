"""What a person's data looks like to somebody who has no need to read it."""

from __future__ import annotations

import re
from dataclasses import replace

from zhanggui.shop.customers.rules.people import Address, Contact


def masked_name(name: str) -> str:
    """The first sign only: a family name in Chinese, an initial elsewhere.

    source   林小满 -> 林**, Ada Reed -> A***
    """
    if not name:
        return ""
    is_latin = name[0].isascii()
    return name[0] + "*" * (3 if is_latin else max(1, min(len(name) - 1, 3)))


def masked_phone(phone: str) -> str:
    """Three figures in front and four behind, as in China; shorter numbers keep two behind.

    source   13800138000 and +86 138 0013 8000 -> 138****8000, +44 20 7946 0958 -> +44****0958
    """
    plain = re.sub(r"[^0-9+]", "", phone)
    plain = re.sub(r"^(\+|00)?86(?=1[3-9][0-9]{9}$)", "", plain)
    if not plain:
        return ""
    if len(plain) < 9:
        return "****" + plain[-2:]
    return f"{plain[:3]}****{plain[-4:]}"


def masked_email(email: str) -> str:
    """The first sign of the name, and the host.

    source   lin@example.com -> l***@example.com
    """
    name, at, host = email.partition("@")
    return f"{name[:1]}***@{host}" if at else ""


def masked_contact(contact: Contact) -> Contact:
    """A contact with all its parts masked."""
    return Contact(name=masked_name(contact.name), phone=masked_phone(contact.phone), email=masked_email(contact.email))


def masked_address(address: Address) -> Address:
    """An address down to the district; who and which door are masked."""
    return replace(
        address,
        recipient=masked_name(address.recipient),
        phone=masked_phone(address.phone),
        street="***" if address.street else "",
        postcode=f"{address.postcode[:2]}***" if address.postcode else "",
    )

"""People and where they live, as values, and what makes them usable."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, replace
from typing import TypeVar
from uuid import UUID

_EMAIL = re.compile(r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
_PHONE = re.compile(r"^\+?[0-9][0-9 ().-]{4,22}[0-9]$")
_LONGEST = 120
T = TypeVar("T", "Contact", "Address")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How to reach a shopper. A phone number or a mail address is enough; both are better."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a parcel goes.

    country   ISO 3166-1 alpha-2, such as CN or GB
    region    province or state
    district  区 or 县 in China, empty elsewhere
    """

    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str = ""
    street: str
    postcode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """A customer we know from now on, and the address of this order."""

    customer_id: UUID
    address_id: UUID
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a returning shopper need not type again."""

    customer_id: UUID
    contact: Contact
    address: Address


def trimmed(value: T) -> T:
    """The same without blanks around its parts."""
    return replace(value, **{field.name: getattr(value, field.name).strip() for field in fields(value)})


def contact_faults(contact: Contact) -> tuple[str, ...]:
    """The parts of a contact that are missing or malformed, in their order; empty if it can be used.

    source   a name and either a phone or a mail address; what is given must look like one
    """
    is_reachable = bool(contact.phone or contact.email)
    is_wrong = {
        "name": not contact.name or len(contact.name) > _LONGEST,
        "phone": not is_reachable or bool(contact.phone and not _PHONE.match(contact.phone)),
        "email": bool(contact.email) and (len(contact.email) > 254 or not _EMAIL.match(contact.email)),
    }
    return tuple(name for name, wrong in is_wrong.items() if wrong)


def address_faults(address: Address) -> tuple[str, ...]:
    """The parts of an address that are missing or too long, in their order; empty if a parcel can be sent.

    source   in China the district is needed and the postcode is not; elsewhere the postcode is, and the district is not
    """
    needed = {"recipient", "phone", "country", "city", "street"}
    needed |= {"region", "district"} if address.country == "CN" else {"postcode"}
    parts = {field.name: getattr(address, field.name) for field in fields(address)}
    is_wrong = {name: (name in needed and not part) or len(part) > _LONGEST for name, part in parts.items()}
    is_wrong["country"] |= not re.fullmatch("[A-Z]{2}", address.country)
    is_wrong["phone"] |= not _PHONE.match(address.phone)
    return tuple(name for name, wrong in is_wrong.items() if wrong)

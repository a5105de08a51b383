"""People and where they live, as values, and what makes them usable."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

_EMAIL = re.compile(r"^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$")
_PHONE = re.compile(r"^\+?[0-9][0-9 ().-]{4,22}[0-9]$")
_LONGEST = 120
_LONGEST_PHONE = 40
_LONGEST_EMAIL = 254
# An address book, and the name of an entry in it.
MOST_KEPT: Final = 30
LONGEST_LABEL: Final = 20
# Countries and regions where letters arrive without a postcode.
_NO_POSTCODE: Final = frozenset(
    (
        *("AE", "AG", "AO", "BO", "BS", "BW", "BZ", "CD", "CF", "CG", "CI", "CK", "CM", "DJ", "DM"),
        *("ER", "FJ", "GA", "GD", "GH", "GM", "GQ", "GY", "HK", "IE", "KI", "KM", "KN", "KP", "LC"),
        *("ML", "MO", "MR", "MS", "MW", "NA", "NR", "NU", "PA", "QA", "RW", "SB", "SC", "SL", "SO"),
        *("SR", "ST", "SY", "TD", "TF", "TG", "TK", "TL", "TO", "TT", "TV", "UG", "VU", "YE", "ZW"),
    )
)
# Where the state or province is a part of every address.
_REGION_NEEDED: Final = frozenset(("CN", "US", "CA", "AU", "JP", "BR", "IN", "MX", "MY"))
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
class Shopper:
    """Somebody who is signed in.

    person   who owns the cart and the orders of today
    persons  all under whom this customer ever walked, `person` first
    """

    customer_id: UUID
    account_id: int
    person: str
    persons: tuple[str, ...]
    name: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcomed:
    """A customer who has just signed in.

    is_new      never seen before, not even as a guest
    joined      guests who turned out to be this customer, by their customer ids
    """

    customer_id: UUID
    person: str
    is_new: bool
    joined: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of an address book.

    address_id  of the frozen address, as orders point to it
    label       such as 家 or Office; may be empty
    """

    id: UUID
    address_id: UUID
    address: Address
    label: str
    is_default: bool
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a returning shopper need not type again."""

    customer_id: UUID
    contact: Contact
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What an operator wrote down about a customer.

    by  the actor, as `operator:id`
    """

    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A customer as a list shows them.

    has_account  signed in at least once
    """

    id: UUID
    person: str
    contact: Contact
    registered_at: datetime
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reachable:
    """A customer with an account as a message reaches them.

    agrees    whether they agree to that use now; silence is no
    language  zh or en, in which the shop was read when they last said yes or no to something; empty if never
    """

    customer_id: UUID
    contact: Contact
    agrees: bool
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """A customer as everybody knows them who holds what is theirs.

    persons       all under whom the customer ever walked; customer_ids: all under which orders of theirs stand
    """

    shop: str
    persons: tuple[str, ...]
    customer_ids: tuple[UUID, ...]


def phone_key(phone: str) -> str:
    """A phone number as it is found again, however it was typed; figures only.

    source   "138 0013 8000", "+86 138 0013 8000" and "0086-13800138000" -> 8613800138000; +44 20... -> 4420...
    """
    digits = re.sub(r"[^0-9]", "", phone)
    return re.sub(r"^00", "", re.sub(r"^(00)?(86)?(1[3-9][0-9]{9})$", r"86\3", digits))


def is_clean(text: str) -> bool:
    """Whether a text has no sign that can be neither seen nor stored, such as NUL."""
    return text.isprintable() or not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text)


def trimmed(value: T) -> T:
    """The same without blanks around its parts."""
    return replace(value, **{field.name: getattr(value, field.name).strip() for field in fields(value)})


def contact_faults(contact: Contact) -> tuple[str, ...]:
    """The parts of a contact that are missing or malformed, in their order; empty if it can be used.

    source   a name and either a phone or a mail address; what is given must look like one
    """
    is_reachable = bool(contact.phone or contact.email)
    is_wrong = {
        "name": not contact.name or len(contact.name) > _LONGEST or not is_clean(contact.name),
        "phone": not is_reachable or bool(contact.phone and not _PHONE.match(contact.phone)),
        "email": bool(contact.email) and not _is_email(contact.email),
    }
    return tuple(name for name, wrong in is_wrong.items() if wrong)


def address_faults(address: Address) -> tuple[str, ...]:
    """The parts of an address that are missing, too long or unreadable, in their order; empty if a parcel can be sent.

    source   in China province, city and district are needed and the postcode is not; elsewhere a postcode is, but for
             the countries that have none, and a state or province where addresses have one
    """
    parts = {field.name: getattr(address, field.name) for field in fields(address)}
    needed = needed_in(address.country)
    is_wrong = {
        name: (name in needed and not part) or len(part) > _LONGEST or not is_clean(part)
        for name, part in parts.items()
    }
    is_wrong["country"] |= not re.fullmatch("[A-Z]{2}", address.country)
    is_wrong["phone"] |= len(address.phone) > _LONGEST_PHONE or not _PHONE.match(address.phone)
    return tuple(name for name, wrong in is_wrong.items() if wrong)


def needed_in(country: str) -> frozenset[str]:
    """The parts of an address without which nothing arrives in a country."""
    needed = {"recipient", "phone", "country", "city", "street"}
    if country in _REGION_NEEDED:
        needed.add("region")
    if country == "CN":
        needed.add("district")
    elif country not in _NO_POSTCODE:
        needed.add("postcode")
    return frozenset(needed)


def _is_email(email: str) -> bool:
    return len(email) <= _LONGEST_EMAIL and is_clean(email) and bool(_EMAIL.match(email))

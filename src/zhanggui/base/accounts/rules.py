"""Roles and the rights they carry; what shoppers sign in with, in the one spelling that is kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

_EMAIL: Final = re.compile(r"^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+$")
_CHINESE_MOBILE: Final = re.compile(r"^(?:00)?(?:86)?(1[3-9][0-9]{9})$")
_LONGEST: Final = 254

# How long a code opens the door, and how often it may be wrong.
CODE_FOR: Final = timedelta(minutes=10)
MOST_WRONG: Final = 5
# How long a shopper stays signed in.
SIGNED_IN_FOR: Final = timedelta(days=30)


class Right(StrEnum):
    """What an operator may do; least privilege, so a page asks for exactly one."""

    SEE_NUMBERS = "see_numbers"
    EXPORT = "export"
    IMPORT = "import"
    RUN_SHOP = "run_shop"
    SEE_PEOPLE = "see_people"
    SEE_SYSTEM = "see_system"
    GIVE_FREELY = "give_freely"
    SET_TERMS = "set_terms"
    STEER = "steer"
    APPROVE = "approve"
    MEND_SYSTEM = "mend_system"
    MANAGE_OPERATORS = "manage_operators"


class Role(StrEnum):
    """What an operator is in the company."""

    OWNER = "owner"
    MANAGER = "manager"
    ANALYST = "analyst"
    CLERK = "clerk"


class Kind(StrEnum):
    """Which door an account opens."""

    OPERATOR = "operator"
    SHOPPER = "shopper"


class Way(StrEnum):
    """How a code reaches a shopper."""

    PHONE = "phone"
    EMAIL = "email"


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.OWNER: frozenset(Right),
    Role.MANAGER: frozenset(
        {
            Right.SEE_NUMBERS,
            Right.EXPORT,
            Right.IMPORT,
            Right.RUN_SHOP,
            Right.SEE_PEOPLE,
            Right.GIVE_FREELY,
            Right.SET_TERMS,
            Right.STEER,
            Right.SEE_SYSTEM,
        }
    ),
    Role.ANALYST: frozenset({Right.SEE_NUMBERS, Right.EXPORT}),
    Role.CLERK: frozenset({Right.RUN_SHOP}),
}


def may(role: Role, right: Right) -> bool:
    """Whether a role carries a right."""
    return right in RIGHTS[role]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handle:
    """What a shopper signs in with, in the one spelling that is kept.

    value  +8613800138000 or lin@example.com
    """

    way: Way
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """A shopper's account, as far as it was proved.

    phone, email  empty if none was proved to be theirs
    """

    account_id: int
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """An operator who may be written to.

    is_proved        the mail address was proved to be theirs
    may_see_numbers  whether figures of the business may be sent there
    """

    id: int
    email: str
    name: str
    is_proved: bool
    may_see_numbers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most so many codes in a time."""

    most: int
    within: timedelta


# For one phone or mail address, from anywhere; and from one network address, for anybody.
FOR_ONE: Final = (
    Limit(most=1, within=timedelta(seconds=50)),
    Limit(most=5, within=timedelta(hours=1)),
    Limit(most=12, within=timedelta(days=1)),
)
FROM_ONE: Final = (Limit(most=20, within=timedelta(hours=1)), Limit(most=100, within=timedelta(days=1)))


def handle_of(typed: str) -> Handle | None:
    """What a shopper typed into the one field, recognised as a phone number or a mail address; None if it is neither.

    source   138 0013 8000 -> +8613800138000, +44 20 7946 0958 -> +442079460958, Lin@Example.com -> lin@example.com
    """
    plain = unicodedata.normalize("NFKC", typed).strip()
    if len(plain) > _LONGEST:
        return None
    if "@" in plain:
        value = plain.lower()
        return Handle(way=Way.EMAIL, value=value) if _EMAIL.match(value) else None
    if not re.fullmatch(r"\+?[0-9][0-9 ().-]{4,28}", plain):
        return None
    digits = re.sub(r"[^0-9]", "", plain)
    if mobile := _CHINESE_MOBILE.match(digits):
        return Handle(way=Way.PHONE, value=f"+86{mobile[1]}")
    is_international = plain.startswith(("+", "00"))
    number = digits.removeprefix("00")
    if is_international and re.fullmatch(r"[1-9][0-9]{6,14}", number):
        return Handle(way=Way.PHONE, value=f"+{number}")
    return None

"""Reading single JSON values on trust: what does not fit counts as not given."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.base.money import Money

LARGEST_AMOUNT: Final = Decimal(10) ** 13
LARGEST_QUANTITY: Final = 2**31 - 1
LARGEST_ID: Final = 2**63
_EMPTY: Final = bytes(16)

# What broken clients send where nobody is known; merging on it would make one person of everybody.
NOBODY: Final = frozenset(
    {
        "",
        "undefined",
        "null",
        "none",
        "nil",
        "nan",
        "0",
        "-1",
        "true",
        "false",
        "id",
        "anonymous",
        "guest",
        "email",
        "distinct_id",
        "distinctid",
        "not_authenticated",
        "[object object]",
        "00000000-0000-0000-0000-000000000000",
    }
)


def text(value: object, longest: int) -> str:
    """A string, trimmed and cut, or a whole number as one; empty if it is neither."""
    if value is None:
        return ""
    if type(value) is str:
        cut = value.strip()[:longest]
        return cut.replace("\0", "") if "\0" in cut else cut
    if type(value) is int and -LARGEST_ID < value < LARGEST_ID:
        return str(value)
    return ""


def identity(value: object) -> str:
    """The id of a person or visitor; empty if the client knew nobody and said so in one of the usual ways."""
    if value is None:
        return ""
    said = text(value, 120)
    return "" if said.lower() in NOBODY else said


def number(value: object) -> Decimal | None:
    """A JSON number, or a string that is one, exactly as written; None for anything else."""
    if type(value) is Decimal:
        found = value
    elif type(value) is int:
        found = Decimal(value)
    elif type(value) is str and len(value) <= 40:
        try:
            found = Decimal(value.strip())
        except InvalidOperation:
            return None
    else:
        return None
    return found if found.is_finite() and abs(found) < LARGEST_AMOUNT else None


def minor(value: object, currency: str) -> int | None:
    """An amount in whole minor units of the currency, half up; None if it is not an amount.

    source   18.99 in CNY is 1899, in JPY 19
    """
    return _minor(value, currency) if type(value) in (Decimal, int, str) else None


# Prices repeat. `typed`, because 1 and Decimal(1) are one key otherwise.
@lru_cache(maxsize=8192, typed=True)
def _minor(value: object, currency: str) -> int | None:
    amount = number(value)
    return None if amount is None else Money.of(amount, currency).minor


def quantity(value: object) -> int | None:
    """Whole pieces, 0 or more; None for anything else."""
    found = value if type(value) is int else number(value)
    if found is None or not 0 <= found <= LARGEST_QUANTITY:
        return None
    whole = int(found)
    return whole if whole == found else None


def uuid_bytes(value: object) -> bytes | None:
    """The 16 bytes of a UUID written with or without dashes; None for anything else and for the empty UUID."""
    if type(value) is not str or len(value) not in (32, 36):
        return None
    if len(value) == 36 and not value[8] == value[13] == value[18] == value[23] == "-":
        return None
    try:
        found = bytes.fromhex(value.replace("-", ""))
    except ValueError:
        return None
    return found if len(found) == 16 and found != _EMPTY else None


def event_id(message_id: str, *, shop: str, original_us: int | None) -> bytes:
    """The id an event keeps however often it is sent: its messageId if that is a UUID, else one made from it.

    original_us  the client's own time, which a second sending does not change; the start of time if it gave none
    """
    given = uuid_bytes(message_id)
    return given or ids.uuid7_of(clock.from_micros(max(0, original_us or 0)), f"{shop}/sighting/{message_id}").bytes


def uuid_of(value: object) -> UUID | None:
    """A UUID as a client writes it, or None."""
    found = uuid_bytes(value)
    return UUID(bytes=found) if found else None


def record(value: object) -> dict[str, Any]:
    """A JSON object; anything else counts as an empty one."""
    return value if type(value) is dict else {}

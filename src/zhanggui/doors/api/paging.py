"""Places in a list, as the answer before gave them: nobody builds one, so what is in it may change."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Final

import msgspec

from zhanggui.base import clock
from zhanggui.doors.api.errors import CursorNotAllowed

# Nobody turns further; whoever wants all of it asks for less at once, by what narrows it.
FURTHEST: Final = 50_000
_LONGEST: Final = 200


def after(offset: int) -> str:
    """The place behind so many."""
    return _packed(["o", offset])


def after_part(skipped: int, found: int, *, limit: int) -> str:
    """The place behind a part of a list; empty if the part was not full, or nobody turns further."""
    behind = skipped + found
    return after(behind) if found == limit and behind <= FURTHEST else ""


def offset_of(cursor: str) -> int:
    """How many are passed over; none for no cursor.

    refuses  CursorNotAllowed
    """
    if not cursor:
        return 0
    match _unpacked(cursor):
        case ["o", int(offset)] if 0 <= offset <= FURTHEST:
            return offset
    raise CursorNotAllowed(cursor=cursor[:_LONGEST])


def behind(at: datetime, key: str) -> str:
    """The place behind a row, by its moment and its key."""
    return _packed(["k", clock.micros(at), key])


def place_of(cursor: str) -> tuple[datetime, str] | None:
    """The row behind which a list goes on; None for no cursor.

    refuses  CursorNotAllowed
    """
    if not cursor:
        return None
    match _unpacked(cursor):
        case ["k", int(micros), str(key)] if 0 <= micros < 2**53 and "\0" not in key and len(key) < 60:
            return clock.from_micros(micros), key
    raise CursorNotAllowed(cursor=cursor[:_LONGEST])


def _packed(said: list[str | int]) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(said)).decode().rstrip("=")


def _unpacked(cursor: str) -> object:
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, msgspec.DecodeError):
        return None

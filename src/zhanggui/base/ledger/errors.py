"""Refusals of the books."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class Unbalanced(Refused):
    """An entry's debits and credits differ in a currency, or it has no postings."""

    currency: str
    difference_minor: int


class Overdrawn(Refused):
    """An account would hold less than nothing."""

    account: str
    holder: str
    short_minor: int
    currency: str


class EntryDiffers(Refused):
    """The same reference was booked before with other postings."""

    kind: str
    reference: str

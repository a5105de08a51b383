"""Refusals of known days."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class KnownDayUnfit(Refused):
    """The days end before they begin, are too many, or have no name."""

    field: str


class NoSuchKnownDay(Refused):
    """The shop keeps no known day of that number."""

    id: str

"""Refusals of a whole request; a single event is refused with a `Reason` instead."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NotJson(Refused):
    """The request is not JSON in UTF-8."""

    detail: str


class TooDeep(Refused):
    """The request is nested more deeply than any client does it."""

    most: int


class TooManyEvents(Refused):
    """The batch holds more events than one request may."""

    events: int
    most: int

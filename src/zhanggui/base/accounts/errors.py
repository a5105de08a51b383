"""Refusals about operators."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NotAllowed(Refused):
    """The operator's role does not have that right."""

    right: str
    role: str


class WeakPassword(Refused):
    """The password is too easy to guess; use twelve characters or more that are not a common phrase."""

    reasons: list[str]


class AlreadyOperator(Refused):
    """An operator with that address exists."""

    email: str

"""Refusals about accounts."""

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


class TooManyCodes(Refused):
    """So many codes were asked for that another one has to wait.

    wait_seconds  until the next one
    """

    wait_seconds: int


class NotReachable(Refused):
    """No code can be sent that way: nobody is plugged in who sends such messages.

    way  `phone` or `email`
    """

    way: str


class AlreadyTaken(Refused):
    """The phone number or mail address opens another account; nothing was changed.

    way  `phone` or `email`
    """

    way: str

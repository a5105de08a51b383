"""Refusals of the door itself."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NotKnown(Refused):
    """The call says not who makes it, or says it with a token or key that opens nothing."""


class RightMissing(Refused):
    """The key does not carry that right."""

    right: str


class TooOften(Refused):
    """So many calls came that the next has to wait.

    wait_seconds  until the next one
    """

    wait_seconds: int


class KeyMissing(Refused):
    """A call that changes something carries a key of its own, so that it can be made again."""

    header: str


class KeyMisused(Refused):
    """The key was used before, for another call."""

    key: str


class StillRunning(Refused):
    """The same call is being worked on just now."""

    key: str


class TooLarge(Refused):
    """The body of a call is larger than anything that makes sense here."""

    most_bytes: int


class NotJson(Refused):
    """The body of a call is not JSON."""


class CursorNotAllowed(Refused):
    """A place in a list is taken from the answer before; this one is not."""

    cursor: str


class ReturnNotAllowed(Refused):
    """A shopper is sent back from paying only to this shop, or to a page that is allowed to call it."""

    return_to: str


class NothingThere(Refused):
    """There is nothing at that address."""

    path: str


class WrongMethod(Refused):
    """That cannot be done at this address.

    allowed  what can
    """

    allowed: str

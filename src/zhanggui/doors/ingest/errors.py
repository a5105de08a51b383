"""Refusals and failures of the door."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class TooLarge(Refused):
    """The request is larger than one may be, packed or unpacked."""

    most_bytes: int


class BrokenGzip(Refused):
    """The request is packed, and breaks off or is damaged."""


class KeyMissing(Refused):
    """The request says neither by Basic authentication nor in its body whose events these are."""


class KeyUnknown(Refused):
    """No source that is switched on has that write key."""


class TooOften(Refused):
    """A sender or an address sends more than its share."""

    wait_seconds: int


class TooMuchWaiting(Refused):
    """More events wait for the disk than memory is set aside for."""

    wait_seconds: int


class DatabaseGone(Unreachable):
    """The database does not answer; nothing of the request was kept."""

    reason: str


class KeeperBroken(Unreachable):
    """Writing failed in a way nobody foresaw; nothing of the request was said to be kept."""


class NoSuchSource(Refused):
    """No source has that number."""

    source_id: int

"""Why the house does not open."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class PortTaken(Refused):
    """Another program listens on that port."""

    host: str
    port: int


class AddressUnusable(Refused):
    """No program on this machine can listen on that address."""

    host: str
    port: int
    reason: str


class HomeUnusable(Refused):
    """The home folder cannot be made or written."""

    path: str
    reason: str


class PreparationFailed(Unreachable):
    """Tables, static files or first steps could not be brought up to date."""

    exit_code: int

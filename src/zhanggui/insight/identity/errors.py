"""Refusals about who is who."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class SameId(Refused):
    """An id is itself already."""

    alias: str


class NobodysId(Refused):
    """That is what clients send where nobody is known; merging on it would make one person of everybody."""

    alias: str


class IdTaken(Refused):
    """The id belongs to another person; part the two first."""

    alias: str
    person: str


class PairCircles(Refused):
    """The person is known to be this id already; the other way round they would be each other."""

    alias: str
    person: str


class NoSuchLink(Refused):
    """No pair has that number, or it was parted before."""

    link_id: int

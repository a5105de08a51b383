"""Refusals about segments."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchSegment(Refused):
    """No segment has that id."""

    id: str


class NameTaken(Refused):
    """Another segment of the shop has that name already, whatever its capitals."""

    shop: str
    name: str


class NameUnfit(Refused):
    """A segment's name has 1 to 80 characters."""

    name: str


class TermsUnfit(Refused):
    """Nobody knows how to find the people that are asked for: the kind is not known, or what it asks for is not."""

    kind: str
    reason: str

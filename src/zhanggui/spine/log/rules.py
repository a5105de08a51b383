"""What goes along with a fact, as values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Who walks here and what led to this moment; a door makes it, actions pass it on.

    shop     the shop's code
    person   customer or visitor id, empty if nobody is known
    session  the visit, empty outside one
    cause    the fact or sighting that led here
    channel, campaign, device, region  of the visit, as insight groups by them
    """

    shop: str
    person: str = ""
    session: str = ""
    cause: UUID | None = None
    channel: str = ""
    campaign: str = ""
    device: str = ""
    region: str = ""

    def after(self, cause: UUID) -> Trail:
        """The same walk one step on: what is told next was caused by that fact."""
        return replace(self, cause=cause)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the log that a reader has passed: transaction id, then sequence number."""

    xid: int
    seq: int


START = Position(0, 0)

"""What group buying refuses."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class OfferNotAllowed(Refused):
    """An offer cannot be like this; the field says where."""

    field: str


class NoSuchOffer(Refused):
    """The shop has no such offer, or it is not on."""

    offer: str


class NoSuchTeam(Refused):
    """The shop has no team under this code."""

    code: str


class TeamsUsedUp(Refused):
    """As many teams as the offer allows have been opened."""

    offer: str


class TeamFull(Refused):
    """Every seat of the team is taken; one may become free if its order is not paid."""

    code: str


class TeamOver(Refused):
    """The team is full and on its way, or its time is over."""

    code: str
    state: str


class SeatTaken(Refused):
    """The shopper sits in this team already; a team is made of different people."""

    code: str


class SeatsUsedUp(Refused):
    """The shopper has bought by this offer as often as one person may."""

    offer: str
    per_person: int


class SeatGone(Refused):
    """The seat that the price counted on is no longer there: its time to order was over, or the team's."""

    seat: str


class LeaveNotAllowed(Refused):
    """A seat whose order was placed is left by calling off the order."""

    code: str

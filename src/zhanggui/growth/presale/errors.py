"""What presales refuse."""

from __future__ import annotations

from datetime import datetime

from zhanggui.base.errors import Refused
from zhanggui.base.money import Money


class PresaleNotAllowed(Refused):
    """The terms of a presale cannot be right: a field is missing or contradicts another.

    field  name of the term
    """

    field: str


class NoSuchPresale(Refused):
    """The shop has no presale with this id."""

    id: str


class NoSuchReservation(Refused):
    """Nobody has reserved anything under this id, or it is somebody else's."""

    id: str


class NotOpen(Refused):
    """Deposits are not taken now: it is too early, too late, or the presale was called off."""

    opens_at: datetime
    closes_at: datetime


class TermsMoved(Refused):
    """What would be paid first is another than the page showed; nothing was written."""

    first: Money


class LawNotConfirmed(Refused):
    """The shopper has not said to know that a deposit is not paid back."""


class SoldOut(Refused):
    """Fewer pieces of the presale are left than were asked for."""

    left_units: int


class LimitReached(Refused):
    """The person would have more pieces than one may reserve."""

    per_person: int
    taken_units: int


class AlreadyStarted(Refused):
    """Somebody has reserved, so the terms stay as they are; the presale can only be called off."""

    id: str


class StateNotAllowed(Refused):
    """A reservation does not go from its state to that one.

    reason  why, in a sentence
    """

    id: str
    state: str
    to: str
    reason: str


class BalanceNotWhole(Refused):
    """A balance is paid for all pieces that were reserved at once, at the price that was agreed."""

    id: str
    units: int


class BalanceAsked(Refused):
    """The balance is being paid in another window, or no longer can be."""

    id: str

"""Refusals of the sandbox."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchCharge(Refused):
    """No charge has that name."""

    name: str


class NoSuchRefund(Refused):
    """No refund has that number."""

    number: str


class ChargeDiffers(Refused):
    """The merchant used the same payment id before, for other terms."""

    payment_id: str


class AlreadyDecided(Refused):
    """The charge was paid, declined or closed before."""

    state: str


class TimeIsOver(Refused):
    """The merchant's deadline for this payment is past."""

    payment_id: str


class TooMuch(Refused):
    """More would go back than came in."""

    left_minor: int


class BadlyAsked(Refused):
    """A merchant's request does not have the shape that its protocol has, or not its signature.

    code  as the protocol names the fault
    """

    code: str
    reason: str

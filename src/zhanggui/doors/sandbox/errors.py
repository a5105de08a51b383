"""Refusals of the gateway."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class NoSuchCharge(Refused):
    """No charge has that token."""

    token: str


class ChargeDiffers(Refused):
    """The merchant used the same payment id before, for other terms."""

    payment_id: str


class AlreadyDecided(Refused):
    """The charge was paid or declined before."""

    state: str


class TimeIsOver(Refused):
    """The merchant's deadline for this payment is past."""

    payment_id: str


class ShopUnreachable(Unreachable):
    """The shop did not take a notification; it is sent again."""

    address: str
    reason: str

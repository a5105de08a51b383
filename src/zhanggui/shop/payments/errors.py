"""Refusals of payments."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchProvider(Refused):
    """No payment provider of that name is plugged in."""

    provider: str


class NoSuchPayment(Refused):
    """No attempt to pay has that id, or it is somebody else's."""

    payment_id: str


class NotPayable(Refused):
    """The order is paid, cancelled or expired; there is nothing to pay."""

    order_number: str
    state: str


class Forged(Refused):
    """A message's signature is not the provider's; nothing in it is believed."""

    provider: str


class Stale(Refused):
    """A message is older, or further in the future, than its provider's messages are believed."""

    provider: str
    sent_at: int


class Unreadable(Refused):
    """A message does not have the shape that its provider's messages have."""

    provider: str
    reason: str

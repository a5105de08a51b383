"""Refusals of payments."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class NoSuchProvider(Refused):
    """No payment provider of that name is plugged in, or none that takes the currency."""

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


class NothingNew(Refused):
    """A message tells of something that moves no money; it is answered and forgotten."""

    provider: str
    event: str


class TenderNotAllowed(Refused):
    """A wallet or card cannot pay that: another currency, another person's, more than is due, twice, or nothing."""

    kind: str
    holder: str
    reason: str


class NotEnough(Refused):
    """A wallet or card holds less than it should pay."""

    kind: str
    holder: str
    short_minor: int
    currency: str


class NoSuchGiftCard(Refused):
    """No gift card has that code or id."""

    ending: str


class GiftCardEnded(Refused):
    """The gift card is past its date, or was blocked."""

    ending: str


class AmountNotAllowed(Refused):
    """An amount is below nothing, in another currency, or larger than anybody may give away at once."""

    amount_minor: int
    currency: str
    most_minor: int


class IssuedAlready(Refused):
    """These gift cards stand already; their codes were shown then."""

    key: str


class NoSuchRefund(Refused):
    """No refund has that id."""

    refund_id: str


class RefundDiffers(Refused):
    """The same reference was refunded before, with another amount or other pieces."""

    order_number: str
    reference: str


class NothingToDecide(Refused):
    """A message, a refund or a difference has been decided already, or cannot be decided that way."""

    subject: str


class ProviderUnreachable(Unreachable):
    """A payment provider did not answer, or answered that it cannot now; the same call may work later."""

    provider: str
    reason: str

"""What passes between the house and a payment provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from zhanggui.base.money import Money

# How far a message's time may be from ours, either way.
TOLERANCE = timedelta(seconds=300)


class Way(StrEnum):
    """How a shopper gets to a provider: by an address to go to, or by a code to scan with the phone."""

    REDIRECT = "redirect"
    QR = "qr"


class NoticeKind(StrEnum):
    """What a provider's message is about."""

    PAYMENT = "payment"
    REFUND = "refund"


class RefundAnswer(StrEnum):
    """What a provider says about a refund. ACCEPTED is not yet DONE."""

    ACCEPTED = "accepted"
    DONE = "done"
    REFUSED = "refused"


class BillKind(StrEnum):
    """Which way the money of a bill's row moved: PAID to us, REFUNDED by us."""

    PAID = "paid"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a provider sent, untouched.

    body     the raw query string of a return, or the raw body of a notification
    headers  of the request, names as the provider writes them; compared without regard to capitals
    """

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """A header's value, empty if it was not sent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """An attempt to pay that is open, of an order that waits for it.

    amount      what the provider is to take
    expires_at  until when
    at          when this was so
    """

    order_number: str
    provider: str
    amount: Money
    expires_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a shopper is sent to a provider with.

    payment_id  our own id of the attempt; the provider uses it as its idempotency key
    return_to   address the shopper comes back to
    notify_to   address the provider's server tells us at
    language    of the shopper: zh-hans or en
    is_phone    whether the shopper holds a phone: it goes to an address where a desktop shows a code
    network     address that the shopper comes from; WeChat Pay wants to know it
    """

    payment_id: str
    order_number: str
    amount: Money
    expires_at: datetime
    return_to: str
    notify_to: str
    language: str
    is_phone: bool = False
    network: str = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doorway:
    """Where a shopper pays.

    address    to go to; for a code to scan, the address to open on a phone, or empty
    qr         what the code says, empty if there is none
    reference  what the provider calls the attempt, kept with it for asking and closing
    """

    address: str
    qr: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a provider says, once its signature was found right.

    event_id        the provider's id of this message; the same message told twice has the same
    transaction_id  the provider's id of the money that moved; empty only if none did
    amount          of the payment; of the refund if the message is about one
    is_paid         whether money moved: to us, or back to the shopper if it is about a refund
    refund_id       our id of the refund that the message is about, empty for a payment
    """

    event_id: str
    transaction_id: str
    merchant: str
    payment_id: str
    order_number: str
    amount: Money
    is_paid: bool
    reason: str = ""
    kind: NoticeKind = NoticeKind.PAYMENT
    refund_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundNotice:
    """What a provider answers when it is told to give money back, or asked how that stands.

    reason  the provider's word for a refusal
    """

    state: RefundAnswer
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """One row of a provider's daily bill.

    transaction_id  of the payment, for a refund too
    refund_id       our id of the refund, empty for a payment
    amount          above zero either way
    """

    transaction_id: str
    payment_id: str
    refund_id: str
    amount: Money
    kind: BillKind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a provider allows.

    apart       at least so long between two refunds of one payment
    parts       at most so many refunds per payment
    within      refunds at most so long after the money came
    currencies  in which it takes money; in any if there are none
    """

    apart: timedelta = timedelta(0)
    parts: int = 1000
    within: timedelta = timedelta(days=365)
    currencies: frozenset[str] = frozenset()

    def takes(self, currency: str) -> bool:
        """Whether money in that currency can be paid there."""
        return not self.currencies or currency in self.currencies

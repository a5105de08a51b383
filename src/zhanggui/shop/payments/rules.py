"""Payments, as values; what a provider's adapter must do; the wire format of the sandbox gateway."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from zhanggui.base.ledger import rules as ledger
from zhanggui.base.ledger.rules import Account, Entry
from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments.errors import Forged, Stale, Unreadable

# How far a message's time may be from ours, either way.
TOLERANCE = timedelta(seconds=300)


class State(StrEnum):
    """How an attempt to pay stands.

    REFUND_DUE  its money came, but the order could not take it; it goes back
    """

    STARTED = "started"
    SETTLED = "settled"
    FAILED = "failed"
    REFUND_DUE = "refund_due"


class Fault(StrEnum):
    """Why a provider's message is quarantined.

    ORDER_EXPIRED, ORDER_CANCELLED, ORDER_PAID  the money is good but late, or came twice: it goes back
    """

    UNKNOWN_PAYMENT = "unknown_payment"
    OTHER_MERCHANT = "other_merchant"
    OTHER_ORDER = "other_order"
    OTHER_CURRENCY = "other_currency"
    OTHER_AMOUNT = "other_amount"
    ORDER_EXPIRED = "order_expired"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_PAID = "order_paid"


class Outcome(StrEnum):
    """What a provider's message came to.

    PAID         the order is paid, by this message or one before it
    DECLINED     no money; the shopper may try again
    QUARANTINED  it does not fit; a person looks at it, no order changed
    """

    PAID = "paid"
    DECLINED = "declined"
    QUARANTINED = "quarantined"


LATE = (Fault.ORDER_EXPIRED, Fault.ORDER_CANCELLED, Fault.ORDER_PAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a provider's message; the same for a message that came before.

    order_number, payment_id  as the message names them
    """

    outcome: Outcome
    order_number: str
    payment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a shopper is sent to a provider with.

    payment_id  our own id of the attempt; the provider uses it as its idempotency key
    return_to   address the shopper comes back to
    notify_to   address the provider's server tells us at
    language    of the shopper: zh-hans or en
    """

    payment_id: str
    order_number: str
    amount: Money
    expires_at: datetime
    return_to: str
    notify_to: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a provider says, once its signature was found right.

    event_id        the provider's id of this message; the same message told twice has the same
    transaction_id  the provider's id of the money that moved; empty only if none did
    """

    event_id: str
    transaction_id: str
    merchant: str
    payment_id: str
    order_number: str
    amount: Money
    is_paid: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One attempt to pay an order."""

    id: str
    shop: str
    order_number: str
    provider: str
    amount: Money
    state: State
    transaction_id: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A message that does not fit, for the person who looks at it."""

    provider: str
    event_id: str
    order_number: str
    payment_id: str
    amount: Money
    reason: Fault
    received_at: datetime


class Provider(Protocol):
    """A port: one payment provider."""

    @property
    def merchant(self) -> str:
        """Our number at the provider, which its messages must carry."""
        ...

    def doorway(self, intent: Intent) -> str:
        """The address to send the shopper to."""
        ...

    def read(self, message: bytes, *, at: datetime) -> Notice:
        """What a message says.

        message  the raw query string of a return, or the raw body of a notification
        refuses  Forged, Stale, Unreadable
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxProvider:
    """The adapter of the sandbox gateway (`doors.sandbox`); its wire format is below.

    key      what the gateway and the shop sign with
    gateway  address of the gateway's entrance
    """

    merchant: str
    key: bytes = field(repr=False)
    gateway: str

    def doorway(self, intent: Intent) -> str:
        """The entrance of the gateway with the intent, signed."""
        asked = {
            "merchant": self.merchant,
            "payment": intent.payment_id,
            "order": intent.order_number,
            "amount": str(intent.amount.minor),
            "currency": intent.amount.currency,
            "expires_at": str(int(intent.expires_at.timestamp())),
            "return_to": intent.return_to,
            "notify_to": intent.notify_to,
            "language": intent.language,
        }
        return f"{self.gateway}?{signed(asked, key=self.key)}"

    def read(self, message: bytes, *, at: datetime) -> Notice:
        """What the gateway says with a return or a notification.

        refuses  Forged, Stale, Unreadable
        """
        said = unsigned(message, key=self.key)
        try:
            sent_at = int(said["sent_at"])
            notice = Notice(
                event_id=said["event"],
                transaction_id=said["transaction"],
                merchant=said["merchant"],
                payment_id=said["payment"],
                order_number=said["order"],
                amount=Money(int(said["amount"]), said["currency"]),
                is_paid=said["status"] == "paid",
                reason=said["reason"],
            )
        except (KeyError, ValueError) as wrong:
            raise Unreadable(provider="sandbox", reason=f"{type(wrong).__name__}: {wrong}") from wrong
        if notice.is_paid and not notice.transaction_id:
            raise Unreadable(provider="sandbox", reason="money without a transaction")
        if abs(int(at.timestamp()) - sent_at) > TOLERANCE.total_seconds():
            raise Stale(provider="sandbox", sent_at=sent_at)
        return notice


def signed(said: Mapping[str, str], *, key: bytes) -> str:
    """Parameters as a query string with their signature, an HMAC-SHA256 over all of them sorted by name."""
    return f"{_canonical(said)}&signature={_signature(said, key=key)}"


def unsigned(message: bytes, *, key: bytes) -> dict[str, str]:
    """The parameters of a query string whose signature is right.

    refuses  Unreadable if it is not a query string, or names a parameter twice; Forged
    """
    try:
        pairs = parse_qsl(message.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=30)
    except ValueError as wrong:
        raise Unreadable(provider="sandbox", reason=str(wrong)) from wrong
    said = dict(pairs)
    if len(said) < len(pairs):
        raise Unreadable(provider="sandbox", reason="a parameter stands there twice")
    given = said.pop("signature", "")
    if not hmac.compare_digest(given.encode(), _signature(said, key=key).encode()):
        raise Forged(provider="sandbox")
    return said


def payment_id_of(text: str) -> UUID | None:
    """The id that a text writes; None if it writes none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def fault_of(notice: Notice, *, payment: Payment | None, merchant: str) -> Fault | None:
    """What about a provider's message does not fit the attempt that it names; None if all does."""
    if payment is None:
        return Fault.UNKNOWN_PAYMENT
    fits = {
        Fault.OTHER_MERCHANT: notice.merchant == merchant,
        Fault.OTHER_ORDER: notice.order_number == payment.order_number,
        Fault.OTHER_CURRENCY: notice.amount.currency == payment.amount.currency,
        Fault.OTHER_AMOUNT: notice.amount.minor == payment.amount.minor,
    }
    return next((fault for fault, is_right in fits.items() if not is_right), None)


def lateness(state: OrderState) -> Fault:
    """Why good money is not wanted by an order in that state any longer."""
    return {
        OrderState.EXPIRED: Fault.ORDER_EXPIRED,
        OrderState.CANCELLED: Fault.ORDER_CANCELLED,
        OrderState.PAID: Fault.ORDER_PAID,
    }[state]


def sale_entry(order: Order, *, payment: Payment) -> Entry:
    """The booking of an order that was paid: money at the provider against what was sold, delivered and taxed."""
    parts = ((Account.SALES, order.goods), (Account.SHIPPING_INCOME, order.shipping), (Account.TAX_DUE, order.tax))
    return Entry(
        shop=order.shop,
        kind="payment",
        reference=payment.id,
        postings=(
            ledger.debit(Account.CASH, payment.amount, holder=payment.provider),
            *(ledger.credit(account, amount) for account, amount in parts if amount),
        ),
    )


def refund_due_entry(payment: Payment, *, transaction_id: str) -> Entry:
    """The booking of money that its order cannot take: it is at the provider, and we owe it back."""
    return Entry(
        shop=payment.shop,
        kind="refund_due",
        reference=f"{payment.provider}/{transaction_id}",
        postings=(
            ledger.debit(Account.CASH, payment.amount, holder=payment.provider),
            ledger.credit(Account.REFUNDS_DUE, payment.amount, holder=payment.order_number),
        ),
    )


def _canonical(said: Mapping[str, str]) -> str:
    return urlencode(sorted(said.items()))


def _signature(said: Mapping[str, str], *, key: bytes) -> str:
    return hmac.new(key, _canonical(said).encode(), hashlib.sha256).hexdigest()

"""Attempts to pay, as values, and what a provider's word about one came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.payments.rules.port import Notice

# The provider of an attempt that wallet and cards cover whole: no money moves outside the house.
BALANCE: Final = "balance"
# Open attempts are asked for so long after their start; then only the daily bill tells.
ASKED_AFTER: Final = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=60))


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
    UNKNOWN_PAYMENT                             nobody knows what it pays for: it goes back
    REFUND_RETURNED                             a refund that was paid out came back, as from an account that is closed
    OTHER_SHOP                                  another shop of the house started that attempt
    """

    UNKNOWN_PAYMENT = "unknown_payment"
    UNKNOWN_REFUND = "unknown_refund"
    REFUND_RETURNED = "refund_returned"
    OTHER_SHOP = "other_shop"
    OTHER_MERCHANT = "other_merchant"
    OTHER_ORDER = "other_order"
    OTHER_CURRENCY = "other_currency"
    OTHER_AMOUNT = "other_amount"
    ORDER_EXPIRED = "order_expired"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_PAID = "order_paid"


LATE: Final = (Fault.ORDER_EXPIRED, Fault.ORDER_CANCELLED, Fault.ORDER_PAID)
# Goes back without asking a person.
UNWANTED: Final = (*LATE, Fault.UNKNOWN_PAYMENT)
# Not given back by us: it lies at somebody else's number, moved none, or could not reach the shopper that way.
NOT_OURS: Final = (Fault.OTHER_MERCHANT, Fault.UNKNOWN_REFUND, Fault.REFUND_RETURNED)


class Outcome(StrEnum):
    """What a provider's message came to.

    PAID         the order is paid, by this message or one before it
    DECLINED     no money; the shopper may try again
    QUARANTINED  it does not fit; no order changed
    REFUNDED     it told how a refund of ours went
    """

    PAID = "paid"
    DECLINED = "declined"
    QUARANTINED = "quarantined"
    REFUNDED = "refunded"


class Source(StrEnum):
    """How a provider's word reached us: it told, we asked, we closed the attempt, or its daily bill says so."""

    TOLD = "told"
    ASKED = "asked"
    CLOSED = "closed"
    BILL = "bill"


class Decision(StrEnum):
    """What was decided about a message that does not fit; OPEN waits for a person."""

    OPEN = ""
    GIVEN_BACK = "given_back"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of a provider's message; the same for a message that came before.

    order_number, payment_id  as the message names them
    """

    outcome: Outcome
    order_number: str
    payment_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One attempt to pay what wallet and cards leave of an order.

    amount          what the provider is asked for; nothing if wallet and cards cover all
    transaction_id  the provider's id of the money that came, empty before
    reference       what the provider calls the attempt itself, if it said so when it was begun
    refunded        what went back of it or is on its way
    """

    id: str
    shop: str
    order_number: str
    provider: str
    amount: Money
    state: State
    transaction_id: str
    started_at: datetime
    ended_at: datetime | None
    reference: str = ""
    refunded: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A message that does not fit, for the person who looks at it.

    id        of the message in the inbox
    decision  OPEN as long as nobody has decided; late and unknown money goes back by itself
    """

    id: int
    provider: str
    event_id: str
    transaction_id: str
    order_number: str
    payment_id: str
    amount: Money
    reason: Fault
    received_at: datetime
    decision: Decision
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A provider's word about an attempt, and what it came to."""

    event_id: str
    transaction_id: str
    source: Source
    amount: Money
    outcome: Outcome
    reason: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """A message that was not believed.

    fault  forged, stale or unreadable
    body   how it begins
    """

    id: int
    provider: str
    fault: str
    reason: str
    body: bytes
    received_at: datetime


def payment_id_of(text: str) -> UUID | None:
    """The id that a text writes; None if it writes none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def fault_of(notice: Notice, *, payment: Payment | None, merchant: str) -> Fault | None:
    """What about a provider's message does not fit the attempt that it names; None if all does."""
    if notice.merchant != merchant:
        return Fault.OTHER_MERCHANT
    if payment is None:
        return Fault.UNKNOWN_PAYMENT
    fits = {
        Fault.OTHER_ORDER: notice.order_number == payment.order_number,
        Fault.OTHER_CURRENCY: notice.amount.currency == payment.amount.currency,
        Fault.OTHER_AMOUNT: notice.amount.minor == payment.amount.minor,
    }
    return next((fault for fault, is_right in fits.items() if not is_right), None)


def lateness(state: OrderState) -> Fault:
    """Why good money is not wanted by an order in that state any longer."""
    ended = {OrderState.EXPIRED: Fault.ORDER_EXPIRED, OrderState.CANCELLED: Fault.ORDER_CANCELLED}
    return ended.get(state, Fault.ORDER_PAID)


def next_ask(asks: int, *, started_at: datetime) -> datetime | None:
    """When to ask the provider next for an attempt that was asked for so often; None if that was the last time.

    source  rules.md § 4: after 1, 5, 15 and 60 minutes
    """
    return started_at + ASKED_AFTER[asks] if asks < len(ASKED_AFTER) else None

"""What the gateway charges, and what it says about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import urlsplit
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Unreadable

LANGUAGES = ("zh-hans", "en")


class State(StrEnum):
    """How a charge stands."""

    OPEN = "open"
    PAID = "paid"
    DECLINED = "declined"


class Choice(StrEnum):
    """What whoever stands before the gateway's page may do; all but the first two are ways to try the shop.

    PAY_LATE         pay although the deadline is past
    PAY_TWICE        two transactions for one payment
    PAY_AND_LEAVE    pay and close the window: only the notification tells
    PAY_LESS         one minor unit less than was asked for
    OTHER_CURRENCY   the same figure in another currency
    """

    PAY = "pay"
    DECLINE = "decline"
    PAY_LATE = "pay_late"
    PAY_TWICE = "pay_twice"
    PAY_AND_LEAVE = "pay_and_leave"
    PAY_LESS = "pay_less"
    OTHER_CURRENCY = "other_currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a merchant asks the gateway to charge."""

    merchant: str
    payment_id: str
    order_number: str
    amount: Money
    expires_at: datetime
    return_to: str
    notify_to: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge as the gateway's page shows it."""

    token: str
    terms: Terms
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """One thing that the gateway tells the shop about a charge.

    transaction_id  of the money that moved, empty if none did
    """

    event_id: str
    transaction_id: str
    amount: Money
    is_paid: bool
    reason: str = ""


def terms_of(asked: Mapping[str, str]) -> Terms:
    """What the signed parameters of a merchant ask for.

    refuses  Unreadable if one is missing or malformed
    """
    try:
        terms = Terms(
            merchant=asked["merchant"],
            payment_id=asked["payment"],
            order_number=asked["order"],
            amount=Money(int(asked["amount"]), asked["currency"]),
            expires_at=datetime.fromtimestamp(int(asked["expires_at"]), UTC),
            return_to=asked["return_to"],
            notify_to=asked["notify_to"],
            language=asked["language"] if asked["language"] in LANGUAGES else LANGUAGES[-1],
        )
    except (KeyError, ValueError, OverflowError) as wrong:
        raise Unreadable(provider="sandbox", reason=f"{type(wrong).__name__}: {wrong}") from wrong
    addresses = (terms.return_to, terms.notify_to)
    if terms.amount.minor <= 0 or any(urlsplit(a).scheme not in {"http", "https"} for a in addresses):
        raise Unreadable(provider="sandbox", reason="an amount or an address that cannot be used")
    return terms


def sayings(terms: Terms, choice: Choice, *, ids: tuple[UUID, UUID]) -> tuple[Saying, ...]:
    """What the gateway says after a choice; the shopper brings the newest back."""
    amount = terms.amount
    if choice is Choice.DECLINE:
        return (Saying(event_id=f"ev-{ids[0]}", transaction_id="", amount=amount, is_paid=False, reason="declined"),)
    if choice is Choice.PAY_LESS:
        amount = Money(amount.minor - 1, amount.currency)
    if choice is Choice.OTHER_CURRENCY:
        amount = Money(amount.minor, "USD" if amount.currency != "USD" else "CNY")
    told = ids if choice is Choice.PAY_TWICE else ids[:1]
    return tuple(Saying(event_id=f"ev-{id}", transaction_id=f"tx-{id}", amount=amount, is_paid=True) for id in told)


def wire(terms: Terms, saying: Saying, *, at: datetime) -> dict[str, str]:
    """A saying as the parameters that are signed and sent."""
    return {
        "event": saying.event_id,
        "transaction": saying.transaction_id,
        "merchant": terms.merchant,
        "payment": terms.payment_id,
        "order": terms.order_number,
        "amount": str(saying.amount.minor),
        "currency": saying.amount.currency,
        "status": "paid" if saying.is_paid else "declined",
        "reason": saying.reason,
        "sent_at": str(int(at.timestamp())),
    }

"""Stripe: a Checkout Session per attempt, webhooks back. Its day is a day in UTC."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import msgspec
import stripe
from stripe import RequestsClient, StripeClient, WebhookSignature

from zhanggui.base.money import Money, exponent
from zhanggui.shop.payments.errors import Forged, NothingNew, ProviderUnreachable, Stale, Unreadable
from zhanggui.shop.payments.rules import (
    TOLERANCE,
    BillKind,
    BillRow,
    Doorway,
    Intent,
    Limits,
    Message,
    Notice,
    NoticeKind,
    Payment,
    Refund,
    RefundAnswer,
    RefundNotice,
    Settled,
    Way,
)

NAME: Final = "stripe"
API: Final = "https://api.stripe.com"
PATIENCE_S: Final = 10.0
# A session lives for 30 minutes at least; the shop closes it before, when the order's own time is over.
_BEYOND: Final = timedelta(minutes=30)
# These have no minor unit at Stripe. The rest has two places, ISK and UGX too, and five currencies have three.
_WHOLE: Final = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THREE: Final = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
_PAID: Final = frozenset(("checkout.session.completed", "checkout.session.async_payment_succeeded"))
_FAILED: Final = frozenset(("checkout.session.expired", "checkout.session.async_payment_failed"))
_REFUNDS: Final = frozenset(("refund.created", "refund.updated", "refund.failed"))
_ANSWERS: Final = {
    "succeeded": RefundAnswer.DONE,
    "pending": RefundAnswer.ACCEPTED,
    "requires_action": RefundAnswer.ACCEPTED,
}
_CAME: Final = frozenset(("charge", "payment"))
_WENT: Final = frozenset(("refund", "payment_refund"))
# After a 500 Stripe gives the same 500 for the same key for a day, so there are some more to try.
_KEYS: Final = ("", "-2", "-3")


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeProvider:
    """The adapter of Stripe.

    merchant        what we write into the metadata, so that another program on the account is not taken for us
    webhook_secret  signs its messages
    is_live         whether the key moves real money; messages of the other kind are not ours
    """

    client: StripeClient = field(repr=False)
    webhook_secret: str = field(repr=False)
    is_live: bool
    merchant: str = "zhanggui"
    kind: Way = Way.REDIRECT
    limits: Limits = field(default_factory=Limits)

    def begin(self, intent: Intent) -> Doorway:
        """Open a session, or find the one that an earlier try has opened for the same attempt."""
        asked = self._session_of(intent)
        digest = hashlib.sha256(msgspec.json.encode(asked)).hexdigest()[:12]
        with _reaching():
            try:
                session = self._once(self.client.v1.checkout.sessions.create, asked, key=intent.payment_id)
            except stripe.IdempotencyError:  # the shopper came back by another address: a session of its own
                key = f"{intent.payment_id}-{digest}"
                session = self._once(self.client.v1.checkout.sessions.create, asked, key=key)
        return Doorway(address=session["url"] or intent.return_to, reference=session["id"])

    def read(self, message: Message, *, at: datetime) -> Notice:
        """What a webhook says.

        refuses  Forged, Stale, Unreadable; NothingNew for the many events that move no money
        """
        event = _believed(message, secret=self.webhook_secret, at=at)
        try:
            kind, thing = event["type"], event["data"]["object"]
            if kind in _PAID and thing["payment_status"] == "paid":
                return self._paid(thing, event_id=event["id"])
            if kind in _FAILED or kind == "payment_intent.payment_failed":
                return self._unpaid(thing, event_id=event["id"], reason=kind.rpartition(".")[2])
            if kind in _REFUNDS and thing["status"] in {"succeeded", "failed", "canceled"}:
                return self._refunded(thing, event_id=event["id"], is_live=event["livemode"])
        except (KeyError, TypeError, ValueError) as wrong:
            raise Unreadable(provider=NAME, reason=f"{type(wrong).__name__}: {wrong}") from wrong
        raise NothingNew(provider=NAME, event=str(kind))

    def ask(self, payment: Payment) -> Notice | None:
        """The money of an attempt, if it came."""
        with _reaching():
            if payment.reference:
                session = self.client.v1.checkout.sessions.retrieve(payment.reference).to_dict()
                return self._paid(session) if session["payment_status"] == "paid" else None
            return self._found(payment)

    def close(self, payment: Payment) -> Notice | None:
        """Expire the session; one that is complete has been paid."""
        if not payment.reference:  # nobody ever heard its address, so nobody can pay there
            return self.ask(payment)
        with _reaching():
            try:
                self.client.v1.checkout.sessions.expire(payment.reference)
            except stripe.InvalidRequestError:
                session = self.client.v1.checkout.sessions.retrieve(payment.reference).to_dict()
                if session["status"] == "open":
                    raise
                return self._paid(session) if session["payment_status"] == "paid" else None
        return None

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """Give money back; a refund that an earlier try has made is found by our number in its metadata."""
        money = refund.transaction_id or payment.transaction_id
        asked = {
            "payment_intent": money,
            "amount": to_stripe(refund.amount),
            "metadata": {"refund": refund.id, "payment": payment.id, "order": refund.order_number},
        }
        with _reaching():
            if (known := self._refund_of(money, refund.id)) is not None:
                return _refund_notice(known)
            try:
                return _refund_notice(self._once(self.client.v1.refunds.create, asked, key=refund.id))
            except (stripe.InvalidRequestError, stripe.CardError) as refused:
                return RefundNotice(state=RefundAnswer.REFUSED, reason=refused.code or "invalid_request")

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """How a refund stands."""
        with _reaching():
            known = self._refund_of(refund.transaction_id or payment.transaction_id, refund.id)
        if known is None:
            raise ProviderUnreachable(provider=NAME, reason="the refund is not there yet")
        return _refund_notice(known)

    def bill(self, day: date) -> tuple[BillRow, ...]:
        """All balance transactions of a day in UTC that are payments or refunds, oldest first."""
        begin = int(datetime.combine(day, datetime.min.time(), UTC).timestamp())
        asked: Any = {"created": {"gte": begin, "lt": begin + 86_400}, "limit": 100, "expand": ["data.source"]}
        with _reaching():
            moved = [row.to_dict() for row in self.client.v1.balance_transactions.list(asked).auto_paging_iter()]
        return tuple(_bill_row(row) for row in reversed(moved) if row["type"] in _CAME | _WENT)

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        """Any 2xx for what was understood; anything else is sent again."""
        return (200, b"", "text/plain") if settled else (400, b"refused", "text/plain")

    def _session_of(self, intent: Intent) -> dict[str, Any]:
        named = {
            "payment": intent.payment_id,
            "order": intent.order_number,
            "merchant": self.merchant,
            "notify_to": intent.notify_to,
        }
        price = {
            "currency": intent.amount.currency.lower(),
            "unit_amount": to_stripe(intent.amount),
            "product_data": {"name": intent.order_number},
        }
        return {
            "mode": "payment",
            "client_reference_id": intent.payment_id,
            "line_items": [{"price_data": price, "quantity": 1}],
            "metadata": named,
            "payment_intent_data": {"metadata": named},
            "success_url": f"{intent.return_to}?back=1",
            "cancel_url": intent.return_to,
            "expires_at": int((intent.expires_at + _BEYOND).timestamp()),
        }

    def _once(self, create: Callable[..., Any], asked: dict[str, Any], *, key: str) -> dict[str, Any]:
        """Make something under a key; a replayed 500 is stepped over with the next key."""
        for step in _KEYS:
            try:
                made: dict[str, Any] = create(asked, {"idempotency_key": f"{key}{step}"}).to_dict()
            except stripe.APIError as failed:
                if not _is_replayed(failed):
                    raise
            else:
                return made
        raise ProviderUnreachable(provider=NAME, reason="only old errors for every key")

    def _found(self, payment: Payment) -> Notice | None:
        """The money of an attempt whose session we never heard of."""
        found = self.client.v1.payment_intents.search({"query": f"metadata['payment']:'{payment.id}'"})
        paid = [one for one in (row.to_dict() for row in found.data) if one["status"] == "succeeded"]
        if not paid:
            return None
        intent = paid[0]
        return self._notice(intent, event_id="", transaction_id=intent["id"], minor=intent["amount_received"])

    def _refund_of(self, transaction_id: str, id: str) -> dict[str, Any] | None:
        asked: Any = {"payment_intent": transaction_id, "limit": 100}
        listed = self.client.v1.refunds.list(asked).auto_paging_iter()
        rows = (row.to_dict() for row in listed)
        return next((row for row in rows if (row.get("metadata") or {}).get("refund") == id), None)

    def _paid(self, session: dict[str, Any], *, event_id: str = "") -> Notice:
        transaction_id = str(session["payment_intent"])
        return self._notice(session, event_id=event_id, transaction_id=transaction_id, minor=session["amount_total"])

    def _unpaid(self, thing: dict[str, Any], *, event_id: str, reason: str) -> Notice:
        minor = thing.get("amount_total", thing.get("amount", 0))
        return self._notice(thing, event_id=event_id, transaction_id="", minor=minor, reason=reason)

    def _notice(
        self, thing: dict[str, Any], *, event_id: str, transaction_id: str, minor: int, reason: str = ""
    ) -> Notice:
        named = thing.get("metadata") or {}
        return Notice(
            event_id=event_id or f"asked-{transaction_id}",
            transaction_id=transaction_id,
            merchant=self._merchant(named, is_live=thing["livemode"]),
            payment_id=named.get("payment", ""),
            order_number=named.get("order", ""),
            amount=from_stripe(minor, thing["currency"]),
            is_paid=bool(transaction_id),
            reason=reason,
        )

    def _refunded(self, thing: dict[str, Any], *, event_id: str, is_live: bool) -> Notice:
        named = thing.get("metadata") or {}
        if "refund" not in named:  # made by hand at Stripe: the daily bill tells of it
            raise NothingNew(provider=NAME, event="refund")
        return Notice(
            event_id=event_id,
            transaction_id=str(thing["payment_intent"]),
            merchant=self._merchant(named | {"merchant": self.merchant}, is_live=is_live),
            payment_id=named.get("payment", ""),
            order_number=named.get("order", ""),
            amount=from_stripe(thing["amount"], thing["currency"]),
            is_paid=thing["status"] == "succeeded",
            reason=thing.get("failure_reason") or "",
            kind=NoticeKind.REFUND,
            refund_id=named["refund"],
        )

    def _merchant(self, named: dict[str, str], *, is_live: bool) -> str:
        return named.get("merchant", "") if is_live is self.is_live else "another mode"


def connect(*, secret_key: str, webhook_secret: str, api: str = API, patience_s: float = PATIENCE_S) -> StripeProvider:
    """The adapter for an account of Stripe. No network.

    api  another address than Stripe's own
    """
    client = StripeClient(
        secret_key,
        base_addresses={"api": api},
        max_network_retries=0,  # a job tries again, with the same key
        http_client=RequestsClient(timeout=patience_s),
    )
    return StripeProvider(client=client, webhook_secret=webhook_secret, is_live=not secret_key.startswith("sk_test_"))


def to_stripe(amount: Money) -> int:
    """An amount in the units that Stripe counts in.

    source  19.99 CNY -> 1999, 500 JPY -> 500, 500 ISK -> 50000, 1.500 KWD -> 1500
    """
    places = _places(amount.currency)
    scaled = amount.major.scaleb(places)
    if scaled != int(scaled):
        raise Unreadable(provider=NAME, reason=f"{amount} cannot be written with {places} places")
    return int(scaled)


def from_stripe(units: int, currency: str) -> Money:
    """An amount as Stripe counts it, in our minor units; the mirror of `to_stripe`."""
    code = currency.upper()
    shift = exponent(code) - _places(code)
    if shift < 0 and units % 10**-shift:
        raise ValueError(f"{units} of {code} is less than its minor unit")
    return Money(units * 10**shift if shift >= 0 else units // 10**-shift, code)


def _places(currency: str) -> int:
    return 0 if currency in _WHOLE else 3 if currency in _THREE else 2


def _believed(message: Message, *, secret: str, at: datetime) -> dict[str, Any]:
    """The event of a message whose signature and age are right.

    refuses  Forged, Stale, Unreadable
    """
    header = message.header("Stripe-Signature")
    try:
        WebhookSignature.verify_header(message.body, header, secret, tolerance=None)
    except stripe.SignatureVerificationError as forged:
        raise Forged(provider=NAME) from forged
    except UnicodeDecodeError as wrong:
        raise Unreadable(provider=NAME, reason=str(wrong)) from wrong
    sent_at = int(dict(part.split("=", 1) for part in header.split(","))["t"])
    if abs(int(at.timestamp()) - sent_at) > TOLERANCE.total_seconds():
        raise Stale(provider=NAME, sent_at=sent_at)
    try:
        return msgspec.json.decode(message.body, type=dict[str, Any])
    except msgspec.DecodeError as wrong:
        raise Unreadable(provider=NAME, reason=str(wrong)) from wrong


def _refund_notice(refund: dict[str, Any]) -> RefundNotice:
    state = _ANSWERS.get(refund["status"], RefundAnswer.REFUSED)
    return RefundNotice(state=state, reason=refund.get("failure_reason") or "")


def _bill_row(row: dict[str, Any]) -> BillRow:
    source = row["source"]
    named = source.get("metadata") or {}
    is_payment = row["type"] in _CAME
    return BillRow(
        transaction_id=str(source["payment_intent"] or source["id"]),
        payment_id=named.get("payment", ""),
        refund_id="" if is_payment else named.get("refund", ""),
        amount=from_stripe(abs(source["amount"]), source["currency"]),
        kind=BillKind.PAID if is_payment else BillKind.REFUNDED,
        at=datetime.fromtimestamp(row["created"], UTC),
    )


def _is_replayed(failed: stripe.APIError) -> bool:
    headers = {name.lower(): value for name, value in (failed.headers or {}).items()}
    return headers.get("idempotent-replayed") == "true"


@contextmanager
def _reaching() -> Iterator[None]:
    """What Stripe did not answer, or answered so that it cannot be used now, is tried again by a job."""
    try:
        yield
    except stripe.StripeError as failed:
        reason = f"{type(failed).__name__} {failed.code or failed.http_status or ''}".strip()
        raise ProviderUnreachable(provider=NAME, reason=reason) from failed

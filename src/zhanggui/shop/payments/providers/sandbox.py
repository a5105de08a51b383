"""The plain way of the sandbox (`doors.sandbox`): a signed address to go to, and signed messages back."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import parse_qsl, urlencode

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Forged, Stale, Unreadable
from zhanggui.shop.payments.rules import (
    TOLERANCE,
    BillRow,
    Doorway,
    Intent,
    Limits,
    Message,
    Notice,
    Payment,
    Refund,
    RefundAnswer,
    RefundNotice,
    Settled,
    Way,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxProvider:
    """The adapter of the sandbox gateway; its wire format is below. It is told, never asked.

    key      what the gateway and the shop sign with
    gateway  address of the gateway's entrance
    """

    merchant: str
    key: bytes = field(repr=False)
    gateway: str
    kind: Way = Way.REDIRECT
    limits: Limits = field(default_factory=Limits)

    def begin(self, intent: Intent) -> Doorway:
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
        return Doorway(address=f"{self.gateway}?{signed(asked, key=self.key)}")

    def read(self, message: Message, *, at: datetime) -> Notice:
        """What the gateway says with a return or a notification.

        refuses  Forged, Stale, Unreadable
        """
        said = unsigned(message.body, key=self.key)
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

    def ask(self, payment: Payment) -> Notice | None:
        """The gateway answers no questions."""
        return None

    def close(self, payment: Payment) -> Notice | None:
        """The gateway closes a charge by itself when its time is over."""
        return None

    def refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """No money ever moved, so none has to."""
        return RefundNotice(state=RefundAnswer.DONE)

    def ask_refund(self, refund: Refund, *, payment: Payment) -> RefundNotice:
        """Done at once."""
        return RefundNotice(state=RefundAnswer.DONE)

    def bill(self, day: date) -> tuple[BillRow, ...]:
        """The gateway sends no bills."""
        return ()

    def answer(self, settled: Settled | None) -> tuple[int, bytes, str]:
        """The word it listens for, or a refusal so that it tells again."""
        return (200, b"success", "text/plain") if settled else (400, b"refused", "text/plain")


def signed(said: Mapping[str, str], *, key: bytes) -> str:
    """Parameters as a query string with their signature, an HMAC-SHA256 over all of them sorted by name."""
    asked = _canonical(said)
    return f"{asked}&signature={_signature(asked, key=key)}"


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
    if not hmac.compare_digest(given.encode(), _signature(_canonical(said), key=key).encode()):
        raise Forged(provider="sandbox")
    return said


def _canonical(said: Mapping[str, str]) -> str:
    return urlencode(sorted(said.items()))


def _signature(canonical: str, *, key: bytes) -> str:
    return hmac.digest(key, canonical.encode(), "sha256").hex()

"""The objects that Stripe answers with and tells of, made from what the sandbox knows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, Final

from django.conf import settings
from django.urls import reverse

from zhanggui.base import ids
from zhanggui.base.money import Money
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox.rules import Charge, Method, Refund, RefundState, Saying, State, Trouble

# At Stripe these have no minor unit and those below three places; all others have two, whatever ISO 4217 says.
_WHOLE: Final = frozenset(
    ("BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF")
)
_THREE: Final = frozenset(("BHD", "JOD", "KWD", "OMR", "TND"))
_STATUS: Final = {State.OPEN: "open", State.DECLINED: "open", State.PAID: "complete", State.CLOSED: "expired"}
_REFUND_STATUS: Final = {
    RefundState.ACCEPTED: "pending",
    RefundState.DONE: "succeeded",
    RefundState.REFUSED: "failed",
}


def minor_at_stripe(amount: Money) -> int:
    """An amount as Stripe writes it: 1999 CNY is 1999, 500 JPY is 500, 500 ISK is 50000."""
    places = 0 if amount.currency in _WHOLE else 2
    return int(amount.major.scaleb(places)) if amount.currency not in _THREE else amount.minor


def money_of(minor: int, currency: str) -> Money:
    """An amount that Stripe wrote, in our minor units."""
    from_stripe = minor_at_stripe(Money(1000, currency))
    return Money(minor * 1000 // from_stripe, currency)


def session(charge: Charge, *, saying: Saying | None = None) -> dict[str, Any]:
    """A Checkout Session; with a saying, as its message tells it, which may be wrong on purpose."""
    told = saying.amount if saying else charge.told
    is_paid = charge.state is State.PAID
    transaction_id = (saying.transaction_id if saying else "") or charge.transaction_id
    return {
        "id": charge.reference,
        "object": "checkout.session",
        "amount_subtotal": minor_at_stripe(told),
        "amount_total": minor_at_stripe(told),
        "client_reference_id": charge.terms.payment_id,
        "created": int(charge.opened_at.timestamp()),
        "currency": told.currency.lower(),
        "expires_at": int(charge.terms.expires_at.timestamp()),
        "livemode": False,
        "metadata": _metadata(charge),
        "mode": "payment",
        "payment_intent": transaction_id or None,
        "payment_status": "paid" if is_paid else "unpaid",
        "status": _STATUS[charge.state],
        "success_url": charge.terms.return_to,
        "cancel_url": charge.terms.cancel_to,
        "url": settings.SANDBOX_URL + reverse("sandbox:pay", args=[charge.token]) if charge.can_be_paid else None,
    }


def intent(charge: Charge) -> dict[str, Any]:
    """A PaymentIntent: the money of a charge."""
    return {
        "id": charge.transaction_id,
        "object": "payment_intent",
        "amount": minor_at_stripe(charge.told),
        "amount_received": minor_at_stripe(charge.told) if charge.state is State.PAID else 0,
        "currency": charge.told.currency.lower(),
        "created": int(charge.opened_at.timestamp()),
        "livemode": False,
        "metadata": _metadata(charge),
        "status": "succeeded" if charge.state is State.PAID else "requires_payment_method",
    }


def failed_intent(charge: Charge) -> dict[str, Any]:
    """The PaymentIntent of a card that was declined."""
    failed = {"code": "card_declined", "message": "Your card was declined.", "type": "card_error"}
    shown = intent(charge) | {"id": charge.transaction_id or f"pi_{ids.uuid7().hex[:24]}"}
    return shown | {"status": "requires_payment_method", "amount_received": 0, "last_payment_error": failed}


def _metadata(charge: Charge) -> dict[str, str]:
    terms = charge.terms
    named = {"payment": terms.payment_id, "order": terms.order_number, "merchant": terms.merchant}
    return named | {"notify_to": terms.notify_to}


def refund(charge: Charge, refund: Refund) -> dict[str, Any]:
    """A Refund, with the merchant's number in its metadata."""
    return {
        "id": refund.id,
        "object": "refund",
        "amount": minor_at_stripe(refund.amount),
        "charge": f"ch_{charge.transaction_id[3:]}",
        "created": int(refund.asked_at.timestamp()),
        "currency": refund.amount.currency.lower(),
        "failure_reason": "expired_or_canceled_card" if refund.state is RefundState.REFUSED else None,
        "metadata": {"refund": refund.number, "payment": charge.terms.payment_id, "order": charge.terms.order_number},
        "payment_intent": charge.transaction_id,
        "reason": None,
        "status": _REFUND_STATUS[refund.state],
    }


def moved(day: date, trouble: Trouble | None) -> list[dict[str, Any]]:
    """The balance transactions of a day, newest first, each with its charge or refund unfolded."""
    paid, back = actions.moved_on(Method.STRIPE, "", day, UTC)
    came = [_movement("charge", _charge(one), one.told, one.paid_at or one.opened_at) for one in paid]
    if trouble is Trouble.MISSING_ROW:
        came = came[1:]
    if trouble is Trouble.EXTRA_ROW:
        stranger = _charge_of("pi_stranger", Money(999, "CNY"), {})
        came.append(_movement("charge", stranger, Money(999, "CNY"), datetime.combine(day, datetime.min.time(), UTC)))
    went = [_movement("refund", refund(charge, one), -one.amount, one.ended_at or one.asked_at) for charge, one in back]
    return sorted(came + went, key=lambda row: (row["created"], row["id"]), reverse=True)


def _movement(kind: str, source: dict[str, Any], amount: Money, at: datetime) -> dict[str, Any]:
    return {
        "id": f"txn_{source['id'][3:]}",
        "object": "balance_transaction",
        "amount": minor_at_stripe(amount),
        "created": int(at.timestamp()),
        "currency": amount.currency.lower(),
        "fee": 0,
        "net": minor_at_stripe(amount),
        "source": source,
        "status": "available",
        "type": kind,
    }


def _charge(charge: Charge) -> dict[str, Any]:
    return _charge_of(charge.transaction_id, charge.told, _metadata(charge))


def _charge_of(transaction_id: str, amount: Money, metadata: dict[str, str]) -> dict[str, Any]:
    return {
        "id": f"ch_{transaction_id[3:]}",
        "object": "charge",
        "amount": minor_at_stripe(amount),
        "currency": amount.currency.lower(),
        "metadata": metadata,
        "payment_intent": transaction_id,
        "status": "succeeded",
    }


def page(rows: list[dict[str, Any]], said: dict[str, Any], limit: int, path: str) -> dict[str, Any]:
    """So many rows of a list, after the one that is named."""
    after = said.get("starting_after")
    names = [row["id"] for row in rows]
    rest = rows[names.index(after) + 1 :] if after in names else rows
    return {"object": "list", "data": rest[:limit], "has_more": len(rest) > limit, "url": path}

"""Our own protocol: a signed address to come by, and signed messages back.

The signature is an HMAC-SHA256 over all parameters sorted by name, written as a query string.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from zhanggui.base.money import Money
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox.errors import BadlyAsked, ChargeDiffers
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.rules import LANGUAGES, Charge, Letter, Method, News, Saying, Terms

FORM = "application/x-www-form-urlencoded"


@never_cache
@require_GET
def enter(request: HttpRequest) -> HttpResponse:
    """Somebody comes from a shop with a signed wish to pay."""
    try:
        asked = unsigned(request.META.get("QUERY_STRING", ""), key=keys().plain)
        charge = actions.open_charge(Method.PLAIN, terms_of(asked))
    except (BadlyAsked, ChargeDiffers):
        return render(request, "sandbox/refused.html", status=400)
    return redirect("sandbox:pay", token=charge.token)


def letter(charge: Charge, saying: Saying, *, at: datetime, key: str) -> Letter:
    """A message as it is sent, with the moment of sending."""
    body = signed(wire(charge, saying, at=at), key=key)
    return Letter(address=charge.terms.notify_to, body=body.encode(), headers={"Content-Type": FORM})


def is_heard(status: int, body: bytes) -> bool:
    """Whether the shop has taken a message."""
    return status == 200 and body == b"success"


def wire(charge: Charge, saying: Saying, *, at: datetime) -> dict[str, str]:
    """A message as the parameters that are signed and sent."""
    is_paid = saying.news is News.PAID
    return {
        "event": saying.id,
        "transaction": saying.transaction_id,
        "merchant": charge.terms.merchant,
        "payment": charge.terms.payment_id,
        "order": charge.terms.order_number,
        "amount": str(saying.amount.minor),
        "currency": saying.amount.currency,
        "status": "paid" if is_paid else "declined",
        "reason": "" if is_paid else "declined",
        "sent_at": str(int(at.timestamp())),
    }


def terms_of(asked: Mapping[str, str]) -> Terms:
    """What the parameters of a merchant ask for.

    refuses  BadlyAsked if one is missing or malformed
    """
    try:
        terms = Terms(
            merchant=asked["merchant"],
            payment_id=asked["payment"],
            order_number=asked["order"],
            amount=Money(int(asked["amount"]), asked["currency"]),
            expires_at=datetime.fromtimestamp(int(asked["expires_at"]), UTC),
            return_to=asked["return_to"],
            cancel_to=asked["return_to"],
            notify_to=asked["notify_to"],
            language=asked["language"] if asked["language"] in LANGUAGES else LANGUAGES[-1],
        )
    except (KeyError, ValueError, OverflowError) as wrong:
        raise BadlyAsked(code="parameters", reason=f"{type(wrong).__name__}: {wrong}") from wrong
    addresses = (terms.return_to, terms.notify_to)
    if terms.amount.minor <= 0 or any(urlsplit(a).scheme not in {"http", "https"} for a in addresses):
        raise BadlyAsked(code="parameters", reason="an amount or an address that cannot be used")
    return terms


def signed(said: Mapping[str, str], *, key: str) -> str:
    """Parameters as a query string with their signature."""
    query = urlencode(sorted(said.items()))
    return f"{query}&signature={_signature(query, key)}"


def unsigned(query: str, *, key: str) -> dict[str, str]:
    """The parameters of a query string whose signature is right.

    refuses  BadlyAsked
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True, max_num_fields=30)
    except ValueError as wrong:
        raise BadlyAsked(code="parameters", reason=str(wrong)) from wrong
    said = dict(pairs)
    given = said.pop("signature", "")
    expected = _signature(urlencode(sorted(said.items())), key)
    if len(said) + 1 != len(pairs) or not hmac.compare_digest(given.encode(), expected.encode()):
        raise BadlyAsked(code="signature", reason="the signature is not the merchant's")
    return said


def _signature(query: str, key: str) -> str:
    return hmac.new(key.encode(), query.encode(), hashlib.sha256).hexdigest()

"""Stripe's protocol: form-encoded calls with a secret key, JSON objects back, webhooks signed with a time stamp."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.doors.sandbox import actions
from zhanggui.doors.sandbox import stripe_objects as objects
from zhanggui.doors.sandbox.errors import AlreadyDecided, BadlyAsked, NoSuchCharge
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.rules import (
    Call,
    Charge,
    Letter,
    Method,
    News,
    Refund,
    Saying,
    State,
    Terms,
    Trouble,
)
from zhanggui.doors.sandbox.store import books
from zhanggui.doors.sandbox.trouble import answered

P = ParamSpec("P")
_PART: Final = re.compile(r"[^\[\]]+")
_SHORTEST: Final = timedelta(minutes=30)
_LONGEST: Final = timedelta(hours=24)
_DAY: Final = timedelta(days=1)


def for_merchants(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A call that needs the secret key; what is refused becomes Stripe's error object."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {keys().stripe_secret}".encode()):
            return _wrong(401, code="api_key_invalid", reason="Invalid API Key provided")
        try:
            return view(request, *args, **kwargs)
        except NoSuchCharge as unknown:
            return _wrong(404, code="resource_missing", reason=str(unknown))
        except Refused as refused:
            code = refused.code if isinstance(refused, BadlyAsked) else _snake(type(refused).__name__)
            return _wrong(400, code=code, reason=str(refused))

    return guarded


@for_merchants
def sessions(request: HttpRequest) -> HttpResponse:
    """POST /v1/checkout/sessions: open a page to pay on."""
    said = nested(request.POST.items())
    terms = _terms(said)
    return _once(
        request,
        lambda: answered(
            Method.STRIPE,
            Call.BEGIN,
            lambda trouble: _json(objects.session(_opened(terms))),
            payment_id=terms.payment_id,
            amount=terms.amount,
        ),
    )


@for_merchants
def session(request: HttpRequest, id: str) -> HttpResponse:
    """GET /v1/checkout/sessions/ID."""
    charge = actions.find(id, method=Method.STRIPE)
    return answered(
        Method.STRIPE, Call.ASK, lambda trouble: _json(objects.session(charge)), payment_id=charge.terms.payment_id
    )


@for_merchants
def expire(request: HttpRequest, id: str) -> HttpResponse:
    """POST /v1/checkout/sessions/ID/expire: nobody can pay there any more."""
    charge = actions.find(id, method=Method.STRIPE)
    return answered(
        Method.STRIPE,
        Call.CLOSE,
        lambda trouble: _json(objects.session(_closed(charge))),
        payment_id=charge.terms.payment_id,
    )


@for_merchants
def search(request: HttpRequest) -> HttpResponse:
    """GET /v1/payment_intents/search: by one value of the metadata, which is all that we understand."""
    found = re.fullmatch(r"metadata\['payment'\]:'([^']*)'", request.GET.get("query", ""))
    if found is None:
        raise BadlyAsked(code="query_invalid", reason="only metadata['payment'] can be searched for")
    try:
        charge = actions.find(found[1], method=Method.STRIPE)
    except NoSuchCharge:
        return _json({"object": "search_result", "data": [], "has_more": False, "url": request.path})
    shown = [objects.intent(charge)] if charge.state is State.PAID else []
    page = {"object": "search_result", "data": shown, "has_more": False, "url": request.path}
    return answered(Method.STRIPE, Call.ASK, lambda trouble: _json(page), payment_id=charge.terms.payment_id)


@for_merchants
def intent(request: HttpRequest, id: str) -> HttpResponse:
    """GET /v1/payment_intents/ID."""
    charge = actions.find(id, method=Method.STRIPE)
    return answered(Method.STRIPE, Call.ASK, lambda trouble: _json(objects.intent(charge)))


@for_merchants
def refunds(request: HttpRequest) -> HttpResponse:
    """POST /v1/refunds gives money back; GET lists what went back of a payment."""
    if request.method == "GET":
        charge = actions.find(request.GET.get("payment_intent", ""), method=Method.STRIPE)
        listed = [objects.refund(charge, refund) for refund in reversed(actions.refunds_of(charge.token))]
        page = {"object": "list", "data": listed, "has_more": False, "url": request.path}
        return answered(Method.STRIPE, Call.ASK_REFUND, lambda trouble: _json(page))
    said = nested(request.POST.items())
    charge = actions.find(said.get("payment_intent", ""), method=Method.STRIPE)
    return _once(
        request,
        lambda: answered(
            Method.STRIPE,
            Call.REFUND,
            lambda trouble: _json(objects.refund(charge, _given_back(charge, said, trouble))),
            payment_id=charge.terms.payment_id,
        ),
    )


@for_merchants
def refund(request: HttpRequest, id: str) -> HttpResponse:
    """GET /v1/refunds/ID."""
    found = actions.find_refund(id)
    charge = actions.find(found.token)
    return answered(Method.STRIPE, Call.ASK_REFUND, lambda trouble: _json(objects.refund(charge, found)))


@for_merchants
def balance_transactions(request: HttpRequest) -> HttpResponse:
    """GET /v1/balance_transactions: what moved on a day (UTC), newest first, in pages."""
    said = nested(request.GET.items())
    begin = int(said.get("created", {}).get("gte", 0))
    limit = min(100, int(said.get("limit", 10)))
    return answered(
        Method.STRIPE,
        Call.BILL,
        lambda trouble: _json(
            objects.page(objects.moved(datetime.fromtimestamp(begin, UTC).date(), trouble), said, limit, request.path)
        ),
    )


def letter(charge: Charge, saying: Saying, *, at: datetime, key: str) -> Letter:
    """An event as it is sent, signed together with the moment of sending."""
    body = msgspec.json.encode(event(charge, saying))
    stamp = int(at.timestamp())
    signature = hmac.new(key.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": f"t={stamp},v1={signature}"}
    return Letter(address=charge.terms.notify_to, body=body, headers=headers)


def is_heard(status: int, body: bytes) -> bool:
    """Stripe wants any 2xx."""
    return 200 <= status < 300


def event(charge: Charge, saying: Saying) -> dict[str, Any]:
    """What a webhook brings."""
    said: dict[News, tuple[str, Callable[[], dict[str, Any]]]] = {
        News.PAID: ("checkout.session.completed", lambda: objects.session(charge, saying=saying)),
        News.DECLINED: ("payment_intent.payment_failed", lambda: objects.failed_intent(charge)),
        News.CLOSED: ("checkout.session.expired", lambda: objects.session(charge)),
        News.REFUNDED: ("refund.updated", lambda: objects.refund(charge, actions.find_refund(saying.refund_id))),
        News.REFUND_REFUSED: ("refund.failed", lambda: objects.refund(charge, actions.find_refund(saying.refund_id))),
    }
    kind, thing = said[saying.news]
    return {
        "id": saying.id,
        "object": "event",
        "api_version": "2026-01-28.sandbox",
        "created": int(saying.said_at.timestamp()),
        "data": {"object": thing()},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }


def way_back(charge: Charge) -> str:
    """The shop's address for a shopper who returns."""
    if charge.state is not State.PAID:
        return charge.terms.cancel_to
    return charge.terms.return_to.replace("{CHECKOUT_SESSION_ID}", charge.reference)


def nested(pairs: Any) -> dict[str, Any]:
    """Form fields such as `line_items[0][quantity]` as they are meant; numbered ones stay in their order."""
    said: dict[str, Any] = {}
    for name, value in pairs:
        *way, last = _PART.findall(name)
        place = said
        for part in way:
            place = place.setdefault(part, {})
        place[last] = value
    return said


def _terms(said: dict[str, Any]) -> Terms:
    """What a session asks for.

    refuses  BadlyAsked
    """
    try:
        items = said["line_items"].values()
        currency = {item["price_data"]["currency"] for item in items}.pop().upper()
        minor = sum(int(item["price_data"]["unit_amount"]) * int(item["quantity"]) for item in items)
        expires_at = datetime.fromtimestamp(int(said["expires_at"]), UTC)
        terms = Terms(
            merchant=said["metadata"].get("merchant", ""),
            payment_id=said["metadata"]["payment"],
            order_number=said["metadata"]["order"],
            amount=objects.money_of(minor, currency),
            expires_at=expires_at,
            return_to=said["success_url"],
            cancel_to=said["cancel_url"],
            notify_to=said["metadata"].get("notify_to", ""),
            language={"zh": "zh-hans", "en": "en"}.get(said.get("locale", ""), ""),
        )
    except (KeyError, ValueError) as wrong:
        raise BadlyAsked(code="parameter_missing", reason=f"{type(wrong).__name__}: {wrong}") from wrong
    if not _SHORTEST - timedelta(seconds=5) <= expires_at - clock.now() <= _LONGEST + timedelta(seconds=5):
        raise BadlyAsked(code="parameter_invalid", reason="expires_at is 30 minutes to 24 hours from now")
    return terms


def _opened(terms: Terms) -> Charge:
    return actions.open_charge(Method.STRIPE, terms, reference=f"cs_test_{ids.uuid7().hex}")


def _closed(charge: Charge) -> Charge:
    try:
        return actions.close(token=charge.token)
    except AlreadyDecided as decided:
        reason = 'Only Checkout Sessions with a status in ["open"] can be expired. This one is complete.'
        raise BadlyAsked(code="checkout_session_not_open", reason=reason) from decided


def _given_back(charge: Charge, said: dict[str, Any], trouble: Trouble | None) -> Refund:
    number = said.get("metadata", {}).get("refund") or ids.uuid7().hex
    amount = (
        objects.money_of(int(said["amount"]), charge.terms.amount.currency) if "amount" in said else charge.terms.amount
    )
    return actions.give_back(
        token=charge.token, number=number, amount=amount, reason=said.get("reason", ""), trouble=trouble
    )


def _once(request: HttpRequest, work: Callable[[], HttpResponse]) -> HttpResponse:
    """Stripe's idempotency: a key gives the first answer again, and with other parameters it is an error."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return work()
    asked = hashlib.sha256(request.path.encode() + b"\n" + request.body).hexdigest()
    with books() as db:
        kept = db.execute("select asked, status, body from answer where key = ?", [key]).fetchone()
    if kept is not None and kept["asked"] != asked:
        reason = "Keys for idempotent requests can only be used with the same parameters they were first used with."
        return _wrong(400, code="idempotency_key_in_use", reason=reason, kind="idempotency_error")
    if kept is not None:
        replayed = HttpResponse(kept["body"], content_type="application/json", status=kept["status"])
        replayed.headers["Idempotent-Replayed"] = "true"
        return replayed
    answer = work()
    if "Content-Length" not in answer.headers:  # a broken answer is not what would come again
        with books(is_writing=True) as db:
            db.execute(
                "insert or ignore into answer values (?, ?, ?, ?)", [key, asked, answer.status_code, answer.content]
            )
    return answer


def _json(said: dict[str, Any], *, status: int = 200) -> HttpResponse:
    answer = HttpResponse(msgspec.json.encode(said), content_type="application/json", status=status)
    answer.headers["Request-Id"] = f"req_{ids.uuid7().hex[:16]}"
    return answer


def _wrong(status: int, *, code: str, reason: str, kind: str = "invalid_request_error") -> HttpResponse:
    return _json({"error": {"code": code, "message": reason, "type": kind}}, status=status)


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()

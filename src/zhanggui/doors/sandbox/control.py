"""What tests wish of the sandbox over HTTP: to decide a charge without its page, to go wrong, to say what it knows.

Every call needs the header `Authorization: Bearer KEY` with the control key of the home folder.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from zhanggui.base.errors import Refused
from zhanggui.doors.sandbox import actions, texts
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.rules import Call, Choice, Method, Trouble
from zhanggui.doors.sandbox.store import books


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """Let calls go wrong so many times: those about a payment, about an amount, or any."""

    method: Method
    call: Call
    trouble: Trouble
    payment_id: str = ""
    amount_minor: int = 0
    times: int = 1


class Decision(msgspec.Struct, forbid_unknown_fields=True):
    """What a shopper does on the page of a charge."""

    method: Method
    payment_id: str
    choice: Choice


class Ear(msgspec.Struct, forbid_unknown_fields=True):
    """Where the shop hears the receipts of text messages."""

    address: str


def _guarded(view: Callable[[HttpRequest], dict[str, Any]]) -> Callable[[HttpRequest], HttpResponse]:
    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {keys().control}".encode()):
            return HttpResponse(status=401)
        try:
            said, status = view(request), 200
        except (Refused, msgspec.ValidationError) as refused:
            said, status = {"refused": type(refused).__name__, "reason": str(refused)}, 409
        return HttpResponse(msgspec.json.encode(said), content_type="application/json", status=status)

    return guarded


@_guarded
def trouble(request: HttpRequest) -> dict[str, Any]:
    """POST /control/trouble: let something go wrong."""
    wish = msgspec.json.decode(request.body, type=Wish)
    actions.make_trouble(
        wish.method,
        wish.call,
        wish.trouble,
        payment_id=wish.payment_id,
        amount_minor=wish.amount_minor,
        times=wish.times,
    )
    return {}


@_guarded
def decide(request: HttpRequest) -> dict[str, Any]:
    """POST /control/decide: pay, decline, and all that the page can do."""
    wish = msgspec.json.decode(request.body, type=Decision)
    charge = actions.find(wish.payment_id, method=wish.method)
    decided = actions.decide(token=charge.token, choice=wish.choice)
    return {"token": decided.token, "state": decided.state, "transaction_id": decided.transaction_id}


@_guarded
def known(request: HttpRequest) -> dict[str, Any]:
    """GET /control/known?method=M&payment_id=P: how many charges there are, how they stand, what was told how often."""
    with books() as db:
        charges = db.execute(
            "select * from charge where method = ? and payment_id = ?",
            [request.GET.get("method", ""), request.GET.get("payment_id", "")],
        ).fetchall()
        sayings = db.execute(
            "select * from saying where token in (select value from json_each(?)) order by said_at, id",
            [msgspec.json.encode([row["token"] for row in charges]).decode()],
        ).fetchall()
        refunds = db.execute(
            "select * from refund where token in (select value from json_each(?)) order by asked_at, id",
            [msgspec.json.encode([row["token"] for row in charges]).decode()],
        ).fetchall()
    return {"charges": _shown(charges), "sayings": _shown(sayings), "refunds": _shown(refunds)}


@_guarded
def waiting(request: HttpRequest) -> dict[str, Any]:
    """GET /control/waiting?shop=ADDRESS: how many messages a shop at that address has not heard yet."""
    shop = request.GET.get("shop", "")
    with books() as db:
        row = db.execute(
            "select count(*) from saying join charge using (token)"
            " where due_at is not null and notify_to like ? || '%'",
            [shop],
        ).fetchone()
    return {"count": row[0]}


@_guarded
def listen(request: HttpRequest) -> dict[str, Any]:
    """POST /control/listen: call this address with the receipts of text messages from now on."""
    texts.listen(msgspec.json.decode(request.body, type=Ear).address)
    return {}


@_guarded
def texts_known(request: HttpRequest) -> dict[str, Any]:
    """GET /control/texts?to=NUMBER: the text messages to a number, oldest first, and their receipts."""
    with books() as db:
        rows = db.execute(
            "select * from text where recipient = ? order by sent_at, serial", [request.GET.get("to", "")]
        ).fetchall()
        receipts = db.execute(
            "select r.* from receipt r join text using (serial) where recipient = ? order by r.id",
            [request.GET.get("to", "")],
        ).fetchall()
    return {"texts": _shown(rows), "receipts": _shown(receipts)}


def _shown(rows: list[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]

"""Giving goods back: what may come back and what it brings, the return, its QR code and its way."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock, ids
from zhanggui.base.errors import Refused
from zhanggui.base.operation.rules import partner
from zhanggui.base.shops.rules import Shop
from zhanggui.doors.storefront import return_words as words
from zhanggui.doors.storefront.pages.paying import to_provider
from zhanggui.doors.storefront.returning import Asked, asked_of, drawn, rows_of, steps_of
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.errors import NoSuchOrder
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import queries as payments
from zhanggui.shop.payments.errors import NoSuchProvider, NotPayable
from zhanggui.shop.returns import actions, queries, rules
from zhanggui.shop.returns.errors import NoSuchReturn, NothingDue
from zhanggui.shop.returns.rules import Kept, Return, State, Wish
from zhanggui.spine.log.rules import Trail

_WAITS_FOR_GOODS: Final = (State.APPROVED, State.DROP_OFF_BOOKED, State.PICKUP_BOOKED)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: ShopRequest, number: str) -> HttpResponse:
    """Choose what comes back and why, see what it brings to the cent, then ask for it."""
    order = _order(request, number)
    if request.method == "POST":
        return _send(request, order)
    return _form(request, order, asked_of(request.GET))


@require_safe
def all_returns(request: ShopRequest) -> HttpResponse:
    """The returns of this shopper."""
    visit = request.visit
    found = queries.returns_of(visit.shop.code, visit.trail().person)
    cards = catalogue.products({piece.sku for one in found for piece in one.pieces})
    rows = [(one, words.state(one.state), [cards.get(sku) for sku in _skus(one)]) for one in found]
    return render(request, "storefront/returns/all.html", {"rows": rows})


@require_safe
def one(request: ShopRequest, number: str) -> HttpResponse:
    """How a return stands and what happens next."""
    found = _return(request, number)
    order = orders.order_for_staff(found.shop, found.order_number)
    lines = {line.position: line for line in order.lines}
    today = clock.day_of(clock.now(), request.visit.shop.zone)
    cards = catalogue.products({sku for piece in found.pieces for sku in (piece.sku, piece.wanted_sku) if sku})
    waits = found.state in _WAITS_FOR_GOODS and not found.is_kept
    counter = settings.PUBLIC_URL + reverse("storefront:return_counter", args=[queries.token_of(number)])
    context = {
        "found": found,
        "order": order,
        "state": words.state(found.state),
        "next": words.what_next(found),
        "reason": words.reason(found.reason),
        "coming": [
            (piece, lines[piece.slot.position], cards.get(piece.sku), cards.get(piece.wanted_sku))
            for piece in found.pieces
        ],
        "steps": steps_of(found),
        "code": drawn(counter) if waits else "",
        "waits": waits,
        "can_withdraw": State.WITHDRAWN in rules.FOLLOWS[found.state],
        "days": rules.pickup_days(today),
        "slots": rules.PICKUP_SLOTS,
        "places": [(there.address_id, customers.address(there.address_id)) for there in order.destinations],
        "clock": rules.refund_clock(found, law=request.visit.shop.law, at=clock.now()),
        "send_by": _send_by(found, request.visit.shop) if waits else None,
        "back": queries.refund_preview(found, order) if found.is_open and found.wish is Wish.REFUND else None,
        "is_fault": rules.is_fault(found.reason),
        "is_due": found.is_open and not queries.is_paid(found),
        "providers": payments.provider_names(order.total.currency) if found.to_pay else (),
    }
    return render(request, "storefront/returns/one.html", context)


def _send_by(found: Return, shop: Shop) -> date | None:
    """The day by which the goods of a withdrawal leave the shopper; None for every other return."""
    until = rules.send_by(found, law=shop.law)
    return clock.day_of(until, shop.zone) if until else None


@require_POST
def pay(request: ShopRequest, number: str) -> HttpResponse:
    """Pay what an exchange costs more."""
    found = _return(request, number)
    provider = request.POST.get("provider", "")[:40]
    try:
        asked = actions.pay_difference(provider=provider, **_walked(request, found.number))
    except (NothingDue, NoSuchProvider, NotPayable) as refused:
        messages.warning(request, words.refusal(refused))
        return redirect("storefront:return", number=number)
    return to_provider(request, payment_id=asked.payment_id, order_number=asked.order_number, provider=provider)


@require_POST
def change(request: ShopRequest, number: str, verb: str) -> HttpResponse:
    """Book a drop-off or a pickup, say that it was sent, or call the return off."""
    _return(request, number)
    if verb not in _VERBS:
        raise Http404(verb)
    try:
        said = _VERBS[verb](request, number)
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
    else:
        messages.success(request, said)
    return redirect("storefront:return", number=number)


@require_safe
def picture(request: ShopRequest, number: str, digest: str) -> HttpResponseBase:
    """A picture of the shopper's own return."""
    found = _return(request, number)
    return served(found, digest)


@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: ShopRequest, token: str) -> HttpResponse:
    """What a drop-off counter reads from the QR code: the return, nobody's name, and one button."""
    try:
        found = queries.return_by_number(queries.number_of(token))
    except NoSuchReturn as missing:
        raise Http404(token) from missing
    if request.method == "POST":
        by = partner("drop_off_counter")
        try:
            actions.note_sent(return_number=found.number, trail=Trail(shop=found.shop), by=by)
        except Refused as refused:
            messages.warning(request, words.refusal(refused))
        else:
            messages.success(request, _("Taken over. The shopper and the shop see it now."))
        return redirect("storefront:return_counter", token=token)
    context = {
        "found": found,
        "state": words.state(found.state),
        "token": token,
        "can_take": found.state in _WAITS_FOR_GOODS,
    }
    return render(request, "storefront/returns/counter.html", context)


def served(found: Return, digest: str) -> HttpResponseBase:
    """A picture of a return, as the content type that its bytes say and nothing else."""
    kept = next((shown.kept for shown in found.pictures if shown.kept.digest == digest), None)
    if kept is None or not queries.picture_file(kept).exists():
        raise Http404(digest)
    response = FileResponse(queries.picture_file(kept).open("rb"), content_type=kept.kind)
    response.headers["Cache-Control"] = "private, max-age=86400, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response


def _form(request: ShopRequest, order: Order, asked: Asked, *, status: int = 200) -> HttpResponse:
    rows = rows_of(order, asked)
    is_asked = bool(asked.units) and asked.reason is not None
    blocked = [row for row in rows if row.units and row.why]
    back = None
    if is_asked and asked.reason is not None and not blocked:
        back = queries.preview(order, units=asked.units, reason=asked.reason)
    context = {
        "order": order,
        "rows": rows,
        "chosen": asked,
        "reasons": [(reason, words.reason(reason)) for reason in rules.SHOPPER_REASONS],
        "reason_words": words.reason(asked.reason) if asked.reason else "",
        "is_fault": asked.reason is not None and rules.is_fault(asked.reason),
        "is_asked": is_asked,
        "blocked": blocked,
        "back": back,
        "needs_person": any(row.units and row.needs_person for row in rows),
        "can_exchange": back is not None and all(row.instead for row in rows if row.units),
        "is_empty": asked.reason is not None and not asked.units,
        "any_open": any(row.is_open for row in rows),
        "most_pictures": rules.MOST_PICTURES,
        "kinds": ",".join(rules.KINDS),
        "key": request.POST.get("key") or str(ids.uuid7()),
    }
    return render(request, "storefront/returns/ask.html", context, status=status)


def _send(request: ShopRequest, order: Order) -> HttpResponse:
    asked = asked_of(request.POST)
    if not asked.units or asked.reason is None:
        messages.warning(request, _("Please choose what comes back and why. Nothing was sent."))
        return _form(request, order, asked, status=422)
    try:
        number = actions.request(
            order_number=order.number,
            units=asked.units,
            reason=asked.reason,
            wish=asked.wish,
            wanted=asked.wanted,
            words=asked.words,
            pictures=_kept(request),
            idempotency_key=request.POST.get("key", "")[:80],
            trail=request.visit.trail(),
            by=request.visit.by,
        )
    except Refused as refused:
        messages.warning(request, words.refusal(refused))
        return _form(request, order, asked, status=422)
    return redirect("storefront:return", number=number)


def _kept(request: ShopRequest) -> tuple[Kept, ...]:
    """The pictures that came with the form; one too many is refused before any of them is read."""
    sent = request.FILES.getlist("pictures")
    words.check_pictures([file.size or 0 for file in sent])
    return tuple(actions.keep_picture(body=file.read()) for file in sent)


def _order(request: ShopRequest, number: str) -> Order:
    try:
        return orders.order(request.visit.shop.code, number, person=request.visit.trail().person)
    except NoSuchOrder as missing:
        raise Http404(number) from missing


def _return(request: ShopRequest, number: str) -> Return:
    try:
        return queries.return_of(request.visit.shop.code, number, person=request.visit.trail().person)
    except NoSuchReturn as missing:
        raise Http404(number) from missing


def _skus(found: Return) -> list[str]:
    return list(dict.fromkeys(piece.sku for piece in found.pieces))


def _walked(request: ShopRequest, number: str) -> dict[str, Any]:
    return {"return_number": number, "trail": request.visit.trail(), "by": request.visit.by}


def _drop_off(request: ShopRequest, number: str) -> str:
    actions.book_drop_off(**_walked(request, number))
    return _("Show the code below at the counter.")


def _pickup(request: ShopRequest, number: str) -> str:
    try:
        on, address = date.fromisoformat(request.POST.get("day", "")), UUID(request.POST.get("address", ""))
    except ValueError as strange:
        raise Http404(number) from strange
    slot = request.POST.get("slot", "")[:12]
    actions.book_pickup(address_id=address, on=on, slot=slot, **_walked(request, number))
    return _("The courier is booked. Please have the goods packed, with the return number on them.")


def _sent(request: ShopRequest, number: str) -> str:
    carrier, tracking = request.POST.get("carrier", "")[:40], request.POST.get("tracking", "")[:60]
    actions.note_sent(carrier=carrier, tracking=tracking, **_walked(request, number))
    return _("Thank you. We write here as soon as it has arrived.")


def _withdraw(request: ShopRequest, number: str) -> str:
    actions.withdraw(**_walked(request, number))
    return _("The return is called off. You keep the goods.")


_VERBS: Final = {"drop-off": _drop_off, "pickup": _pickup, "sent": _sent, "withdraw": _withdraw}

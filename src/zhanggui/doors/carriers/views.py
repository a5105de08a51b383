"""The carrier's interface for shops, and its own pages: a label to print, and where a parcel is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec
import segno
from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.doors.carriers import actions, rules
from zhanggui.doors.carriers.errors import BookingUnreadable, NoSuchShipment, OnItsWay, ShipmentDiffers
from zhanggui.doors.carriers.rules import Shipment, State
from zhanggui.shop.fulfilment.errors import Forged, Stale
from zhanggui.shop.fulfilment.rules import Message, ScanKind, verify, wire_of

NAME: Final = "sandbox"
_MOST_BYTES: Final = 64_000
_labels: Final = signing.Signer(salt="carriers.label")

_KINDS: Final = {
    ScanKind.BOOKED: lazy("Label made"),
    ScanKind.ACCEPTED: lazy("Picked up"),
    ScanKind.IN_TRANSIT: lazy("On the way"),
    ScanKind.OUT_FOR_DELIVERY: lazy("Out for delivery"),
    ScanKind.ATTEMPTED: lazy("Nobody was there"),
    ScanKind.DELIVERED: lazy("Delivered"),
    ScanKind.LOST: lazy("Lost"),
    ScanKind.RETURNED: lazy("On its way back to the sender"),
}
_STATUS: Final[dict[type[Refused], int]] = {
    Forged: 401,
    Stale: 401,
    BookingUnreadable: 400,
    NoSuchShipment: 404,
    ShipmentDiffers: 409,
    OnItsWay: 409,
}


@csrf_exempt
@require_POST
def interface(request: HttpRequest, verb: str) -> HttpResponse:
    """What a shop's server asks: book, track, cancel; every request is signed."""
    does = _VERBS.get(verb)
    if does is None:
        raise Http404(verb)
    if len(request.body) > _MOST_BYTES:
        return HttpResponse("too large", status=413, content_type="text/plain")
    try:
        message = Message(body=request.body, headers=dict(request.headers))
        verify(message, key=settings.SANDBOX_CARRIER_KEY, at=clock.now(), carrier=NAME)
        answer = does(request, _decoded(request.body))
    except tuple(_STATUS) as refused:
        return HttpResponse(str(refused), status=_STATUS[type(refused)], content_type="text/plain; charset=utf-8")
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


@never_cache
@require_safe
def label(request: HttpRequest, code: str) -> HttpResponse:
    """A label, ready to be printed; only for whom was given its address, because it says who lives where."""
    try:
        tracking = _labels.unsign(code)
    except signing.BadSignature as forged:
        raise Http404(code) from forged
    shipment = _shipment(tracking)
    drawn = mark_safe(segno.make_qr(tracking, error="m").svg_inline(border=0, omitsize=True))  # noqa: S308 -- our own
    return render(request, "carriers/label.html", {"shipment": shipment, "to": shipment.booking.to, "code": drawn})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, tracking: str) -> HttpResponse:
    """Where a parcel is; and, because this is a trial, what shall happen to it next."""
    shipment = _shipment(tracking)
    if request.method == "POST":
        _decide(request, shipment)
        return redirect("carriers:page", tracking=tracking)
    seen = [(_KINDS[scan.kind], scan.place, scan.at) for scan in reversed(actions.sights(tracking))]
    context = {
        "shipment": shipment,
        "seen": seen,
        "is_open": shipment.state in (State.BOOKED, State.MOVING),
        "choices": [(kind.value, _KINDS[kind]) for kind in rules.CHOICES],
    }
    with timezone.override(clock.zone(settings.OWN_SHOP_ZONE)):
        return render(request, "carriers/page.html", context)


def _decide(request: HttpRequest, shipment: Shipment) -> None:
    said = request.POST.get("kind", "")
    if said not in rules.CHOICES:
        raise Http404(said)
    try:
        actions.decide(tracking=shipment.tracking, kind=ScanKind(said))
    except OnItsWay:
        return  # somebody else was quicker; the page shows how it ended


def _book(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    shipment = actions.book(booking=rules.booking_of(said))
    address = request.build_absolute_uri(reverse("carriers:label", args=[_labels.sign(shipment.tracking)]))
    return {"tracking": shipment.tracking, "label": address}


def _track(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    tracking = str(said.get("tracking", ""))[:60]
    actions.find(tracking)
    return {"scans": [wire_of(scan) for scan in actions.sights(tracking)]}


def _cancel(request: HttpRequest, said: dict[str, Any]) -> dict[str, Any]:
    actions.cancel(parcel_id=str(said.get("parcel_id", ""))[:60])
    return {}


_VERBS: Final[dict[str, Callable[[HttpRequest, dict[str, Any]], dict[str, Any]]]] = {
    "book": _book,
    "track": _track,
    "cancel": _cancel,
}


def _decoded(body: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except (msgspec.DecodeError, msgspec.ValidationError) as wrong:
        raise BookingUnreadable(reason=str(wrong)[:200]) from wrong


def _shipment(tracking: str) -> Shipment:
    try:
        return actions.find(tracking)
    except NoSuchShipment as missing:
        raise Http404(tracking) from missing

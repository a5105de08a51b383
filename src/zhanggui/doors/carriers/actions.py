"""What the carrier does: take bookings, move parcels, tell shops until they have heard."""

from __future__ import annotations

import secrets
from datetime import timedelta

import httpx
import msgspec
from django.conf import settings

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.doors.carriers import models, rules
from zhanggui.doors.carriers.errors import NoSuchShipment, OnItsWay, ShipmentDiffers, ShopUnreachable
from zhanggui.doors.carriers.rules import Booking, Shipment, State
from zhanggui.shop.fulfilment.rules import SIGNATURE_HEADER, Scan, ScanKind, signature, wire_of

_PATIENCE_S = 10.0


@operation
def book(*, booking: Booking) -> Shipment:
    """Take a parcel that a shop wants brought, and set it moving; the same parcel gives the same label.

    refuses  ShipmentDiffers, OnItsWay if it was booked and cancelled before
    """
    row, is_new = models.Shipment.objects.get_or_create(
        parcel_id=booking.parcel_id,
        defaults={
            "tracking": f"SB{secrets.randbelow(10**12):012d}",
            "number": booking.number,
            "warehouse": booking.warehouse,
            "weight_g": booking.weight_g,
            "units": booking.units,
            "to": dict(booking.to),
            "notify_to": booking.notify_to,
            "state": State.BOOKED,
            "booked_at": clock.now(),
        },
    )
    shipment = row.value
    if (shipment.booking.weight_g, dict(shipment.booking.to)) != (booking.weight_g, dict(booking.to)):
        raise ShipmentDiffers(parcel_id=booking.parcel_id)
    if shipment.state is State.CANCELLED:
        raise OnItsWay(tracking=shipment.tracking, state=shipment.state)
    if is_new:
        later(travel, tracking=shipment.tracking, stop=0)
    return shipment


@operation
def cancel(*, parcel_id: str) -> None:
    """Give a label back that was not used.

    refuses  NoSuchShipment, OnItsWay once the parcel was picked up
    """
    rows = models.Shipment.objects.filter(parcel_id=parcel_id)
    if rows.filter(state__in=(State.BOOKED, State.CANCELLED)).update(state=State.CANCELLED):
        return
    row = rows.first()
    if row is None:
        raise NoSuchShipment(number=parcel_id)
    raise OnItsWay(tracking=row.tracking, state=row.state)


@operation
def decide(*, tracking: str, kind: ScanKind) -> None:
    """Let something happen to a parcel now, because somebody tries the shop.

    refuses  NoSuchShipment, OnItsWay if it has ended
    """
    shipment = find(tracking)
    _see(shipment, kind=kind, place=shipment.booking.to["city"], stop=None)


def find(tracking: str) -> Shipment:
    """The shipment of a tracking number.

    refuses  NoSuchShipment
    """
    row = models.Shipment.objects.filter(pk=tracking).first()
    if row is None:
        raise NoSuchShipment(number=tracking)
    return row.value


def sights(tracking: str) -> tuple[Scan, ...]:
    """All that happened to a shipment, oldest first."""
    rows = models.Sight.objects.filter(shipment=tracking).order_by("at", "event_id")
    return tuple(row.value for row in rows)


@job(name="carriers.travel")
def travel(tracking: str, stop: int) -> None:
    """Bring a parcel to a stop of its journey, and have it set out for the next."""
    _travel(tracking=tracking, stop=stop)


@job(name="carriers.tell", tries=12)
def tell(event_id: str) -> None:
    """Tell the shop's server of an event, until it answers that it has heard."""
    row = models.Sight.objects.select_related("shipment").get(pk=event_id)
    body = msgspec.json.encode({"scans": [wire_of(row.value)]})
    _post(row.shipment.notify_to, body)
    models.Sight.objects.filter(pk=event_id, told_at=None).update(told_at=clock.now())


def day() -> timedelta:
    """How long a day of the carrier takes, so that a trial need not wait for two real ones."""
    return timedelta(seconds=settings.SANDBOX_CARRIER_DAY_SECONDS)


@operation
def _travel(*, tracking: str, stop: int) -> None:
    shipment = find(tracking)
    stops = rules.journey(shipment.booking)
    is_told = models.Sight.objects.filter(shipment=tracking, stop=stop).exists()
    if shipment.state in (State.ENDED, State.CANCELLED) or is_told:
        return
    here = stops[stop]
    _see(shipment, kind=here.kind, place=here.place, stop=stop)
    if stop + 1 < len(stops):
        due = shipment.booked_at + stops[stop + 1].after_days * day()
        later(travel, at=due, tracking=tracking, stop=stop + 1)


def _see(shipment: Shipment, *, kind: ScanKind, place: str, stop: int | None) -> None:
    """Write down that something happened, and have the shop told of it, in its own way."""
    rows = models.Shipment.objects.filter(pk=shipment.tracking, state__in=(State.BOOKED, State.MOVING))
    after = {ScanKind.BOOKED: State.BOOKED}.get(kind, State.ENDED if kind in rules.ENDS else State.MOVING)
    if not rows.update(state=after):
        raise OnItsWay(tracking=shipment.tracking, state=shipment.state)
    event_id = f"sc-{ids.uuid7()}"
    models.Sight.objects.create(
        event_id=event_id, shipment_id=shipment.tracking, stop=stop, kind=kind, place=place, at=clock.now()
    )
    for wait in rules.tellings(event_id, day=day()):
        later(tell, after=wait, event_id=event_id)


def _post(address: str, body: bytes) -> None:
    signed = signature(body, key=settings.SANDBOX_CARRIER_KEY, at=clock.now())
    headers = {"Content-Type": "application/json", SIGNATURE_HEADER: signed}
    try:
        answer = httpx.post(address, content=body, headers=headers, timeout=_PATIENCE_S)
        answer.raise_for_status()
    except httpx.HTTPError as failed:
        raise ShopUnreachable(address=address, reason=f"{type(failed).__name__}: {failed}") from failed

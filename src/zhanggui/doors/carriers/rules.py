"""How the sandbox carrier's parcels travel, and how its notifications misbehave."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from zhanggui.doors.carriers.errors import BookingUnreadable
from zhanggui.shop.fulfilment.rules import ScanKind

HEAVIEST_G: Final = 50_000


class State(StrEnum):
    """How a shipment stands at the carrier."""

    BOOKED = "booked"
    MOVING = "moving"
    ENDED = "ended"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """What a shop asks the carrier to bring.

    parcel_id  the shop's id; booking it again changes nothing
    to         the parts of the address, by name
    """

    parcel_id: str
    number: str
    warehouse: str
    weight_g: int
    units: int
    to: Mapping[str, str]
    notify_to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A step of a journey.

    after  how long after the booking, in the carrier's days
    """

    kind: ScanKind
    place: str
    after_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """A shipment as the carrier's pages show it."""

    tracking: str
    booking: Booking
    state: State
    booked_at: datetime


# What ends a journey.
ENDS: Final = (ScanKind.DELIVERED, ScanKind.LOST, ScanKind.RETURNED)
# What whoever stands before the carrier's page may let happen.
CHOICES: Final = (ScanKind.DELIVERED, ScanKind.ATTEMPTED, ScanKind.RETURNED, ScanKind.LOST)
_PARTS: Final = ("name", "phone", "country", "region", "city", "district", "street", "postcode")


def booking_of(said: Mapping[str, Any]) -> Booking:
    """What a booking request asks for.

    refuses  BookingUnreadable
    """
    to = said.get("recipient")
    texts = [said.get(name) for name in ("parcel_id", "number", "warehouse", "notify_to")]
    if not isinstance(to, dict) or not all(isinstance(text, str) and 0 < len(text) <= 300 for text in texts):
        raise BookingUnreadable(reason="a part is missing")
    weight_g, units = said.get("weight_g"), said.get("units")
    if type(weight_g) is not int or not 0 < weight_g <= HEAVIEST_G:
        raise BookingUnreadable(reason=f"a parcel weighs 1 to {HEAVIEST_G} g")
    if type(units) is not int or units <= 0 or urlsplit(str(said["notify_to"])).scheme not in {"http", "https"}:
        raise BookingUnreadable(reason="a number of pieces or an address that cannot be used")
    return Booking(
        parcel_id=str(said["parcel_id"]),
        number=str(said["number"]),
        warehouse=str(said["warehouse"]),
        weight_g=weight_g,
        units=units,
        to={part: str(to.get(part, ""))[:200] for part in _PARTS},
        notify_to=str(said["notify_to"]),
    )


def journey(booking: Booking) -> tuple[Stop, ...]:
    """The stops of a parcel, the booking first; inside China two days, abroad six."""
    to = booking.to
    pace = 1.0 if to["country"] == "CN" else 3.0
    region, city = to["region"] or to["country"], to["city"] or to["region"] or to["country"]
    stops = (
        (ScanKind.BOOKED, "", 0.0),
        (ScanKind.ACCEPTED, booking.warehouse, 0.2),
        (ScanKind.IN_TRANSIT, booking.warehouse, 0.4),
        (ScanKind.IN_TRANSIT, region, 1.1),
        (ScanKind.OUT_FOR_DELIVERY, city, 1.8),
        (ScanKind.DELIVERED, city, 2.0),
    )
    return tuple(Stop(kind=kind, place=place, after_days=days * pace) for kind, place, days in stops)


def tellings(event_id: str, *, day: timedelta) -> tuple[timedelta, ...]:
    """When the shop is told of an event, after it happened: at once, twice, or so late that another overtakes it.

    The same event is always told in the same way, so that a trial can be repeated.
    """
    kind = hashlib.blake2b(event_id.encode(), digest_size=1).digest()[0] % 5
    if kind == 0:
        return timedelta(0), day / 10
    if kind == 1:
        return (day,)
    return (timedelta(0),)

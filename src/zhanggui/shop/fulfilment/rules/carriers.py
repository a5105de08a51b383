"""What a carrier's adapter must do, what carriers say, and how a message is signed on the way."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from zhanggui.shop.fulfilment.errors import Forged, Stale, Unreadable
from zhanggui.shop.fulfilment.rules.states import State

# How far a message's time may be from ours, either way.
TOLERANCE: Final = timedelta(seconds=300)
SIGNATURE_HEADER: Final = "Carrier-Signature"


class ScanKind(StrEnum):
    """What a carrier saw happen to a parcel.

    ATTEMPTED  nobody took it; it is tried again
    RETURNED   it comes back to us
    """

    BOOKED = "booked"
    ACCEPTED = "accepted"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPTED = "attempted"
    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED = "returned"


# What a parcel becomes by what its carrier saw.
ENDS: Final[Mapping[ScanKind, State]] = {
    ScanKind.DELIVERED: State.DELIVERED,
    ScanKind.LOST: State.LOST,
    ScanKind.RETURNED: State.RETURNED_TO_SENDER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a carrier brings a parcel, and to whom."""

    name: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    street: str
    postcode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What a carrier is asked to bring.

    parcel_id  our id; the carrier uses it as its idempotency key, so asking twice makes one label
    number     what people call the parcel; stands on the label
    """

    parcel_id: str
    number: str
    warehouse: str
    weight_g: int
    units: int
    promised_on: date | None
    recipient: Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a carrier gives for a parcel.

    address  of the label that is printed; empty if it came on paper
    """

    tracking: str
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One thing that a carrier saw happen to a parcel.

    event_id  the carrier's id of it; the same scan told twice has the same
    at        when it happened, not when it was told
    """

    event_id: str
    tracking: str
    kind: ScanKind
    place: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What a carrier's server sent us, as it came."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What became of scans: how many were new, and which parcels moved on."""

    new: int
    moved: tuple[str, ...]


class Carrier(Protocol):
    """A port: one carrier. All of it talks to the world, so none of it is called inside a transaction."""

    def book(self, shipment: Shipment) -> Label:
        """A label for a parcel; asking again with the same parcel id gives the same one.

        refuses  CarrierRefused; CarrierUnreachable if the world fails
        """
        ...

    def track(self, tracking: str) -> tuple[Scan, ...]:
        """All that the carrier saw of a parcel so far, in any order.

        refuses  CarrierRefused if it does not know the number; CarrierUnreachable
        """
        ...

    def cancel(self, parcel_id: str) -> None:
        """Give a label back that will not be used; nothing happens if there is none.

        refuses  CarrierRefused if the parcel is on its way; CarrierUnreachable
        """
        ...

    def read(self, message: Message, *, at: datetime) -> tuple[Scan, ...]:
        """What a message of the carrier's server says; the only part that does not talk to the world.

        refuses  Forged, Stale, Unreadable
        """
        ...

    def follow(self, tracking: str) -> str:
        """The carrier's own page about a parcel; empty if it has none."""
        ...


def signature(body: bytes, *, key: bytes, at: datetime) -> str:
    """The header that proves a message: its second and an HMAC-SHA256 over second and body, as `t=...,v1=...`."""
    second = int(at.timestamp())
    return f"t={second},v1={_digest(body, key=key, second=second)}"


def verify(message: Message, *, key: bytes, at: datetime, carrier: str) -> None:
    """Believe a message only if it is signed with the key, and recently.

    refuses  Forged, Stale
    """
    given = next((value for name, value in message.headers.items() if name.lower() == SIGNATURE_HEADER.lower()), "")
    parts = dict(part.split("=", 1) for part in given.split(",") if "=" in part)
    second = parts.get("t", "")
    if not (second.isascii() and second.isdigit() and len(second) <= 12):
        raise Forged(carrier=carrier)
    right = _digest(message.body, key=key, second=int(second))
    if not hmac.compare_digest(parts.get("v1", "").encode(), right.encode()):
        raise Forged(carrier=carrier)
    if abs(int(at.timestamp()) - int(second)) > TOLERANCE.total_seconds():
        raise Stale(carrier=carrier, sent_at=int(second))


def scan_of(said: Mapping[str, object], *, carrier: str) -> Scan:
    """A scan as it is sent.

    refuses  Unreadable if a part is missing or malformed
    """
    try:
        scan = Scan(
            event_id=_text(said, "event", most=120),
            tracking=_text(said, "tracking", most=60),
            kind=ScanKind(_text(said, "kind", most=20)),
            place=str(said.get("place", ""))[:120],
            at=datetime.fromisoformat(_text(said, "at", most=40)),
        )
    except (KeyError, TypeError, ValueError) as wrong:
        raise Unreadable(carrier=carrier, reason=f"{type(wrong).__name__}: {wrong}") from wrong
    if scan.at.tzinfo is None:
        raise Unreadable(carrier=carrier, reason="a moment without a zone")
    return scan


def wire_of(scan: Scan) -> dict[str, str]:
    """A scan as it is sent: the other way of `scan_of`."""
    return {
        "event": scan.event_id,
        "tracking": scan.tracking,
        "kind": scan.kind,
        "place": scan.place,
        "at": scan.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }


def last_word(scans: Iterable[Scan]) -> Scan | None:
    """The scan that ends a parcel's way, in whatever order they were told; the latest one if there are several.

    source   attempted at 9, returned at 12, told the other way round -> returned
    """
    ends = [scan for scan in scans if scan.kind in ENDS]
    return max(ends, key=lambda scan: (scan.at, scan.event_id), default=None)


def in_order(scans: Iterable[Scan]) -> tuple[Scan, ...]:
    """Scans as they happened, oldest first."""
    return tuple(sorted(scans, key=lambda scan: (scan.at, scan.event_id)))


def _text(said: Mapping[str, object], name: str, *, most: int) -> str:
    value = said[name]
    if not isinstance(value, str) or not 0 < len(value) <= most or "\0" in value:
        raise ValueError(name)
    return value


def _digest(body: bytes, *, key: bytes, second: int) -> str:
    return hmac.new(key, f"{second}.".encode() + body, hashlib.sha256).hexdigest()

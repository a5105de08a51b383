"""Refusals of the sandbox carrier."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class NoSuchShipment(Refused):
    """Nothing was booked under that number."""

    number: str


class ShipmentDiffers(Refused):
    """The parcel was booked before, to another place or with another weight."""

    parcel_id: str


class OnItsWay(Refused):
    """What has been picked up can no longer be cancelled, and what has ended no longer moves."""

    tracking: str
    state: str


class BookingUnreadable(Refused):
    """A request lacks a part, or one of them cannot be used."""

    reason: str


class ShopUnreachable(Unreachable):
    """The shop did not take a notification; it is sent again."""

    address: str
    reason: str

"""Refusals about parcels and carriers."""

from __future__ import annotations

from zhanggui.base.errors import Refused, Unreachable


class NoSuchParcel(Refused):
    """The shop has no parcel of that id."""

    parcel_id: str


class TransitionRefused(Refused):
    """A parcel does not go from its state to that one.

    reason  why, in two sentences
    """

    parcel_id: str
    state: str
    to: str
    reason: str


class AlreadyLeft(Refused):
    """A part of the order has left the house, so it can no longer be called off.

    parcels  the numbers of those that have left
    """

    order_number: str
    parcels: tuple[str, ...]


class UnitsDiffer(Refused):
    """What was counted into a parcel is not what belongs into it.

    sku    the first that differs; counted_units are in the parcel, wanted_units belong there
    """

    parcel_id: str
    sku: str
    wanted_units: int
    counted_units: int


class NotWanted(Refused):
    """None of the parcels that are being picked still wants that many pieces of the SKU."""

    sku: str
    units: int


class WeightNotAllowed(Refused):
    """A parcel weighs more than nothing and no more than a carrier takes."""

    weight_g: int


class CannotSplit(Refused):
    """A parcel is split by moving some of its pieces to another: not none, not all, and before it is packed.

    reason  too_late, nothing_moved, nothing_left or more_than_there
    """

    parcel_id: str
    reason: str


class CannotMerge(Refused):
    """Only parcels of one order, to one place, from one warehouse are merged, and before they are packed.

    reason  too_late, one_parcel or not_alike
    """

    reason: str


class NothingToTakeIn(Refused):
    """Only a parcel that came back is taken in, and once."""

    parcel_id: str


class TrackingTaken(Refused):
    """Another parcel of that carrier has that tracking number."""

    carrier: str
    tracking: str


class TrackingNotAllowed(Refused):
    """A carrier and a tracking number are written in letters, figures and hyphens, and neither is empty."""

    carrier: str
    tracking: str


class NoSuchCarrier(Refused):
    """No carrier of that name is plugged in."""

    carrier: str


class CarrierRefused(Refused):
    """The carrier does not take the parcel, or does not know it.

    reason  in the carrier's words
    """

    carrier: str
    reason: str


class CarrierUnreachable(Unreachable):
    """The carrier did not answer; nothing was handed over, and asking again makes no second label."""

    carrier: str
    reason: str


class Forged(Refused):
    """A carrier's message does not carry its signature."""

    carrier: str


class Stale(Refused):
    """A carrier's message was signed too long ago, or in the future."""

    carrier: str
    sent_at: int


class Unreadable(Refused):
    """A carrier's message is not in its form."""

    carrier: str
    reason: str

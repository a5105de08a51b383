"""What the shop tells of its parcels, besides that one was shipped or delivered."""

from __future__ import annotations

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import fact


@fact(name="shop.parcel_packed")
class ParcelPacked:
    """A parcel stands packed and weighed, ready to be handed to the carrier. Told per parcel.

    Not told when it is planned or picked: until it is packed it may still be split, merged or called off unseen.
    """

    order_number: str
    parcel_id: str
    warehouse: str
    weight_g: int
    lines: tuple[Line, ...]


@fact(name="shop.parcel_late")
class ParcelLate:
    """A promise about a parcel was broken: it has not left in time, or has not arrived by its day.

    Told at most once per parcel and promise, while the parcel is still awaited; not when it comes late after all.
    promise  ship or delivery
    """

    order_number: str
    parcel_id: str
    warehouse: str
    carrier: str
    promise: str


@fact(name="shop.parcel_lost")
class ParcelLost:
    """A carrier lost a parcel for good. Told per parcel; the money is another matter, see RefundSettled."""

    order_number: str
    parcel_id: str
    carrier: str
    lines: tuple[Line, ...]


@fact(name="shop.parcel_sent_back")
class ParcelSentBack:
    """A parcel could not be handed over and comes back to us. Not told for goods that a shopper returns."""

    order_number: str
    parcel_id: str
    carrier: str
    lines: tuple[Line, ...]

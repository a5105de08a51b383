"""What a warehouse has of a SKU, and what a movement does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MAIN: Final = "main"
MOST_UNITS: Final = 1_000_000_000


class Condition(StrEnum):
    """Whether a piece can be sold, or is only kept until somebody decides about it."""

    SELLABLE = "sellable"
    DEFECTIVE = "defective"


class Kind(StrEnum):
    """Why a level changed; `EFFECTS` says what it does."""

    RECEIVED = "received"
    HELD = "held"
    RELEASED = "released"
    SHIPPED = "shipped"
    RETURNED = "returned"
    BROUGHT_BACK = "brought_back"
    FOUND = "found"
    MISSED = "missed"
    SPOILED = "spoiled"
    MENDED = "mended"
    SCRAPPED = "scrapped"
    DISCARDED = "discarded"
    SENT = "sent"
    DUE = "due"
    ARRIVED = "arrived"
    STRAYED = "strayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What one piece of a movement does to the four numbers of a level: +1, 0 or -1 each."""

    on_hand: int = 0
    held: int = 0
    defective: int = 0
    in_transit: int = 0


EFFECTS: Final[dict[Kind, Effect]] = {
    # Bought, and promised to orders.
    Kind.RECEIVED: Effect(on_hand=1),
    Kind.HELD: Effect(held=1),
    Kind.RELEASED: Effect(held=-1),
    Kind.SHIPPED: Effect(on_hand=-1, held=-1),
    # Come back from a shopper, to be sold again or not.
    Kind.RETURNED: Effect(on_hand=1),
    Kind.BROUGHT_BACK: Effect(defective=1),
    # More or less on the shelf than the books said.
    Kind.FOUND: Effect(on_hand=1),
    Kind.MISSED: Effect(on_hand=-1),
    # Between sellable and defective, and out of the books from either.
    Kind.SPOILED: Effect(on_hand=-1, defective=1),
    Kind.MENDED: Effect(on_hand=1, defective=-1),
    Kind.DISCARDED: Effect(on_hand=-1),
    Kind.SCRAPPED: Effect(defective=-1),
    # From one warehouse to another: on the way it stands in the books of the one it goes to.
    Kind.SENT: Effect(on_hand=-1),
    Kind.DUE: Effect(in_transit=1),
    Kind.ARRIVED: Effect(on_hand=1, in_transit=-1),
    Kind.STRAYED: Effect(in_transit=-1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A SKU of which fewer pieces are free than were asked for."""

    sku: str
    asked_units: int
    free_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How many pieces of a SKU a warehouse has, how many of them are promised, and what does not count among them.

    on_hand_units     sellable pieces in the house, promised ones included
    defective_units   pieces in the house that cannot be sold
    in_transit_units  pieces on their way here from another warehouse
    backorder_units   how many more than it has the warehouse may promise
    """

    sku: str
    warehouse: str
    on_hand_units: int
    held_units: int
    defective_units: int = 0
    in_transit_units: int = 0
    backorder_units: int = 0

    @property
    def free_units(self) -> int:
        """Pieces that can still be sold, those that may be sold before they are here included."""
        return self.on_hand_units + self.backorder_units - self.held_units

    @property
    def there_units(self) -> int:
        """Pieces that can still be sold and are in the house."""
        return max(0, self.on_hand_units - self.held_units)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of a level.

    reference     what moved it: an order number, a parcel, a delivery note
    line          the order's line, or how far a transfer had come; 0 if there are no lines
    order_number  the order it was for, empty if it was for none
    by            who did it, as `kind:id`
    """

    reference: str
    sku: str
    warehouse: str
    kind: Kind
    units: int
    at: datetime
    line: int = 0
    order_number: str = ""
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Pieces of a SKU that left one warehouse for another."""

    reference: str
    sku: str
    from_warehouse: str
    to_warehouse: str
    units: int
    arrived_units: int
    lost_units: int
    sent_at: datetime

    @property
    def open_units(self) -> int:
        """Pieces that are still on their way."""
        return self.units - self.arrived_units - self.lost_units


def shortages(*, wanted: Mapping[str, int], free: Mapping[str, int]) -> tuple[Shortage, ...]:
    """What cannot be had, by SKU; a SKU without a level has nothing free."""
    return tuple(
        Shortage(sku=sku, asked_units=units, free_units=free.get(sku, 0))
        for sku, units in sorted(wanted.items())
        if free.get(sku, 0) < units
    )

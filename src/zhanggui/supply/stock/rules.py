"""Stock, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MAIN = "main"
MOST_UNITS = 1_000_000_000


class Kind(StrEnum):
    """What a movement does to a level: received adds to on hand, held to held; released takes from held, shipped from
    both.
    """

    RECEIVED = "received"
    HELD = "held"
    RELEASED = "released"
    SHIPPED = "shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A SKU of which fewer pieces are free than were asked for."""

    sku: str
    asked_units: int
    free_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """How many pieces of a SKU a warehouse has, and how many of them are promised."""

    sku: str
    warehouse: str
    on_hand_units: int
    held_units: int

    @property
    def free_units(self) -> int:
        """Pieces that can still be sold."""
        return self.on_hand_units - self.held_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One change of a level.

    reference  what moved it: an order number, a delivery note
    """

    reference: str
    sku: str
    warehouse: str
    kind: Kind
    units: int
    at: datetime


def shortages(*, wanted: Mapping[str, int], free: Mapping[str, int]) -> tuple[Shortage, ...]:
    """What cannot be had, by SKU; a SKU without a level has nothing free."""
    return tuple(
        Shortage(sku=sku, asked_units=units, free_units=free.get(sku, 0))
        for sku, units in sorted(wanted.items())
        if free.get(sku, 0) < units
    )

"""Refusals of the stock."""

from __future__ import annotations

from zhanggui.base.errors import Refused
from zhanggui.supply.stock.rules import Shortage


class OutOfStock(Refused):
    """Fewer pieces are free than were asked for."""

    shortages: tuple[Shortage, ...]


class NothingHeld(Refused):
    """So many pieces are not promised to that order, or what was promised has been released or shipped."""

    order_number: str


class NotInTheHouse(Refused):
    """The promised pieces have not come into the warehouse yet, so they cannot leave it."""

    order_number: str


class UnitsNotAllowed(Refused):
    """Stock moves in whole pieces, more than none."""

    sku: str
    units: int


class AlreadyMoved(Refused):
    """Stock was moved under that reference before."""

    reference: str


class TooFewThere(Refused):
    """A warehouse has fewer pieces to give away than that: those promised to orders are not its to give."""

    sku: str
    warehouse: str
    asked_units: int
    free_units: int


class PromisedMore(Refused):
    """More pieces are promised to orders than there would be."""

    sku: str
    warehouse: str
    held_units: int
    units: int


class NoSuchWarehouse(Refused):
    """The shop has no warehouse of that code."""

    warehouse: str


class WarehouseNotAllowed(Refused):
    """A warehouse cannot be described like that; the field says what is wrong."""

    field: str


class WarehouseTaken(Refused):
    """A warehouse of that code belongs to another shop."""

    warehouse: str


class NotOnTheWay(Refused):
    """So many pieces are not on their way under that reference, or they have come already."""

    reference: str
    sku: str

"""Refusals of the stock."""

from __future__ import annotations

from zhanggui.base.errors import Refused
from zhanggui.supply.stock.rules import Shortage


class OutOfStock(Refused):
    """Fewer pieces are free than were asked for."""

    shortages: tuple[Shortage, ...]


class NothingHeld(Refused):
    """No pieces are promised to that order, or what was promised has been released or shipped."""

    order_number: str


class UnitsNotAllowed(Refused):
    """Stock moves in whole pieces, more than none."""

    sku: str
    units: int


class AlreadyMoved(Refused):
    """Stock was moved under that reference before."""

    reference: str

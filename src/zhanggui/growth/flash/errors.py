"""What flash sales refuse."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class SaleNotAllowed(Refused):
    """A flash sale cannot be set up like that; the field says what is wrong, the SKU with which of its goods."""

    field: str
    sku: str


class SalesOverlap(Refused):
    """Another flash sale has the SKU at the same time."""

    sku: str


class NoSuchSale(Refused):
    """The shop has no flash sale with this id."""

    id: str


class SaleNotOn(Refused):
    """A flash sale has not begun, or is over."""

    id: str


class NoEntry(Refused):
    """Whoever wants to buy in this sale waits in line first, and it is not their turn, or it has passed."""

    sale_id: str


class QuotaGone(Refused):
    """The pieces at the flash price that the price counted on are taken, or the sale is over."""

    sku: str


class LimitReached(Refused):
    """One person may not have that many pieces at the flash price."""

    sku: str
    per_person: int

"""A cart, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

LEAST_QUANTITY = 1
MOST_QUANTITY = 99
MOST_LINES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Pieces of one SKU that were laid aside."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cart:
    """What a shopper has laid aside, in the order it was.

    id       None while nothing was ever laid aside
    version  grows with every change; 0 without a cart
    """

    id: UUID | None
    shop: str
    person: str
    version: int
    lines: tuple[Line, ...]

    @property
    def pieces(self) -> int:
        """All pieces together."""
        return sum(line.quantity for line in self.lines)


def is_quantity(quantity: int) -> bool:
    """Whether so many pieces of one SKU may stand in a cart."""
    return LEAST_QUANTITY <= quantity <= MOST_QUANTITY

"""What supply tells."""

from __future__ import annotations

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import fact


@fact(name="supply.stock_received")
class StockReceived:
    """Pieces of a SKU came into a warehouse and can be sold."""

    sku: str
    quantity: int
    warehouse: str


@fact(name="supply.stock_held")
class StockHeld:
    """Pieces were promised to an order, so that nobody else can buy them. Told once per order, with all its lines.

    Lines carry the amount 0: stock knows no prices.
    """

    order_number: str
    lines: tuple[Line, ...]
    quantity: int


@fact(name="supply.stock_released")
class StockReleased:
    """Promised pieces went back on sale, because the order or a part of it was cancelled or ran out of time."""

    order_number: str
    lines: tuple[Line, ...]
    quantity: int


@fact(name="supply.stock_shipped")
class StockShipped:
    """Promised pieces left the house for good. Told once per parcel.

    warehouse  where they left from; empty if from several at once
    """

    order_number: str
    lines: tuple[Line, ...]
    quantity: int
    parcel_id: str = ""
    warehouse: str = ""

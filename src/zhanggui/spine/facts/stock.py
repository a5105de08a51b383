"""What the warehouses tell besides what is sold: counts, moves, what comes back and what cannot be sold."""

from __future__ import annotations

from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.registry import fact


@fact(name="supply.stock_taken_back")
class StockTakenBack:
    """Pieces came back from a shopper into a warehouse. Not told for pieces that never left it.

    is_sellable  whether they can be sold again; otherwise they are kept apart
    Lines carry the amount 0: stock knows no prices.
    """

    reference: str
    warehouse: str
    is_sellable: bool
    lines: tuple[Line, ...]
    quantity: int


@fact(name="supply.stock_counted")
class StockCounted:
    """Somebody counted the sellable pieces of a SKU in a warehouse; told when the books were right, too.

    quantity          what was counted
    difference_units  more (+) or fewer (-) than the books said; they say what was counted from then on
    """

    sku: str
    warehouse: str
    quantity: int
    difference_units: int
    reason: str = ""


@fact(name="supply.stock_moved")
class StockMoved:
    """Pieces left one warehouse for another one. Not told again when they arrive: that is StockArrived."""

    reference: str
    from_warehouse: str
    to_warehouse: str
    lines: tuple[Line, ...]
    quantity: int


@fact(name="supply.stock_arrived")
class StockArrived:
    """Pieces that were on their way between two warehouses came to the end of it, all or a part of them.

    Lines and quantity: what arrived and can be sold; lost_units: what was given up on the way.
    """

    reference: str
    from_warehouse: str
    to_warehouse: str
    lines: tuple[Line, ...]
    quantity: int
    lost_units: int = 0


@fact(name="supply.stock_sorted")
class StockSorted:
    """Pieces in a warehouse turned out not to be sellable, or to be sellable after all.

    is_sellable  what they are from now on
    """

    sku: str
    warehouse: str
    quantity: int
    is_sellable: bool
    reason: str = ""


@fact(name="supply.stock_written_off")
class StockWrittenOff:
    """Pieces left the books for good without having been sold: destroyed, given back to the supplier, given away."""

    sku: str
    warehouse: str
    quantity: int
    was_sellable: bool
    reason: str = ""


@fact(name="supply.backorder_limited")
class BackorderLimited:
    """It was said how many pieces of a SKU a warehouse may promise beyond those that it has; 0 for none."""

    sku: str
    warehouse: str
    limit_units: int


@fact(name="supply.warehouse_described")
class WarehouseDescribed:
    """A warehouse was opened or described anew: what it is, where it lies, whether orders are served from it."""

    warehouse: str
    kind: str
    country: str
    region: str
    is_selling: bool


@fact(name="supply.stock_repaired")
class StockRepaired:
    """The books of a level were set to what its movements and promises add up to, because they disagreed."""

    sku: str
    warehouse: str
    on_hand_units: int
    held_units: int
    was_on_hand_units: int
    was_held_units: int

"""What insight tells."""

from __future__ import annotations

from zhanggui.spine.facts.registry import fact


@fact(name="insight.orders_imported")
class OrdersImported:
    """A file of another system's orders was read to its end. Told once per file that brought something new.

    amount_minor  the sum of all lines read for the first time, refunds taken off
    """

    import_id: str
    source: str
    orders: int
    line_count: int
    refused_rows: int
    amount_minor: int
    currency: str

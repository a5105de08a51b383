"""Refusals about imports."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchImport(Refused):
    """No import has that id."""

    import_id: str


class ImportMoved(Refused):
    """Another process has taken this chunk of the import; the files stay counted once."""

    import_id: str
    chunk: int
    stands_at: int


class ShopBusy(Refused):
    """Another import into this shop is running; two at once could count an order twice."""

    shop: str

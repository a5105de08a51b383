"""Refusals of the wish list."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NotForSale(Refused):
    """The shop does not sell that, or does so no longer."""

    sku: str


class ListFull(Refused):
    """A wish list has room for so many SKUs."""

    most: int

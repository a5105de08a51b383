"""Refusals of the cart."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class QuantityNotAllowed(Refused):
    """Of one SKU, 1 to 99 pieces go into a cart."""

    sku: str
    quantity: int


class NotForSale(Refused):
    """The shop does not sell that, or does so no longer."""

    sku: str


class CartFull(Refused):
    """A cart has room for 100 different SKUs."""

    sku: str


class CartMoved(Refused):
    """The cart is no longer as it was when the page was shown, or has become an order already."""

    cart_version: int

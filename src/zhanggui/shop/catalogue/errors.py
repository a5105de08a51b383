"""Refusals of the catalogue."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchProduct(Refused):
    """The shop has no product of that SKU."""

    sku: str


class NoSuchCategory(Refused):
    """The shop has no category of that key."""

    key: str


class PriceNotAllowed(Refused):
    """A list price is more than nothing, in the currency of the product."""

    sku: str
    price_minor: int
    currency: str


class SkuTaken(Refused):
    """Another shop of this installation sells under that SKU already."""

    sku: str


class RatingNotAllowed(Refused):
    """A rating is a whole number from 1 to 5."""

    sku: str
    rating: int

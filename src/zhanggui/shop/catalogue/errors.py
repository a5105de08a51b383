"""Refusals of the catalogue."""

from __future__ import annotations

from zhanggui.base.errors import Refused


class NoSuchProduct(Refused):
    """The shop has no product of that SKU."""

    sku: str


class NoSuchCategory(Refused):
    """The shop has no category of that key."""

    key: str


class CategoryLoop(Refused):
    """A category cannot stand below itself."""

    key: str


class CategoryTooDeep(Refused):
    """A category would stand further down than anybody looks."""

    key: str
    most_levels: int


class CategoryKeyNotAllowed(Refused):
    """A category cannot be called so in addresses.

    reason  taken or form
    """

    key: str
    reason: str


class CategoryInUse(Refused):
    """Products or categories still stand in it."""

    key: str


class PriceNotAllowed(Refused):
    """A list price is more than nothing, in the currency of the product."""

    sku: str
    price_minor: int
    currency: str


class SaleNotAllowed(Refused):
    """A sale price is more than nothing and less than the list price, for a time that has an end to come.

    reason  price, currency or time
    """

    sku: str
    reason: str


class SkuTaken(Refused):
    """Another shop of this installation, or another product of this one, sells under that SKU already."""

    sku: str


class ProductNotAllowed(Refused):
    """What was said about a product does not fit together.

    reason  the code of what is wrong, as `rules.faults_of` names it
    """

    sku: str
    reason: str


class HandleNotAllowed(Refused):
    """A product cannot be called so in addresses.

    reason  taken or form
    """

    handle: str
    reason: str


class ProductMoved(Refused):
    """Somebody else edited the product since it was looked at."""

    handle: str
    edition: int


class FileNotAllowed(Refused):
    """A file cannot be shown in the shop.

    reason  type, size, drawing (an SVG that we did not draw), broken, or pixels (it unpacks to too many)
    """

    reason: str
    size_bytes: int


class NoSuchFile(Refused):
    """The media store has no file of that name."""

    name: str


class FileNotUnderstood(Refused):
    """A file is not a product file of ours, Shopify's or WooCommerce's.

    reason  header, or what the reader of CSV says
    """

    reason: str
    line: int


class RatingNotAllowed(Refused):
    """A rating is a whole number from 1 to 5."""

    sku: str
    rating: int

"""Baskets, ways to deliver, adjustments and quotes, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

import msgspec

from zhanggui.base.money import Money
from zhanggui.shop.customers.rules import Address
from zhanggui.shop.payments.rules import Begun


class Part(StrEnum):
    """The part of a total that an adjustment moves."""

    GOODS = "goods"
    SHIPPING = "shipping"
    TAX = "tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A way to be delivered to, and what it costs.

    countries  where it goes, ISO 3166-1 alpha-2; empty: anywhere
    rate       for a parcel of up to one kilogram
    per_kg     for each further kilogram begun
    free_from  goods total of the parcel from which it costs nothing; None: never
    days       fewest and most days from order to door, the most are promised
    """

    key: str = "standard"
    name_zh: str = "标准配送"
    name_en: str = "Standard delivery"
    countries: tuple[str, ...] = ()
    rate: Money
    per_kg: Money
    free_from: Money | None = None
    days: tuple[int, int] = (2, 5)
    position: int = 1

    @property
    def edition(self) -> str:
        """Another one whenever anything about it is another; an edit says which one it saw."""
        return hashlib.blake2b(repr(self).encode(), digest_size=8).hexdigest()

    def goes_to(self, country: str) -> bool:
        """Whether a parcel to that country can be sent this way; a country not known yet may be any."""
        return not self.countries or not country or country in self.countries

    def name(self, language: str) -> str:
        """What a shopper reads."""
        return self.name_en if language.startswith("en") else self.name_zh


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Pieces of a SKU that are to go to one of the places, from 1."""

    sku: str
    quantity: int
    destination: int = 1


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a basket on its way to one place, before any price was asked.

    destination  which of the basket's places it goes to, from 1
    sale_price   what it costs just now instead of the list price; None if it is not on sale
    tax_rate     0.13 is 13 %; contained in the price or put on top of it
    product      handle of the product that the SKU is a variant of
    """

    sku: str
    quantity: int
    list_price: Money
    product: str = ""
    destination: int = 1
    sale_price: Money | None = None
    weight_g: int = 0
    category: str = ""
    needs_shipping: bool = True
    tax_rate: Decimal = Decimal(0)
    is_tax_included: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One of the places that a basket goes to.

    country, region  empty while nobody knows
    """

    country: str = ""
    region: str = ""
    option: Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What is to be priced, with all that the steps need to know; every amount is in `currency`.

    A SKU that goes to two places is two items; offers look at the basket as a whole, so that it costs the same.
    """

    shop: str
    person: str
    currency: str
    items: tuple[Item, ...]
    stops: tuple[Stop, ...]


class Adjustment(msgspec.Struct, frozen=True, kw_only=True):
    """One step's effect on the price.

    step    who says so, such as list_price or delivery
    reason  why, as a word that a door puts into a sentence: list_price, flat_rate, free_from
    amount  signed; what is taken off is negative
    shares  one per item, summing to the amount; empty: shared out by what the items cost so far, or by pieces
    funded_by  who pays for what is taken off: shop, brand or platform
    source  what the step took it from, such as promotion:满减; empty if the step says enough
    """

    step: str
    reason: str
    part: Part
    amount: Money
    shares: tuple[Money, ...] = ()
    funded_by: str = "shop"
    source: str = ""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What the steps before have made of a basket.

    amounts  what each item costs so far, in the order of the basket
    """

    basket: Basket
    amounts: tuple[Money, ...]
    adjustments: tuple[Adjustment, ...]

    @property
    def goods(self) -> Money:
        """What all items cost so far, without shipping and tax."""
        return Money.total(self.amounts, self.basket.currency)


class PriceStep(Protocol):
    """A port: one step of the pipeline, such as list prices, offers, points, delivery."""

    def __call__(self, draft: Draft, *, at: datetime) -> Sequence[Adjustment]:
        """What this step adds to what the steps before have made."""
        ...


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one item of the basket costs; every amount is for all its pieces together.

    listed    list price x quantity
    discount  what was taken off, 0 or negative
    amount    what is paid for the goods: listed + discount
    shipping, tax  its share of them
    tax_included   what of amount and shipping is tax
    """

    sku: str
    destination: int
    quantity: int
    list_price: Money
    listed: Money
    discount: Money
    amount: Money
    shipping: Money
    tax: Money
    tax_rate: Decimal
    tax_included: Money


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a basket costs, and why.

    goods  after discounts; total = goods + shipping + tax
    tax    on top; tax_included lies in goods and shipping already
    """

    basket: Basket
    lines: tuple[QuoteLine, ...]
    adjustments: tuple[Adjustment, ...]
    listed: Money
    discount: Money
    goods: Money
    shipping: Money
    tax: Money
    tax_included: Money
    total: Money

    def shipping_to(self, destination: int) -> Money:
        """What the way to one of the places costs."""
        parts = (line.shipping for line in self.lines if line.destination == destination)
        return Money.total(parts, self.total.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """A place that an order, or a part of it, is to go to.

    option  key of the way it is delivered; the first one that goes there if it is empty
    units   what goes there, pieces by SKU; None: all of it
    """

    address: Address
    option: str = ""
    units: Mapping[str, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An order that stands and waits for its money.

    begun  what is to be paid at a provider, as it was when the order was placed; None if nothing is
    """

    order_number: str
    payment_id: str
    begun: Begun | None = None

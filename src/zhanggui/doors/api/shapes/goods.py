"""What is said about goods."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from zhanggui.doors.api.shapes.common import Amount, Said, Words, words_of
from zhanggui.growth.promotions.rules import PriceSource
from zhanggui.shop.catalogue.rules import Kind

SourceWord = Annotated[PriceSource, words_of(PriceSource)]
KindWord = Annotated[Kind, words_of(Kind)]


class Visitor(Said):
    """A shopper that nobody knew before; the token is all there is to come back with."""

    token: str
    visitor: str
    expires_at: datetime


class SpecialPrice(Said):
    """A lower price of whoever takes part: source is flash, group (so many people together) or presale (all in all)."""

    source: SourceWord
    price: Amount
    people: int
    ends_at: datetime | None


class Card(Said):
    """A product in a list; price is what one piece costs everybody now, list_price what it costs without a sale.

    list_price may stand struck through only if `was` of the product's own page says so
    specials  lower prices of whoever takes part, lowest first
    """

    sku: str
    product: str
    title: Words
    variant: Words
    brand: Words
    category: str
    kind: KindWord
    price: Amount
    list_price: Amount
    specials: list[SpecialPrice]
    from_price: Amount | None
    choices: int
    proof: Words
    rating_mean: Decimal | None
    rating_count: int
    is_listed: bool
    picture: str


class FacetValue(Said):
    """A value to narrow by: send it as filter=key:value."""

    value: str
    name: Words
    products: int
    is_chosen: bool


class Facet(Said):
    """What a list can be narrowed by."""

    key: str
    name: Words
    values: list[FacetValue]


class PriceBand(Said):
    """Prices from start up to below, in minor units."""

    start: int
    below: int | None
    products: int
    is_chosen: bool


class RatingBand(Said):
    """So many stars or more."""

    rating: int
    products: int
    is_chosen: bool


class Shelf(Said):
    """A part of a list of products, with what narrows it further."""

    items: list[Card]
    next: str
    total: int
    sort: str
    facets: list[Facet]
    prices: list[PriceBand]
    ratings: list[RatingBand]


class Category(Said):
    """A category; products counts those below it too."""

    key: str
    name: Words
    products: int
    below: list[Category]


class Attribute(Said):
    """A parameter of a product."""

    key: str
    name: Words
    value: Words


class Variant(Said):
    """One SKU of a product."""

    sku: str
    values: list[Words]
    price: Amount
    is_listed: bool
    is_in_stock: bool


class Option(Said):
    """An axis on which the SKUs of a product differ."""

    key: str
    name: Words
    values: list[Words]


class Block(Said):
    """A problem, what solves it, and the proof."""

    problem: Words
    solution: Words
    proof: Words


class Evidence(Said):
    """A certificate or report."""

    name: Words
    issuer: Words
    number: str
    issued_on: date
    valid_until: date | None


class Product(Card):
    """A product's own page, for one of its SKUs.

    was  what may lawfully stand struck through beside the price: the lowest of the days before, 7 in China
    and 30 in the European Union; none if nothing may
    """

    was: Amount | None
    summary: Words
    attributes: list[Attribute]
    options: list[Option]
    variants: list[Variant]
    blocks: list[Block]
    evidence: list[Evidence]
    no_reason_exception: str
    listed_at: datetime

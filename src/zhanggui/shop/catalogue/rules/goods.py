"""What is offered: categories, products with their variants, and what stands on their pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules.prices import Sale, price_at
from zhanggui.shop.catalogue.rules.words import NOTHING, Words


class Kind(StrEnum):
    """What changes hands: a thing, a file or code, a deed, or several of these under one SKU."""

    PHYSICAL = "physical"
    DIGITAL = "digital"
    SERVICE = "service"
    BUNDLE = "bundle"


class NoReason(StrEnum):
    """Why goods cannot be returned without a reason (rules § 6); the empty one means that they can."""

    NONE = ""
    CUSTOM_MADE = "custom_made"
    FRESH = "fresh"
    UNSEALED_MEDIA = "unsealed_media"
    PAPERS = "papers"
    HYGIENE = "hygiene"
    ACTIVATED = "activated"
    FLAWED = "flawed"


# These hold only if the shopper confirmed them for this purchase; the others hold by themselves.
TO_BE_CONFIRMED: Final = frozenset({NoReason.HYGIENE, NoReason.ACTIVATED, NoReason.FLAWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one piece of a bundle holds of another SKU."""

    sku: str
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A shelf of the shop; categories stand in the order of their positions under their parent.

    parent  key of the category above, empty at the top
    path    keys from the top down to this one
    """

    shop: str
    key: str
    name: Words
    position: int
    parent: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A category with what stands in it and below it.

    products  listed ones, of all categories below included
    """

    category: Category
    products: int
    branches: tuple[Branch, ...] = ()


class Measure(StrEnum):
    """What the value of an attribute is."""

    TEXT = "text"
    NUMBER = "number"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """One line of a product's parameters, such as 产地: 浙江杭州.

    key       by which the same attribute of other products is known; made of the name if empty
    number    the value as a number, in `unit`, where it is one
    is_facet  whether a shelf can be narrowed by it
    """

    name: Words
    value: Words
    key: str = ""
    measure: Measure = Measure.TEXT
    number: Decimal | None = None
    unit: str = ""
    is_facet: bool = True


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A SKU as it stands in a list, a cart or an order: what a shopper needs to choose it.

    product          handle of the product that this SKU is a variant of
    variant          its values on the product's options, such as 红 / L; empty for a product with one SKU
    price            the list price of one piece; `price_at` says what it costs
    cost             what one piece costs us
    from_price       in a list, the lowest list price among the product's SKUs if they differ; else None
    choices          how many SKUs of the product can be chosen among
    category         key of its category
    proof            the one thing that can be checked, such as an inspection report
    picture_version  changes when the picture does, so that its address may be kept for ever
    picture_file     name of an uploaded picture in the media store; empty if the picture is a drawing of ours
    rating_mean      1 to 5 with one decimal, None without reviews
    version          grows with every change of the SKU or its product, but for how often it sells
    """

    sku: str
    shop: str
    title: Words
    brand: Words
    category: str
    price: Money
    proof: Words
    weight_g: int
    picture_version: str
    rating_mean: Decimal | None
    rating_count: int
    is_listed: bool
    cost: Money
    product: str = ""
    variant: Words = NOTHING
    kind: Kind = Kind.PHYSICAL
    parts: tuple[Part, ...] = ()
    sale: Sale | None = None
    tax_class: str = "standard"
    no_reason_exception: str = ""
    needs_shipping: bool = True
    version: int = 1
    from_price: Money | None = None
    choices: int = 1
    picture_file: str = ""

    def price_at(self, at: datetime) -> Money:
        """What one piece costs at a moment: the list price, or the sale price while the sale is on."""
        return price_at(self.price, self.sale, at=at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An axis on which the SKUs of a product differ, such as 颜色.

    values  those that a listed SKU has, in the order of the SKUs
    """

    key: str
    name: Words
    values: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One SKU of a product, as its page and the console show it.

    values  one per option of the product, in their order
    """

    card: Card
    values: tuple[Words, ...] = ()
    barcode: str = ""
    position: int = 1


class MediumKind(StrEnum):
    """What is looked at."""

    PICTURE = "picture"
    VIDEO = "video"
    MODEL = "model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """A picture, a film or a 3D model of a product.

    file     its name in the media store; empty if it lies elsewhere
    address  https address of a film that lies elsewhere
    alt      what it shows, for those who cannot see it
    sku      the SKU that it shows; empty for the whole product
    """

    kind: MediumKind
    file: str = ""
    address: str = ""
    alt: Words = NOTHING
    sku: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A scene of the product's page: what is the trouble, what helps, what proves it."""

    problem: Words
    solution: Words
    proof: Words = NOTHING
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A certificate or inspection report that a shopper may look at.

    number       of the paper, as its issuer knows it
    valid_until  the last day on which it holds; None if it does not end
    file         its name in the media store, empty if only the number is shown
    sku          the SKU it is about; empty for the whole product
    """

    name: Words
    issuer: Words
    number: str
    issued_on: date
    valid_until: date | None = None
    file: str = ""
    sku: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether it may be shown as proof on that day."""
        return self.issued_on <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product with all that its own page says.

    card      the SKU that was asked for, or its first listed one
    variants  all its SKUs in their order, those that are not listed included
    options   the axes on which the SKUs differ; none for a product with one SKU
    crumbs    its categories from the top down
    evidence  as the console keeps it; the shop shows what holds today
    edition   grows with every edit by a person; an edit says which one it saw
    """

    card: Card
    summary: Words
    category: Category
    attributes: tuple[Attribute, ...]
    listed_at: datetime
    handle: str = ""
    options: tuple[Option, ...] = ()
    variants: tuple[Variant, ...] = ()
    crumbs: tuple[Category, ...] = ()
    tags: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    blocks: tuple[Block, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    edition: int = 1

    def chosen(self, values: tuple[str, ...]) -> Variant | None:
        """The listed variant with these values on the options, in Chinese or English; None if there is none."""
        return next(
            (
                variant
                for variant in self.variants
                if variant.card.is_listed
                and len(variant.values) == len(values)
                and all(value in (own.zh, own.en) for own, value in zip(variant.values, values, strict=True))
            ),
            None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A product's picture, drawn by our own code."""

    svg: str
    version: str

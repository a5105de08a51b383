"""What it takes to put something into the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules.goods import Attribute, Block, Evidence, Kind, Medium, Part
from zhanggui.shop.catalogue.rules.prices import Sale
from zhanggui.shop.catalogue.rules.words import NOTHING, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """One more SKU of a product.

    values       one per option of the product
    picture_svg  a drawing of its own, square; the product's if empty
    drawing      version of a drawing of its own that is kept already
    picture      a picture of its own in the media store; the product's if empty
    """

    sku: str
    values: tuple[Words, ...]
    price: Money
    cost: Money
    weight_g: int
    barcode: str = ""
    sale: Sale | None = None
    is_listed: bool = True
    parts: tuple[Part, ...] = ()
    picture_svg: str = ""
    drawing: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """What it takes to list a product: its words, and its only or first SKU with its price.

    SKUs of the product that are not named are no longer sold.

    cost         what one piece costs us, in the currency of the price
    category     key of a category of the shop
    picture_svg  a whole SVG document drawn by our own code, square; empty if there is a picture among the media
    handle       its name in addresses; made of the SKU if empty
    options      names of the axes on which its SKUs differ, one to three; none if there is one SKU
    values       of the first SKU, one per option
    variants     the other SKUs
    sale, parts, barcode, is_listed  of the first SKU
    drawing      version of a drawing that is kept already, in place of picture_svg
    picture      name of the picture in the media store; the first one among the media if empty
    """

    sku: str
    shop: str
    title: Words
    summary: Words
    brand: Words
    category: str
    price: Money
    cost: Money
    weight_g: int
    attributes: tuple[Attribute, ...]
    proof: Words
    picture_svg: str
    handle: str = ""
    kind: Kind = Kind.PHYSICAL
    tags: tuple[str, ...] = ()
    options: tuple[Words, ...] = ()
    values: tuple[Words, ...] = ()
    variants: tuple[NewVariant, ...] = ()
    media: tuple[Medium, ...] = ()
    blocks: tuple[Block, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    barcode: str = ""
    sale: Sale | None = None
    is_listed: bool = True
    parts: tuple[Part, ...] = ()
    tax_class: str = "standard"
    no_reason_exception: str = ""
    drawing: str = ""
    picture: str = ""

    @property
    def skus(self) -> tuple[NewVariant, ...]:
        """All its SKUs, the first one first."""
        first = NewVariant(
            sku=self.sku,
            values=self.values,
            price=self.price,
            cost=self.cost,
            weight_g=self.weight_g,
            barcode=self.barcode,
            sale=self.sale,
            is_listed=self.is_listed,
            parts=self.parts,
        )
        return (first, *self.variants)


def picture_version(svg: str) -> str:
    """The name of a picture's content: equal pictures, equal versions."""
    return hashlib.blake2b(svg.encode(), digest_size=8).hexdigest()


def variant_words(values: tuple[Words, ...]) -> Words:
    """The values of a SKU in one line: 红 / L."""
    if not values:
        return NOTHING
    return Words(zh=" / ".join(value.to("zh") for value in values), en=" / ".join(value.to("en") for value in values))


def with_skus(product: NewProduct, skus: Sequence[NewVariant]) -> NewProduct:
    """The product with these SKUs, the first one first; there is at least one."""
    first, *others = skus
    return replace(
        product,
        sku=first.sku,
        values=first.values,
        price=first.price,
        cost=first.cost,
        weight_g=first.weight_g,
        barcode=first.barcode,
        sale=first.sale,
        is_listed=first.is_listed,
        parts=first.parts,
        variants=tuple(others),
    )

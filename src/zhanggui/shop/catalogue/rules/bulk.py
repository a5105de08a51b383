"""One change to many products at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules.prices import Sale
from zhanggui.shop.catalogue.rules.writing import NewProduct, NewVariant, with_skus


class ChangeKind(StrEnum):
    """What is done to products."""

    PRICE = "price"
    SALE = "sale"
    NO_SALE = "no_sale"
    CATEGORY = "category"
    TAG = "tag"
    NO_TAG = "no_tag"
    LIST = "list"
    DELIST = "delist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change, with what it needs to know.

    percent   of the list price: 110 for a price that rises by a tenth, 80 for a sale at a fifth off
    word      the tag, or the key of the category
    starts_at, ends_at  of a sale
    """

    kind: ChangeKind
    percent: Decimal = Decimal(100)
    word: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None


def changed(product: NewProduct, change: Change) -> NewProduct:
    """The product after the change; the same product if it changes nothing.

    source   9.90 at 110 % is 10.89; half a fen is rounded up
    """
    match change.kind:
        case ChangeKind.CATEGORY:
            return replace(product, category=change.word)
        case ChangeKind.TAG:
            return replace(product, tags=tuple(dict.fromkeys((*product.tags, change.word))))
        case ChangeKind.NO_TAG:
            return replace(product, tags=tuple(tag for tag in product.tags if tag != change.word))
        case _:
            return with_skus(product, [_sku(sku, change) for sku in product.skus])


def _sku(sku: NewVariant, change: Change) -> NewVariant:
    match change.kind:
        case ChangeKind.PRICE:
            return replace(sku, price=_at(sku.price, change.percent))
        case ChangeKind.SALE if change.starts_at and change.ends_at:
            sale = Sale(price=_at(sku.price, change.percent), starts_at=change.starts_at, ends_at=change.ends_at)
            return replace(sku, sale=sale)
        case ChangeKind.NO_SALE:
            return replace(sku, sale=None)
        case ChangeKind.LIST | ChangeKind.DELIST:
            return replace(sku, is_listed=change.kind is ChangeKind.LIST)
        case _:
            return sku


def _at(price: Money, percent: Decimal) -> Money:
    return price.times(percent / 100)

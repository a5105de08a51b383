"""WooCommerce's product file: simple products, and variable ones whose variations name their parent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules.exchange.rows import (
    Draft,
    Row,
    Unreadable,
    amount,
    grams,
    listed,
    moment,
    plain,
    words,
)
from zhanggui.shop.catalogue.rules.goods import Attribute, Kind, Medium, MediumKind
from zhanggui.shop.catalogue.rules.prices import Sale
from zhanggui.shop.catalogue.rules.words import NOTHING, handle_of
from zhanggui.shop.catalogue.rules.writing import NewProduct, NewVariant

# Units in which a shop may have its weights, as the head of the column says.
_WEIGHTS: Final = {"kg": Decimal(1000), "g": Decimal(1), "lbs": Decimal("453.59237"), "oz": Decimal("28.349523125")}
_SAID: Final = frozenset({"title", "summary", "category", "tags", "options", "attributes", "media"})
_SKU_SAID: Final = frozenset({"values", "price", "sale", "weight_g", "barcode", "is_listed"})
# A sale without dates holds until somebody ends it; ours have an end.
_OPEN_START: Final = datetime(2000, 1, 1, tzinfo=UTC)
_OPEN_END: Final = datetime(2099, 12, 31, tzinfo=UTC)
_ID: Final = re.compile(r"id:(\d+)")
# Kinds of rows that are no goods of ours.
NOT_GOODS: Final = ("grouped", "external")


def kind_of(row: Row) -> str:
    """What a row is: simple, variable, variation, grouped or external."""
    return listed(row["type"].lower())[0] if row["type"] else "simple"


def parent_of(row: Row) -> str:
    """By which name a variation's parent is found."""
    found = _ID.fullmatch(row["parent"])
    return f"id:{found[1]}" if found else row["parent"]


def names_of(row: Row) -> tuple[str, ...]:
    """The names by which variations may call their parent."""
    return tuple(name for name in (row["sku"], f"id:{row['id']}" if row["id"] else "") if name)


def draft(rows: Sequence[Row], *, shop: str, currency: str) -> Draft:
    """A product of WooCommerce's file, from its own row and those of its variations."""
    head, variations = rows[0], rows[1:]
    if kind_of(head) in NOT_GOODS:
        raise Unreadable("type", head["type"])
    options = _options(variations)
    name = head["sku"] or f"wc-{head['id'] or handle_of(head['name'])}"
    sold = variations or [head]
    skus = [
        _variant(row, name=name, place=place, options=options, head=head, currency=currency)
        for place, row in enumerate(sold, start=1)
        if row["regular price"] or not variations
    ]
    if not skus:
        raise Unreadable("price", "")
    first, *others = skus
    shelves = listed(head["categories"])
    path = max(shelves, key=lambda one: one.count(">"), default="other")
    product = NewProduct(
        sku=first.sku,
        shop=shop,
        handle=handle_of(name),
        title=words(head["name"]),
        summary=words(plain(head["short description"] or head["description"])),
        brand=NOTHING,
        proof=NOTHING,
        category="",
        kind=Kind.DIGITAL if {"virtual", "downloadable"} & set(listed(head["type"].lower())) else Kind.PHYSICAL,
        tags=listed(head["tags"]),
        options=tuple(words(option) for option in options),
        attributes=_attributes(head, options),
        media=tuple(Medium(kind=MediumKind.PICTURE, address=address) for address in listed(head["images"])),
        picture_svg="",
        price=first.price,
        cost=first.cost,
        weight_g=first.weight_g,
        values=first.values,
        barcode=first.barcode,
        sale=first.sale,
        is_listed=first.is_listed,
        variants=tuple(others),
    )
    return Draft(
        line=head.line,
        product=product,
        shelves=tuple(words(s) for s in listed(path, ">")),
        said=_SAID,
        sku_said=_SKU_SAID,
    )


def _variant(row: Row, *, name: str, place: int, options: Sequence[str], head: Row, currency: str) -> NewVariant:
    values = {row[f"attribute {n} name"]: row[f"attribute {n} value(s)"] for n in range(1, 11)}
    is_listed = head["published"] in ("", "1") and row["published"] in ("", "1")
    return NewVariant(
        sku=row["sku"] or (f"{name}-{place}" if options else name)[:60],
        values=tuple(words(values.get(option, "") or "*") for option in options),
        price=amount(row, "regular price", currency),
        cost=Money.zero(currency),
        weight_g=_weight(row) or _weight(head),
        barcode=row["gtin, upc, ean, or isbn"][:40],
        sale=_sale(row, currency),
        is_listed=is_listed,
    )


def _options(variations: Sequence[Row]) -> tuple[str, ...]:
    """Names of the attributes in which the variations of a product differ."""
    names = (row[f"attribute {n} name"] for row in variations for n in range(1, 11) if row[f"attribute {n} value(s)"])
    return tuple(dict.fromkeys(name for name in names if name))


def _attributes(head: Row, options: Sequence[str]) -> tuple[Attribute, ...]:
    pairs = [(head[f"attribute {n} name"], head[f"attribute {n} value(s)"]) for n in range(1, 11)]
    return tuple(
        Attribute(name=words(name), value=words(value))
        for name, value in pairs
        if name and value and name not in options
    )


def _sale(row: Row, currency: str) -> Sale | None:
    if not row["sale price"]:
        return None
    starts_at = moment(row["date sale price starts"]) or _OPEN_START
    ends_at = moment(row["date sale price ends"]) or _OPEN_END
    if len(row["date sale price ends"]) == 10:
        ends_at += timedelta(days=1)  # a day is meant as a whole
    return Sale(price=amount(row, "sale price", currency), starts_at=starts_at, ends_at=ends_at)


def _weight(row: Row) -> int:
    return next((grams(row[f"weight ({unit})"], per) for unit, per in _WEIGHTS.items() if row[f"weight ({unit})"]), 0)

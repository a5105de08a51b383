"""Shopify's product file: a row per variant or further picture, joined by the handle."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules.exchange.rows import (
    Draft,
    Row,
    Unreadable,
    amount,
    first_said,
    grams,
    listed,
    plain,
    words,
)
from zhanggui.shop.catalogue.rules.goods import Kind, Medium, MediumKind
from zhanggui.shop.catalogue.rules.words import NOTHING, Words
from zhanggui.shop.catalogue.rules.writing import NewProduct, NewVariant

# The one variant of a product without options is said like this.
_NO_OPTION: Final = ("title", "default title")
_SAID: Final = frozenset({"title", "summary", "brand", "category", "tags", "options", "media"})
_SKU_SAID: Final = frozenset({"values", "price", "weight_g", "barcode", "is_listed"})


def draft(rows: Sequence[Row], *, shop: str, currency: str) -> Draft:
    """A product of Shopify's file. The list price is its price; a "compare at" price is not taken over.

    A "was" price is made of what was really asked (rules § 7), never of what a file claims.
    """
    head = rows[0]
    names = [first_said(rows, f"option{n} name") for n in (1, 2, 3)]
    is_plain = (names[0].lower(), first_said(rows, "option1 value").lower()) == _NO_OPTION
    options = () if is_plain else tuple(words(name) for name in names if name)
    sold = [row for row in rows if row["variant price"]]
    if not sold:
        raise Unreadable("price", "")
    # A cell that repeats the row above may be left empty.
    skus = [
        _variant(row, handle=head["handle"], place=place, options=len(options), rows=rows, currency=currency)
        for place, row in enumerate(sold, start=1)
    ]
    first, *others = skus
    shelves = first_said(rows, "type") or first_said(rows, "product category").split(">")[-1].strip() or "other"
    product = NewProduct(
        sku=first.sku,
        shop=shop,
        handle=head["handle"],
        title=words(head["title"]),
        summary=words(plain(head["body (html)"])),
        brand=words(head["vendor"]),
        proof=NOTHING,
        category="",
        kind=Kind.DIGITAL if sold[0]["variant requires shipping"].lower() == "false" else Kind.PHYSICAL,
        tags=listed(head["tags"]),
        options=options,
        attributes=(),
        media=_pictures(rows),
        picture_svg="",
        price=first.price,
        cost=first.cost,
        weight_g=first.weight_g,
        values=first.values,
        barcode=first.barcode,
        is_listed=first.is_listed,
        variants=tuple(others),
    )
    return Draft(line=head.line, product=product, shelves=(words(shelves),), said=_SAID, sku_said=_SKU_SAID)


def _variant(row: Row, *, handle: str, place: int, options: int, rows: Sequence[Row], currency: str) -> NewVariant:
    is_listed = rows[0]["published"].lower() != "false" and rows[0]["status"].lower() in ("", "active")
    return NewVariant(
        sku=row["variant sku"].lstrip("'") or (f"{handle}-{place}" if options else handle)[:60],
        values=tuple(words(row[f"option{n} value"]) for n in range(1, options + 1)),
        price=amount(row, "variant price", currency),
        cost=amount(row, "cost per item", currency) if row["cost per item"] else Money.zero(currency),
        weight_g=grams(row["variant grams"], Decimal(1)),
        barcode=row["variant barcode"].lstrip("'")[:40],
        is_listed=is_listed,
    )


def _pictures(rows: Sequence[Row]) -> tuple[Medium, ...]:
    """Pictures by their addresses, each once; they lie with Shopify until somebody brings them here."""
    alts = {row["image src"]: row["image alt text"] for row in rows if row["image src"]}
    return tuple(
        Medium(kind=MediumKind.PICTURE, address=address, alt=words(alt) if alt else Words(zh=""))
        for address, alt in alts.items()
    )

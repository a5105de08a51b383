"""Our own product file: a row per SKU, what belongs to the product on the first row of its handle.

What goes out comes in again exactly, byte for byte of meaning: both languages, variants, media, blocks, evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec

from zhanggui.base.money import Money
from zhanggui.shop.catalogue.rules.exchange.rows import Draft, Row, Unreadable, amount, grams, listed, moment
from zhanggui.shop.catalogue.rules.goods import Attribute, Block, Evidence, Kind, Medium, Part
from zhanggui.shop.catalogue.rules.prices import Sale
from zhanggui.shop.catalogue.rules.words import Words
from zhanggui.shop.catalogue.rules.writing import NewProduct, NewVariant

_T = TypeVar("_T")
_PRODUCT: Final = (
    "title_zh",
    "title_en",
    "summary_zh",
    "summary_en",
    "brand_zh",
    "brand_en",
    "proof_zh",
    "proof_en",
    "category",
    "kind",
    "tags",
    "tax_class",
    "no_reason_exception",
    "option1_zh",
    "option1_en",
    "option2_zh",
    "option2_en",
    "option3_zh",
    "option3_en",
    "attributes",
    "media",
    "blocks",
    "evidence",
    "drawing",
    "picture",
)
_SKU: Final = (
    "value1_zh",
    "value1_en",
    "value2_zh",
    "value2_en",
    "value3_zh",
    "value3_en",
    "price",
    "currency",
    "cost",
    "sale_price",
    "sale_from",
    "sale_until",
    "weight_g",
    "barcode",
    "listed",
    "parts",
    "sku_drawing",
    "sku_picture",
)
COLUMNS: Final = ("handle", "sku", *_PRODUCT, *_SKU)
# Columns that a spreadsheet should take as figures.
FIGURES: Final = frozenset({"price", "cost", "sale_price", "weight_g"})
# Fields that are not called as their columns.
_FIELDS: Final = {
    "option": "options",
    "value": "values",
    "sale_price": "sale",
    "sale_from": "sale",
    "sale_until": "sale",
    "listed": "is_listed",
    "sku_drawing": "drawing",
    "sku_picture": "picture",
}
_ENDING: Final = re.compile(r"\d?_(zh|en)$")
_attributes: Final = msgspec.json.Decoder(tuple[Attribute, ...])
_media: Final = msgspec.json.Decoder(tuple[Medium, ...])
_blocks: Final = msgspec.json.Decoder(tuple[Block, ...])
_evidence: Final = msgspec.json.Decoder(tuple[Evidence, ...])


def cells_of(product: NewProduct) -> Iterator[dict[str, str]]:
    """The rows of a product, by column; every column of `COLUMNS` on the first, the SKU's own on the others."""
    for place, own in enumerate(product.skus):
        yield {"handle": product.handle, "sku": own.sku} | (_of_product(product) if place == 0 else {}) | _of_sku(own)


def draft(rows: Sequence[Row], *, shop: str, currency: str) -> Draft:
    """A product of our own file, from the rows of its handle."""
    head = rows[0]
    names = tuple(_words(head, f"option{n}") for n in (1, 2, 3))
    options = tuple(name for name in names if name)
    first, *others = [_variant(row, options=len(options), currency=currency) for row in rows]
    path = listed(head["category"], "/")
    try:
        kind = Kind(head["kind"] or Kind.PHYSICAL)
    except ValueError as wrong:
        raise Unreadable("kind", head["kind"]) from wrong
    product = NewProduct(
        sku=first.sku,
        shop=shop,
        handle=head["handle"],
        title=_words(head, "title"),
        summary=_words(head, "summary"),
        brand=_words(head, "brand"),
        proof=_words(head, "proof"),
        category=path[-1] if path else "",
        kind=kind,
        tags=listed(head["tags"], "|"),
        tax_class=head["tax_class"] or "standard",
        no_reason_exception=head["no_reason_exception"],
        options=options,
        attributes=_decoded(_attributes, head, "attributes"),
        media=_decoded(_media, head, "media"),
        blocks=_decoded(_blocks, head, "blocks"),
        evidence=_decoded(_evidence, head, "evidence"),
        picture_svg="",
        drawing=head["drawing"],
        picture=head["picture"],
        price=first.price,
        cost=first.cost,
        weight_g=first.weight_g,
        values=first.values,
        barcode=first.barcode,
        sale=first.sale,
        is_listed=first.is_listed,
        parts=first.parts,
        variants=tuple(others),
    )
    return Draft(
        line=head.line,
        product=product,
        shelves=tuple(Words(zh=key) for key in path),
        said=_said(head, _PRODUCT),
        sku_said=_said(head, _SKU),
        is_of_one_language=_lacks_a_language(head),
    )


def _said(head: Row, columns: Sequence[str]) -> frozenset[str]:
    """The fields that a file with these columns speaks of."""
    return frozenset(
        _FIELDS.get(name, name) for column in columns if column in head.cells for name in (_ENDING.sub("", column),)
    )


def _lacks_a_language(head: Row) -> bool:
    """Whether some text has a column for one language only; then the other one stays as it stands."""
    twins = ((column, column.removesuffix("_zh") + "_en") for column in _PRODUCT if column.endswith("_zh"))
    return any((zh in head.cells) != (en in head.cells) for zh, en in twins)


def _of_product(product: NewProduct) -> dict[str, str]:
    options = {f"option{n}": option for n, option in enumerate(product.options, start=1)}
    return {
        **_both("title", product.title),
        **_both("summary", product.summary),
        **_both("brand", product.brand),
        **_both("proof", product.proof),
        "category": product.category,
        "kind": product.kind.value,
        "tags": "|".join(product.tags),
        "tax_class": product.tax_class,
        "no_reason_exception": product.no_reason_exception,
        **{name: cell for key, option in options.items() for name, cell in _both(key, option).items()},
        "attributes": _encoded(product.attributes),
        "media": _encoded(product.media),
        "blocks": _encoded(product.blocks),
        "evidence": _encoded(product.evidence),
        "drawing": product.drawing,
        "picture": product.picture,
    }


def _of_sku(own: NewVariant) -> dict[str, str]:
    values = {f"value{n}": value for n, value in enumerate(own.values, start=1)}
    return {
        **{name: cell for key, value in values.items() for name, cell in _both(key, value).items()},
        "price": _major(own.price),
        "currency": own.price.currency,
        "cost": _major(own.cost),
        "sale_price": _major(own.sale.price) if own.sale else "",
        "sale_from": own.sale.starts_at.isoformat() if own.sale else "",
        "sale_until": own.sale.ends_at.isoformat() if own.sale else "",
        "weight_g": str(own.weight_g),
        "barcode": own.barcode,
        "listed": "yes" if own.is_listed else "no",
        "parts": "|".join(f"{part.units}×{part.sku}" for part in own.parts),
        "sku_drawing": own.drawing,
        "sku_picture": own.picture,
    }


def _variant(row: Row, *, options: int, currency: str) -> NewVariant:
    if (row["currency"] or currency) != currency:
        raise Unreadable("currency", row["currency"])
    if row["listed"] not in ("", "yes", "no"):
        raise Unreadable("listed", row["listed"])
    return NewVariant(
        sku=row["sku"],
        values=tuple(_words(row, f"value{n}") for n in range(1, options + 1)),
        price=amount(row, "price", currency),
        cost=amount(row, "cost", currency) if row["cost"] else Money.zero(currency),
        weight_g=grams(row["weight_g"], Decimal(1)),
        barcode=row["barcode"],
        sale=_sale(row, currency),
        is_listed=row["listed"] != "no",
        parts=tuple(_part(part) for part in listed(row["parts"], "|")),
        drawing=row["sku_drawing"],
        picture=row["sku_picture"],
    )


def _sale(row: Row, currency: str) -> Sale | None:
    if not row["sale_price"]:
        return None
    starts_at, ends_at = moment(row["sale_from"]), moment(row["sale_until"])
    if starts_at is None or ends_at is None:
        raise Unreadable("sale", row["sale_price"])
    return Sale(price=amount(row, "sale_price", currency), starts_at=starts_at, ends_at=ends_at)


def _part(said: str) -> Part:
    units, sign, sku = said.partition("×")
    if not sign or not units.isdigit() or len(units) > 6:
        raise Unreadable("parts", said)
    return Part(sku=sku.strip(), units=int(units))


def _both(name: str, said: Words) -> dict[str, str]:
    return {f"{name}_zh": said.zh, f"{name}_en": said.en}


def _words(row: Row, name: str) -> Words:
    return Words(zh=row[f"{name}_zh"], en=row[f"{name}_en"])


def _major(money: Money) -> str:
    return f"{money.major:f}"


def _encoded(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode() if values else ""


def _decoded(decoder: msgspec.json.Decoder[tuple[_T, ...]], row: Row, column: str) -> tuple[_T, ...]:
    try:
        return decoder.decode(row[column]) if row[column] else ()
    except msgspec.DecodeError as wrong:
        raise Unreadable(column, row[column][:80]) from wrong

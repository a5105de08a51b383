"""Products as they were written: to be edited, exported, or written again with changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.base.money import Money
from zhanggui.shop.catalogue import rules
from zhanggui.shop.catalogue.rules import (
    Attribute,
    Block,
    Evidence,
    Kind,
    Medium,
    MediumKind,
    NewProduct,
    NewVariant,
    Part,
    Sale,
    Words,
)

_AT_ONCE: Final = 1000
_ORDERS: Final = {
    "handle": "p.handle",
    "title": "p.title_zh, p.handle",
    "price": "p.low_minor, p.handle",
    "-price": "p.low_minor desc, p.handle",
    "-sold": "p.sold_units desc, p.handle",
    "-listed": "p.listed_at desc, p.handle",
}
# Index shop_catalogue_product_once, then shop_catalogue_variant_product_id.
_READ: Final = """
select json_build_object('handle', p.handle, 'edition', p.edition, 'kind', p.kind, 'category', c.key,
    'title', json_build_object('zh', p.title_zh, 'en', p.title_en),
    'summary', json_build_object('zh', p.summary_zh, 'en', p.summary_en),
    'brand', json_build_object('zh', p.brand_zh, 'en', p.brand_en),
    'proof', json_build_object('zh', p.proof_zh, 'en', p.proof_en), 'attributes', p.attributes, 'options', p.options,
    'media', p.media, 'blocks', p.blocks, 'tags', p.tags, 'tax_class', p.tax_class,
    'no_reason_exception', p.no_reason_exception, 'drawing', p.picture_version, 'picture', p.picture_file,
    'sold_units', p.sold_units, 'listed_at', p.listed_at,
    'skus', (select json_agg(json_build_object('sku', v.sku, 'values', v."values", 'price', v.price_minor,
            'cost', v.cost_minor, 'currency', v.currency, 'weight_g', v.weight_g, 'barcode', v.barcode,
            'sale', v.sale_minor, 'starts_at', v.sale_starts_at, 'ends_at', v.sale_ends_at,
            'is_listed', v.is_listed, 'drawing', v.picture_version, 'picture', v.picture_file,
            'parts', (select coalesce(json_agg(json_build_object('sku', b.variant_id, 'units', b.units)
                order by b.variant_id), '[]') from shop_catalogue_part b where b.bundle_id = v.sku)
        ) order by v.position, v.sku) from shop_catalogue_variant v where v.product_id = p.id),
    'evidence', (select coalesce(json_agg(json_build_object('sku', e.sku, 'number', e.number, 'file', e.file,
            'name', json_build_object('zh', e.name_zh, 'en', e.name_en),
            'issuer', json_build_object('zh', e.issuer_zh, 'en', e.issuer_en),
            'issued_on', e.issued_on, 'valid_until', e.valid_until) order by e.issued_on desc, e.id), '[]')
        from shop_catalogue_evidence e where e.product_id = p.id))::text
from unnest(%s::varchar[]) with ordinality t(handle, place)
join shop_catalogue_product p on p.shop = %s::varchar and p.handle = t.handle
join shop_catalogue_category c on c.id = p.category_id order by t.place
"""
_OF_SKUS: Final = """
select v.sku, p.handle from shop_catalogue_variant v join shop_catalogue_product p on p.id = v.product_id
where p.shop = %s::varchar and v.sku = any(%s::varchar[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which products of a shop the back office looks at.

    words       as in the shop's search, or the beginning of a SKU or handle
    category    key; all below it included; empty for all
    handle      of one product; empty for all
    is_listed   None for both
    is_on_sale  only those with a sale that runs or is to come
    sort        handle, title, price, -price, -sold or -listed
    """

    words: str = ""
    category: str = ""
    tag: str = ""
    kind: str = ""
    is_listed: bool | None = None
    is_on_sale: bool = False
    sort: str = "-sold"
    handle: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A product as it was written, with the edition that an edit must name.

    sold_units  lately
    """

    product: NewProduct
    edition: int
    sold_units: int
    listed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sku:
    sku: str
    values: tuple[Words, ...]
    price: int
    cost: int
    currency: str
    weight_g: int
    barcode: str
    sale: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_listed: bool
    drawing: str
    picture: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    handle: str
    edition: int
    kind: Kind
    category: str
    title: Words
    summary: Words
    brand: Words
    proof: Words
    attributes: tuple[Attribute, ...]
    options: tuple[Words, ...]
    media: tuple[Medium, ...]
    blocks: tuple[Block, ...]
    tags: tuple[str, ...]
    tax_class: str
    no_reason_exception: str
    drawing: str
    picture: str
    sold_units: int
    listed_at: datetime
    skus: tuple[_Sku, ...]
    evidence: tuple[Evidence, ...]


_row: Final = msgspec.json.Decoder(_Row)


def handles_of(shop: str, wanted: Wanted, *, limit: int | None = None, offset: int = 0) -> list[str]:
    """The handles of the products that are wanted, in their order. One statement."""
    where, values = _where(shop, wanted)
    order = _ORDERS.get(wanted.sort, _ORDERS["handle"])
    statement = f"""select p.handle from shop_catalogue_product p join shop_catalogue_category c on c.id = p.category_id
        where {where} order by {order} limit %(limit)s::bigint offset %(offset)s::bigint"""
    with connection.cursor() as cursor:
        cursor.execute(statement, values | {"limit": limit, "offset": offset})
        return [handle for (handle,) in cursor.fetchall()]


def count_of(shop: str, wanted: Wanted) -> tuple[int, int]:
    """How many products are wanted, and how many SKUs they have that are listed. One statement."""
    where, values = _where(shop, wanted)
    statement = f"""select count(*), coalesce(sum(p.skus), 0)::bigint from shop_catalogue_product p
        join shop_catalogue_category c on c.id = p.category_id where {where}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        products, skus = cursor.fetchone()
    return products, skus


def skus_of(shop: str, wanted: Wanted) -> frozenset[str]:
    """All SKUs of the products that are wanted, listed or not. One statement."""
    where, values = _where(shop, wanted)
    statement = f"""select v.sku from shop_catalogue_variant v join shop_catalogue_product p on p.id = v.product_id
        join shop_catalogue_category c on c.id = p.category_id where {where}"""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return frozenset(sku for (sku,) in cursor.fetchall())


def wholes(shop: str, handles: Sequence[str]) -> tuple[Whole, ...]:
    """These products as they were written, in this order; unknown ones are left out. A statement per thousand."""
    return tuple(each for start in range(0, len(handles), _AT_ONCE) for each in _read(shop, handles[start:][:_AT_ONCE]))


def handles_by_sku(shop: str, skus: Sequence[str]) -> dict[str, str]:
    """The handles of the products that these SKUs belong to, by SKU; unknown ones are left out. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_SKUS, [shop, list(skus)])
        return dict(cursor.fetchall())


def _read(shop: str, handles: Sequence[str]) -> Iterator[Whole]:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [list(handles), shop])
        rows = [_row.decode(text) for (text,) in cursor.fetchall()]
    return (_whole(shop, row) for row in rows)


def _whole(shop: str, row: _Row) -> Whole:
    first, *others = row.skus
    pictures = [medium.file for medium in row.media if medium.kind is MediumKind.PICTURE and medium.file]
    product = NewProduct(
        sku=first.sku,
        shop=shop,
        handle=row.handle,
        kind=row.kind,
        category=row.category,
        title=row.title,
        summary=row.summary,
        brand=row.brand,
        proof=row.proof,
        attributes=row.attributes,
        options=row.options,
        media=row.media,
        blocks=row.blocks,
        tags=row.tags,
        evidence=row.evidence,
        tax_class=row.tax_class,
        no_reason_exception=row.no_reason_exception,
        picture_svg="",
        drawing=row.drawing,
        picture=row.picture if row.picture not in pictures[:1] else "",
        price=Money(first.price, first.currency),
        cost=Money(first.cost, first.currency),
        weight_g=first.weight_g,
        values=first.values,
        barcode=first.barcode,
        sale=_sale(first),
        is_listed=first.is_listed,
        parts=first.parts,
        variants=tuple(_variant(own, product=row) for own in others),
    )
    return Whole(product=product, edition=row.edition, sold_units=row.sold_units, listed_at=row.listed_at)


def _variant(own: _Sku, *, product: _Row) -> NewVariant:
    return NewVariant(
        sku=own.sku,
        values=own.values,
        price=Money(own.price, own.currency),
        cost=Money(own.cost, own.currency),
        weight_g=own.weight_g,
        barcode=own.barcode,
        sale=_sale(own),
        is_listed=own.is_listed,
        parts=own.parts,
        drawing=own.drawing if own.drawing != product.drawing else "",
        picture=own.picture,
    )


def _sale(own: _Sku) -> Sale | None:
    if own.sale is None or own.starts_at is None or own.ends_at is None:
        return None
    return Sale(price=Money(own.sale, own.currency), starts_at=own.starts_at, ends_at=own.ends_at)


def _where(shop: str, wanted: Wanted) -> tuple[str, dict[str, Any]]:
    where = ["p.shop = %(shop)s::varchar"]
    values: dict[str, Any] = {"shop": shop}
    question = rules.question(wanted.words)
    if wanted.words.strip():
        where.append(
            "(p.search @@ %(question)s::tsquery or starts_with(p.handle, %(begun)s::text)"
            " or p.id in (select v.product_id from shop_catalogue_variant v where v.sku = %(said)s::varchar))"
        )
        said = wanted.words.replace("\0", "").strip()
        values |= {"question": question, "begun": said.lower(), "said": said}
    if wanted.handle:
        where.append("p.handle = %(handle)s::varchar")
        values["handle"] = wanted.handle
    if wanted.category:
        where.append("%(category)s::text = any(string_to_array(c.path, '/'))")
        values["category"] = wanted.category
    if wanted.tag:
        where.append("%(tag)s::varchar = any(p.tags)")
        values["tag"] = wanted.tag
    if wanted.kind:
        where.append("p.kind = %(kind)s::varchar")
        values["kind"] = wanted.kind
    if wanted.is_listed is not None:
        where.append("p.is_listed = %(is_listed)s::boolean")
        values["is_listed"] = wanted.is_listed
    if wanted.is_on_sale:
        where.append("p.sale_ends_at > now()")
    return " and ".join(where), values

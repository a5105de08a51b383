"""A product's own page, the tree of categories."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.shop.catalogue import models, rules
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.catalogue.queries import cards
from zhanggui.shop.catalogue.rules import (
    Attribute,
    Block,
    Branch,
    Category,
    Evidence,
    Medium,
    Option,
    Product,
    Variant,
    Words,
)

# All SKUs of the product, and on the row of the one that was asked for what the product's page says.
_PAGE: Final = f"""
select {cards.CARD}, v.barcode, v.position, case when v.sku = a.sku then json_build_object(
    'shop', p.shop, 'handle', p.handle, 'edition', p.edition, 'listed_at', p.listed_at,
    'summary', json_build_object('zh', p.summary_zh, 'en', p.summary_en), 'attributes', p.attributes,
    'options', p.options, 'media', p.media, 'blocks', p.blocks, 'tags', p.tags,
    'crumbs', (select json_agg(json_build_object('key', k.key, 'zh', k.name_zh, 'en', k.name_en,
            'position', k.position, 'path', k.path) order by length(k.path))
        from shop_catalogue_category k where k.shop = p.shop and k.key = any(string_to_array(c.path, '/'))),
    'evidence', (select coalesce(json_agg(json_build_object('sku', e.sku, 'number', e.number, 'file', e.file,
            'name', json_build_object('zh', e.name_zh, 'en', e.name_en),
            'issuer', json_build_object('zh', e.issuer_zh, 'en', e.issuer_en),
            'issued_on', e.issued_on, 'valid_until', e.valid_until) order by e.issued_on desc, e.id), '[]')
        from shop_catalogue_evidence e where e.product_id = p.id))::text end
from (%(asked)s) a join shop_catalogue_variant v on v.product_id = a.id
join shop_catalogue_product p on p.id = v.product_id join shop_catalogue_category c on c.id = p.category_id
order by v.position, v.sku
"""
# Primary key, then index shop_catalogue_variant_product_id.
_BY_SKU: Final = _PAGE.replace(
    "%(asked)s",
    """select v.sku, p.id from shop_catalogue_variant v join shop_catalogue_product p on p.id = v.product_id
    where v.sku = %s::varchar and p.shop = %s::varchar""",
)
# Index shop_catalogue_product_once.
_BY_HANDLE: Final = _PAGE.replace(
    "%(asked)s",
    """select p.face_sku as sku, p.id from shop_catalogue_product p
    where p.handle = %s::varchar and p.shop = %s::varchar""",
)
# Listed or not: a category with a product that is not listed cannot be taken away either.
_ALL_TREE: Final = """
select c.key, c.name_zh, c.name_en, c.position, c.path,
    (select count(*) from shop_catalogue_product p where p.category_id = c.id)
from shop_catalogue_category c where c.shop = %s::varchar order by c.position, c.key
"""
_TREE: Final = """
select c.key, c.name_zh, c.name_en, c.position, c.path, coalesce(n.products, 0) from shop_catalogue_category c
left join (
    select category_id, count(*) as products from shop_catalogue_product
    where shop = %s::varchar and is_listed group by category_id) n on n.category_id = c.id
where c.shop = %s::varchar order by c.position, c.key
"""
_values: Final = msgspec.json.Decoder(tuple[Words, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crumb:
    key: str
    zh: str
    en: str
    position: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Paper:
    sku: str
    number: str
    file: str
    name: Words
    issuer: Words
    issued_on: date
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """What the product's page says, as the database tells it."""

    shop: str
    handle: str
    edition: int
    listed_at: datetime
    summary: Words
    attributes: tuple[Attribute, ...]
    options: tuple[Words, ...]
    media: tuple[Medium, ...]
    blocks: tuple[Block, ...]
    tags: tuple[str, ...]
    crumbs: tuple[_Crumb, ...]
    evidence: tuple[_Paper, ...]


_page: Final = msgspec.json.Decoder(_Page)


def categories(shop: str) -> tuple[Category, ...]:
    """All categories of a shop, each parent before what is below it, by position. One statement."""
    rows = {row.path or row.key: row for row in models.Category.objects.filter(shop=shop)}

    def place(path: str) -> tuple[tuple[int, str], ...]:
        keys = path.split("/")
        above = ("/".join(keys[:depth]) for depth in range(1, len(keys) + 1))
        return tuple((rows[each].position, rows[each].key) for each in above)

    return tuple(rows[path].value for path in sorted(rows, key=place))


def tree(shop: str) -> tuple[Branch, ...]:
    """The categories of a shop as a tree, each with how many listed products stand in it and below. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [shop, shop])
        return _grown(shop, cursor.fetchall())


def whole_tree(shop: str) -> tuple[Branch, ...]:
    """The same with products that are not listed counted in, as the back office needs it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_ALL_TREE, [shop])
        return _grown(shop, cursor.fetchall())


def _grown(shop: str, rows: Sequence[tuple[Any, ...]]) -> tuple[Branch, ...]:
    counted = []
    for key, zh, en, position, path, products in rows:
        parts = tuple((path or key).split("/"))
        parent = parts[-2] if len(parts) > 1 else ""
        name = Words(zh=zh, en=en)
        counted.append(
            (Category(shop=shop, key=key, name=name, position=position, parent=parent, path=parts), products)
        )
    return rules.grown(counted)


def product(shop: str, sku: str) -> Product:
    """A product's own page for one of its SKUs; one that is no longer listed can still be looked at. One statement.

    refuses  NoSuchProduct
    """
    return _read(_BY_SKU, [sku, shop], asked=sku)


def product_of(shop: str, handle: str) -> Product:
    """A product's own page by its handle, for its first listed SKU. One statement.

    refuses  NoSuchProduct, with the handle in place of a SKU
    """
    return _read(_BY_HANDLE, [handle, shop], asked=handle)


def _read(statement: str, parameters: Sequence[Any], *, asked: str) -> Product:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows = cursor.fetchall()
    if not rows:
        raise NoSuchProduct(sku=asked)
    (mine,) = [row for row in rows if row[cards.WIDTH + 2]]
    said = _page.decode(mine[cards.WIDTH + 2])
    variants = tuple(_variant(row) for row in rows)
    crumbs = tuple(_category(crumb, shop=said.shop) for crumb in said.crumbs)
    return Product(
        card=next(variant.card for variant in variants if variant.card.sku == mine[0]),
        summary=said.summary,
        category=crumbs[-1],
        attributes=said.attributes,
        listed_at=said.listed_at,
        handle=said.handle,
        options=_options(said.options, variants),
        variants=variants,
        crumbs=crumbs,
        tags=said.tags,
        media=said.media,
        blocks=said.blocks,
        evidence=tuple(_evidence(paper) for paper in said.evidence),
        edition=said.edition,
    )


def _variant(row: Sequence[Any]) -> Variant:
    return Variant(
        card=cards.card(row), values=_values.decode(row[19]), barcode=row[cards.WIDTH], position=row[cards.WIDTH + 1]
    )


def _category(crumb: _Crumb, *, shop: str) -> Category:
    path = tuple(crumb.path.split("/"))
    return Category(
        shop=shop,
        key=crumb.key,
        name=Words(zh=crumb.zh, en=crumb.en),
        position=crumb.position,
        parent=path[-2] if len(path) > 1 else "",
        path=path,
    )


def _evidence(paper: _Paper) -> Evidence:
    return Evidence(
        name=paper.name,
        issuer=paper.issuer,
        number=paper.number,
        issued_on=paper.issued_on,
        valid_until=paper.valid_until,
        file=paper.file,
        sku=paper.sku,
    )


def _options(names: Sequence[Words], variants: Sequence[Variant]) -> tuple[Option, ...]:
    listed = [own for own in variants if own.card.is_listed and len(own.values) == len(names)]
    return tuple(
        Option(key=rules.key_of(name), name=name, values=tuple(dict.fromkeys(own.values[place] for own in listed)))
        for place, name in enumerate(names)
    )

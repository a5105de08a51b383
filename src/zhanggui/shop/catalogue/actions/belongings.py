"""What products bring along: terms to narrow shelves by, drawings, the parts of bundles, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.shop.catalogue import rules
from zhanggui.shop.catalogue.errors import ProductNotAllowed
from zhanggui.shop.catalogue.rules import Attribute, NewProduct, Words

_TERM_SHAPE: Final = """t(key varchar, value varchar, name_zh varchar, name_en varchar, value_zh varchar,
    value_en varchar, number numeric)"""
# Index shop_catalogue_term_once. A term says what was said of it last.
_PUT_TERMS: Final = f"""
insert into shop_catalogue_term as o (shop, key, value, name_zh, name_en, value_zh, value_en, number)
select %s::varchar, t.key, t.value, t.name_zh, t.name_en, t.value_zh, t.value_en, t.number
from jsonb_to_recordset(%s::text::jsonb) as {_TERM_SHAPE} order by t.key, t.value
on conflict on constraint shop_catalogue_term_once do update
set name_zh = excluded.name_zh, name_en = excluded.name_en, value_en = excluded.value_en, number = excluded.number
where (o.name_zh, o.name_en, o.value_en, o.number)
    is distinct from (excluded.name_zh, excluded.name_en, excluded.value_en, excluded.number)
"""
_TERM_IDS: Final = """
select o.key, o.value, o.id from unnest(%s::varchar[], %s::varchar[]) t(key, value)
join shop_catalogue_term o on o.shop = %s::varchar and o.key = t.key and o.value = t.value
"""
_PUT_DRAWINGS: Final = """
insert into shop_catalogue_drawing (version, svg) select * from unnest(%s::varchar[], %s::text[]) order by 1
on conflict (version) do nothing
"""
# Parts are SKUs of the same shop that are no bundles themselves.
_KNOWN_PARTS: Final = """
select v.sku from shop_catalogue_variant v join shop_catalogue_product p on p.id = v.product_id
where v.sku = any(%s::varchar[]) and p.shop = %s::varchar and p.kind <> 'bundle'
"""
# The row of a bundle is touched, so that its version grows.
_PUT_PARTS: Final = """
with t as (select * from unnest(%s::varchar[], %s::varchar[], %s::int[]) t(bundle, sku, units)),
gone as (
    delete from shop_catalogue_part p using (select distinct bundle from t) b where p.bundle_id = b.bundle
        and not exists (select from t where t.bundle = p.bundle_id and t.sku = p.variant_id) returning p.bundle_id),
put as (
    insert into shop_catalogue_part as p (bundle_id, variant_id, units) select bundle, sku, units from t order by 1, 2
    on conflict on constraint shop_catalogue_part_once
        do update set units = excluded.units where p.units <> excluded.units returning p.bundle_id)
update shop_catalogue_variant set needs_shipping = needs_shipping
where sku in (select bundle_id from gone union select bundle_id from put)
"""
_BUNDLES_SHIP: Final = """
update shop_catalogue_variant b set needs_shipping = s.ships
from (select p.bundle_id, bool_or(v.needs_shipping) as ships from shop_catalogue_part p
    join shop_catalogue_variant v on v.sku = p.variant_id where p.bundle_id = any(%s::varchar[]) group by 1) s
where b.sku = s.bundle_id and b.needs_shipping <> s.ships
"""
_EVIDENCE: Final = ("name_zh", "name_en", "issuer_zh", "issuer_en", "issued_on", "valid_until", "file")
# Index shop_catalogue_evidence_once.
_PUT_EVIDENCE: Final = f"""
with t as (
    select * from jsonb_to_recordset(%s::text::jsonb) as t(product_id bigint, sku varchar, number varchar,
        name_zh varchar, name_en varchar, issuer_zh varchar, issuer_en varchar, issued_on date, valid_until date,
        file varchar)),
gone as (
    delete from shop_catalogue_evidence e where e.product_id = any(%s::bigint[])
        and not exists (select from t where (t.product_id, t.sku, t.number) = (e.product_id, e.sku, e.number))
    returning e.product_id),
put as (
    insert into shop_catalogue_evidence as e (product_id, sku, number, {", ".join(_EVIDENCE)})
    select product_id, sku, number, {", ".join(_EVIDENCE)} from t order by 1, 2, 3
    on conflict on constraint shop_catalogue_evidence_once do update
    set {", ".join(f"{name} = excluded.{name}" for name in _EVIDENCE)}
    where ({", ".join(f"e.{name}" for name in _EVIDENCE)}) is distinct from
        ({", ".join(f"excluded.{name}" for name in _EVIDENCE)})
    returning e.product_id)
update shop_catalogue_product set edition = edition + 1
where id in (select product_id from gone union select product_id from put)
"""
_KIND_NAME: Final = Words(zh="类型", en="Kind")
_BRAND_NAME: Final = Words(zh="品牌", en="Brand")
_TAG_NAME: Final = Words(zh="标签", en="Tag")


def keyed(attribute: Attribute) -> Attribute:
    """The attribute with the key by which the same one of other products is known."""
    return attribute if attribute.key else replace(attribute, key=rules.key_of(attribute.name))


def term_ids(shop: str, products: Sequence[NewProduct]) -> list[list[int]]:
    """The terms of each product by their ids, made if they are new. Two statements."""
    terms = [{(term["key"], term["value"]): term for term in _terms(product)} for product in products]
    known = {key: term for own in terms for key, term in own.items()}
    with connection.cursor() as cursor:
        cursor.execute(_PUT_TERMS, [shop, msgspec.json.encode(list(known.values())).decode()])
        cursor.execute(_TERM_IDS, [[key for key, _ in known], [value for _, value in known], shop])
        ids = {(key, value): id for key, value, id in cursor.fetchall()}
    return [sorted(ids[key] for key in own) for own in terms]


def document(product: NewProduct) -> str:
    """What a search looks through for a product: its name before its make, its parameters before its praise."""
    skus = " ".join(own.sku for own in product.skus)
    attributes = [part for a in product.attributes for part in (a.value.zh, a.value.en)]
    values = [part for own in product.skus for value in own.values for part in (value.zh, value.en)]
    return rules.document(
        (
            ("A", f"{product.title.zh} {product.title.en} {skus}"),
            ("B", " ".join((product.brand.zh, product.brand.en, *product.tags))),
            ("C", " ".join((*attributes, *dict.fromkeys(values)))),
            ("D", f"{product.summary.zh} {product.summary.en}"),
        )
    )


def keep_drawings(products: Iterable[NewProduct]) -> None:
    """Keep the drawings of products and SKUs by their content. One statement, none without drawings."""
    drawn = [svg for product in products for own in product.skus for svg in (product.picture_svg, own.picture_svg)]
    kept = {rules.picture_version(svg): svg for svg in drawn if svg}
    if kept:
        with connection.cursor() as cursor:
            cursor.execute(_PUT_DRAWINGS, [list(kept), list(kept.values())])


def put_parts(products: Iterable[NewProduct]) -> None:
    """Say what bundles hold. Three statements, none without bundles.

    refuses  ProductNotAllowed for a part that the shop does not sell, or that is a bundle itself
    """
    parts = [(own.sku, part, product.shop) for product in products for own in product.skus for part in own.parts]
    if not parts:
        return
    skus = sorted({part.sku for _, part, _ in parts})
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN_PARTS, [skus, parts[0][2]])
        known = {sku for (sku,) in cursor.fetchall()}
        for _, part, _ in parts:
            if part.sku not in known:
                raise ProductNotAllowed(sku=part.sku, reason="parts")
        bundles = [bundle for bundle, _, _ in parts]
        cursor.execute(_PUT_PARTS, [bundles, [part.sku for _, part, _ in parts], [part.units for _, part, _ in parts]])
        cursor.execute(_BUNDLES_SHIP, [sorted(set(bundles))])


def put_evidence(products: Mapping[int, NewProduct]) -> None:
    """Have exactly this evidence under products, by their ids. One statement."""
    rows = [
        {
            "product_id": id,
            "sku": paper.sku,
            "number": paper.number,
            "name_zh": paper.name.zh,
            "name_en": paper.name.en,
            "issuer_zh": paper.issuer.zh,
            "issuer_en": paper.issuer.en,
            "issued_on": paper.issued_on,
            "valid_until": paper.valid_until,
            "file": paper.file,
        }
        for id, product in products.items()
        for paper in product.evidence
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_EVIDENCE, [msgspec.json.encode(rows).decode(), list(products)])


def _terms(product: NewProduct) -> Iterable[dict[str, Any]]:
    if product.brand:
        yield _term(rules.BRAND, _BRAND_NAME, product.brand)
    yield _term(rules.KIND, _KIND_NAME, Words(zh=product.kind.value))
    for tag in product.tags:
        yield _term(rules.TAG, _TAG_NAME, Words(zh=tag))
    for attribute in map(keyed, product.attributes):
        if attribute.is_facet and attribute.value:
            yield _term(attribute.key, attribute.name, attribute.value, number=attribute.number)
    for place, option in enumerate(product.options):
        for own in product.skus:
            if own.is_listed:
                yield _term(rules.key_of(option), option, own.values[place])


def _term(key: str, name: Words, value: Words, *, number: Decimal | None = None) -> dict[str, Any]:
    return {
        "key": key,
        "value": value.zh or value.en,
        "name_zh": name.zh,
        "name_en": name.en,
        "value_zh": value.zh,
        "value_en": value.en,
        "number": number,
    }

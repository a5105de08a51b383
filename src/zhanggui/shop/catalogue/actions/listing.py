"""Putting products and their SKUs into the catalogue, many at once, with one statement per table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import models, rules
from zhanggui.shop.catalogue.actions import belongings
from zhanggui.shop.catalogue.actions.pricing import add_points
from zhanggui.shop.catalogue.actions.sums import sum_up
from zhanggui.shop.catalogue.errors import NoSuchCategory, PriceNotAllowed, ProductNotAllowed, SaleNotAllowed, SkuTaken
from zhanggui.shop.catalogue.rules import Kind, NewProduct, NewVariant
from zhanggui.spine.facts.shop import ProductDelisted, ProductListed
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

_WORDS: Final = {
    "category_id": "bigint",
    "title_zh": "varchar",
    "title_en": "varchar",
    "summary_zh": "text",
    "summary_en": "text",
    "brand_zh": "varchar",
    "brand_en": "varchar",
    "proof_zh": "varchar",
    "proof_en": "varchar",
    "attributes": "jsonb",
    "options": "jsonb",
    "media": "jsonb",
    "blocks": "jsonb",
    "tags": "varchar[]",
    "tax_class": "varchar",
    "no_reason_exception": "varchar",
    "picture_version": "varchar",
    "picture_file": "varchar",
    "terms": "bytea",
    "search": "tsvector",
}
_LOOKS: Final = {
    "position": "int",
    "values": "jsonb",
    "barcode": "varchar",
    "cost_minor": "bigint",
    "weight_g": "int",
    "picture_version": "varchar",
    "picture_file": "varchar",
}


def _quoted(names: Iterable[str], before: str = "") -> str:
    return ", ".join(f'{before}"{name}"' for name in names)


# Index shop_catalogue_product_once. A product that stands keeps its day; nothing is written if nothing is new.
_PUT_PRODUCTS: Final = f"""
insert into shop_catalogue_product as p (shop, handle, kind, {_quoted(_WORDS)}, listed_at, edition, version, is_listed,
    face_sku, skus, low_minor, high_minor, sold_units, rating_sum, rating_count)
select %s::varchar, t.handle, t.kind, {_quoted(_WORDS, "t.")}, %s::timestamptz, 1, 1, false, '', 0, 0, 0, 0, 0, 0
from jsonb_to_recordset(%s::text::jsonb)
    as t(handle varchar, kind varchar, {", ".join(f'"{name}" {kind}' for name, kind in _WORDS.items())})
order by t.handle
on conflict on constraint shop_catalogue_product_once do update
set edition = p.edition + 1, {", ".join(f'"{name}" = excluded."{name}"' for name in _WORDS)}
where ({_quoted(_WORDS, "p.")}) is distinct from ({_quoted(_WORDS, "excluded.")})
returning p.handle, p.id
"""
# Primary key. A SKU that stands keeps its price and its sale, and comes back on sale.
_PUT_VARIANTS: Final = f"""
insert into shop_catalogue_variant as v (sku, product_id, {_quoted(_LOOKS)}, price_minor, currency, sale_minor,
    sale_starts_at, sale_ends_at, is_listed, needs_shipping, version)
select t.sku, t.product_id, {_quoted(_LOOKS, "t.")}, t.price_minor, t.currency, t.sale_minor, t.sale_starts_at,
    t.sale_ends_at, t.is_listed, t.needs_shipping, 1
from jsonb_to_recordset(%s::text::jsonb) as t(sku varchar, product_id bigint,
    {", ".join(f'"{name}" {kind}' for name, kind in _LOOKS.items())}, price_minor bigint, currency varchar,
    sale_minor bigint, sale_starts_at timestamptz, sale_ends_at timestamptz, is_listed boolean, needs_shipping boolean)
order by t.sku
on conflict (sku) do update
set is_listed = excluded.is_listed, {", ".join(f'"{name}" = excluded."{name}"' for name in _LOOKS)}
where (v.is_listed, {_quoted(_LOOKS, "v.")}) is distinct from (excluded.is_listed, {_quoted(_LOOKS, "excluded.")})
returning v.sku, v.price_minor, v.is_listed, xmax = 0
"""
# Index shop_catalogue_variant_product_id.
_DROP_OTHERS: Final = """
update shop_catalogue_variant set is_listed = false
where product_id = any(%s::bigint[]) and is_listed and not sku = any(%s::varchar[]) returning sku
"""
# Primary key; index shop_catalogue_product_once.
_STANDING: Final = """
select v.sku, p.shop, p.handle, p.kind, p.id, v.is_listed from shop_catalogue_variant v
join shop_catalogue_product p on p.id = v.product_id where v.sku = any(%s::varchar[])
union all
select '', p.shop, p.handle, p.kind, p.id, p.is_listed from shop_catalogue_product p
where p.shop = %s::varchar and p.handle = any(%s::varchar[])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What putting products up came to.

    product_ids  of all of them
    new          SKUs that were not there before
    changed      list prices of the SKUs that are listed and new, or of which something is new, in minor units
    gone         SKUs that were listed and no longer are
    """

    product_ids: tuple[int, ...]
    new: frozenset[str]
    changed: dict[str, int]
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stand:
    shop: str
    handle: str
    kind: str
    id: int
    is_listed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """Where products go: the handle of each, and what stood of them and their SKUs before."""

    handles: list[str]
    by_handle: dict[str, _Stand]
    by_sku: dict[str, _Stand]


@operation
def list_product(*, product: NewProduct, trail: Trail, by: Actor) -> None:
    """Offer a product for sale; one that stands already gets the new words and keeps its prices.

    refuses  NoSuchCategory, PriceNotAllowed, SaleNotAllowed, SkuTaken, ProductNotAllowed; nothing is written
    tells    shop.product_listed per SKU, not if nothing about it is new; shop.product_delisted for those left out
    """
    list_products(products=[product], trail=trail, by=by)


@operation
def list_products(*, products: Sequence[NewProduct], trail: Trail, by: Actor) -> int:
    """Offer many products for sale, with one statement per table; see `list_product`. Of how many SKUs it was told."""
    written = put_up(products, listed_at=clock.now())
    tell(products, written, trail=trail, by=by)
    return len(written.changed)


@operation
def stock_shelves(*, products: Sequence[NewProduct], listed_at: datetime) -> None:
    """Have these products stand in the catalogue since a moment in the past.

    For a shop that comes with its history: tells nothing, because whoever calls this brings the history's facts along.

    refuses  as `list_product`
    """
    put_up(products, listed_at=listed_at)


def put_up(products: Sequence[NewProduct], *, listed_at: datetime) -> Written:
    """Write products and their SKUs. About a dozen statements, however many they are."""
    parts = [
        _put_up(shop, [product for product in products if product.shop == shop], listed_at=listed_at)
        for shop in sorted({product.shop for product in products})
    ]
    return Written(
        product_ids=tuple(id for part in parts for id in part.product_ids),
        new=frozenset(sku for part in parts for sku in part.new),
        changed={sku: price for part in parts for sku, price in part.changed.items()},
        gone=tuple(sku for part in parts for sku in part.gone),
    )


def tell(products: Iterable[NewProduct], written: Written, *, trail: Trail, by: Actor) -> None:
    """Tell of the SKUs that are new or say something new, and of those that are gone."""
    listed = [
        ProductListed(
            sku=own.sku,
            title=product.title.zh,
            title_en=product.title.en,
            category=product.category,
            amount_minor=written.changed[own.sku],
            currency=own.price.currency,
        )
        for product in products
        for own in product.skus
        if own.sku in written.changed
    ]
    facts: list[ProductListed | ProductDelisted] = [*listed, *(ProductDelisted(sku=sku) for sku in written.gone)]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


def _put_up(shop: str, products: Sequence[NewProduct], *, listed_at: datetime) -> Written:
    categories = _category_ids(shop, products)
    _check(shop, products)
    places = _places(shop, products)
    terms = belongings.term_ids(shop, products)
    belongings.keep_drawings(products)
    rows = [
        _product_row(p, handle=handle, category_id=categories[p.category], term_ids=own)
        for p, handle, own in zip(products, places.handles, terms, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_PUT_PRODUCTS, [shop, listed_at, msgspec.json.encode(rows).decode()])
        fresh: dict[str, int] = dict(cursor.fetchall())
    ids = [fresh.get(handle) or places.by_handle[handle].id for handle in places.handles]
    written = _put_variants(products, ids, places, listed_at=listed_at)
    belongings.put_parts(products)
    belongings.put_evidence(dict(zip(ids, products, strict=True)))
    sum_up(ids)
    reworded = _listed_of(fresh.values(), without=written.changed)
    return replace(written, changed=written.changed | reworded)


def _put_variants(
    products: Sequence[NewProduct], ids: Sequence[int], places: _Places, *, listed_at: datetime
) -> Written:
    variants = [
        _variant_row(product, own, product_id=id, position=place)
        for product, id in zip(products, ids, strict=True)
        for place, own in enumerate(product.skus, start=1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_DROP_OTHERS, [list(ids), [row["sku"] for row in variants]])
        gone = [sku for (sku,) in cursor.fetchall()]
        cursor.execute(_PUT_VARIANTS, [msgspec.json.encode(variants).decode()])
        rows = cursor.fetchall()
    new = {sku for sku, _, _, is_new in rows if is_new}
    _keep_first_prices(products, new, listed_at=listed_at)
    stood = places.by_sku
    gone += [sku for sku, _, is_listed, _ in rows if not is_listed and sku in stood and stood[sku].is_listed]
    return Written(
        product_ids=tuple(ids),
        new=frozenset(new),
        changed={sku: price for sku, price, is_listed, _ in rows if is_listed},
        gone=tuple(sorted(gone)),
    )


def _category_ids(shop: str, products: Iterable[NewProduct]) -> dict[str, int]:
    ids = dict(models.Category.objects.filter(shop=shop).values_list("key", "pk"))
    for product in products:
        if product.category not in ids:
            raise NoSuchCategory(key=product.category)
    return ids


def _check(shop: str, products: Sequence[NewProduct]) -> None:
    currency = shops.shop(shop).currency
    for product in products:
        fault = rules.fault_of(product)
        if fault:
            raise ProductNotAllowed(sku=product.sku, reason=fault)
        for own in product.skus:
            if own.price.minor <= 0 or {own.price.currency, own.cost.currency} != {currency}:
                raise PriceNotAllowed(sku=own.sku, price_minor=own.price.minor, currency=own.price.currency)
            if own.sale and not (own.sale.price.currency == currency and 0 < own.sale.price.minor < own.price.minor):
                raise SaleNotAllowed(sku=own.sku, reason="price")
            if own.sale and own.sale.ends_at <= own.sale.starts_at:
                raise SaleNotAllowed(sku=own.sku, reason="time")


def _places(shop: str, products: Sequence[NewProduct]) -> _Places:
    wanted = [product.handle or rules.handle_of(product.sku) for product in products]
    skus = [own.sku for product in products for own in product.skus]
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [skus, shop, wanted])
        rows = [
            (sku, _Stand(shop=s, handle=h, kind=k, id=i, is_listed=is_listed))
            for sku, s, h, k, i, is_listed in cursor.fetchall()
        ]
    by_sku = {sku: stand for sku, stand in rows if sku}
    by_handle = {stand.handle: stand for _, stand in rows if stand.shop == shop}
    handles: list[str] = []
    seen: set[str] = set()
    for product, handle in zip(products, wanted, strict=True):
        own = by_sku.get(product.sku)
        if not product.handle and own and own.shop == shop:
            handle = own.handle
        elif not product.handle and (handle in by_handle or handle in seen):
            handle = f"{handle[:66]}-{rules.picture_version(product.sku)[:12]}"
        _check_standing(product, handle, by_sku=by_sku, stands=by_handle.get(handle), shop=shop)
        if handle in seen:
            raise ProductNotAllowed(sku=product.sku, reason="handle")
        seen.add(handle)
        handles.append(handle)
    return _Places(handles=handles, by_handle=by_handle, by_sku=by_sku)


def _check_standing(
    product: NewProduct, handle: str, *, by_sku: dict[str, _Stand], stands: _Stand | None, shop: str
) -> None:
    for own in product.skus:
        other = by_sku.get(own.sku)
        if other and (other.shop, other.handle) != (shop, handle):
            raise SkuTaken(sku=own.sku)
    if stands and stands.kind != product.kind:
        raise ProductNotAllowed(sku=product.sku, reason="kind_fixed")


def _product_row(product: NewProduct, *, handle: str, category_id: int, term_ids: Sequence[int]) -> dict[str, Any]:
    pictures = [medium.file for medium in product.media if medium.kind is rules.MediumKind.PICTURE and medium.file]
    return {
        "handle": handle,
        "kind": product.kind,
        "category_id": category_id,
        "title_zh": product.title.zh,
        "title_en": product.title.en,
        "summary_zh": product.summary.zh,
        "summary_en": product.summary.en,
        "brand_zh": product.brand.zh,
        "brand_en": product.brand.en,
        "proof_zh": product.proof.zh,
        "proof_en": product.proof.en,
        "attributes": product.attributes,
        "options": product.options,
        "media": product.media,
        "blocks": product.blocks,
        "tags": tuple(dict.fromkeys(product.tags)),
        "tax_class": product.tax_class,
        "no_reason_exception": product.no_reason_exception,
        "picture_version": _drawn(product) or product.drawing,
        "picture_file": product.picture or (pictures[0] if pictures else ""),
        "terms": "\\x" + rules.packed(term_ids).hex(),
        "search": belongings.document(product),
    }


def _variant_row(product: NewProduct, own: NewVariant, *, product_id: int, position: int) -> dict[str, Any]:
    return {
        "sku": own.sku,
        "product_id": product_id,
        "position": position,
        "values": own.values,
        "barcode": own.barcode,
        "cost_minor": own.cost.minor,
        "weight_g": own.weight_g,
        "picture_version": _drawn(own) or own.drawing or _drawn(product) or product.drawing,
        "picture_file": own.picture,
        "price_minor": own.price.minor,
        "currency": own.price.currency,
        "sale_minor": own.sale.price.minor if own.sale else None,
        "sale_starts_at": own.sale.starts_at if own.sale else None,
        "sale_ends_at": own.sale.ends_at if own.sale else None,
        "is_listed": own.is_listed,
        "needs_shipping": product.kind is Kind.PHYSICAL,
    }


def _drawn(what: NewProduct | NewVariant) -> str:
    return rules.picture_version(what.picture_svg) if what.picture_svg else ""


def _keep_first_prices(products: Iterable[NewProduct], new_skus: set[str], *, listed_at: datetime) -> None:
    new = [own for product in products for own in product.skus if own.sku in new_skus]
    add_points("list", {own.sku: (own.price, listed_at, None) for own in new})
    add_points("sale", {own.sku: (own.sale.price, own.sale.starts_at, own.sale.ends_at) for own in new if own.sale})


def _listed_of(product_ids: Iterable[int], *, without: dict[str, int]) -> dict[str, int]:
    """The list prices of the listed SKUs of products whose words are new. No statement if there are none."""
    if not set(product_ids):
        return {}
    rows = models.Variant.objects.filter(product__in=product_ids, is_listed=True).values_list("sku", "price_minor")
    return {sku: price for sku, price in rows if sku not in without}

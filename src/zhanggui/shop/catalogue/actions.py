"""The verbs of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import models, rules
from zhanggui.shop.catalogue.errors import NoSuchCategory, NoSuchProduct, PriceNotAllowed, RatingNotAllowed, SkuTaken
from zhanggui.shop.catalogue.rules import Category, NewProduct, NewReview
from zhanggui.spine.facts.shop import PriceChanged, ProductDelisted, ProductListed, ReviewPublished
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import Trail

_SHAPE = """(sku varchar, category_id bigint, title_zh varchar, title_en varchar, summary_zh text, summary_en text,
    brand_zh varchar, brand_en varchar, proof_zh varchar, proof_en varchar, attributes jsonb, price_minor bigint,
    cost_minor bigint, currency varchar, weight_g int, picture_svg text, picture_version varchar, search_text text)"""
_WORDS = (
    "category_id",
    "title_zh",
    "title_en",
    "summary_zh",
    "summary_en",
    "brand_zh",
    "brand_en",
    "proof_zh",
    "proof_en",
    "attributes",
    "cost_minor",
    "weight_g",
    "picture_svg",
    "picture_version",
    "search_text",
)
# A product that stands already keeps its price and its day; it comes back only if something about it is new.
_PUT_UP = f"""
insert into shop_catalogue_product (sku, shop, category_id, title_zh, title_en, summary_zh, summary_en, brand_zh,
    brand_en, proof_zh, proof_en, attributes, price_minor, cost_minor, currency, weight_g, picture_svg, picture_version,
    search_text, is_listed, listed_at, sold_units, rating_sum, rating_count)
select t.sku, %s::varchar, t.category_id, t.title_zh, t.title_en, t.summary_zh, t.summary_en, t.brand_zh, t.brand_en,
    t.proof_zh, t.proof_en, t.attributes, t.price_minor, t.cost_minor, t.currency, t.weight_g, t.picture_svg,
    t.picture_version, t.search_text, true, %s::timestamptz, 0, 0, 0
from jsonb_to_recordset(%s::text::jsonb) as t{_SHAPE} order by t.sku
on conflict (sku) do update set is_listed = true, {", ".join(f"{column} = excluded.{column}" for column in _WORDS)}
where (shop_catalogue_product.is_listed, {", ".join(f"shop_catalogue_product.{column}" for column in _WORDS)})
    is distinct from (true, {", ".join(f"excluded.{column}" for column in _WORDS)})
returning sku, price_minor, xmax = 0
"""
_FIRST_PRICES = """
insert into shop_catalogue_price_point (sku, price_minor, currency, since)
select t.sku, t.price_minor, %s::varchar, %s::timestamptz from unnest(%s::varchar[], %s::bigint[]) t(sku, price_minor)
"""
# Rows wait for their locks in the order of SKUs.
_COUNT_RATINGS = """
with more as materialized (
    select p.sku, t.stars, t.reviews from shop_catalogue_product p
    join unnest(%s::varchar[], %s::bigint[], %s::bigint[]) t(sku, stars, reviews) on t.sku = p.sku
    order by p.sku for update of p)
update shop_catalogue_product p set rating_sum = p.rating_sum + more.stars, rating_count = p.rating_count + more.reviews
from more where p.sku = more.sku
"""
_RANK = """
with sold as materialized (
    select p.sku, coalesce(t.units, 0) as units from shop_catalogue_product p
    left join unnest(%s::varchar[], %s::bigint[]) t(sku, units) on t.sku = p.sku
    where p.shop = %s::varchar and p.sold_units <> coalesce(t.units, 0) order by p.sku for update of p)
update shop_catalogue_product p set sold_units = sold.units from sold where p.sku = sold.sku
"""


@operation
def put_up_categories(*, categories: Sequence[Category]) -> None:
    """Have these categories, with these names, in this order; others stay as they are."""
    models.Category.objects.bulk_create(
        [
            models.Category(shop=c.shop, key=c.key, name_zh=c.name.zh, name_en=c.name.en, position=c.position)
            for c in categories
        ],
        update_conflicts=True,
        unique_fields=["shop", "key"],
        update_fields=["name_zh", "name_en", "position"],
    )


@operation
def list_product(*, product: NewProduct, trail: Trail, by: Actor) -> None:
    """Offer a product for sale; one that stands already gets the new words and keeps its price.

    refuses  NoSuchCategory, PriceNotAllowed, SkuTaken; nothing is written
    tells    shop.product_listed, not if nothing about it is new
    """
    list_products(products=[product], trail=trail, by=by)


@operation
def list_products(*, products: Sequence[NewProduct], trail: Trail, by: Actor) -> None:
    """Offer many products for sale, with one statement per table; see `list_product`."""
    changed = _put_up(products, listed_at=clock.now())
    facts = [
        ProductListed(
            sku=product.sku,
            title=product.title.zh,
            title_en=product.title.en,
            category=product.category,
            amount_minor=changed[product.sku],
            currency=product.price.currency,
        )
        for product in products
        if product.sku in changed
    ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


@operation
def stock_shelves(*, products: Sequence[NewProduct], listed_at: datetime) -> None:
    """Have these products stand in the catalogue since a moment in the past.

    For a shop that comes with its history: tells nothing, because whoever calls this brings the history's facts along.

    refuses  as `list_product`
    """
    _put_up(products, listed_at=listed_at)


@operation
def change_price(*, sku: str, price: Money, trail: Trail, by: Actor) -> None:
    """Ask another list price from now on.

    refuses  NoSuchProduct, PriceNotAllowed
    tells    shop.price_changed, not if it is the price already
    """
    row = _locked(sku, shop=trail.shop)
    if price.currency != row.currency or price.minor <= 0:
        raise PriceNotAllowed(sku=sku, price_minor=price.minor, currency=price.currency)
    if price == row.price:
        return
    models.Product.objects.filter(pk=sku).update(price_minor=price.minor)
    models.PricePoint.objects.create(sku=sku, price_minor=price.minor, currency=price.currency, since=clock.now())
    fact = PriceChanged(sku=sku, was_minor=row.price_minor, amount_minor=price.minor, currency=price.currency)
    record(fact, by=by, trail=trail, subject=f"sku:{sku}")


@operation
def delist(*, sku: str, trail: Trail, by: Actor) -> None:
    """Stop selling a product; its page can still be looked at.

    refuses  NoSuchProduct
    tells    shop.product_delisted, not if it was not listed
    """
    if not _locked(sku, shop=trail.shop).is_listed:
        return
    models.Product.objects.filter(pk=sku).update(is_listed=False)
    record(ProductDelisted(sku=sku), by=by, trail=trail, subject=f"sku:{sku}")


@operation
def publish_review(*, review: NewReview, trail: Trail, by: Actor) -> None:
    """Let others read what a shopper says about a product.

    refuses  NoSuchProduct, RatingNotAllowed
    tells    shop.review_published
    """
    _write_reviews([review])
    fact = ReviewPublished(sku=review.sku, rating=review.rating, order_number=review.order_number)
    record(fact, by=by, trail=trail, subject=f"sku:{review.sku}")


@operation
def add_reviews(*, reviews: Sequence[NewReview]) -> None:
    """Have these reviews of the past stand under their products; tells nothing, like `stock_shelves`.

    refuses  NoSuchProduct, RatingNotAllowed; nothing is written
    """
    _write_reviews(reviews)


@operation
def rank(*, shop: str, sold_units: Mapping[str, int]) -> None:
    """Say how many pieces of each SKU were sold lately, which orders the shelves; SKUs left out count 0."""
    with connection.cursor() as cursor:
        cursor.execute(_RANK, [list(sold_units), list(sold_units.values()), shop])


def _put_up(products: Sequence[NewProduct], *, listed_at: datetime) -> dict[str, int]:
    """Write the products; the list prices of those that are new or have changed, by SKU."""
    changed: dict[str, int] = {}
    for shop in sorted({product.shop for product in products}):
        shelf = [product for product in products if product.shop == shop]
        keys = _category_ids(shop, shelf)
        _check(shop, shelf)
        rows = msgspec.json.encode([_row(product, category_id=keys[product.category]) for product in shelf]).decode()
        with connection.cursor() as cursor:
            cursor.execute(_PUT_UP, [shop, listed_at, rows])
            written = cursor.fetchall()
            fresh = [(sku, price) for sku, price, is_new in written if is_new]
            if fresh:
                skus, prices = (list(column) for column in zip(*fresh, strict=True))
                cursor.execute(_FIRST_PRICES, [shelf[0].price.currency, listed_at, skus, prices])
        changed |= {sku: price for sku, price, _ in written}
    return changed


def _category_ids(shop: str, products: Iterable[NewProduct]) -> dict[str, int]:
    ids = dict(models.Category.objects.filter(shop=shop).values_list("key", "pk"))
    for product in products:
        if product.category not in ids:
            raise NoSuchCategory(key=product.category)
    return ids


def _check(shop: str, products: Sequence[NewProduct]) -> None:
    currency = shops.shop(shop).currency
    for product in products:
        if product.price.minor <= 0 or {product.price.currency, product.cost.currency} != {currency}:
            raise PriceNotAllowed(sku=product.sku, price_minor=product.price.minor, currency=product.price.currency)
    taken = models.Product.objects.filter(pk__in=[product.sku for product in products]).exclude(shop=shop).first()
    if taken is not None:
        raise SkuTaken(sku=taken.sku)


def _row(product: NewProduct, *, category_id: int) -> dict[str, Any]:
    attributes = [
        {"name_zh": a.name.zh, "name_en": a.name.en, "value_zh": a.value.zh, "value_en": a.value.en}
        for a in product.attributes
    ]
    words = (product.title, product.brand, product.summary, *(a.value for a in product.attributes))
    searched = rules.searchable([product.sku, *(part for said in words for part in (said.zh, said.en))])
    return {
        "sku": product.sku,
        "category_id": category_id,
        "title_zh": product.title.zh,
        "title_en": product.title.en,
        "summary_zh": product.summary.zh,
        "summary_en": product.summary.en,
        "brand_zh": product.brand.zh,
        "brand_en": product.brand.en,
        "proof_zh": product.proof.zh,
        "proof_en": product.proof.en,
        "attributes": attributes,
        "price_minor": product.price.minor,
        "cost_minor": product.cost.minor,
        "currency": product.price.currency,
        "weight_g": product.weight_g,
        "picture_svg": product.picture_svg,
        "picture_version": rules.picture_version(product.picture_svg),
        "search_text": searched,
    }


def _locked(sku: str, *, shop: str) -> models.Product:
    row = models.Product.objects.select_for_update().defer("picture_svg").filter(pk=sku, shop=shop).first()
    if row is None:
        raise NoSuchProduct(sku=sku)
    return row


def _write_reviews(reviews: Sequence[NewReview]) -> None:
    stars: dict[str, list[int]] = {}
    for review in reviews:
        if not 1 <= review.rating <= 5:
            raise RatingNotAllowed(sku=review.sku, rating=review.rating)
        stars.setdefault(review.sku, []).append(review.rating)
    with connection.cursor() as cursor:
        sums, counts = [sum(given) for given in stars.values()], [len(given) for given in stars.values()]
        cursor.execute(_COUNT_RATINGS, [list(stars), sums, counts])
        if cursor.rowcount < len(stars):
            known = set(models.Product.objects.filter(pk__in=list(stars)).values_list("pk", flat=True))
            raise NoSuchProduct(sku=next(sku for sku in stars if sku not in known))
    models.Review.objects.bulk_create(
        [
            models.Review(
                sku=review.sku,
                rating=review.rating,
                words=review.words,
                language=review.language,
                author=review.author,
                order_number=review.order_number,
                at=review.at,
            )
            for review in reviews
        ],
        batch_size=2000,
    )

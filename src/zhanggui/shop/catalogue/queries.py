"""Reading the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Final

from django.db import connection
from django.db.models import Count, F, Q, QuerySet

from zhanggui.base.money import Money
from zhanggui.shop.catalogue import models, rules
from zhanggui.shop.catalogue.errors import NoSuchCategory, NoSuchProduct
from zhanggui.shop.catalogue.rules import (
    Attribute,
    Card,
    Category,
    Home,
    Listing,
    Picture,
    PricePoint,
    Product,
    Review,
    Reviews,
    Sort,
    Words,
)

BEST = 24
NEWEST = 12

_ORDERS: Final = {
    Sort.SALES: ("-sold_units", "sku"),
    Sort.NEWEST: ("-listed_at", "sku"),
    Sort.CHEAPEST: ("price_minor", "sku"),
    Sort.DEAREST: ("-price_minor", "sku"),
    Sort.RATING: (F("rating_mean").desc(nulls_last=True), "-rating_count", "sku"),
}
# A list needs neither pictures nor long words.
_NOT_ON_CARDS: Final = ("summary_zh", "summary_en", "attributes", "picture_svg", "search_text")
# Prices against the newest price point, ratings against the reviews.
_READD = """
select p.sku, 'price' from shop_catalogue_product p where p.price_minor is distinct from (
    select q.price_minor from shop_catalogue_price_point q where q.sku = p.sku order by q.since desc, q.id desc limit 1)
union all
select p.sku, 'rating' from shop_catalogue_product p left join (
    select sku, sum(rating) as stars, count(*) as reviews from shop_catalogue_review group by sku
) r on r.sku = p.sku
where (p.rating_sum, p.rating_count) <> (coalesce(r.stars, 0), coalesce(r.reviews, 0))
order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A product whose price or rating is not what its price points or reviews say.

    fault  price or rating
    """

    sku: str
    fault: str


def categories(shop: str) -> tuple[Category, ...]:
    """The categories of a shop, by position. One statement."""
    rows = models.Category.objects.filter(shop=shop).order_by("position", "key")
    return tuple(row.value for row in rows)


def home(shop: str) -> Home:
    """What the home page shows: 24 that sell best and 12 that are new. Three statements.

    Indexes shop_catalogue_product_best, shop_catalogue_product_new.
    """
    listed = _listed().filter(shop=shop)
    return Home(
        categories=categories(shop),
        best=_cards(listed.order_by(*_ORDERS[Sort.SALES])[:BEST]),
        newest=_cards(listed.order_by(*_ORDERS[Sort.NEWEST])[:NEWEST]),
    )


def category(shop: str, key: str, *, page: int = 1, sort: Sort = Sort.SALES) -> Listing:
    """One page of a category's listed products. Three statements. Index shop_catalogue_product_shelf.

    refuses  NoSuchCategory
    """
    row = models.Category.objects.filter(shop=shop, key=key).first()
    if row is None:
        raise NoSuchCategory(key=key)
    return _listing(_listed().filter(category_id=row.pk), category=row.value, page=page, sort=sort)


def search(shop: str, words: str, *, page: int = 1, sort: Sort = Sort.SALES) -> Listing:
    """One page of the listed products in whose words every searched part stands. Two statements.

    Reads through the listed products of the shop; nothing is found for no words.
    """
    terms = rules.search_terms(words)
    matches = reduce(and_, (Q(search_text__contains=term) for term in terms), Q()) if terms else Q(pk__in=[])
    return _listing(_listed().filter(matches, shop=shop), category=None, page=page, sort=sort)


def product(shop: str, sku: str) -> Product:
    """A product's own page; one that is no longer listed can still be looked at. One statement.

    refuses  NoSuchProduct
    """
    rows = models.Product.objects.select_related("category").defer("picture_svg", "search_text")
    row = rows.filter(pk=sku, shop=shop).first()
    if row is None:
        raise NoSuchProduct(sku=sku)
    return Product(
        card=_card(row),
        summary=Words(zh=row.summary_zh, en=row.summary_en),
        category=row.category.value,
        attributes=tuple(
            Attribute(name=Words(zh=a["name_zh"], en=a["name_en"]), value=Words(zh=a["value_zh"], en=a["value_en"]))
            for a in row.attributes
        ),
        listed_at=row.listed_at,
    )


def products(skus: Iterable[str]) -> dict[str, Card]:
    """The products of these SKUs, listed or not; unknown ones are left out. One statement. Primary key."""
    rows = models.Product.objects.select_related("category").defer(*_NOT_ON_CARDS).filter(pk__in=list(skus))
    return {row.sku: _card(row) for row in rows}


def reviews(sku: str, *, page: int = 1) -> Reviews:
    """One page of a product's reviews, newest first. Two statements. Index shop_catalogue_review_sku."""
    page = rules.page_number(page)
    all_of_it = models.Review.objects.filter(sku=sku)
    counted = dict(all_of_it.order_by().values_list("rating").annotate(Count("pk")))
    start = (page - 1) * rules.REVIEWS_PER_PAGE
    rows = all_of_it.order_by("-at", "-id")[start : start + rules.REVIEWS_PER_PAGE]
    total = sum(counted.values())
    return Reviews(
        reviews=tuple(
            Review(rating=row.rating, words=row.words, language=row.language, author=row.author, at=row.at)
            for row in rows
        ),
        page=page,
        pages=rules.pages_of(total, size=rules.REVIEWS_PER_PAGE),
        total=total,
        by_rating=(counted.get(1, 0), counted.get(2, 0), counted.get(3, 0), counted.get(4, 0), counted.get(5, 0)),
    )


def picture(sku: str) -> Picture:
    """The picture of a product. One statement. Primary key.

    refuses  NoSuchProduct
    """
    found = models.Product.objects.filter(pk=sku).values_list("picture_svg", "picture_version").first()
    if found is None:
        raise NoSuchProduct(sku=sku)
    svg, version = found
    return Picture(svg=svg, version=version)


def price_points(sku: str) -> tuple[PricePoint, ...]:
    """Every list price the SKU ever had, oldest first. One statement. Index shop_catalogue_price_point_sku."""
    rows = models.PricePoint.objects.filter(sku=sku).order_by("since", "id")
    return tuple(PricePoint(price=Money(row.price_minor, row.currency), since=row.since) for row in rows)


def audit() -> tuple[Disagreement, ...]:
    """Hold prices and ratings against what they are made of; none if the catalogue is right."""
    with connection.cursor() as cursor:
        cursor.execute(_READD)
        return tuple(Disagreement(sku=sku, fault=fault) for sku, fault in cursor.fetchall())


def _listed() -> QuerySet[models.Product]:
    return models.Product.objects.select_related("category").defer(*_NOT_ON_CARDS).filter(is_listed=True)


def _listing(found: QuerySet[models.Product], *, category: Category | None, page: int, sort: Sort) -> Listing:
    page = rules.page_number(page)
    total = found.count()
    start = (page - 1) * rules.PAGE_SIZE
    return Listing(
        category=category,
        cards=_cards(found.order_by(*_ORDERS[sort])[start : start + rules.PAGE_SIZE]),
        page=page,
        pages=rules.pages_of(total, size=rules.PAGE_SIZE),
        total=total,
        sort=sort,
    )


def _cards(rows: Iterable[models.Product]) -> tuple[Card, ...]:
    return tuple(_card(row) for row in rows)


def _card(row: models.Product) -> Card:
    return Card(
        sku=row.sku,
        shop=row.shop,
        title=Words(zh=row.title_zh, en=row.title_en),
        brand=Words(zh=row.brand_zh, en=row.brand_en),
        category=row.category.key,
        price=row.price,
        proof=Words(zh=row.proof_zh, en=row.proof_en),
        weight_g=row.weight_g,
        picture_version=row.picture_version,
        rating_mean=row.rating_mean,
        rating_count=row.rating_count,
        is_listed=row.is_listed,
    )

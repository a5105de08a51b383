"""SKUs as they stand in lists, carts and orders, and what they cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.db import connection

from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.money import Money
from zhanggui.shop.catalogue import models, ports, rules
from zhanggui.shop.catalogue.rules import (
    Card,
    Home,
    Jurisdiction,
    Kind,
    Part,
    PriceKind,
    PricePoint,
    Sale,
    Words,
)

BEST = 24
NEWEST = 12

# All that a card says; `card` reads it in this order. A SKU with a drawing of its own wears that, not a photo.
CARD: Final = """
    v.sku, p.shop, p.handle, p.title_zh, p.title_en, p.brand_zh, p.brand_en, c.key, v.price_minor, v.currency,
    v.cost_minor, p.proof_zh, p.proof_en, v.weight_g, v.picture_version,
    case when v.picture_file <> '' then v.picture_file
        when v.picture_version = p.picture_version then p.picture_file else '' end,
    p.rating_mean, p.rating_count, v.is_listed, v."values"::text, p.kind, v.sale_minor, v.sale_starts_at,
    v.sale_ends_at, p.tax_class, p.no_reason_exception, v.needs_shipping, p.version + v.version,
    p.low_minor, p.high_minor, p.skus,
    case when p.kind = 'bundle' then (
        select json_agg(json_build_object('sku', b.variant_id, 'units', b.units) order by b.variant_id)::text
        from shop_catalogue_part b where b.bundle_id = v.sku) end
"""
WIDTH: Final = 32
JOINED: Final = """
shop_catalogue_variant v join shop_catalogue_product p on p.id = v.product_id
join shop_catalogue_category c on c.id = p.category_id
"""
# The array is read in a query of its own, so that its length says nothing: PostgreSQL keeps the plan. Else it plans
# anew every time, which takes longer than reading the rows.
_OF_SKUS: Final = f"from {JOINED} where v.sku = any(array(select unnest(%s::varchar[])))"
_BEST: Final = f"""
select {CARD} from (
    select face_sku, sold_units from shop_catalogue_product where shop = %s::varchar and is_listed
    order by sold_units desc, face_sku limit %s::int) f
join shop_catalogue_variant v on v.sku = f.face_sku join shop_catalogue_product p on p.id = v.product_id
join shop_catalogue_category c on c.id = p.category_id order by f.sold_units desc, v.sku
"""
_NEWEST: Final = f"""
select {CARD} from (
    select face_sku, listed_at from shop_catalogue_product where shop = %s::varchar and is_listed
    order by listed_at desc, face_sku limit %s::int) f
join shop_catalogue_variant v on v.sku = f.face_sku join shop_catalogue_product p on p.id = v.product_id
join shop_catalogue_category c on c.id = p.category_id order by f.listed_at desc, v.sku
"""
_IN_CURRENCY: Final = """
select f.variant_id, f.price_minor from shop_catalogue_foreign_price f
where f.variant_id = any(%s::varchar[]) and f.currency = %s::varchar
"""
_TAGS: Final = """
select v.sku, p.tags from shop_catalogue_variant v join shop_catalogue_product p on p.id = v.product_id
where v.sku = any(%s::varchar[]) and p.tags <> '{}'
"""
_values: Final = msgspec.json.Decoder(tuple[Words, ...])
_parts: Final = msgspec.json.Decoder(tuple[Part, ...])


def products(skus: Iterable[str]) -> dict[str, Card]:
    """The cards of these SKUs, listed or not; unknown ones are left out. One statement. Primary key."""
    return products_beside(skus)[0]


def products_beside(skus: Iterable[str], *questions: Question[Any]) -> tuple[dict[str, Card], tuple[Any, ...]]:
    """`products`, and what else is asked, answered in the order of the questions. One statement.

    The answers stand in every row, so each should be short; where no SKU is known they take a statement of their own.
    """
    beside = "".join([f", ({question.sql})" for question in questions])
    parameters: list[Any] = [each for question in questions for each in question.parameters]
    with connection.cursor() as cursor:
        cursor.execute(f"select {CARD}{beside} {_OF_SKUS}", [*parameters, list(skus)])
        rows = cursor.fetchall()
    if not rows:
        return {}, together.ask(*questions) if questions else ()
    answers = tuple(question.read(said) for question, said in zip(questions, rows[0][WIDTH:], strict=True))
    return {row[0]: card(row[:WIDTH]) for row in rows}, answers


def home(shop: str) -> Home:
    """What the home page shows: 24 that sell best and 12 that are new. Three statements.

    Indexes shop_catalogue_product_best, shop_catalogue_product_new.
    """
    rows = models.Category.objects.filter(shop=shop, parent=None).order_by("position", "key")
    return Home(
        categories=tuple(row.value for row in rows),
        best=tuple(cards_of(_BEST, [shop, BEST])),
        newest=tuple(cards_of(_NEWEST, [shop, NEWEST])),
    )


def prices_in(skus: Iterable[str], currency: str) -> dict[str, Money]:
    """What SKUs cost in another currency, as far as somebody said so. One statement.

    Index shop_catalogue_foreign_price_once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IN_CURRENCY, [list(skus), currency])
        return {sku: Money(minor, currency) for sku, minor in cursor.fetchall()}


def tags_of(skus: Iterable[str]) -> dict[str, frozenset[str]]:
    """The tags of the products of these SKUs; those without any are left out. One statement. Primary key."""
    with connection.cursor() as cursor:
        cursor.execute(_TAGS, [list(skus)])
        return {sku: frozenset(tags) for sku, tags in cursor.fetchall()}


def foreign_prices(skus: Sequence[str]) -> dict[str, dict[str, Money]]:
    """What SKUs cost in other currencies, as far as somebody said so, by SKU and currency. One statement."""
    found: dict[str, dict[str, Money]] = {}
    rows = models.ForeignPrice.objects.filter(variant__in=skus).values_list("variant_id", "currency", "price_minor")
    for sku, currency, minor in rows.order_by("variant_id", "currency"):
        found.setdefault(sku, {})[currency] = Money(minor, currency)
    return found


def price_points(sku: str) -> tuple[PricePoint, ...]:
    """Every price the SKU ever had, oldest first, sales to come included. One statement.

    Index shop_catalogue_price_point_sku.
    """
    return _points([sku])[sku]


def asked_prices(cards: Sequence[Card], *, since: datetime) -> dict[str, tuple[PricePoint, ...]]:
    """`price_points` and the prices that others asked of everybody since, each with its source, by SKU; oldest first.

    One statement, and those of whoever is plugged in.
    """
    own = _points([card.sku for card in cards])
    listed = {sku: tuple(p for p in points if p.kind is PriceKind.LIST) for sku, points in own.items()}
    others = [asked(cards, listed, since=since) for asked in ports.public_prices]
    return {
        sku: tuple(sorted((*own[sku], *(p for each in others for p in each.get(sku, ()))), key=lambda p: p.since))
        for sku in own
    }


def lawful_was_prices(
    cards: Sequence[Card], *, prices: Mapping[str, Money], at: datetime, jurisdiction: Jurisdiction
) -> dict[str, Money]:
    """The prices that may be shown struck through beside lower ones that everybody pays, by SKU; see `rules.was_price`.

    A SKU that may show none is left out. One statement, and those of whoever is plugged in.

    prices  that are shown, by SKU
    """
    points = asked_prices(cards, since=at - rules.REMEMBERED)
    found = {
        sku: rules.was_price(points[sku], price=price, at=at, jurisdiction=jurisdiction)
        for sku, price in prices.items()
    }
    return {sku: was for sku, was in found.items() if was is not None}


def lawful_was_price(card: Card, *, price: Money, at: datetime, jurisdiction: Jurisdiction) -> Money | None:
    """`lawful_was_prices` for one SKU; None if none may be shown."""
    return lawful_was_prices([card], prices={card.sku: price}, at=at, jurisdiction=jurisdiction).get(card.sku)


def _points(skus: Sequence[str]) -> dict[str, tuple[PricePoint, ...]]:
    found: dict[str, list[PricePoint]] = {sku: [] for sku in skus}
    for row in models.PricePoint.objects.filter(sku__in=skus).order_by("since", "id"):
        point = PricePoint(
            price=Money(row.price_minor, row.currency), since=row.since, until=row.until, kind=PriceKind(row.kind)
        )
        found[row.sku].append(point)
    return {sku: tuple(points) for sku, points in found.items()}


def cards_of(statement: str, parameters: Sequence[Any]) -> list[Card]:
    """The cards that a statement finds. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [card(row) for row in cursor.fetchall()]


def card(row: Sequence[Any]) -> Card:
    """A row of `CARD` as a value."""
    sku, shop, handle, title_zh, title_en, brand_zh, brand_en, category, price, currency, cost = row[:11]
    proof_zh, proof_en, weight_g, drawing, picture, rating_mean, rating_count, is_listed, values, kind = row[11:21]
    sale, starts_at, ends_at, tax_class, exception, needs_shipping, version, low, high, skus, parts = row[21:WIDTH]
    return Card(
        sku=sku,
        shop=shop,
        product=handle,
        title=Words(zh=title_zh, en=title_en),
        brand=Words(zh=brand_zh, en=brand_en),
        variant=rules.variant_words(_values.decode(values)) if values != "[]" else rules.NOTHING,
        category=category,
        price=Money(price, currency),
        cost=Money(cost, currency),
        sale=Sale(price=Money(sale, currency), starts_at=starts_at, ends_at=ends_at) if sale else None,
        proof=Words(zh=proof_zh, en=proof_en),
        weight_g=weight_g,
        picture_version=drawing,
        picture_file=picture,
        rating_mean=rating_mean,
        rating_count=rating_count,
        is_listed=is_listed,
        kind=Kind(kind),
        parts=_parts.decode(parts) if parts else (),
        tax_class=tax_class,
        no_reason_exception=exception,
        needs_shipping=needs_shipping,
        version=version,
        from_price=Money(low, currency) if low < high else None,
        choices=max(skus, 1),
    )

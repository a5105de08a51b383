"""Looking at goods; open to anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Status
from pydantic import Field, StringConstraints

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.doors.api import askers, paging
from zhanggui.doors.api.documented import reading
from zhanggui.doors.api.shapes import goods as shapes
from zhanggui.doors.api.shapes.common import Cursor, Line, Sku, words_of
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.queries import Shown
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchProduct
from zhanggui.shop.catalogue.rules import Branch, Card, Filters, Jurisdiction, Listing, Product, Sort
from zhanggui.supply.stock import queries as stock

router: Final = Router(tags=["Goods"])
_PER_PAGE: Final = 24
Price = Annotated[int, Field(ge=0, le=2**53 - 1)]
Pair = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f:]+:[^\x00-\x1f\x7f]+$")]


@router.post("/visitors", response={201: shapes.Visitor} | dict.fromkeys((404, 429), reading(None)[429]))
def become_a_visitor(request: HttpRequest) -> Any:
    """A token for a shopper whom nobody knows yet. Keep it: cart and orders open with it and with nothing else."""
    visitor, token, until = askers.new_visitor(shops.shop(settings.OWN_SHOP), at=clock.now())
    return Status(201, {"token": token, "visitor": visitor.person, "expires_at": until})


@router.get("/products", response=reading(shapes.Shelf))
def products(
    request: HttpRequest,
    q: Line = "",
    category: Line = "",
    sort: Annotated[Sort, words_of(Sort)] | None = None,
    filter: Annotated[list[Pair], Query(max_length=20)] = [],  # noqa: B006 -- pydantic copies it
    price_from: Price | None = None,
    price_below: Price | None = None,
    rating_from: Annotated[int, Field(ge=1, le=5)] | None = None,
    cursor: Cursor = "",
) -> Any:
    """Products of a category, or those that a search finds, 24 at a time, with facets that count what is left.

    Narrow by filter=key:value, as the facets say them, any number of times. Prices are in minor units.
    """
    now, skipped = clock.now(), paging.offset_of(cursor)
    choices: dict[str, tuple[str, ...]] = {}
    for pair in filter:
        key, _colon, value = pair.partition(":")
        choices[key] = (*choices.get(key, ()), value)
    found = catalogue.shelf(
        settings.OWN_SHOP,
        category=category or None,
        words=q,
        filters=Filters(choices=choices, price_from=price_from, price_below=price_below, rating_from=rating_from),
        sort=sort or (None if q else Sort.SALES),
        page=skipped // _PER_PAGE + 1,
        at=now,
    )
    return _shelf(found, at=now)


@router.get("/products/{sku}", response=reading(shapes.Product))
def product(request: HttpRequest, sku: Sku) -> Any:
    """One product, for one of its SKUs, with all its SKUs. By SKU or by the product's name in addresses."""
    try:
        found = catalogue.product(settings.OWN_SHOP, sku)
    except NoSuchProduct:
        found = catalogue.product_of(settings.OWN_SHOP, sku)
    return _product(found, at=clock.now())


@router.get("/categories", response=reading(list[shapes.Category]))
def categories(request: HttpRequest) -> Any:
    """All categories, as a tree."""
    return [_branch(each) for each in catalogue.tree(settings.OWN_SHOP)]


def cards(found: Sequence[Card], *, at: datetime) -> list[dict[str, Any]]:
    """Cards of the shop as they are answered, with what promotions make of their prices."""
    offers = promotions.shown(settings.OWN_SHOP, found, at=at) if found else {}
    return [_card(each, offers[each.sku]) for each in found]


def _card(found: Card, offers: Shown) -> dict[str, Any]:
    names = ("sku", "product", "title", "variant", "brand", "category", "kind", "from_price", "choices", "proof")
    return {
        **{name: getattr(found, name) for name in names},
        "price": offers.price,
        "list_price": found.price,
        "specials": list(offers.specials),
        "rating_mean": found.rating_mean,
        "rating_count": found.rating_count,
        "is_listed": found.is_listed,
        "picture": _picture(found),
    }


def _picture(found: Card) -> str:
    if found.picture_file:
        return settings.PUBLIC_URL + reverse("storefront:medium", args=[found.picture_file])
    if not found.picture_version:
        return ""
    return settings.PUBLIC_URL + reverse("storefront:picture", args=[found.sku, found.picture_version])


def _was(found: Card, offers: Shown, *, at: datetime) -> Money | None:
    if offers.price >= found.price:
        return None
    law = Jurisdiction(shops.shop(found.shop).law)
    return catalogue.lawful_was_price(found, price=offers.price, at=at, jurisdiction=law)


def _shelf(found: Listing, *, at: datetime) -> dict[str, Any]:
    return {
        "items": cards(found.cards, at=at),
        "next": paging.after(found.page * _PER_PAGE) if found.page < found.pages else "",
        "total": found.total,
        "sort": found.sort,
        "facets": list(found.facets),
        "prices": list(found.prices),
        "ratings": list(found.ratings),
    }


def _branch(found: Branch) -> dict[str, Any]:
    return {
        "key": found.category.key,
        "name": found.category.name,
        "products": found.products,
        "below": [_branch(each) for each in found.branches],
    }


def _product(found: Product, *, at: datetime) -> dict[str, Any]:
    own = {each.card.sku: each.card for each in found.variants} | {found.card.sku: found.card}
    offers = promotions.shown(settings.OWN_SHOP, own.values(), at=at)
    now = offers[found.card.sku]
    free = stock.free([each.card.sku for each in found.variants])
    variants = [
        {
            "sku": each.card.sku,
            "values": list(each.values),
            "price": offers[each.card.sku].price,
            "is_listed": each.card.is_listed,
            "is_in_stock": bool(each.card.parts) or not each.card.needs_shipping or free[each.card.sku] > 0,
        }
        for each in found.variants
    ]
    return {
        **_card(found.card, now),
        "was": _was(found.card, now, at=at),
        "summary": found.summary,
        "attributes": list(found.attributes),
        "options": list(found.options),
        "variants": variants,
        "blocks": list(found.blocks),
        "evidence": list(found.evidence),
        "no_reason_exception": found.card.no_reason_exception,
        "listed_at": found.listed_at,
    }

"""A product: picture, decision with its proof, then problem, solution, proof, parameters, reviews.

This is how it stands; a version that is tried out, or was kept, may show it otherwise: see `versions`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhanggui.base import clock
from zhanggui.base.database.together import Question
from zhanggui.doors.storefront import addresses, linked, opinions, priced, ranges, rules, sights, tags, versions, words
from zhanggui.doors.storefront.documents import PAGES_FOR, Document
from zhanggui.doors.storefront.frame import Reading, frame, reading_of
from zhanggui.doors.storefront.pages import telling
from zhanggui.doors.storefront.pages.moving import moved
from zhanggui.doors.storefront.rules import Seen
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.experiments.rules import USUAL_PARTS
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.queries import Shown
from zhanggui.shop.catalogue import actions as shelves
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchFile, NoSuchProduct
from zhanggui.shop.catalogue.rules import Card, MediumKind, Product, Variant, Words, renditions
from zhanggui.shop.checkout import queries as checkout
from zhanggui.shop.checkout.rules import parts_of
from zhanggui.shop.reviews import queries as reviews
from zhanggui.shop.reviews.rules import LONGEST_QUESTION, Wanted
from zhanggui.supply.stock import queries as stock

# Below this many pieces the page says how many are left.
FEW: Final = 10
MOST_PIECES: Final = 99
_PARTS: Final = "storefront/parts/product"
_A_YEAR: Final = "public, max-age=31536000, immutable"
# A picture opened by itself runs nothing and loads nothing.
_PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One value of an option, as a link to the SKU that has it and is else like the one that is looked at.

    address  empty if no SKU is so
    """

    name: Words
    address: str
    is_chosen: bool
    is_there: bool


@require_safe
def product(request: ShopRequest, sku: str) -> HttpResponse:
    """A product's own page, with the SKU that was asked for chosen."""
    reading = reading_of(request)
    wanted, page = opinions.wanted_of(request.GET)
    try:
        try:
            return _told(request, reading, sku, wanted, page, provided=versions.standing(request))
        except telling.KeyOutdated:
            versions.learn(request)
            return _told(request, reading, sku, wanted, page)
    except NoSuchProduct as missing:
        if now_at := catalogue.product_at(reading.shop.code, sku):
            return moved(request, reverse("storefront:product", args=[now_at]))
        raise Http404(sku) from missing


@require_safe
def picture(request: ShopRequest, sku: str, version: str) -> HttpResponse:
    """A product's picture under an address that changes with it, so that it may be kept for ever."""
    try:
        shown = catalogue.picture(sku)
    except NoSuchProduct as missing:
        raise Http404(sku) from missing
    if shown.version != version:
        newer = HttpResponsePermanentRedirect(reverse("storefront:picture", args=[sku, shown.version]))
        newer.headers["Cache-Control"] = "no-cache"
        return newer
    response = HttpResponse(shown.svg, content_type="image/svg+xml")
    response.headers["Cache-Control"] = _A_YEAR
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return response


@require_safe
def medium(request: ShopRequest, name: str) -> HttpResponseBase:
    """A picture, film, model or paper of a product; its name is made of its bytes, so it may be kept for ever."""
    try:
        found = shelves.rendition(name=name) if renditions.asked(name) else catalogue.file(name)
        response = ranges.told(
            found.path,
            name=name,
            content_type=found.content_type,
            size_bytes=found.size_bytes,
            method=request.method or "",
            asked=request.headers,
        )
    except (NoSuchFile, FileNotFoundError) as missing:
        raise Http404(name) from missing
    response.headers["Cache-Control"] = _A_YEAR
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return response


def _told(
    request: ShopRequest,
    reading: Reading,
    sku: str,
    wanted: Wanted,
    page: int,
    *,
    provided: tuple[Question[str], str] | None = None,
) -> HttpResponse:
    """The page in the version that whoever asks sees, provided that what is known of versions still holds."""
    shown = versions.shown_to(request, sku)
    if shown.is_preview:
        around = replace(reading, is_traced=False)
        return telling.tell(request, None, lambda at: _product(around, sku, wanted, page, shown, at))
    key = ("product", reading, sku, wanted, page, promotions.edition(reading.shop.code), shown.key)
    made = telling.tell(request, key, lambda at: _product(reading, sku, wanted, page, shown, at), provided=provided)
    versions.met(request, shown)
    return made


def _product(reading: Reading, sku: str, wanted: Wanted, page: int, seen_as: versions.Shown, at: datetime) -> Document:
    version = seen_as.version
    shown = catalogue.product(reading.shop.code, sku)
    cards = [variant.card for variant in shown.variants] or [shown.card]
    seen = _seen(cards)
    free = {card.sku: rules.free_units(parts_of(card), seen) for card in cards}
    units = free[shown.card.sku]
    offers = promotions.shown(reading.shop.code, cards, at=at)
    price = priced.price_of(shown, offers[shown.card.sku], version, shop=reading.shop, at=at)
    problem, solution = rules.parted(shown.summary.to(reading.language))
    face = next((card for card in cards if card.is_listed), shown.card)
    path = f"/p/{face.sku}/"
    way = checkout.options(reading.shop.code)[0]
    is_indexed = shown.card.is_listed and page == 1 and wanted == Wanted() and not seen_as.is_preview
    context = frame(reading, path=path, is_indexed=is_indexed) | {
        "version": version,
        "is_preview": seen_as.is_preview,
        "headline": version.headline(reading.language),
        "parts": [f"{_PARTS}/{part}.html" for part in version.parts] if version.parts != USUAL_PARTS else None,
        "product": shown,
        "card": shown.card,
        "price": price,
        "deals": tags.deals(reading.shop.code, offers[shown.card.sku]),
        "crumbs": shown.crumbs,
        "axes": _axes(shown, free),
        "holds": _held(shown.card),
        "returns": words.returns(
            shown.card.no_reason_exception, law=reading.shop.law, needs_shipping=shown.card.needs_shipping
        ),
        "problem": "" if shown.blocks else problem,
        "solution": "" if shown.blocks else solution,
        "evidence": [one for one in shown.evidence if one.holds_on(clock.day_of(at, reading.shop.zone))],
        "pictures": [
            one for one in shown.media if one.kind is MediumKind.PICTURE and one.file != shown.card.picture_file
        ],
        "films": [one for one in shown.media if one.kind is MediumKind.VIDEO],
        "models": [one for one in shown.media if one.kind is MediumKind.MODEL],
        "can_be_bought": shown.card.is_listed and units > 0,
        "few_left": units if units < FEW else None,
        "most": min(units, MOST_PIECES) if units < FEW else MOST_PIECES,
        "way": way,
        "arrives_by": clock.day_of(at, reading.shop.zone) + timedelta(days=way.days[1]),
        **_said(cards, wanted, page),
        "sight": sights.viewed(shown, price=price.now),
        "sight_added": sights.added(shown.card, price=price.now),
        "linked": linked.block(_things(reading, shown, cards, free, offers)),
        "share_picture": addresses.absolute(addresses.picture_of(shown.card)),
    }
    until = min(at + PAGES_FOR, clock.span_of(clock.day_of(at, reading.shop.zone), reading.shop.zone)[1])
    return telling.document("storefront/product.html", context, cards=cards, stocks=seen, good_until=until, at=at)


def _said(cards: list[Card], wanted: Wanted, page: int) -> dict[str, Any]:
    """What shoppers say about a product and ask, with the links that show other parts of it. Three statements."""
    skus = [card.sku for card in cards]
    found = reviews.page(skus, page=page, wanted=wanted)
    return {
        "reviews": found,
        "ratings": [(stars, found.by_rating[stars - 1]) for stars in (5, 4, 3, 2, 1)],
        "review_filters": opinions.filters(found, wanted),
        "review_sorts": opinions.sorts(wanted),
        "newer": opinions.address(wanted, page=found.page - 1) if found.page > 1 else "",
        "older": opinions.address(wanted, page=found.page + 1) if found.page < found.pages else "",
        "questions": reviews.questions(skus),
        "longest_question": LONGEST_QUESTION,
    }


def _held(card: Card) -> list[tuple[Card, int]]:
    """What a bundle holds; nothing of what is no bundle."""
    if not card.parts:
        return []
    known = catalogue.products([part.sku for part in card.parts])
    return [(known[part.sku], part.units) for part in card.parts if part.sku in known]


def _seen(cards: list[Card]) -> dict[str, Seen]:
    """What the page says of the stock: of few pieces how many; of a bundle's parts enough to say the same of it."""
    most: dict[str, int] = {}
    for card in cards:
        for sku, each in parts_of(card):
            most[sku] = max(most.get(sku, 0), FEW * each)
    free = stock.free(most) if most else {}
    return {sku: Seen(units=min(free[sku], up_to), up_to=up_to) for sku, up_to in most.items()}


def _ends(card: Card, offers: Shown) -> datetime | None:
    """When what lowers its price just now ends; None if nothing does or nobody knows."""
    if offers.by or offers.price >= card.price:
        return offers.by.ends_at if offers.by else None
    return card.sale.ends_at if card.sale else None


def _axes(shown: Product, free: Mapping[str, int]) -> list[tuple[Words, list[Pick]]]:
    """The options of a product with their values; the chosen SKU's own are chosen."""
    own = next((variant for variant in shown.variants if variant.card.sku == shown.card.sku), None)
    if own is None or len(shown.variants) < 2:
        return []
    return [
        (
            option.name,
            [_pick(shown, own, axis, value, free) for value in option.values],
        )
        for axis, option in enumerate(shown.options)
    ]


def _pick(shown: Product, own: Variant, axis: int, value: Words, free: Mapping[str, int]) -> Pick:
    wanted = (*own.values[:axis], value, *own.values[axis + 1 :])
    exact = next((v for v in shown.variants if v.values == wanted and v.card.is_listed), None)
    near = exact or next((v for v in shown.variants if v.values[axis] == value and v.card.is_listed), None)
    return Pick(
        name=value,
        address=reverse("storefront:product", args=[near.card.sku]) if near else "",
        is_chosen=own.values[axis] == value,
        is_there=exact is not None and free[exact.card.sku] > 0,
    )


def _things(
    reading: Reading, shown: Product, cards: list[Card], free: Mapping[str, int], offers: Mapping[str, Shown]
) -> list[linked.Thing]:
    """What search engines are told: the way here, and the product with an offer for each SKU."""
    first, language, zone = addresses.first_of(reading.language), reading.language, reading.shop.zone
    here = {card.sku: addresses.absolute(f"/p/{card.sku}/", first=first) for card in cards}
    steps = [(each.name.to(language), addresses.absolute(f"/c/{each.key}/", first=first)) for each in shown.crumbs]
    offers = [
        linked.offer(
            sku=card.sku,
            address=here[card.sku],
            price=offers[card.sku].price,
            is_there=free[card.sku] > 0,
            until=clock.day_of(ends_at - timedelta(microseconds=1), zone)
            if (ends_at := _ends(card, offers[card.sku]))
            else None,
        )
        for card in cards
        if card.is_listed
    ]
    title = shown.card.title.to(language)
    thing = linked.product(
        name=title,
        words=shown.summary.to(language),
        brand=shown.card.brand.to(language),
        sku=shown.card.sku,
        address=here[shown.card.sku],
        pictures=[addresses.absolute(addresses.picture_of(shown.card))],
        offers=offers,
        rating=(shown.card.rating_mean, shown.card.rating_count) if shown.card.rating_mean else None,
    )
    way = [(reading.shop.name, addresses.absolute("/", first=first)), *steps, (title, here[shown.card.sku])]
    return [thing, linked.breadcrumbs(way)]

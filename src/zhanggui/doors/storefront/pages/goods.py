"""Looking at goods: home, shelves, search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhanggui.base import kept
from zhanggui.doors.storefront import addresses, linked, priced, shelves, sights, tags
from zhanggui.doors.storefront.documents import LISTS_FOR, Document, lists_for
from zhanggui.doors.storefront.frame import Reading, frame, reading_of
from zhanggui.doors.storefront.pages import telling
from zhanggui.doors.storefront.pages.moving import moved
from zhanggui.doors.storefront.rules import Seen
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.promotions import queries as promotions
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchCategory
from zhanggui.shop.catalogue.rules import Card, Category, Filters, Listing, Sort, filters_of
from zhanggui.supply.stock import queries as stock

_LONGEST_SEARCH: Final = 80
_MOST_PAGES: Final = 500
_ENTRIES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How a list is asked for.

    pairs  the filters as an address says them, which can be a part of a key
    sort   None for the list's own order
    """

    pairs: tuple[tuple[str, str], ...]
    sort: Sort | None
    page: int

    @property
    def filters(self) -> Filters:
        """By what the list is narrowed."""
        names = dict.fromkeys(name for name, _ in self.pairs)
        return filters_of({name: [value for each, value in self.pairs if each == name] for name in names})


@require_safe
def home(request: ShopRequest) -> HttpResponse:
    """The first page: search, four shelves and all of them, goods."""
    reading = reading_of(request)
    key = ("home", reading, promotions.edition(reading.shop.code))
    return telling.tell(request, key, lambda at: _home(reading, at))


@require_safe
def categories(request: ShopRequest) -> HttpResponse:
    """All shelves of the shop, as a tree."""
    reading = reading_of(request)
    return telling.tell(request, ("categories", reading), lambda at: _categories(reading, at))


@require_safe
def category(request: ShopRequest, key: str) -> HttpResponse:
    """One shelf, sorted, narrowed, in pages."""
    reading = reading_of(request)
    asked = _asked(request)
    try:
        kept_as = ("shelf", reading, key, asked, promotions.edition(reading.shop.code))
        return telling.tell(request, kept_as, lambda at: _category(reading, key, asked, at))
    except NoSuchCategory as missing:
        if now_at := catalogue.category_at(reading.shop.code, key):
            return moved(request, reverse("storefront:category", args=[now_at]))
        raise Http404(key) from missing


@require_safe
@throttled("search", methods=("GET",))
def search(request: ShopRequest) -> HttpResponse:
    """What was found; the shelves, where nothing was asked for."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:_LONGEST_SEARCH]
    if not words:
        return redirect("storefront:categories")
    reading = reading_of(request)
    asked = _asked(request)
    key = ("search", reading, words, asked, promotions.edition(reading.shop.code))
    return telling.tell(request, key, lambda at: _search(reading, words, asked, at))


def _home(reading: Reading, at: datetime) -> Document:
    shop, first = reading.shop, addresses.first_of(reading.language)
    shown = catalogue.home(shop.code)
    cards = {card.sku: card for card in (*shown.best, *shown.newest)}
    tops = {each.key: each.path[0] for each in catalogue.categories(shop.code)}
    faces = {tops.get(card.category, ""): card for card in reversed(cards.values())}
    front = addresses.absolute("/", first=first)
    things = [
        linked.organization(name=shop.name, home=front, logo=addresses.absolute(static("storefront/seal.svg"))),
        linked.website(
            name=shop.name,
            home=front,
            search=f"{front}search/?q={{search_term_string}}",
            language=addresses.TAGS[first],
        ),
    ]
    context = frame(reading, path="/") | {
        "entries": [(category, faces.get(category.key)) for category in shown.categories[:_ENTRIES]],
        "rows": [(_("Best sellers"), "home/best", shown.best), (_("New arrivals"), "home/newest", shown.newest)],
        "sight": sights.list_viewed(list_id="home", category="", cards=shown.best),
        "linked": linked.block(things),
    }
    return _document("storefront/home.html", context, cards.values(), at)


def _categories(reading: Reading, at: datetime) -> Document:
    context = frame(reading, path="/c/") | {"branches": catalogue.tree(reading.shop.code)}
    return _document("storefront/categories.html", context, (), at)


def _category(reading: Reading, key: str, asked: Asked, at: datetime) -> Document:
    shop, language, first = reading.shop, reading.language, addresses.first_of(reading.language)
    listing = catalogue.shelf(
        shop.code,
        category=key,
        filters=asked.filters,
        sort=asked.sort or Sort.SALES,
        page=asked.page,
        at=at,
        as_old_as=lists_for(),
    )
    path = f"/c/{key}/" + (f"?page={asked.page}" if asked.page > 1 else "")
    steps = [(each.name.to(language), addresses.absolute(f"/c/{each.key}/", first=first)) for each in listing.crumbs]
    goods = [addresses.absolute(f"/p/{card.sku}/", first=first) for card in listing.cards]
    way = linked.breadcrumbs([(shop.name, addresses.absolute("/", first=first)), *steps])
    top = listing.crumbs[0].key if listing.crumbs else key
    context = frame(reading, path=path, is_indexed=not asked.pairs and asked.sort is None) | {
        "linked": linked.block([way, linked.listed(goods)]),
        "strip": _top_categories(shop.code),
        "strip_here": top,
        "sight": sights.list_viewed(list_id=f"category/{key}", category=key, cards=listing.cards),
        "list_id": f"category/{key}",
    }
    return _list(reading, "storefront/category.html", context, listing, at)


@kept.kept(seconds=30)
def _top_categories(shop: str) -> tuple[Category, ...]:
    """What stands in the strip over every shelf."""
    return tuple(each for each in catalogue.categories(shop) if not each.parent)


def _search(reading: Reading, words: str, asked: Asked, at: datetime) -> Document:
    listing = catalogue.shelf(
        reading.shop.code,
        words=words,
        filters=asked.filters,
        sort=asked.sort,
        page=asked.page,
        at=at,
        as_old_as=lists_for(),
    )
    context = frame(reading) | {
        "asked": words,
        "sight": sights.searched(query=words, total=listing.total),
        "list_id": "search",
        "offered": () if listing.total else catalogue.tree(reading.shop.code),
    }
    return _list(reading, "storefront/search.html", context, listing, at)


def _list(reading: Reading, template: str, context: dict[str, Any], listing: Listing, at: datetime) -> Document:
    view = shelves.View(
        words=context.get("asked", ""),
        filters=listing.filters,
        sort=listing.sort,
        language=reading.language,
        currency=reading.shop.currency,
    )
    around = {
        "listing": listing,
        "sorts": shelves.sorts(view),
        "groups": shelves.groups(listing, view),
        "chosen": shelves.chosen(listing, view),
        "plain": view.address(filters=Filters()),
        "first": view.address(),
        "pages": [(number, view.address(page=number)) for number in shelves.pages_around(listing.page, listing.pages)],
        "before": view.address(page=listing.page - 1) if listing.page > 1 else "",
        "after": view.address(page=listing.page + 1) if listing.page < listing.pages else "",
    }
    return _document(template, context | around, listing.cards, at)


def _document(template: str, context: dict[str, Any], cards: Iterable[Card], at: datetime) -> Document:
    """A page with cards: whether a thing with one SKU is sold out is said on its card."""
    cards = tuple(cards)
    singles = [card.sku for card in cards if card.choices == 1 and not card.parts and card.needs_shipping]
    free = stock.free(singles) if singles else {}
    sold_out = {sku for sku, units in free.items() if units <= 0}
    stocks = {sku: Seen(units=min(units, 1), up_to=1) for sku, units in free.items()}
    shop = context["shop"].code
    offers = promotions.shown(shop, cards, at=at) if cards else {}
    labels = tags.labels(shop, offers) if offers else {}
    lowest = priced.before(context["shop"], cards, offers, at=at)
    return telling.document(
        template,
        context | {"sold_out": sold_out, "at": at, "offers": offers, "labels": labels, "lowest": lowest},
        cards=cards,
        stocks=stocks,
        good_until=at + LISTS_FOR,
        at=at,
    )


def _asked(request: ShopRequest) -> Asked:
    """The filters, the order and the page that an address asks for; what is strange is passed over."""
    sort, page = request.GET.get("sort", ""), request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    filters = filters_of({name: [str(value) for value in values] for name, values in request.GET.lists()})
    return Asked(
        pairs=filters.pairs(), sort=Sort(sort) if sort in list(Sort) else None, page=min(max(number, 1), _MOST_PAGES)
    )

"""Looking at goods: home, shelves, search, a product, its picture."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhanggui.doors.storefront import rules, sights, words
from zhanggui.doors.storefront.throttle import throttled
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.cart import queries as cart
from zhanggui.shop.catalogue import queries as catalogue
from zhanggui.shop.catalogue.errors import NoSuchCategory, NoSuchProduct
from zhanggui.shop.catalogue.rules import Listing, Sort
from zhanggui.shop.checkout import queries as checkout
from zhanggui.supply.stock import queries as stock

_LONGEST_SEARCH: Final = 80
_MOST_PAGES: Final = 500
# Below this many pieces the page says how many are left.
_FEW: Final = 10
_A_YEAR: Final = "public, max-age=31536000, immutable"
# A picture opened by itself runs nothing and loads nothing.
_PICTURE_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_safe
def home(request: ShopRequest) -> HttpResponse:
    """The first page: search, four shelves and all of them, goods."""
    shop = request.visit.shop.code
    shown = catalogue.home(shop)
    faces = {card.category: card for card in reversed(shown.newest + shown.best)}
    entries = [(category, faces.get(category.key)) for category in shown.categories]
    context = {
        "entries": entries,
        "rows": [(_("Best sellers"), "home/best", shown.best), (_("New arrivals"), "home/newest", shown.newest)],
        "sight": sights.list_viewed(list_id="home", category="", cards=shown.best),
        "pieces": cart.pieces(shop, request.visit.visitor),
    }
    return render(request, "storefront/home.html", context)


@require_safe
def categories(request: ShopRequest) -> HttpResponse:
    """All shelves of the shop."""
    shop = request.visit.shop.code
    context = {
        "categories": catalogue.categories(shop),
        "pieces": cart.pieces(shop, request.visit.visitor),
    }
    return render(request, "storefront/categories.html", context)


@require_safe
def category(request: ShopRequest, key: str) -> HttpResponse:
    """One shelf, sorted, in pages."""
    shop = request.visit.shop.code
    try:
        listing = catalogue.category(shop, key, page=_page(request), sort=_sort(request))
    except NoSuchCategory as missing:
        raise Http404(key) from missing
    sight = sights.list_viewed(list_id=f"category/{key}", category=key, cards=listing.cards)
    return _list(request, "storefront/category.html", listing, sight=sight, list_id=f"category/{key}")


@require_safe
@throttled("search", methods=("GET",))
def search(request: ShopRequest) -> HttpResponse:
    """What was found."""
    asked = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:_LONGEST_SEARCH]
    if not asked:
        return redirect("storefront:categories")
    listing = catalogue.search(request.visit.shop.code, asked, page=_page(request), sort=_sort(request))
    sight = sights.searched(query=asked, total=listing.total)
    return _list(request, "storefront/search.html", listing, sight=sight, list_id="search", asked=asked)


@require_safe
def product(request: ShopRequest, sku: str) -> HttpResponse:
    """A product: picture, decision with its proof, then problem, solution, proof, parameters, reviews."""
    visit = request.visit
    try:
        shown = catalogue.product(visit.shop.code, sku)
    except NoSuchProduct as missing:
        raise Http404(sku) from missing
    free_units = stock.free([sku]).get(sku, 0)
    problem, solution = rules.parted(shown.summary.to(request.LANGUAGE_CODE))
    reviews = catalogue.reviews(sku, page=_page(request))
    context = {
        "product": shown,
        "card": shown.card,
        "problem": problem,
        "solution": solution,
        "can_be_bought": shown.card.is_listed and free_units > 0,
        "few_left": free_units if free_units < _FEW else None,
        "most": min(free_units, 99),
        "terms": checkout.terms(visit.shop.code),
        "reviews": reviews,
        "ratings": [(stars, reviews.by_rating[stars - 1]) for stars in (5, 4, 3, 2, 1)],
        "sight": sights.viewed(shown),
        "sight_added": sights.added(shown.card),
        "pieces": cart.pieces(visit.shop.code, visit.visitor),
    }
    return render(request, "storefront/product.html", context)


@require_safe
def picture(request: ShopRequest, sku: str, version: str) -> HttpResponse:
    """A product's picture under an address that changes with it, so that it may be kept for ever."""
    try:
        shown = catalogue.picture(sku)
    except NoSuchProduct as missing:
        raise Http404(sku) from missing
    if shown.version != version:
        moved = HttpResponsePermanentRedirect(reverse("storefront:picture", args=[sku, shown.version]))
        moved.headers["Cache-Control"] = "no-cache"
        return moved
    response = HttpResponse(shown.svg, content_type="image/svg+xml")
    response.headers["Cache-Control"] = _A_YEAR
    response.headers["Content-Security-Policy"] = _PICTURE_POLICY
    return response


def _list(
    request: ShopRequest, template: str, listing: Listing, *, sight: str, list_id: str, asked: str = ""
) -> HttpResponse:
    shop = request.visit.shop.code
    context = {
        "listing": listing,
        "categories": catalogue.categories(shop),
        "sorts": [(sort.value, words.SORTS[sort]) for sort in Sort],
        "asked": asked,
        "sight": sight,
        "list_id": list_id,
        "pages": _pages_around(listing.page, listing.pages),
        "pieces": cart.pieces(shop, request.visit.visitor),
    }
    return render(request, template, context)


def _pages_around(page: int, pages: int) -> list[int]:
    """The numbers that stand under a list: the first, the last and those around; 0 for a gap between them."""
    shown = sorted({1, pages, *(n for n in range(page - 1, page + 2) if 1 <= n <= pages)})
    with_gaps: list[int] = []
    for number in shown:
        if with_gaps and number - with_gaps[-1] > 1:
            with_gaps.append(0)
        with_gaps.append(number)
    return with_gaps


def _page(request: ShopRequest) -> int:
    asked = request.GET.get("page", "1")
    return min(max(int(asked), 1), _MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def _sort(request: ShopRequest) -> Sort:
    asked = request.GET.get("sort", "")
    return Sort(asked) if asked in list(Sort) else Sort.SALES

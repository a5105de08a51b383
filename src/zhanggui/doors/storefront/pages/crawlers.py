"""What search engines read: robots.txt, and the sitemap in parts, streamed, with both languages of every page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final, TypeVar
from xml.sax.saxutils import escape

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from zhanggui.doors.storefront import addresses, frame, topics
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.shop.catalogue import queries as catalogue

# Each product stands twice, once in each language; a part may hold 50,000 addresses.
PRODUCTS_PER_PART: Final = 10_000
_AT_ONCE: Final = 1_000
_AN_HOUR: Final = "public, max-age=3600"
_XML: Final = "application/xml"
_URLSET: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
# What belongs to one shopper, and what costs much to make and says nothing new.
_CLOSED: Final = ("cart/", "checkout/", "orders/", "account/", "search/", "console/", "sandbox/", "v1/", "api/")

Answer = TypeVar("Answer", HttpResponse, StreamingHttpResponse)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers leave alone, and where the sitemap is."""
    closed = [f"Disallow: /{first}{path}" for path in _CLOSED for first in ("", "zh/", "en/")]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {addresses.absolute(reverse('storefront:sitemap'))}", ""]
    return _kept(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))


@require_safe
def sitemap(request: ShopRequest) -> HttpResponse:
    """The parts of the sitemap: one of shelves and help, then the products."""
    starts = catalogue.listed_starts(request.visit.shop.code, every=PRODUCTS_PER_PART)
    parts = "".join(
        f"<sitemap><loc>{addresses.absolute(reverse('storefront:sitemap_part', args=[part]))}</loc></sitemap>\n"
        for part in range(len(starts) + 1)
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    )
    return _kept(HttpResponse(f"{head}{parts}</sitemapindex>\n", content_type=_XML))


@require_safe
def sitemap_part(request: ShopRequest, part: int) -> StreamingHttpResponse:
    """One part of the sitemap, told while it is read."""
    shop = request.visit.shop.code
    if part == 0:
        return _kept(StreamingHttpResponse(_told((path, None) for path in _shelves(shop)), content_type=_XML))
    starts = catalogue.listed_starts(shop, every=PRODUCTS_PER_PART)
    if part > len(starts):
        raise Http404(str(part))
    return _kept(StreamingHttpResponse(_told(_products(shop, starts[part - 1])), content_type=_XML))


def _shelves(shop: str) -> list[str]:
    shelves = [f"/c/{category.key}/" for category in catalogue.categories(shop)]
    return ["/", "/c/", *shelves, *(f"/help/{key}/" for key in topics.TOPICS)]


def _products(shop: str, start: str) -> Iterator[tuple[str, datetime | None]]:
    """The products of a part, the first named, in the order of their keys."""
    left, first, is_first = PRODUCTS_PER_PART, start, True
    while left:
        found = catalogue.listed_from(shop, first, is_included=is_first, limit=min(left, _AT_ONCE))
        yield from ((f"/p/{sku}/", at) for sku, at in found)
        if len(found) < min(left, _AT_ONCE):
            return
        left, first, is_first = left - len(found), found[-1][0], False


def _told(pages: Iterable[tuple[str, datetime | None]]) -> Iterator[str]:
    """The file, a piece at a time: each page in each language, with its other languages."""
    yield _URLSET
    lines: list[str] = []
    for path, changed_at in pages:
        links = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{escape(address)}"/>'
            for tag, address in frame.alternates(path)
        )
        changed = f"<lastmod>{changed_at:%Y-%m-%d}</lastmod>" if changed_at else ""
        lines += (
            f"<url><loc>{escape(addresses.absolute(path, first=first))}</loc>{changed}{links}</url>\n"
            for first in addresses.TAGS
        )
        if len(lines) >= _AT_ONCE:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines) + "</urlset>\n"


def _kept(response: Answer) -> Answer:
    response.headers["Cache-Control"] = _AN_HOUR
    return response

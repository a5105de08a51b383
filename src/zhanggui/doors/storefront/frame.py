"""What stands around every page of the shop: its name, its addresses in each language, what a link to it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from zhanggui.base.shops.rules import Shop
from zhanggui.doors.storefront import addresses


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a page is read: in which language, under which addresses, told of or not.

    language  Django's name: zh-hans or en
    first     what stands first in the addresses: zh, en, or nothing for the reader's own language
    """

    shop: Shop
    language: str
    first: str
    is_traced: bool


def reading_of(request: HttpRequest) -> Reading:
    """How a page of the shop is read by whoever asks for it."""
    visit = request.visit  # type: ignore[attr-defined]
    return Reading(
        shop=visit.shop,
        language=request.LANGUAGE_CODE,
        first=addresses.spoken_of(request),
        is_traced=visit.is_traced,
    )


def frame(reading: Reading, *, path: str = "", is_indexed: bool = True) -> dict[str, Any]:
    """The part of a page's context that its frame needs.

    path        without a language, with what of its query makes it another page; empty for a page of one shopper
    is_indexed  whether search engines are to list it; one of many ways to see the same shelf is not
    """
    around: dict[str, Any] = {"shop": reading.shop, "is_traced": reading.is_traced}
    if path:
        around["canonical"] = addresses.absolute(path, first=addresses.first_of(reading.language))
        around["alternates"] = alternates(path)
        around["is_indexed"] = is_indexed
    return around


def alternates(path: str) -> tuple[tuple[str, str], ...]:
    """The addresses of a page by what hreflang calls their languages."""
    each = tuple((tag, addresses.absolute(path, first=first)) for first, tag in addresses.TAGS.items())
    return (*each, ("x-default", addresses.absolute(path)))


def live(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of a page that is made for one request."""
    return frame(reading_of(request)) if hasattr(request, "visit") else {}

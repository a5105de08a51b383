"""The language of a page by its address: /zh/p/TEA/ and /en/p/TEA/ are the same page, each in one language.

An address without a language speaks the shopper's own: the one chosen before, else what the browser asks for. That is
the one people pass on; crawlers are shown the two others (canonical, hreflang, sitemap).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix, reverse, set_script_prefix

from zhanggui.shop.catalogue.rules import Card, renditions

# What stands first in an address -> Django's name of the language, and the browser's.
LANGUAGES: Final = {"zh": "zh-hans", "en": "en"}
TAGS: Final = {"zh": "zh-Hans", "en": "en"}
# Stands in an address where the key of its page is to stand; the signs that Django leaves as they are in a path.
_KEY: Final = "-key-"
_VERSION: Final = "0123456789abcdef"
_PLAIN: Final = "!$&'()*+,;=:@-._~"
# Other doors speak one language at a time and have no such addresses.
_ELSEWHERE: Final = ("/console/", "/sandbox/", "/v1/", "/static/", "/api/")


class AddressLanguageMiddleware:
    """Takes the language off an address, and puts it before every address that the page leads to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as if the language were not in the address; `spoken_of` tells it."""
        first, path = parted(request.path_info)
        if not first or path.startswith(_ELSEWHERE):
            return self.get_response(request)
        request.path_info = path
        request.spoken = first  # type: ignore[attr-defined]
        before = get_script_prefix()
        set_script_prefix(f"{before}{first}/")
        try:
            return self.get_response(request)
        finally:
            set_script_prefix(before)


def spoken_of(request: HttpRequest) -> str:
    """What stands before the address of a request: zh, en or nothing."""
    return getattr(request, "spoken", "")


def parted(path: str) -> tuple[str, str]:
    """The language of an address, empty if it names none, and the address without it.

    source   /en/p/TEA/ -> en, /p/TEA/; /enamel/ -> "", /enamel/
    """
    first, slash, rest = path[1:].partition("/")
    return (first, f"/{rest}") if slash and first in LANGUAGES else ("", path)


def absolute(path: str, *, first: str = "") -> str:
    """The public address of a path, in a language or in the reader's own.

    path  as it is without a language, with its query
    """
    return f"{settings.PUBLIC_URL}/{first}{path}" if first else f"{settings.PUBLIC_URL}{path}"


def first_of(language: str) -> str:
    """What stands first in the addresses of a language."""
    return "en" if language == "en" else "zh"


def within(name: str, key: str) -> str:
    """The address of one of very many pages of a kind, such as a product's, in the language of this address."""
    return _pattern(name, get_script_prefix()).replace(_KEY, quote(key, safe=_PLAIN))


@functools.lru_cache(maxsize=64)
def _pattern(name: str, prefix: str) -> str:
    return reverse(f"storefront:{name}", args=[_KEY])


def picture_of(card: Card) -> str:
    """Where the picture of a SKU lies: the same address in every language, so that it is fetched once."""
    if card.picture_file:
        return file_of(card.picture_file)
    return _picture_pattern().replace(_KEY, quote(card.sku, safe=_PLAIN)).replace(_VERSION, card.picture_version)


@functools.lru_cache(maxsize=1)
def _picture_pattern() -> str:
    return parted(reverse("storefront:picture", args=[_KEY, _VERSION]))[1]


def smaller_of(name: str) -> str:
    """The smaller renditions of a picture, as a browser chooses among them: `srcset`; empty if there are none."""
    return ", ".join(f"{file_of(each)} {width}w" for width, each in renditions.names_of(name).items())


def file_of(name: str) -> str:
    """Where a file of the media store lies, the same in every language."""
    return parted(reverse("storefront:medium", args=[name]))[1]

"""The language of whoever asks, for every door; the shop's own pages may yet choose another by their address."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers


class LanguageMiddleware:
    """As Django's `LocaleMiddleware` where no address begins with a language: what it finds is remembered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Speak the language that was chosen before, else what the browser asks for; say so with the answer."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = _wanted(chosen, request.META.get("HTTP_ACCEPT_LANGUAGE", ""))
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        vary_by(response, "Accept-Language")
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def vary_by(response: HttpResponse, header: str) -> None:
    """Say that the answer depends on that header of the request too."""
    response.headers["Vary"] = _varied(response.headers.get("Vary", ""), header)


@lru_cache(maxsize=256)
def _wanted(chosen: str, accepts: str) -> str:
    asked = HttpRequest()
    asked.COOKIES[settings.LANGUAGE_COOKIE_NAME] = chosen
    asked.META["HTTP_ACCEPT_LANGUAGE"] = accepts
    return translation.get_language_from_request(asked)


@lru_cache(maxsize=256)
def _varied(before: str, header: str) -> str:
    response = HttpResponse(headers={"Vary": before} if before else None)
    patch_vary_headers(response, (header,))
    return str(response.headers["Vary"])

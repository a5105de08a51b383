"""Cookies that the shop keeps with nearly every answer, written by hand: Django takes as long as finding the page."""

from __future__ import annotations

from collections.abc import Container
from datetime import timedelta
from http.cookies import Morsel
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse

_ENDED: Final = timedelta(0)


class Crumb(Morsel[str]):
    """A cookie of the whole site that no script reads and no other site's form sends.

    value  letters, digits and signs that stand in a cookie as they are
    lasts  until the browser ends if None
    """

    def __init__(self, name: str, value: str, lasts: timedelta | None) -> None:
        super().__init__()
        self.set(name, value, value)
        age = "" if lasts is None else int(lasts.total_seconds())
        said: dict[str, Any] = {"max-age": age, "path": "/", "httponly": True, "samesite": "Lax"}
        self.update(said | {"secure": settings.IS_SECURE})

    def OutputString(self, attrs: Container[str] | None = None) -> str:  # noqa: N802 -- the name Python gave it
        """As the header says it."""
        age = "" if self["max-age"] == "" else f"; Max-Age={self['max-age']}"
        secure = "; Secure" if self["secure"] else ""
        return f"{self.key}={self.value}; HttpOnly{age}; Path=/; SameSite=Lax{secure}"


def keep(response: HttpResponse, name: str, value: str, *, lasts: timedelta | None = None) -> None:
    """Have the browser keep a word of ours."""
    response.cookies[name] = Crumb(name, value, lasts)


def forget(response: HttpResponse, name: str) -> None:
    """Have the browser forget a word of ours."""
    response.cookies[name] = Crumb(name, "", _ENDED)

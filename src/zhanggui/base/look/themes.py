"""The look a person chose: light, dark, or as the device says; kept in a cookie that says nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse

COOKIE: Final = "theme"
THEMES: Final = ("light", "dark")
_KEPT_FOR: Final = timedelta(days=365)


def theme_of(request: HttpRequest) -> str:
    """The chosen look, `light` or `dark`; empty if the device decides."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else ""


def remember(response: HttpResponse, *, theme: str, is_secure: bool) -> None:
    """Keep the choice for a year; any other word than light or dark forgets it."""
    if theme in THEMES:
        # theme.js writes the same cookie, so it is not HttpOnly; it decides nothing but colours.
        response.set_cookie(COOKIE, theme, max_age=_KEPT_FOR, samesite="Lax", secure=is_secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")


def look(request: HttpRequest) -> dict[str, str]:
    """Context processor: `theme`, for `<html data-theme>`."""
    return {"theme": theme_of(request)}

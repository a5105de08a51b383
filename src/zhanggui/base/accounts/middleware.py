"""One session for the console, another for the shop, in one browser, each under a cookie of its own.

Signing in to one door neither opens nor closes the other: each sees only its own cookie.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from zhanggui.base.accounts.sessions import SessionStore

_CONSOLE: Final = "/console/"


class SessionMiddleware:
    """Gives a request the session of the door it came to; what was written there is kept with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the session of this door; a session that was never looked at costs nothing."""
        cookie = cookie_of(request)
        request.session = SessionStore(request.COOKIES.get(cookie))
        response = self.get_response(request)
        _keep(request, response, cookie)
        return response


def cookie_of(request: HttpRequest) -> str:
    """The name of the cookie that carries this door's session."""
    is_console = request.path_info.startswith(_CONSOLE)
    return settings.SESSION_COOKIE_NAME if is_console else settings.SHOP_SESSION_COOKIE


def _keep(request: HttpRequest, response: HttpResponse, cookie: str) -> None:
    session = request.session
    if session.accessed:
        patch_vary_headers(response, ("Cookie",))
    if cookie in request.COOKIES and session.accessed and session.is_empty():
        response.delete_cookie(cookie, samesite="Lax")
        return
    if not session.modified or session.is_empty() or response.status_code >= 500:
        return
    try:
        session.save()
    except UpdateError as gone:
        raise SessionInterrupted("The session was ended while the page was made.") from gone
    response.set_cookie(
        cookie,
        session.session_key or "",
        max_age=session.get_expiry_age(),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )

"""A small brake on what costs most: searching and placing orders, per network address and minute.

    search    60 a minute
    checkout  10 a minute, or what the installation says
    sign_in   10 a minute
    code      20 a minute
    say       20 a minute, reviews, questions, votes
    wish      60 a minute
    flash     30 a minute, wanting something of a flash sale
    teams     30 a minute, opening and joining teams

Counted in each web process by itself, so two processes let twice as many through; it stops a runaway script, not an
attack, which is the balancer's work. Behind a balancer (ZHANGGUI_URL is https) the address is the last one it added
to X-Forwarded-For.
"""

from __future__ import annotations

import functools
import threading
from collections import Counter
from collections.abc import Callable
from typing import Concatenate, Final, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from zhanggui.base import clock
from zhanggui.doors.storefront.visit import ShopRequest

PER_MINUTE: Final = {
    "search": 60,
    "checkout": settings.CHECKOUTS_A_MINUTE,
    "sign_in": 10,
    "code": 20,
    "say": 20,
    "wish": 60,
    "flash": 30,
    "teams": 30,
}
_MOST_ADDRESSES: Final = 20_000
P = ParamSpec("P")
Page = Callable[Concatenate[ShopRequest, P], HttpResponse]


class Brake:
    """How often an address came in the running minute; forgets all of it when the minute, or the room, is over."""

    def __init__(self) -> None:
        self._minute = 0
        self._seen: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def is_too_often(self, *, what: str, address: str, minute: int) -> bool:
        """Count one more, and say whether it is one too many."""
        with self._lock:
            if minute != self._minute or len(self._seen) >= _MOST_ADDRESSES:
                self._minute = minute
                self._seen.clear()
            self._seen[what, address] += 1
            return self._seen[what, address] > PER_MINUTE[what]

    def forget(self) -> None:
        """Let everybody start anew."""
        with self._lock:
            self._seen.clear()


brake: Final = Brake()


def throttled(what: str, *, methods: tuple[str, ...]) -> Callable[[Page[P]], Page[P]]:
    """Answer 429 with Retry-After to an address that asks for that too often."""

    def around(page: Page[P]) -> Page[P]:
        @functools.wraps(page)
        def guarded(request: ShopRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            minute = int(clock.now().timestamp()) // 60
            if request.method in methods and brake.is_too_often(what=what, address=address_of(request), minute=minute):
                refused = render(request, "storefront/too_often.html", status=429)
                refused.headers["Retry-After"] = "60"
                return refused
            return page(request, *args, **kwargs)

        return guarded

    return around


def address_of(request: HttpRequest) -> str:
    """The network address that asks."""
    if settings.IS_SECURE:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:45]
    return str(request.META.get("REMOTE_ADDR", ""))

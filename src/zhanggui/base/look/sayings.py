"""What is said once to whoever comes next, such as "Added to the cart"; a page that says nothing pays nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib.messages.storage import default_storage
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

_COOKIE: Final = "messages"


class Sayings(LazyObject):  # type: ignore[type-arg]
    """Django's store of messages, opened by whoever says or reads one first."""

    def __init__(self, request: HttpRequest) -> None:
        self.__dict__["request"] = request
        super().__init__()

    def _setup(self) -> None:
        self._wrapped = default_storage(self.__dict__["request"])

    @property
    def is_open(self) -> bool:
        """Whether something was said or read."""
        return self._wrapped is not empty


class MessageMiddleware:
    """As Django's own, but a request for which nothing is said opens no store."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and let the answer carry what is still to be said."""
        sayings = Sayings(request)
        request._messages = sayings  # type: ignore[attr-defined]
        response = self.get_response(request)
        if sayings.is_open:
            sayings.update(response)
        return response


def has_sayings(request: HttpRequest) -> bool:
    """Whether there may be something to say on this page."""
    return _COOKIE in request.COOKIES or request._messages.is_open  # type: ignore[attr-defined]

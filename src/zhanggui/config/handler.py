"""Between the web server and Django: an answer is handed over whole, and a fixed address is looked up once."""

from __future__ import annotations

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch


class Handler(WSGIHandler):
    """Django's own handler, with two ways cut short.

    The web server sends a list of bytes at once. Of anything else it sends the head and then what follows, each handed
    from thread to thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self._fixed: dict[str, ResolverMatch] = {}

    def __call__(  # type: ignore[override]
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer; a page that is made bit by bit is still told so."""
        answer: Iterable[bytes] = super().__call__(environ, start_response)
        if not isinstance(answer, HttpResponse):
            return answer
        whole = [answer.content]
        answer.close()
        return whole

    def resolve_request(self, request: HttpRequest) -> ResolverMatch:
        """The page of an address; one in which nothing is a key is looked for once."""
        found = self._fixed.get(request.path_info)
        if found is None:
            found = super().resolve_request(request)
            if not found.args and not found.kwargs:
                self._fixed[request.path_info] = found
        request.resolver_match = found
        return found

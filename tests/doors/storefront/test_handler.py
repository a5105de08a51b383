"""What the web server is handed: whole answers, and the right page for each address."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from io import BytesIO

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from zhanggui.config.handler import Handler


@pytest.fixture
def handler(shelves: None) -> Iterator[Handler]:
    """As the web server's process makes it, but on the test's own connection, which stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield Handler()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _asked(handler: Handler, path: str) -> tuple[str, dict[str, str], Iterable[bytes]]:
    """Status, head and answer, as the web server gets them."""
    told: list[tuple[str, list[tuple[str, str]]]] = []

    def begin(status: str, head: list[tuple[str, str]], wrong: object = None, /) -> Callable[[bytes], object]:
        told.append((status, head))
        return lambda _: None

    environ = RequestFactory()._base_environ(PATH_INFO=path, **{"wsgi.input": BytesIO()})  # type: ignore[attr-defined]
    answer = handler(environ, begin)
    ((status, head),) = told
    return status, dict(head), answer


def test_a_page_is_handed_over_whole(handler: Handler) -> None:
    status, head, answer = _asked(handler, "/robots.txt")

    assert status == "200 OK"
    assert isinstance(answer, list)
    (page,) = answer
    assert head["Content-Length"] == str(len(page))


def test_an_address_is_found_again_as_it_was_the_first_time(handler: Handler) -> None:
    requests = [RequestFactory().get(path) for path in ("/cart/", "/cart/", "/orders/A/", "/orders/B/", "/orders/")]
    found = [handler.resolve_request(request) for request in requests]

    assert [match.url_name for match in found] == ["cart", "cart", "order", "order", "orders"]
    assert [match.kwargs for match in found[2:]] == [{"number": "A"}, {"number": "B"}, {}]
    assert [request.resolver_match for request in requests] == found


def test_what_is_made_bit_by_bit_is_told_bit_by_bit(handler: Handler, settings: Settings) -> None:
    settings.DEBUG = True  # static files are found where they lie
    status, _, answer = _asked(Handler(), "/static/look/tokens.css")

    assert status == "200 OK"
    assert not isinstance(answer, list)
    assert b":root" in b"".join(answer)
    answer.close()  # type: ignore[attr-defined]

"""Pictures, films and models of products: told whole, and in the parts that a player asks for."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.doors.storefront.ranges import span_of
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Medium, MediumKind, Words
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

# A film as far as its first bytes say; what follows is any.
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(n % 251 for n in range(200_000))


@pytest.fixture
def film(walker: Walker) -> str:
    """The name of a film in the media store."""
    return catalogue.keep_file(content=FILM)


def told(client: Client, film: str, **headers: str) -> tuple[int, Any, bytes]:
    """What is told of a film to a player that asks like this: status, headers, bytes."""
    answer = client.get(f"/media/{film}", headers={name.replace("_", "-"): said for name, said in headers.items()})
    body = b"".join(answer) if answer.streaming else answer.content
    return answer.status_code, answer.headers, body


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bytes=0-99", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=900-", (900, 100)),
        ("bytes=990-2000", (990, 10)),
        ("bytes=-50", (950, 50)),
        ("bytes=-5000", (0, 1000)),
        (" Bytes=10-19 ", (10, 10)),
        ("bytes=1000-", (1000, 0)),
        ("bytes=1000-1001", (1000, 0)),
        ("bytes=-0", (1000, 0)),
        ("", None),
        ("bytes=-", None),
        ("bytes=9-3", None),
        ("bytes=a-b", None),
        ("bytes=0-1,5-6", None),
        ("items=0-1", None),
        ("bytes=0 - 1", None),
        ("bytes=٠-٩", None),
        (f"bytes=0-{'9' * 400}", None),
    ],
)
def test_a_range_is_understood_as_players_write_it(asked: str, found: tuple[int, int] | None) -> None:
    span = span_of(asked, size_bytes=1000)

    assert (span and (span.start, span.size_bytes)) == found


@given(asked=st.from_regex(r"bytes=\d{0,6}-\d{0,6}", fullmatch=True), size=st.integers(0, 5000))
def test_a_part_never_reaches_beyond_its_file(asked: str, size: int) -> None:
    span = span_of(asked, size_bytes=size)

    assert span is None or span.size_bytes == 0 or 0 <= span.start <= span.last < size


def test_a_film_is_told_whole_and_says_that_it_can_be_had_in_parts(client: Client, film: str) -> None:
    status, headers, body = told(client, film)

    assert (status, headers["Accept-Ranges"], headers["Content-Type"]) == (200, "bytes", "video/mp4")
    assert headers["Content-Length"] == str(len(FILM))
    assert body == FILM


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-1", 0, 2), ("bytes=100-", 100, len(FILM)), ("bytes=-7", len(FILM) - 7, len(FILM))],
)
def test_a_player_gets_the_part_that_it_asks_for(client: Client, film: str, asked: str, start: int, end: int) -> None:
    status, headers, body = told(client, film, Range=asked)

    assert status == 206
    assert headers["Content-Range"] == f"bytes {start}-{end - 1}/{len(FILM)}"
    assert headers["Content-Length"] == str(end - start)
    assert "immutable" in headers["Cache-Control"]
    assert body == FILM[start:end]


def test_a_part_that_the_film_does_not_have_is_refused_with_its_size(client: Client, film: str) -> None:
    status, headers, body = told(client, film, Range=f"bytes={len(FILM)}-")

    assert (status, headers["Content-Range"], body) == (416, f"bytes */{len(FILM)}", b"")


@pytest.mark.parametrize(
    ("condition", "status"),
    [('"{film}"', 206), ('"another.mp4"', 200), ('W/"{film}"', 200), ("Sun, 22 Nov 2026 06:00:00 GMT", 200)],
)
def test_a_part_is_only_told_to_whoever_has_the_rest_of_the_same_film(
    client: Client, film: str, condition: str, status: int
) -> None:
    got, _headers, body = told(client, film, Range="bytes=0-9", If_Range=condition.format(film=film))

    assert (got, len(body)) == (status, 10 if status == 206 else len(FILM))


def test_whoever_has_the_film_already_is_told_so(client: Client, film: str) -> None:
    _status, headers, _body = told(client, film)

    assert told(client, film, If_None_Match=f'"other", {headers["ETag"]}')[::2] == (304, b"")


def test_asking_for_the_head_of_a_part_tells_of_the_whole(client: Client, film: str) -> None:
    head = client.head(f"/media/{film}", headers={"Range": "bytes=0-9"})

    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(FILM)))


def test_a_browser_is_told_a_small_picture_that_it_may_keep_for_ever(walker: Walker) -> None:
    name = catalogue.keep_file(content=a_photograph())

    status, headers, body = told(walker.client, f"{name}-320.webp")

    assert (status, headers["Content-Type"]) == (200, "image/webp")
    assert "immutable" in headers["Cache-Control"]
    assert body[8:12] == b"WEBP"
    assert told(walker.client, f"{'b' * 32}.jpg-320.webp")[0] == 404


def test_a_product_with_a_photograph_offers_it_in_three_widths(walker: Walker) -> None:
    name = catalogue.keep_file(content=a_photograph())
    photographed = replace(
        made.a_new_product("CUP"), media=(Medium(kind=MediumKind.PICTURE, file=name, alt=Words(zh="杯", en="Cup")),)
    )
    catalogue.list_product(product=photographed, trail=Trail(shop=made.SHOP), by=made.CLERK)

    offered = " ".join(f"/media/{name}-{width}.webp {width}w," for width in (320, 640, 1280)).rstrip(",")

    assert f'srcset="{offered}"' in walker.opens("/p/CUP/").html
    assert f'srcset="{offered}"' in walker.opens("/").html


def a_photograph() -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize((1600, 1200)).save(written, "JPEG")
    return written.getvalue()

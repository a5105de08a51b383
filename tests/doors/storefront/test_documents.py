"""Pages that are kept: told again as long as they are true, with nothing of anybody in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.doors.storefront import documents, holes
from zhanggui.doors.storefront.documents import Document, Shelf
from zhanggui.doors.storefront.rules import ENDLESS, Seen, free_units
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)


def a_document(words: str = "words", *, good_until: datetime = LATER) -> Document:
    parts, names = documents.cut(words)
    return Document(parts=parts, holes=names, good_until=good_until)


@given(st.lists(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))), st.data())
def test_a_page_that_was_cut_is_whole_again_with_its_holes_filled(pieces: list[str], data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(["cart", "form"]), min_size=len(pieces), max_size=len(pieces)))
    html = "".join(piece + documents.mark(name) for piece, name in zip(pieces, names, strict=True))

    told = a_document(html).told(lambda name: f"<{name}>".encode())

    assert told.decode() == "".join(f"{piece}<{name}>" for piece, name in zip(pieces, names, strict=True))


def test_a_document_is_forgotten_when_its_time_is_over() -> None:
    shelf = Shelf()
    shelf.put("key", a_document(), most_bytes=100_000)

    assert shelf.get("key", at=NOW) is not None
    assert shelf.get("key", at=LATER) is None


def test_the_longest_unused_document_makes_room() -> None:
    shelf = Shelf()
    room = 2 * a_document("x" * 5000).size_bytes
    for key in ("first", "second"):
        shelf.put(key, a_document("x" * 5000), most_bytes=room)
    shelf.get("first", at=NOW)
    shelf.put("third", a_document("x" * 5000), most_bytes=room)

    assert [key for key in ("first", "second", "third") if shelf.get(key, at=NOW)] == ["first", "third"]


def test_a_document_that_replaces_another_takes_no_more_room() -> None:
    shelf = Shelf()
    room = 2 * a_document("x" * 5000).size_bytes
    shelf.put("other", a_document("x" * 5000), most_bytes=room)
    for _ in range(5):
        shelf.put("same", a_document("x" * 5000), most_bytes=room)

    assert len(shelf) == 2


def test_a_document_too_large_for_the_room_is_not_kept() -> None:
    shelf = Shelf()
    shelf.put("key", a_document("x" * 5000), most_bytes=100)

    assert len(shelf) == 0


@pytest.mark.parametrize(
    ("seen", "free", "is_still"),
    [
        (Seen(units=10, up_to=10), 10, True),
        (Seen(units=10, up_to=10), 5000, True),
        (Seen(units=10, up_to=10), 9, False),
        (Seen(units=3, up_to=10), 3, True),
        (Seen(units=3, up_to=10), 2, False),
        (Seen(units=0, up_to=10), 0, True),
        (Seen(units=0, up_to=10), 1, False),
    ],
)
def test_what_a_page_says_of_the_stock_holds_or_does_not(seen: Seen, free: int, is_still: bool) -> None:
    assert seen.is_still(free) is is_still


@pytest.mark.parametrize(
    ("parts", "units", "expected"),
    [
        ((("CUP", 1),), {"CUP": 7}, 7),
        ((("CUP", 1), ("SPOON", 2)), {"CUP": 7, "SPOON": 12}, 6),
        ((("CUP", 3),), {"CUP": 2}, 0),
        ((("CUP", 1),), {"CUP": -1}, 0),
        ((), {}, ENDLESS),
    ],
)
def test_a_set_can_be_had_as_often_as_its_scarcest_part(
    parts: tuple[tuple[str, int], ...], units: dict[str, int], expected: int
) -> None:
    seen = {sku: Seen(units=n, up_to=99) for sku, n in units.items()}

    assert free_units(parts, seen) == expected


pages = pytest.mark.parametrize("address", ["/", "/c/", "/c/cups/", "/search/?q=cup", "/p/CUP/"])


@pytest.mark.django_db
@pages
def test_a_kept_page_is_the_same_for_another_shopper_but_for_what_is_theirs(
    walker: Walker, another: Callable[..., Walker], address: str
) -> None:
    first = walker.opens(address)
    other = another(**{"Accept-Language": "en-GB"})
    second = other.opens(address)

    assert second.attribute("visitor") == other.id != walker.id
    assert second.view != first.view
    for mine in (walker.id, first.view, first.attribute("session"), walker.client.cookies["csrftoken"].value):
        assert mine not in second.html


@pytest.mark.django_db
@pages
def test_a_document_holds_nothing_of_the_shopper_it_was_made_for(walker: Walker, address: str) -> None:
    walker.lays_aside()
    page = walker.opens(address)

    kept = b"".join(part for document in documents.shelf._kept.values() for part in document.parts)

    assert kept
    for mine in (walker.id, page.view, page.attribute("session"), "csrfmiddlewaretoken", "Added to the cart"):
        assert mine.encode() not in kept


@pytest.mark.django_db
def test_a_changed_price_is_on_the_page_at_once(walker: Walker) -> None:
    for address in ("/p/CUP/", "/c/cups/", "/"):
        assert "CN¥59.90" in walker.opens(address).text

    catalogue.change_price(sku="CUP", price=made.cny(4990), trail=Trail(shop=made.SHOP), by=made.CLERK)

    for address in ("/p/CUP/", "/c/cups/", "/"):
        assert "CN¥49.90" in walker.opens(address).text


@pytest.mark.django_db
def test_the_last_pieces_are_on_the_page_at_once(walker: Walker, another: Callable[..., Walker]) -> None:
    assert "In stock" in walker.opens("/p/CUP/").text

    another(**{"Accept-Language": "en"}).orders("CUP", 8)
    assert "Only 2 pieces left" in walker.opens("/p/CUP/").text
    assert "Sold out" not in walker.opens("/c/cups/").text
    another(**{"Accept-Language": "en"}).orders("CUP", 2)

    assert "Sold out for now" in walker.opens("/p/CUP/").text
    assert "Sold out" in walker.opens("/c/cups/").text


@pytest.mark.django_db
def test_new_stock_is_on_the_page_at_once(walker: Walker) -> None:
    made.a_product("RARE", units=0)
    assert "Sold out for now" in walker.opens("/p/RARE/").text

    stock.receive(reference="more", units={"RARE": 3}, trail=Trail(shop=made.SHOP), by=made.CLERK)

    assert "Only 3 pieces left" in walker.opens("/p/RARE/").text


@pytest.mark.django_db
def test_a_product_that_was_taken_off_is_said_so_at_once(walker: Walker) -> None:
    walker.opens("/p/CUP/")
    walker.opens("/c/cups/")

    catalogue.delist(sku="CUP", trail=Trail(shop=made.SHOP), by=made.CLERK)

    assert "No longer sold" in walker.opens("/p/CUP/").text
    assert 'href="/p/CUP/"' not in walker.opens("/c/cups/").html


@pytest.mark.django_db
def test_each_language_address_and_wish_for_no_trace_has_a_page_of_its_own(another: Callable[..., Walker]) -> None:
    english, chinese = another(**{"Accept-Language": "en"}), another(**{"Accept-Language": "zh-CN"})
    shy = another(**{"Accept-Language": "en", "DNT": "1"})

    assert '<html lang="en">' in english.opens("/p/CUP/").html
    assert '<html lang="zh-Hans">' in chinese.opens("/p/CUP/").html
    assert "data-sight" not in shy.opens("/p/CUP/").html
    assert 'href="/en/c/cups/"' in chinese.opens("/en/p/CUP/").html
    assert 'href="/c/cups/"' in english.opens("/p/CUP/").html


@pytest.mark.django_db
def test_an_installation_that_keeps_no_pages_makes_each_anew(walker: Walker, settings: Settings) -> None:
    settings.PAGES_BYTES = 0

    assert walker.opens("/p/CUP/").status == 200
    assert len(documents.shelf) == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "kept", "anew"),
    [
        ("/", 1, 10),
        ("/c/", 1, 2),
        ("/c/cups/", 1, 11),
        ("/c/cups/?sort=dearest&rating=0", 1, 11),
        ("/search/?q=cup", 1, 11),
        ("/p/CUP/", 1, 9),
        ("/help/delivery/", 1, 2),
    ],
)
def test_a_page_asks_a_known_number_of_times_kept_and_made_anew(
    walker: Walker, address: str, kept: int, anew: int
) -> None:
    """A page with goods asks what is on: promotions, sales, presales and teams; all pages share the answers."""
    walker.opens("/cart/")
    with made.statements() as first:
        walker.opens(address)
    with made.statements() as second:
        walker.opens(address)

    assert len(first) <= anew, "\n".join(first)
    assert len(second) == kept, "\n".join(second)


@pytest.mark.django_db
def test_every_hole_of_a_document_can_be_filled(shelves: None) -> None:
    Client().get("/p/CUP/")
    Client().get("/")

    named = {name for document in documents.shelf._kept.values() for name in document.holes}

    assert named - {"sight"} <= set(holes._HOLES)
    assert {"theme", "walk", "form", "back", "account", "cart", "said", "appearance", "pixel"} <= named

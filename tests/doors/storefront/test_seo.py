"""What search engines are told: addresses, languages, the sitemap, and what a page is about."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests.doors.storefront.walker import Page, Walker
from tests.shop import made
from zhanggui.doors.storefront import addresses, linked
from zhanggui.doors.storefront.pages import crawlers
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.reviews import actions as opinions
from zhanggui.shop.reviews.rules import NewReview
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db
HOST = "https://shop.example"
_SPACES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


@pytest.fixture(autouse=True)
def public(settings: Settings) -> None:
    """The shop's address for everybody."""
    settings.PUBLIC_URL = HOST


def links(page: Page) -> dict[str, str]:
    """The addresses a page names for itself, by rel or language."""
    found = re.findall(r'<link rel="(canonical|alternate)"(?: hreflang="([^"]+)")? href="([^"]+)"', page.html)
    return {language or rel: address for rel, language, address in found}


def things(page: Page) -> dict[str, Any]:
    """What a page says in schema.org's words, by type."""
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.html)
    return {thing["@type"]: thing for thing in map(json.loads, blocks)}


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("/en/p/TEA/", ("en", "/p/TEA/")),
        ("/zh/", ("zh", "/")),
        ("/enamel/", ("", "/enamel/")),
        ("/en", ("", "/en")),
        ("/", ("", "/")),
        ("/p/en/", ("", "/p/en/")),
        ("/en/zh/", ("en", "/zh/")),
    ],
)
def test_an_address_says_its_language_first_or_not_at_all(path: str, parts: tuple[str, str]) -> None:
    assert addresses.parted(path) == parts


@pytest.mark.parametrize(("first", "lang", "price"), [("en", "en", "CN¥59.90"), ("zh", "zh-Hans", "¥59.90")])
@pytest.mark.parametrize("accepts", ["zh-CN", "en-GB", "fr"])
def test_an_address_with_a_language_speaks_it_to_everybody(
    another: Callable[..., Walker], first: str, lang: str, price: str, accepts: str
) -> None:
    page = another(**{"Accept-Language": accepts}).opens(f"/{first}/p/CUP/")

    assert f'<html lang="{lang}">' in page.html
    assert price in page.text
    inside = set(re.findall(r'(?:href|action)="(/[^"]*)"', page.html))
    ours = {one for one in inside if not one.startswith(("/static/", "/pictures/", "/media/", "/v1/"))}
    assert ours
    assert {one.split("/")[1] for one in ours} == {first}


def test_a_shopper_stays_in_the_language_of_the_address_up_to_the_cart(walker: Walker) -> None:
    page = walker.opens("/zh/p/CUP/")
    cart = walker.sends(page, "/zh/cart/add/", quantity="1", then="cart")

    assert cart.address == "/zh/cart/"
    assert '<html lang="zh-Hans">' in cart.html


def test_choosing_a_language_leaves_the_address_that_spoke_another(walker: Walker) -> None:
    page = walker.sends(walker.opens("/zh/c/cups/?sort=rating"), "/zh/language/", language="en")

    assert page.address == "/c/cups/?sort=rating"
    assert '<html lang="en">' in page.html


@pytest.mark.parametrize("path", ["/zh/console/", "/en/v1/batch", "/zh/en/"])
def test_what_has_no_languages_has_no_such_addresses(client: Client, shelves: None, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/c/", "/c/cups/", "/p/CUP/", "/help/returns/"])
@pytest.mark.parametrize("first", ["", "/en", "/zh"])
def test_a_page_names_its_one_address_and_its_other_languages(walker: Walker, path: str, first: str) -> None:
    page = walker.opens(first + path)

    assert links(page) == {
        "canonical": f"{HOST}{first or '/en'}{path}",
        "zh-Hans": f"{HOST}/zh{path}",
        "en": f"{HOST}/en{path}",
        "x-default": f"{HOST}{path}",
    }
    assert 'name="robots"' not in page.html


@pytest.mark.parametrize("path", ["/c/cups/?sort=cheapest", "/c/cups/?rating=4", "/c/cups/?price_from=20&sort=rating"])
def test_another_way_to_see_a_shelf_is_no_page_of_its_own(walker: Walker, path: str) -> None:
    page = walker.opens(path)

    assert links(page)["canonical"] == f"{HOST}/en/c/cups/"
    assert '<meta name="robots" content="noindex, follow">' in page.html


@pytest.mark.parametrize("path", ["/cart/", "/orders/", "/search/?q=cup"])
def test_what_belongs_to_one_shopper_is_not_listed(walker: Walker, path: str) -> None:
    page = walker.opens(path)

    assert '<meta name="robots" content="noindex">' in page.html
    assert links(page) == {}


def test_a_product_says_what_it_is_what_it_costs_and_whether_it_is_there(walker: Walker) -> None:
    at = datetime(2026, 10, 1, tzinfo=UTC)
    review = NewReview(shop=made.SHOP, sku="CUP", rating=4, words="好", language="zh", author="林**", at=at)
    opinions.add_reviews(reviews=[review])

    said = things(walker.opens("/en/p/CUP/"))

    assert said["Product"]["name"] == "White cup"
    assert said["Product"]["offers"] == {
        "@type": "Offer",
        "sku": "CUP",
        "url": f"{HOST}/en/p/CUP/",
        "price": "59.90",
        "priceCurrency": "CNY",
        "availability": "https://schema.org/InStock",
        "itemCondition": "https://schema.org/NewCondition",
    }
    assert said["Product"]["aggregateRating"] == {"@type": "AggregateRating", "ratingValue": "4.0", "reviewCount": 1}
    assert said["Product"]["image"][0].startswith(f"{HOST}/pictures/CUP.")
    names = [step["name"] for step in said["BreadcrumbList"]["itemListElement"]]
    assert names == ["茶铺", "Cups", "White cup"]


def test_a_product_nobody_rated_and_nobody_can_have_says_so(walker: Walker) -> None:
    made.a_product("RARE", units=0)

    said = things(walker.opens("/p/RARE/"))["Product"]

    assert "aggregateRating" not in said
    assert said["offers"]["availability"] == "https://schema.org/OutOfStock"


def test_the_home_page_says_who_runs_the_shop_and_how_it_is_searched(walker: Walker) -> None:
    said = things(walker.opens("/"))

    assert said["Organization"]["name"] == "茶铺"
    assert said["WebSite"]["potentialAction"]["target"]["urlTemplate"] == f"{HOST}/en/search/?q={{search_term_string}}"


def test_words_cannot_end_the_block_they_stand_in() -> None:
    block = linked.block([{"@type": "Thing", "name": "</script><script>alert(1)//&\u2028"}])

    assert block.count("<script") == block.count("</script>") == 1
    inside = re.sub(r"</?script[^>]*>", "", block)
    assert json.loads(inside)["name"] == "</script><script>alert(1)//&\u2028"


def test_robots_are_kept_from_what_is_private_and_shown_the_sitemap(client: Client, shelves: None) -> None:
    response = client.get("/robots.txt")
    lines = response.content.decode().splitlines()

    assert {"Disallow: /cart/", "Disallow: /en/checkout/", "Disallow: /zh/search/"} <= set(lines)
    assert f"Sitemap: {HOST}/sitemap.xml" in lines
    assert not any(line.startswith(("Disallow: /p/", "Disallow: /c/", "Disallow: /help/")) for line in lines)


def test_the_sitemap_leads_to_every_listed_page_in_both_languages_once(
    client: Client, shelves: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crawlers, "PRODUCTS_PER_PART", 2)
    monkeypatch.setattr(crawlers, "_AT_ONCE", 1)
    made.a_product("OLD", units=0)
    catalogue.delist(sku="OLD", trail=Trail(shop=made.SHOP), by=made.CLERK)

    index = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 -- our own
    parts = [str(one.text) for one in index.findall("s:sitemap/s:loc", _SPACES)]
    trees = [ElementTree.fromstring(client.get(part.removeprefix(HOST)).getvalue()) for part in parts]  # noqa: S314
    urls = [url for tree in trees for url in tree.findall("s:url", _SPACES)]
    found = [str(one.findtext("s:loc", namespaces=_SPACES)) for one in urls]

    assert len(parts) == 3
    assert len(found) == len(set(found))
    assert {address for address in found if "/p/" in address} == {
        f"{HOST}/{first}/p/{sku}/" for first in ("zh", "en") for sku in ("BOWL", "CUP", "LONGJING")
    }
    assert {f"{HOST}/zh/", f"{HOST}/en/c/tea/", f"{HOST}/zh/help/returns/"} <= set(found)
    assert all(len(url.findall("x:link", _SPACES)) == 3 for url in urls)
    assert all(url.find("s:lastmod", _SPACES) is not None for url in urls if "/p/" in str(url[0].text))
    assert client.get("/sitemap-9.xml").status_code == 404

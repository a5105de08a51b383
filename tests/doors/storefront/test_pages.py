"""What holds for every page: it can be read, reached, heard and printed, in both languages, and stays light."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.utils import translation
from django.views.defaults import bad_request, page_not_found, permission_denied, server_error

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue.rules import Attribute, NewProduct, Words
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

LONGEST_FIRST_VIEW_BYTES = 100_000


@pytest.fixture
def pages(walker: Walker) -> list[str]:
    """Every kind of page, with something on it."""
    number = walker.orders("BOWL")
    walker.lays_aside()
    return [
        *("/", "/c/", "/c/cups/", "/search/?q=cup", "/search/?q=zzz", "/p/CUP/", "/cart/", "/checkout/", "/orders/"),
        *("/help/delivery/", "/help/payment/", "/help/returns/", "/help/privacy/", "/help/contact/", "/en/p/CUP/"),
        *(f"/orders/{number}/", f"/orders/{number}/?back=1", "/c/nothing/"),
    ]


class _Reader(HTMLParser):
    """Notes what a page is made of."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.labelled: set[str] = set()
        self.label_depth = 0
        self.bare: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.tags.append((tag, said))
        if tag == "label":
            self.label_depth += 1
            self.labelled.add(said.get("for", ""))
        is_field = tag in ("input", "select", "textarea") and said.get("type") not in ("hidden", "submit")
        if is_field and not self.label_depth and "aria-label" not in said:
            self.bare.append(said.get("id", said.get("name", "?")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.label_depth -= 1

    def all(self, tag: str) -> list[dict[str, str]]:
        return [said for name, said in self.tags if name == tag]

    @property
    def unlabelled(self) -> list[str]:
        return [name for name in self.bare if name not in self.labelled]


def read(walker: Walker, pages: list[str]) -> list[tuple[str, _Reader]]:
    return [(address, _Reader(walker.opens(address).html)) for address in pages]


def test_no_page_carries_a_script_or_a_style_of_its_own(walker: Walker, pages: list[str]) -> None:
    for address, page in read(walker, pages):
        runs = [script for script in page.all("script") if script.get("type") != "application/ld+json"]
        assert all("src" in script for script in runs), address
        assert page.all("style") == [], address
        assert [said for _, said in page.tags if "style" in said] == [], address
        assert [name for _, said in page.tags for name in said if name.startswith("on")] == [], address


def test_every_page_forbids_what_is_not_ours(walker: Walker, pages: list[str]) -> None:
    for address in pages:
        page = walker.opens(address)
        policy = page.headers["Content-Security-Policy"]
        for rule in ("script-src 'self'", "style-src 'self'", "img-src 'self' data:", "frame-ancestors 'none'"):
            assert rule in policy, address
        assert "form-action 'self'" in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_every_page_loads_only_from_our_own_host(walker: Walker, pages: list[str]) -> None:
    for address, page in read(walker, pages):
        named = ("canonical", "alternate")  # said, and loaded by nobody
        links = [said.get("href", "") for said in page.all("link") if said["rel"] not in named]
        loaded = [said.get("src", "") for _, said in page.tags] + links
        foreign = [one for one in loaded if one.startswith(("http:", "https:", "//"))]
        assert foreign == [], address


def test_every_field_has_a_label_and_every_picture_a_size(walker: Walker, pages: list[str]) -> None:
    for address, page in read(walker, pages):
        assert page.unlabelled == [], address
        for picture in page.all("img"):
            assert {"alt", "width", "height"} <= picture.keys(), address


def test_every_page_has_its_landmarks_one_heading_and_a_way_past_the_head(walker: Walker, pages: list[str]) -> None:
    for address, page in read(walker, pages):
        assert len(page.all("main")) == 1, address
        assert len(page.all("h1")) == 1, address
        assert page.all("html")[0]["lang"] == "en", address
        ids = [said["id"] for _, said in page.tags if "id" in said]
        assert len(ids) == len(set(ids)), address
    page = _Reader(walker.opens("/").html)
    assert page.all("a")[0] == {"class": "skip", "href": "#main"}
    assert any(said.get("aria-live") == "polite" for said in page.all("div"))


def test_pictures_below_the_fold_wait(walker: Walker) -> None:
    more = [made.a_new_product(f"CUP-{n}", title=f"杯 {n}") for n in range(20)]
    catalogue.list_products(products=more, trail=Trail(shop=made.SHOP), by=made.CLERK)

    pictures = [said for said in _Reader(walker.opens("/").html).all("img") if "/pictures/" in said["src"]]

    assert [said.get("loading", "") for said in pictures if said["width"] == "240"][:5] == [""] * 5
    assert {said.get("loading") for said in pictures if said["width"] == "240"} == {None, "lazy"}
    assert all(said.get("loading") == "lazy" for said in pictures[-10:])


def test_an_address_without_a_language_speaks_the_readers_own(walker: Walker, another: Callable[..., Walker]) -> None:
    for reader, lang in ((walker, "en"), (another(**{"Accept-Language": "zh-CN"}), "zh-Hans")):
        assert _Reader(reader.opens("/p/CUP/").html).all("html")[0]["lang"] == lang


def test_the_language_can_be_switched_at_the_foot_of_the_page(walker: Walker) -> None:
    page = walker.sends(walker.opens("/p/CUP/"), "/language/", language="zh-hans")

    assert page.address == "/p/CUP/"
    assert '<html lang="zh-Hans">' in page.html
    assert "¥59.90" in page.text


def test_the_light_can_be_switched_at_the_foot_of_the_page(walker: Walker) -> None:
    dark = walker.sends(walker.opens("/c/cups/?sort=rating"), "/theme/", theme="dark")
    back = walker.sends(dark, "/theme/", theme="auto")

    assert dark.address == "/c/cups/?sort=rating"
    assert '<html lang="en" data-theme="dark">' in dark.html
    assert '<html lang="en">' in back.html


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_a_switch_leads_nowhere_but_back_to_us(walker: Walker, address: str) -> None:
    page = walker.opens("/")

    for switch in ("/theme/", "/language/"):
        assert walker.sends(page, switch, follow=False, next=address).address == "/"


def test_the_first_view_of_the_home_page_is_light(walker: Walker) -> None:
    """HTML, style sheets and scripts as they are before compression, without pictures."""
    goods = [a_wordy_product(n) for n in range(40)]
    catalogue.list_products(products=goods, trail=Trail(shop=made.SHOP), by=made.CLERK)

    html = walker.opens("/").html

    files = re.findall(r'(?:src|href)="/static/([^"]+\.(?:css|js))"', html)
    parts = {"html": html.encode()} | {name: file(name) for name in files}
    plain = sum(map(len, parts.values()))
    packed = sum(len(gzip.compress(part)) for part in parts.values())
    assert {"look/tokens.css", "look/base.css", "storefront/shop.css", "storefront/goods.css"} <= parts.keys()
    assert plain < LONGEST_FIRST_VIEW_BYTES, {name: len(part) for name, part in parts.items()}
    assert packed < LONGEST_FIRST_VIEW_BYTES / 4, {name: len(gzip.compress(part)) for name, part in parts.items()}


def a_wordy_product(n: int) -> NewProduct:
    return NewProduct(
        sku=f"WORDY-PRODUCT-{n:04}",
        shop=made.SHOP,
        title=Words(zh="长" * 40, en="A product with quite a long name that needs two lines, 500 g"),
        summary=Words(zh="问？答。", en="Ask? Answer."),
        brand=Words(zh="牌子", en="Brand"),
        category="cups",
        price=made.cny(123_456),
        cost=made.cny(1),
        weight_g=1,
        attributes=(Attribute(name=Words(zh="名"), value=Words(zh="值")),),
        proof=Words(zh="检测报告 QC09-80946：农残 48 项未检出", en="Report QC09-80946: 48 pesticide residues tested"),
        picture_svg=f"<svg xmlns='http://www.w3.org/2000/svg'><title>{n}</title></svg>",
    )


def file(name: str) -> bytes:
    path = finders.find(name)
    assert path, name
    with open(path, "rb") as opened:
        return opened.read()


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "This request could not be read"),
        (403, "This is not open to you"),
        (404, "There is nothing at this address"),
        (500, "Something broke on our side"),
    ],
)
def test_a_failure_says_what_was_kept_and_leads_back(shelves: None, status: int, heading: str) -> None:
    failing = {400: bad_request, 403: permission_denied, 404: page_not_found, 500: server_error}
    request = RequestFactory().get("/broken")

    with translation.override("en"):
        response = failing[status](request, *([] if status == 500 else [Exception()]))

    page = _Reader(response.content.decode())
    assert response.status_code == status
    assert heading in response.content.decode()
    assert "kept" in response.content.decode() or "Nothing was changed" in response.content.decode() or status == 404
    assert any(said.get("href") == "/" for said in page.all("a"))
    assert page.all("style") == page.all("script") == []

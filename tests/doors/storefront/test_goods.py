"""Looking at goods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.doors.storefront.walker import Walker
from tests.shop import made
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.reviews import actions as opinions
from zhanggui.shop.reviews.rules import NewReview
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(shelves: None) -> None:
    """Thirty more cups, dearer one by one."""
    cups = [made.a_new_product(f"CUP-{n:02}", price=1000 + n * 100, title=f"杯 {n:02}") for n in range(30)]
    catalogue.list_products(products=cups, trail=Trail(shop=made.SHOP), by=made.CLERK)


def skus(html: str) -> list[str]:
    return [part.split('/"')[0] for part in html.split('<li class="card"><a href="/p/')[1:]]


def test_the_home_page_leads_to_search_categories_and_goods(walker: Walker) -> None:
    page = walker.opens("/")

    assert page.status == 200
    assert 'role="search" action="/search/"' in page.html
    assert 'href="/c/cups/"' in page.html
    assert 'href="/c/tea/"' in page.html
    assert {"CUP", "BOWL", "LONGJING"} <= set(skus(page.html))
    assert "CN¥59.90" in page.text


def test_a_home_page_without_goods_says_what_will_stand_there(walker: Walker) -> None:
    catalogue.delist(sku="CUP", trail=Trail(shop=made.SHOP), by=made.CLERK)

    assert "CUP" not in skus(walker.opens("/").html)


def test_a_category_shows_its_own_goods_in_pages(walker: Walker, many: None) -> None:
    first, second = walker.opens("/c/cups/"), walker.opens("/c/cups/?page=2")

    assert "32 items" in first.text
    assert (len(skus(first.html)), len(skus(second.html))) == (24, 8)
    assert not set(skus(first.html)) & set(skus(second.html))
    assert "LONGJING" not in skus(first.html) + skus(second.html)


def test_a_list_can_be_sorted_and_keeps_its_order_over_pages(walker: Walker, many: None) -> None:
    first = walker.opens("/c/cups/?sort=cheapest")

    assert skus(first.html)[:3] == ["CUP-00", "CUP-01", "CUP-02"]
    assert "?sort=cheapest&amp;page=2" in first.html
    assert skus(walker.opens("/c/cups/?sort=dearest").html)[0] in ("BOWL", "CUP")


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=99999999", "sort=drop", "page=%00&sort=%00"])
def test_a_strange_page_or_order_is_answered_calmly(walker: Walker, query: str) -> None:
    assert walker.opens(f"/c/cups/?{query}").status == 200


def test_a_page_behind_the_last_leads_back_to_the_first(walker: Walker, many: None) -> None:
    page = walker.opens("/c/cups/?page=9")

    assert "ends before this page" in page.text
    assert 'class="button is-main" href="?"' in page.html


@pytest.mark.parametrize(
    "address", ["/c/nothing/", "/p/NOTHING/", "/pictures/NOTHING.0123456789abcdef.svg", "/nowhere"]
)
def test_what_is_not_there_is_a_page_that_leads_on(walker: Walker, address: str) -> None:
    page = walker.opens(address)

    assert page.status == 404
    assert 'action="/search/"' in page.html


def test_a_search_finds_goods_by_their_words(walker: Walker) -> None:
    page = walker.opens("/search/?q=white+cup")

    assert "Results for “white cup”" in page.text
    assert set(skus(page.html)) == {"CUP", "BOWL", "LONGJING"}


@pytest.mark.parametrize("query", ["q=<script>alert(1)</script>", "q=%00%00dragon", "q=" + "长" * 5000, "q=%25_%5C"])
def test_a_search_for_anything_is_answered_calmly(walker: Walker, query: str) -> None:
    page = walker.opens(f"/search/?{query}")

    assert page.status == 200
    assert "<script>alert" not in page.html
    assert "Nothing found" in page.text


def test_a_search_for_nothing_shows_the_categories(walker: Walker) -> None:
    assert "All categories" in walker.opens("/search/?q=++").text


def test_a_product_shows_its_proof_beside_the_price_and_answers_its_question(walker: Walker) -> None:
    page = walker.opens("/p/CUP/")

    price, proof, buy = (page.html.index(part) for part in ("CN¥59.90", "Test report", 'action="/cart/add/"'))
    assert price < proof < buy
    problem, solution, parameters = (
        page.text.index(part) for part in ("Too hot to hold?", "Double wall.", "Jingdezhen")
    )
    assert problem < solution < parameters
    assert "Delivery CN¥12.00, free from CN¥500.00" in page.text


@pytest.mark.parametrize(
    ("units", "said"), [(0, "Sold out for now"), (1, "Only 1 piece left"), (9, "Only 9 pieces left")]
)
def test_a_product_says_how_many_are_left_when_few_are(walker: Walker, units: int, said: str) -> None:
    made.a_product("RARE", units=units)

    page = walker.opens("/p/RARE/")

    assert said in page.text
    assert ('action="/cart/add/"' in page.html) is (units > 0)


def test_a_product_that_is_no_longer_sold_can_be_read_but_not_bought(walker: Walker) -> None:
    catalogue.delist(sku="CUP", trail=Trail(shop=made.SHOP), by=made.CLERK)

    page = walker.opens("/p/CUP/")

    assert "No longer sold" in page.text
    assert 'action="/cart/add/"' not in page.html
    assert 'href="/c/cups/"' in page.html


def test_reviews_stand_under_the_product_with_their_language_and_their_words_escaped(walker: Walker) -> None:
    review = NewReview(
        shop=made.SHOP,
        sku="CUP",
        rating=4,
        words="好 <b>用</b>",
        language="zh",
        author="林**",
        at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    opinions.add_reviews(reviews=[review])

    page = walker.opens("/p/CUP/")

    assert 'lang="zh-Hans">好 &lt;b&gt;用&lt;/b&gt;</p>' in page.html
    assert "4.0 · 1 review" in page.text
    assert "Oct 1, 2026" in page.text


def test_a_picture_may_be_kept_for_ever_and_runs_nothing(walker: Walker) -> None:
    address = walker.opens("/p/CUP/").html.split('<img src="/pictures/')[1].split('"')[0]

    picture = walker.client.get(f"/pictures/{address}")

    assert picture.headers["Content-Type"] == "image/svg+xml"
    assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert picture.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "Set-Cookie" not in picture.headers
    assert picture.content.startswith(b"<svg")


def test_an_old_address_of_a_picture_leads_to_the_new_one(walker: Walker) -> None:
    picture = walker.client.get("/pictures/CUP.00000000.svg")

    assert picture.status_code == 301
    assert picture.headers["Cache-Control"] == "no-cache"
    assert walker.client.get(picture.headers["Location"]).status_code == 200


def test_prices_and_words_follow_the_language(another: Callable[..., Walker]) -> None:
    chinese = another(**{"Accept-Language": "zh-CN"}).opens("/p/CUP/")

    assert '<html lang="zh-Hans">' in chinese.html
    assert "¥59.90" in chinese.text
    assert "CN¥" not in chinese.text
    assert "白瓷杯" in chinese.text

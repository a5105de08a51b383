"""The catalogue: what is offered, in which words and at which price."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.shop.made import CLERK, SHOP, a_new_product, a_product, a_shop, cny, statements
from zhanggui.base import ids
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.shop.catalogue import actions, queries, rules
from zhanggui.shop.catalogue.errors import (
    NoSuchCategory,
    NoSuchProduct,
    PriceNotAllowed,
    RatingNotAllowed,
    SkuTaken,
)
from zhanggui.shop.catalogue.models import Product, Variant
from zhanggui.shop.catalogue.rules import Category, NewProduct, Sort, Words
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2025, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def shop() -> None:
    a_shop()


def a_trail() -> Trail:
    return Trail(shop=SHOP, session=f"console-{ids.uuid7()}")


def told(trail: Trail) -> list[Envelope]:
    return list(log.by_ids(list(Entry.objects.filter(session=trail.session).values_list("id_of_fact", flat=True))))


def test_a_listed_product_stands_in_its_category_and_is_told() -> None:
    trail = a_trail()
    actions.list_product(product=a_new_product("CUP"), trail=trail, by=CLERK)
    shown = queries.product(SHOP, "CUP")
    assert (shown.card.sku, shown.card.price, shown.card.is_listed) == ("CUP", cny(5990), True)
    assert (shown.card.rating_mean, shown.card.rating_count) == (None, 0)
    assert (shown.category.key, shown.category.name) == ("cups", Words(zh="杯", en="Cups"))
    assert shown.attributes == a_new_product().attributes
    assert shown.summary.to("en") == "Too hot to hold? Double wall."
    (fact,) = told(trail)
    assert (fact.name, fact.subject, fact.sku, fact.category) == ("shop.product_listed", "sku:CUP", "CUP", "cups")
    assert (fact.amount_minor, fact.currency) == (5990, "CNY")
    assert [point.price for point in queries.price_points("CUP")] == [cny(5990)]


def test_the_same_product_listed_again_tells_nothing_and_new_words_tell_once() -> None:
    a_product("CUP", units=0)
    again, renamed = a_trail(), a_trail()
    actions.list_product(product=a_new_product("CUP"), trail=again, by=CLERK)
    actions.list_product(product=a_new_product("CUP", title="青瓷杯", price=9900), trail=renamed, by=CLERK)
    assert told(again) == []
    assert [(fact.name, fact.amount_minor) for fact in told(renamed)] == [("shop.product_listed", 5990)]
    card = queries.products(["CUP"])["CUP"]
    assert (card.title.zh, card.price) == ("青瓷杯", cny(5990))
    assert len(queries.price_points("CUP")) == 1


def test_many_products_are_listed_with_few_statements() -> None:
    trail = a_trail()
    products = [a_new_product(f"CUP-{n:03}") for n in range(300)]
    shops.shop(SHOP)  # which every process knows after its first use
    with statements() as sent:
        actions.list_products(products=products, trail=trail, by=CLERK)
    assert len(sent) == 13
    assert len(told(trail)) == 300
    assert queries.category(SHOP, "cups").total == 300


def test_shelves_with_a_history_tell_nothing() -> None:
    before = Entry.objects.count()
    actions.stock_shelves(products=[a_new_product("OLD")], listed_at=LONG_AGO)
    assert Entry.objects.count() == before
    assert queries.product(SHOP, "OLD").listed_at == LONG_AGO
    assert queries.price_points("OLD")[0].since == LONG_AGO


@pytest.mark.parametrize(
    ("product", "refusal"),
    [
        (a_new_product(category="nowhere"), NoSuchCategory),
        (a_new_product(price=0), PriceNotAllowed),
        (a_new_product(price=-1), PriceNotAllowed),
    ],
)
def test_a_product_that_cannot_be_sold_is_refused(product: NewProduct, refusal: type[Exception]) -> None:
    trail = a_trail()
    with pytest.raises(refusal):
        actions.list_products(products=[a_new_product("FINE"), product], trail=trail, by=CLERK)
    assert not Product.objects.exists()
    assert told(trail) == []


def test_a_sku_belongs_to_one_shop() -> None:
    a_product("CUP", units=0)
    a_shop("other")
    with pytest.raises(SkuTaken):
        actions.list_product(product=a_new_product("CUP", shop="other"), trail=Trail(shop="other"), by=CLERK)
    with pytest.raises(NoSuchProduct):
        queries.product("other", "CUP")
    with pytest.raises(NoSuchProduct):
        actions.delist(sku="CUP", trail=Trail(shop="other"), by=CLERK)


def test_a_new_price_is_told_and_kept_beside_the_old() -> None:
    a_product("CUP", units=0)
    trail = a_trail()
    for _ in range(2):
        actions.change_price(sku="CUP", price=cny(4990), trail=trail, by=CLERK)
    (fact,) = told(trail)
    assert (fact.name, fact.sku, fact.amount_minor) == ("shop.price_changed", "CUP", 4990)
    assert [point.price for point in queries.price_points("CUP")] == [cny(5990), cny(4990)]
    assert queries.products(["CUP"])["CUP"].price == cny(4990)
    assert queries.audit() == ()


@pytest.mark.parametrize("price", [cny(0), cny(-5), Money(5000, "USD")])
def test_a_price_is_more_than_nothing_in_the_currency_of_the_shop(price: Money) -> None:
    a_product("CUP", units=0)
    with pytest.raises(PriceNotAllowed):
        actions.change_price(sku="CUP", price=price, trail=a_trail(), by=CLERK)
    assert queries.products(["CUP"])["CUP"].price == cny(5990)


def test_a_delisted_product_leaves_the_shelves_and_keeps_its_page() -> None:
    a_product("CUP", units=0)
    trail = a_trail()
    for _ in range(2):
        actions.delist(sku="CUP", trail=trail, by=CLERK)
    assert [fact.name for fact in told(trail)] == ["shop.product_delisted"]
    assert queries.category(SHOP, "cups").cards == ()
    assert queries.home(SHOP).best == ()
    assert queries.search(SHOP, "白瓷").total == 0
    assert not queries.product(SHOP, "CUP").card.is_listed
    back = a_trail()
    actions.list_product(product=a_new_product("CUP"), trail=back, by=CLERK)
    assert [fact.name for fact in told(back)] == ["shop.product_listed"]
    assert queries.home(SHOP).best[0].sku == "CUP"


def test_shelves_stand_in_the_order_of_sales_and_of_whatever_is_asked_for() -> None:
    for sku, price in (("A", 300), ("B", 100), ("C", 200)):
        a_product(sku, price=price, units=0)
    actions.rank(shop=SHOP, sold_units={"A": 1, "C": 9})
    actions.count_ratings(ratings={"A": [4], "B": [5]})

    def order(sort: Sort) -> str:
        return "".join(card.sku for card in queries.category(SHOP, "cups", sort=sort).cards)

    assert {sort: order(sort) for sort in Sort} == {
        Sort.SALES: "CAB",
        Sort.NEWEST: "CBA",
        Sort.CHEAPEST: "BCA",
        Sort.DEAREST: "ACB",
        Sort.RATING: "BAC",
    }
    actions.rank(shop=SHOP, sold_units={"B": 2})
    assert order(Sort.SALES) == "BAC"


def test_a_category_is_turned_page_by_page() -> None:
    actions.stock_shelves(products=[a_new_product(f"CUP-{n:02}") for n in range(30)], listed_at=LONG_AGO)
    first, second, behind = (queries.category(SHOP, "cups", page=page) for page in (1, 2, 3))
    assert (len(first.cards), len(second.cards), len(behind.cards)) == (24, 6, 0)
    assert (first.total, first.pages, second.page) == (30, 2, 2)
    assert queries.category(SHOP, "cups", page=-7).cards == first.cards
    assert queries.category(SHOP, "cups", page=10**30).cards == ()
    with pytest.raises(NoSuchCategory):
        queries.category(SHOP, "nowhere")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("白瓷", {"CUP"}),
        ("white CUP", {"CUP", "POT"}),
        ("景德镇 茶壶", {"POT"}),
        ("pot", {"POT"}),
        ("%", set()),
        ("_", set()),
        ("'; drop table", set()),
        ("z\0q", set()),
        ("   ", set()),
        ("nothing-like-that", set()),
    ],
)
def test_a_search_finds_products_that_have_all_the_words(words: str, found: set[str]) -> None:
    actions.stock_shelves(products=[a_new_product("CUP"), a_new_product("POT", title="茶壶")], listed_at=LONG_AGO)
    assert {card.sku for card in queries.search(SHOP, words).cards} == found


def test_ratings_are_counted_without_a_word() -> None:
    a_product("CUP", units=0)
    before = Entry.objects.count()
    actions.count_ratings(ratings={"CUP": [5, 4, 4, 1] * 4})
    assert Entry.objects.count() == before
    card = queries.products(["CUP"])["CUP"]
    assert (card.rating_mean, card.rating_count) == (Decimal("3.5"), 16)
    (rated,) = queries.ratings()
    assert (rated.skus, rated.stars, rated.reviews) == (("CUP",), 56, 16)


def test_ratings_are_counted_out_again_and_a_touch_is_a_new_version() -> None:
    a_product("CUP", units=0)
    before = queries.products(["CUP"])["CUP"].version
    actions.count_ratings(ratings={"CUP": [4, 1]})
    actions.count_ratings(ratings={"CUP": [1]}, is_more=False)
    card = queries.products(["CUP"])["CUP"]
    assert (card.rating_mean, card.rating_count, card.version) == (Decimal("4.0"), 1, before + 2)
    actions.touch(skus=["CUP"])
    assert queries.products(["CUP"])["CUP"].version == before + 3


@pytest.mark.parametrize(
    ("sku", "rating", "refusal"),
    [("CUP", 0, RatingNotAllowed), ("CUP", 6, RatingNotAllowed), ("NONE", 5, NoSuchProduct)],
)
def test_a_rating_that_does_not_fit_is_refused(sku: str, rating: int, refusal: type[Exception]) -> None:
    a_product("CUP", units=0)
    with pytest.raises(refusal):
        actions.count_ratings(ratings={"CUP": [5], sku: [5, rating]})
    assert queries.products(["CUP"])["CUP"].rating_count == 0


def test_the_audit_finds_a_price_that_nobody_gave() -> None:
    a_product("CUP", units=0)
    Variant.objects.update(price_minor=1)
    assert [(found.sku, found.fault) for found in queries.audit()] == [
        ("CUP", "price"),
        ("CUP", "shelf"),
    ]


def test_a_picture_has_a_version_that_changes_with_it() -> None:
    a_product("CUP", units=0)
    picture = queries.picture("CUP")
    assert picture.svg == a_new_product("CUP").picture_svg
    assert picture.version == rules.picture_version(picture.svg) != rules.picture_version(picture.svg + " ")
    assert queries.products(["CUP"])["CUP"].picture_version == picture.version
    with pytest.raises(NoSuchProduct):
        queries.picture("NONE")


def test_categories_stand_in_their_order_and_can_be_renamed() -> None:
    actions.put_up_categories(categories=[Category(shop=SHOP, key="tea", name=Words(zh="好茶"), position=0)])
    assert [(c.key, c.name.to("en")) for c in queries.categories(SHOP)] == [("tea", "好茶"), ("cups", "Cups")]


def test_pages_of_the_catalogue_take_few_statements() -> None:
    actions.stock_shelves(products=[a_new_product(f"CUP-{n:02}") for n in range(30)], listed_at=LONG_AGO)
    reads = {
        "home": (3, lambda: queries.home(SHOP)),
        "category": (4, lambda: queries.category(SHOP, "cups")),
        "search": (3, lambda: queries.search(SHOP, "cup")),
        "product": (1, lambda: queries.product(SHOP, "CUP-01")),
        "products": (1, lambda: queries.products([f"CUP-{n:02}" for n in range(30)])),
        "picture": (1, lambda: queries.picture("CUP-01")),
    }
    counted = {}
    for name, (_, read) in reads.items():
        with statements() as sent:
            read()
        counted[name] = len(sent)
    assert counted == {name: statements for name, (statements, _) in reads.items()}

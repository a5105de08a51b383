"""Goods, categories and regions, by hand and against sums of events."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.insight.metrics.events import a_shop, an_event, line, listed, page, paid, remember, viewed
from zhanggui.base.money import Money
from zhanggui.insight.goods import queries
from zhanggui.insight.goods.rules import Grade, Sku, graded
from zhanggui.insight.metrics.rules import Period

pytestmark = pytest.mark.tables("listings", "orders", "postage", "sessions", "sku_days", "sku_views")

MAY = Period(date(2026, 5, 1), date(2026, 5, 8))


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def a_sku(sku: str, minor: int) -> Sku:
    return Sku(sku=sku, category="", amount=cny(minor), units=0, orders=0, views=0, adds=0)


@pytest.mark.parametrize(
    ("minors", "grades"),
    [
        ([700, 200, 60, 40, 0], "aabcc"),
        ([800, 150, 50], "abc"),
        ([100], "a"),
        ([0, 0], "cc"),
        ([], ""),
    ],
)
def test_goods_are_graded_by_the_money_before_them(minors, grades):
    found = graded([a_sku(str(n), minor) for n, minor in enumerate(minors)])

    assert "".join(one.grade for one in found) == grades


@given(st.lists(st.integers(0, 500), max_size=30))
def test_grades_follow_the_money_and_nothing_sold_is_never_better_than_c(minors):
    found = graded([a_sku(f"{n:02}", minor) for n, minor in enumerate(minors)])

    assert [one.sku.amount.minor for one in found] == sorted(minors, reverse=True)
    assert [one.grade for one in found] == sorted(one.grade for one in found)
    assert all(one.grade is Grade.C for one in found if not one.sku.amount)
    if any(minors):
        assert found[0].grade is Grade.A
        assert found[-1].up_to == 1


@pytest.fixture
def week(lake_folder):
    """Tea for 90 yuan in the north, a cup for 10 in the south, a pot that is looked at 30 times and never bought."""
    shop = a_shop()
    remember(
        shop,
        listed("pot", "2026-04-01T01:00", "壶", category="ware"),
        paid("B", "2026-04-28T01:00", line("tea", 1, 5000, "leaf"), person="ann", region="north"),
        paid("A", "2026-05-02T01:00", line("tea", 3, 9000, "leaf"), person="ann", region="north"),
        paid("C", "2026-05-03T01:00", line("cup", 1, 1000, "ware"), person="bob", region="south"),
        [viewed(f"2026-05-02T02:{n:02d}", "cid", "pot", region="south") for n in range(30)],
        page("2026-05-02T01:00", "ann", region="north"),
        an_event(
            "shop.order_placed",
            "2026-05-02T00:59",
            order_number="A",
            amount_minor=10000,
            region="north",
            body={"shipping_minor": 1000},
        ),
    )
    return shop


@pytest.mark.django_db
def test_classes_idle_goods_and_categories_of_a_week(week):
    found = queries.assortment("acme", MAY, compare=Period(date(2026, 4, 24), date(2026, 5, 1)))

    assert [(one.sku.sku, one.grade, one.sku.category) for one in found.goods] == [
        ("tea", Grade.A, "leaf"),
        ("cup", Grade.B, "ware"),
        ("pot", Grade.C, "ware"),
    ]
    assert found.amount == cny(10000)
    assert found.amount_of(Grade.A) == cny(9000)
    assert [(one.sku.sku, one.sku.views, one.yield_rate) for one in found.idle()] == [("pot", 30, 0)]
    assert [(one.category, one.skus, one.amount, one.adds) for one in found.categories] == [
        ("leaf", 1, cny(9000), cny(4000)),
        ("ware", 1, cny(1000), cny(1000)),
    ]


@pytest.mark.django_db
def test_regions_with_their_orders_for_a_hundred_visits_and_their_postage(week):
    north, south = queries.assortment("acme", MAY).regions

    assert (north.region, north.orders, north.amount, north.visits) == ("north", 1, cny(9000), 1)
    assert (north.density, str(north.postage_rate)) == (100, "0.1")
    assert (south.region, south.orders, south.visits, south.postage_rate) == ("south", 1, 1, None)
    assert queries.assortment("acme", MAY).categories[0].adds is None

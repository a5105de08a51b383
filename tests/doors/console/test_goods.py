"""The page of goods and baskets."""

from __future__ import annotations

import re

import pytest

from tests.doors.console.test_cockpit import text_of
from tests.insight.goods.test_goods import week  # noqa: F401 -- a fixture
from tests.insight.metrics.events import a_shop

pytestmark = pytest.mark.django_db

MAY = "shop=acme&period=custom&from=2026-05-01&to=2026-05-07&compare=previous"


def test_classes_idle_goods_categories_and_regions_stand_there(week, owner):  # noqa: F811
    said = text_of(owner.get(f"/console/goods/?{MAY}"))

    assert re.search(r"A: the first 80 percent of the money CN¥90\S* 1 product", said)
    assert "Looked at, never bought" in said
    assert "壶 30 0" in said
    assert "leaf 1 CN¥90.00 CN¥50.00 CN¥40.00" in said
    assert "north 1 CN¥90.00 1 100.0 CN¥10.00 10.0%" in said


@pytest.mark.parametrize(("what", "lines"), [("goods", 3), ("categories", 2), ("regions", 2), ("baskets", 1)])
def test_every_table_is_a_file(week, owner, what, lines):  # noqa: F811
    answer = owner.get(f"/console/goods/{what}.csv?{MAY}")

    assert len(answer.content.decode("utf-8-sig").splitlines()) == 1 + lines
    assert owner.get(f"/console/goods/{what}.xlsx?{MAY}").status_code == 200


def test_a_filter_by_category_leaves_its_goods_and_one_by_region_says_that_it_does_not_apply(week, owner):  # noqa: F811
    leaf = text_of(owner.get(f"/console/goods/?{MAY}&category=leaf"))
    north = text_of(owner.get(f"/console/goods/?{MAY}&region=north"))

    assert "leaf 1 CN¥90.00" in leaf and "壶 30 0" not in leaf and "CN¥10.00 10.0%" not in leaf
    assert "drop the filter to see them" in leaf
    assert "does not apply here" in north and "壶 30 0" in north


def test_there_is_no_other_file(week, owner):  # noqa: F811
    assert owner.get(f"/console/goods/people.csv?{MAY}").status_code == 404


def test_an_empty_shop_says_what_will_stand_here(lake_folder, owner):
    a_shop()

    assert "Here stands which goods bring the money" in text_of(owner.get("/console/goods/?shop=acme"))

"""The page of search words."""

from __future__ import annotations

import pytest

from tests.doors.console.test_cockpit import text_of
from tests.insight.metrics.events import a_shop, remember
from tests.insight.terms.test_searches import searched

pytestmark = pytest.mark.django_db

MAY = "shop=acme&period=custom&from=2026-05-01&to=2026-05-07"


@pytest.fixture
def looked_for(lake_folder):
    shop = a_shop()
    remember(
        shop,
        [searched("2026-05-01T01:00", "celadon cup", session=f"a{n}") for n in range(5)],
        [searched("2026-05-01T01:00", "cup celadon", session=f"b{n}") for n in range(2)],
        [searched("2026-05-01T01:00", "<b>celadn cup", 0, session=f"c{n}") for n in range(3)],
    )
    return shop


def test_words_stand_with_what_to_do_about_them(looked_for, owner):
    response = owner.get(f"/console/searching/?{MAY}")

    said = text_of(response)
    assert "30.0% of searches find nothing" in said
    assert "celadon cup cup celadon" in said
    assert b"<b>celadn" not in response.content


def test_the_file_holds_all_words(looked_for, owner):
    answer = owner.get(f"/console/searching/table.csv?{MAY}").content.decode("utf-8-sig")

    lines = [one.split(",") for one in answer.splitlines()]
    assert [(line[0], line[1], line[2]) for line in lines[1:]] == [
        ("celadon cup", "celadon cup", "5"),
        ("<b>celadn cup", "<b>celadn cup", "3"),
        ("cup celadon", "celadon cup", "2"),
    ]


def test_an_empty_shop_says_what_will_stand_here(lake_folder, owner):
    a_shop()

    assert "Here stands what people look for" in text_of(owner.get(f"/console/searching/?{MAY}"))


def test_the_page_costs_few_questions(looked_for, owner, django_assert_max_num_queries):
    owner.get(f"/console/searching/?{MAY}")

    with django_assert_max_num_queries(9):
        owner.get(f"/console/searching/?{MAY}")

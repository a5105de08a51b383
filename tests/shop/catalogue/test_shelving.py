"""Where categories stand: keys and places as values, and two who change the tree at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.made import SHOP, a_shop, at_once
from zhanggui.shop.catalogue import actions, queries
from zhanggui.shop.catalogue.errors import CategoryLoop
from zhanggui.shop.catalogue.rules import Category, Words, shelving


def sisters(keys: str) -> list[Category]:
    return [Category(shop=SHOP, key=key, name=Words(zh=key), position=place) for place, key in enumerate(keys)]


@pytest.mark.parametrize(
    ("name", "taken", "key"),
    [
        (Words(zh="茶", en="Tea"), (), "tea"),
        (Words(zh="茶", en="Tea"), ("tea",), "tea-2"),
        (Words(zh="茶", en="Tea"), ("tea", "tea-2"), "tea-3"),
        (Words(zh="茶"), (), "茶"),
    ],
)
def test_a_key_is_made_of_the_name_and_is_nobody_elses(name: Words, taken: tuple[str, ...], key: str) -> None:
    assert shelving.fresh_key(name, taken=taken) == key


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_key_always_fits_and_is_fresh(zh: str, en: str) -> None:
    first = shelving.fresh_key(Words(zh=zh, en=en), taken=())
    second = shelving.fresh_key(Words(zh=zh, en=en), taken={first})
    assert first != second
    assert all(0 < len(key) <= 40 and "/" not in key for key in (first, second))


@pytest.mark.parametrize(
    ("key", "steps", "order"), [("b", -1, "bac"), ("b", 1, "acb"), ("a", -1, "abc"), ("c", 5, "abc"), ("a", 9, "bca")]
)
def test_a_category_moves_among_its_sisters(key: str, steps: int, order: str) -> None:
    all_of_them = sisters("abc")
    mine = next(one for one in all_of_them if one.key == key)
    assert "".join(shelving.shifted(all_of_them, mine, steps=steps)) == order


@pytest.mark.django_db(transaction=True)
def test_two_who_hang_categories_under_each_other_at_once_make_no_circle(db: None) -> None:
    a_shop()
    ways = [("cups", "tea"), ("tea", "cups")]
    outcomes = at_once(lambda n: actions.hang_category(shop=SHOP, key=ways[n][0], parent=ways[n][1]), 2)
    assert [type(outcome) for outcome in outcomes if outcome is not None] == [CategoryLoop]
    assert len(queries.categories(SHOP)) == 2
    assert {len(one.path) for one in queries.categories(SHOP)} == {1, 2}

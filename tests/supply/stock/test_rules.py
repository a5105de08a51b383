"""What can be had, as values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.supply.stock.rules import Level, Shortage, shortages


@pytest.mark.parametrize(
    ("wanted", "free", "missing"),
    [
        ({}, {}, ()),
        ({"A": 1}, {"A": 1}, ()),
        ({"A": 2}, {"A": 1}, (Shortage(sku="A", asked_units=2, free_units=1),)),
        ({"A": 1}, {}, (Shortage(sku="A", asked_units=1, free_units=0),)),
        (
            {"B": 3, "A": 2},
            {"A": 0, "B": 2},
            (Shortage(sku="A", asked_units=2, free_units=0), Shortage(sku="B", asked_units=3, free_units=2)),
        ),
    ],
)
def test_what_cannot_be_had(wanted: dict[str, int], free: dict[str, int], missing: tuple[Shortage, ...]) -> None:
    assert shortages(wanted=wanted, free=free) == missing


@given(
    wanted=st.dictionaries(st.sampled_from("ABCDE"), st.integers(1, 9)),
    free=st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 9)),
)
def test_a_sku_is_short_exactly_if_more_is_wanted_than_free(wanted: dict[str, int], free: dict[str, int]) -> None:
    short = {one.sku for one in shortages(wanted=wanted, free=free)}
    assert short == {sku for sku, units in wanted.items() if units > free.get(sku, 0)}


def test_what_is_promised_is_not_free() -> None:
    assert Level(sku="A", warehouse="main", on_hand_units=5, held_units=3).free_units == 2

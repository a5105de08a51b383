"""What slow pages cost: measured on a shop's own days where they say enough, else as others have measured it."""

from __future__ import annotations

import pytest

from zhanggui.steer.signals.rules.slowness import AS_READ, Day, kept


def days(count: int, *, slow: int, orders: int, visits: int = 1_000) -> list[Day]:
    return [Day(slow=slow, requests=10_000, orders=orders, visits=visits)] * count


def test_a_shops_own_slow_days_say_what_slow_pages_cost():
    found = kept([*days(20, slow=200, orders=50), *days(10, slow=2_200, orders=45)])

    assert found.days == 10
    assert found.expected == pytest.approx(0.1 / 0.2)
    assert found.low < 0.1 < found.expected < found.high < 1.0


@pytest.mark.parametrize(
    "known",
    [
        [],
        days(30, slow=200, orders=50),  # all alike
        [*days(20, slow=200, orders=50), *days(6, slow=2_200, orders=45)],  # not a week of slow ones
        [*days(20, slow=200, orders=9), *days(10, slow=2_200, orders=8)],  # too few orders
        [*days(20, slow=20, orders=50), *days(10, slow=60, orders=45)],  # three times next to nothing
    ],
)
def test_where_its_days_say_too_little_the_figure_of_others_is_taken(known: list[Day]):
    assert kept(known) == AS_READ


def test_days_that_sell_better_though_they_are_slow_cost_nothing():
    found = kept([*days(20, slow=200, orders=50), *days(10, slow=2_200, orders=60)])

    assert (found.low, found.expected) == (0.0, 0.0)

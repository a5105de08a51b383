"""How amounts are shared out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.growth.promotions.rules.notation import cny
from zhanggui.growth.promotions.rules.lots import off_rate
from zhanggui.growth.promotions.rules.shares import borne, shared, units_of


@pytest.mark.parametrize(
    ("minor", "weights", "rooms", "shares"),
    [
        (100, (50, 30, 20), (90, 90, 90), (50, 30, 20)),
        (100, (50, 30, 20), (10, 90, 90), (10, 54, 36)),
        (100, (1, 1, 1), (99, 99, 99), (34, 33, 33)),
        (100, (1, 1, 1), (0, 99, 99), (0, 50, 50)),
        (100, (1, 1, 1), (10, 10, 10), (10, 10, 10)),
        (100, (1, 0, 1), (99, 99, 99), (50, 0, 50)),
        (100, (0, 0, 0), (99, 99, 99), (0, 0, 0)),
        (0, (1, 1, 1), (99, 99, 99), (0, 0, 0)),
        (10, (3, 3, 1), (9, 9, 9), (4, 4, 2)),
    ],
)
def test_what_one_cannot_bear_the_others_do(
    minor: int, weights: tuple[int, ...], rooms: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    assert shared(minor, dict(enumerate(weights)), rooms) == dict(enumerate(shares))


def test_what_a_lot_cannot_bear_alone_is_lost() -> None:
    assert borne(100, {0: 50, 1: 30, 2: 20}, (10, 90, 90)) == {0: 10, 1: 30, 2: 20}
    assert borne(100, {0: 0}, (10,)) == {}


amounts = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=8)


@given(minor=st.integers(0, 10**7), lots=amounts)
def test_shares_stay_in_their_rooms_and_nothing_is_lost_while_there_is_room(
    minor: int, lots: list[tuple[int, int]]
) -> None:
    weights, rooms = dict(enumerate(weight for weight, _ in lots)), [room for _, room in lots]
    shares = shared(minor, weights, rooms)
    assert all(0 <= share <= rooms[lot] for lot, share in shares.items())
    assert sum(shares.values()) == min(minor, sum(room for weight, room in lots if weight))


@pytest.mark.parametrize(
    ("minor", "rate", "off"), [(1005, 5000, 503), (100, 1, 0), (100, 50, 1), (100, 49, 0), (0, 5000, 0), (7, 10_000, 7)]
)
def test_a_rate_is_rounded_half_up(minor: int, rate: int, off: int) -> None:
    assert off_rate(minor, rate) == off


def test_pieces_of_a_line_differ_by_a_fen_at_most() -> None:
    assert units_of(cny(-1), 3) == (cny("-0.34"), cny("-0.33"), cny("-0.33"))

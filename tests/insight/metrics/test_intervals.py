"""Bounds of shares, of their differences and ratios: the published figures, and the laws."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.insight.metrics.rules.intervals import Interval, Share, each_of, newcombe, ratio, wilson


def near(found: Interval, low: float, high: float, *, abs: float = 0.00006) -> bool:
    return found.low == pytest.approx(low, abs=abs) and found.high == pytest.approx(high, abs=abs)


@pytest.mark.parametrize(
    ("share", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    [((81, 263), 0.2553, 0.3662), ((15, 148), 0.0624, 0.1605), ((0, 20), 0.0, 0.1611), ((1, 29), 0.0061, 0.1718)],
)
def test_wilsons_bounds_are_the_published_ones(share: Share, low: float, high: float) -> None:
    assert near(wilson(share), low, high)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    # Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, method 10.
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_bounds_are_the_published_ones(one: Share, other: Share, low: float, high: float) -> None:
    assert near(newcombe(one, other), low, high)


def test_the_bounds_of_a_ratio_are_katzs() -> None:
    # By hand: ln(0.8 / 0.6) = 0.28768, its error the root of 1/56 - 1/70 + 1/48 - 1/80 = 0.10911
    assert near(ratio((56, 70), (48, 80)), math.exp(0.28768 - 0.21385), math.exp(0.28768 + 0.21385), abs=0.0001)


def test_of_nothing_everything_is_possible() -> None:
    assert wilson((0, 0)) == Interval(0.0, 1.0)
    assert newcombe((0, 0), (5, 10)) == Interval(-1.0, 1.0)
    assert ratio((0, 0), (5, 10)) == Interval(0.0, math.inf)


def test_a_ratio_to_none_is_large_and_has_bounds() -> None:
    found = ratio((10, 100), (0, 100))
    assert 1 < found.low < found.high < math.inf


def test_many_bounds_that_hold_together_are_each_surer() -> None:
    assert each_of(10) == pytest.approx(0.995)
    assert each_of(0) == each_of(1) == pytest.approx(0.95)


shares = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(shares, shares)
def test_bounds_hold_what_was_counted_and_turn_round_with_the_question(one: Share, other: Share) -> None:
    p, q = one[0] / one[1], other[0] / other[1]
    assert wilson(one).low <= p <= wilson(one).high
    here, there = newcombe(one, other), newcombe(other, one)
    assert here.low - 1e-9 <= p - q <= here.high + 1e-9
    assert here.low == pytest.approx(-there.high, abs=1e-9)
    if one[0] and other[0]:
        assert ratio(one, other).low == pytest.approx(1 / ratio(other, one).high)


@given(shares)
def test_surer_bounds_are_wider(one: Share) -> None:
    usual, sure = wilson(one), wilson(one, confidence=0.999)
    assert sure.low <= usual.low + 1e-12
    assert usual.high <= sure.high + 1e-12


@pytest.mark.parametrize(("p", "q", "n"), [(0.5, 0.5, 60), (0.05, 0.2, 200), (0.9, 0.6, 40)])
def test_the_true_difference_lies_within_as_often_as_is_said(p: float, q: float, n: int) -> None:
    rng = random.Random(7)
    held = sum(newcombe((_draw(rng, p, n), n), (_draw(rng, q, n), n)).holds(p - q) for _ in range(400))
    # 0.95 of 400 are 380; four standard deviations, 17, below it is no chance.
    assert held >= 363


def _draw(rng: random.Random, p: float, n: int) -> int:
    return sum(rng.random() < p for _ in range(n))

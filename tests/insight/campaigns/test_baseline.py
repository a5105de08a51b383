"""What would have been sold: against exact fractions, and as often right as it says."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.insight.campaigns import reference
from zhanggui.insight.campaigns.rules import HISTORY_DAYS, LEAST_DAYS, baseline
from zhanggui.insight.campaigns.rules.baseline import _student

WEEK = (100.0, 80.0, 80.0, 80.0, 80.0, 120.0, 160.0)
sizes = st.integers(0, 5000)


def test_the_worked_number():
    history = [WEEK[n % 7] + n // 7 for n in range(HISTORY_DAYS)]

    line = baseline(history)
    found = line.ahead(0, 7)

    # One more each week: the ninth week has 8 more on each day than the first, on each weekday's own level.
    assert math.isclose(found.total, sum(WEEK) + 7 * 8, rel_tol=1e-9)
    assert [round(size, 6) for size, _, _ in found.days] == [size + 8 for size in WEEK]
    assert found.half < 1e-6
    assert line.learnt_days == HISTORY_DAYS


@pytest.mark.parametrize(("freedom", "quantile"), [(20, 2.0860), (27, 2.0518), (48, 2.0106)])
def test_the_quantile_is_that_of_the_printed_table(freedom, quantile):
    # Abramowitz & Stegun, table 26.10; two-sided 0.95.
    assert abs(_student(freedom) - quantile) < 1e-4


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(sizes, sizes, sizes, sizes, st.none()), min_size=HISTORY_DAYS, max_size=HISTORY_DAYS),
    st.integers(0, 30),
    st.integers(1, 14),
)
def test_it_is_what_the_normal_equations_say_in_fractions(history, first, count):
    line = baseline(history)
    if line is None:
        return
    learnt, variance, leaning, ahead = reference.line_through(history)
    total, lever = ahead(first, count)
    wide = math.sqrt((1 + leaning) / (1 - leaning))

    found = line.ahead(first, count)

    assert line.learnt_days == learnt
    assert math.isclose(found.total, total, rel_tol=1e-6, abs_tol=1e-6)
    half = _student(learnt - 8) * math.sqrt(variance * lever) * wide
    assert math.isclose(found.half, half, rel_tol=1e-6, abs_tol=1e-6)


@pytest.mark.parametrize(
    "history",
    [
        [],
        [100.0] * (LEAST_DAYS - 1),
        [0.0] * HISTORY_DAYS,
        [None] * HISTORY_DAYS,
        [None if n % 7 == 3 else 100.0 + n % 5 for n in range(HISTORY_DAYS)],
    ],
    ids=["nothing", "three weeks", "never sold", "not known", "a weekday is missing"],
)
def test_where_too_little_is_known_nothing_is_said(history):
    assert baseline(history) is None


def test_a_sale_among_the_weeks_before_moves_nothing():
    rng = random.Random(5)
    quiet = [size + rng.gauss(0, 4) for size in WEEK * 8]
    loud = [size * 4 if 20 <= n < 25 else size for n, size in enumerate(quiet)]

    usual, spoilt = baseline(quiet).ahead(0, 7), baseline(loud).ahead(0, 7)

    assert abs(spoilt.total / usual.total - 1) < 0.03
    assert spoilt.half < 1.5 * usual.half


@pytest.mark.parametrize("days", [1, 7, 28])
def test_nineteen_of_twenty_sums_lie_inside(days):
    rng = random.Random(11)
    trials, inside = 600, 0
    for _ in range(trials):
        course = [rng.gauss(WEEK[n % 7] + 0.3 * n, 12) for n in range(HISTORY_DAYS + days)]
        found = baseline(course[:HISTORY_DAYS]).ahead(0, days)
        inside += abs(sum(course[HISTORY_DAYS:]) - found.total) <= found.half

    # Days that lean on each other by chance make it a little wider than it says, never narrower.
    spread = NormalDist().inv_cdf(0.9995) * math.sqrt(trials * 0.95 * 0.05)
    assert 0.95 * trials - spread <= inside <= 0.985 * trials + spread

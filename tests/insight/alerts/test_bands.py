"""What is normal for a day: against a second way to work it out, and as often right as it says."""

from __future__ import annotations

import math
import random
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zhanggui.insight.alerts.rules import HISTORY_DAYS, LEAST_DAYS, RATE, WEEKS, band, chance_of
from zhanggui.insight.alerts.rules.bands import CHANCE

# How much busier each weekday is than the first, on the scale on which noise is even.
WEEKDAYS = (0.0, 3.0, -2.0, 5.0, 1.0, 12.0, 9.0)
NOISE = 2.0


def a_day(n, noise, *, level=60.0, slope=0.05):
    """The number of a day of a shop with weekdays, a trend and even noise on its square root."""
    return (level + slope * n + WEEKDAYS[n % 7] + noise) ** 2


def worked_out_by_numpy(history):
    """The same band for a history without gaps, all pairs at once."""
    z = np.sqrt(np.asarray(history)).reshape(-1, 7)
    weeks = len(z)
    earlier, later = np.triu_indices(weeks, 1)
    gaps = 7 * (later - earlier)[:, None]
    rises = z[later] - z[earlier]
    slope = np.median(rises / gaps)
    scale = np.median(np.abs(rises - slope * gaps))
    same = z[:, 0] - slope * 7 * (np.arange(weeks) - weeks)
    one, other = np.triu_indices(weeks)
    return np.median((same[one] + same[other]) / 2), scale


def within(count, of, rate):
    """Whether a count is what so many trials at a rate give, on 999 of 1,000 occasions."""
    spread = NormalDist().inv_cdf(0.9995) * math.sqrt(of * rate * (1 - rate))
    return of * rate - spread <= count <= of * rate + spread


def test_the_worked_number():
    # Four weeks of 100, 100, 100, 100, 100, 400, 225; in the second each day has one more on its root, in the third one
    # less.
    week = (10, 10, 10, 10, 10, 20, 15)
    history = [(root + away) ** 2 for away in (0, 1, -1, 0) for root in week]

    found = band(history)

    # Each weekday's pairs rise by 1, -1, 0, -2, -1, 1 over 7, 14, 21, 7, 14, 7 days: the slope is -1/28 a day. Along it
    # the judged weekday was at 9, 10.25, 8.5, 9.75; the median of their averages is 9.375. Without the slope the pairs
    # rise by 1.25, -0.5, 0.75, -1.75, -0.5, 1.25, in the median by 1; so the root lies within 9.375 +- 5.73 x 1.
    assert found.days == 28
    assert math.isclose(found.expected, 9.375**2, rel_tol=1e-12)
    assert math.isclose(found.low, (9.375 - 5.73) ** 2, rel_tol=1e-12)
    assert math.isclose(found.high, (9.375 + 5.73) ** 2, rel_tol=1e-12)


@given(st.integers(4, WEEKS), st.integers(0, 10_000))
def test_it_is_what_a_second_way_gives(weeks, seed):
    rng = random.Random(seed)
    history = [a_day(n, rng.gauss(0, NOISE)) for n in range(7 * weeks)]

    found = band(history)
    centre, scale = worked_out_by_numpy(history)

    assert math.isclose(found.expected, centre**2, rel_tol=1e-9)
    assert found.low < found.expected < found.high
    reach = (math.sqrt(found.high) - math.sqrt(found.low)) / 2
    assert 4 < reach / scale < 6


@pytest.mark.parametrize("weeks", [4, 6, 8])
def test_ordinary_days_are_found_as_seldom_as_it_says(weeks):
    rng = random.Random(weeks)
    trials, outside = 12_000, 0
    for _ in range(trials):
        days = [a_day(n, rng.gauss(0, NOISE)) for n in range(7 * weeks + 1)]
        outside += not band(days[:-1]).holds(days[-1])

    assert within(outside, trials, RATE)


def test_counts_of_rare_things_are_not_found_more_often():
    rng = np.random.default_rng(5)
    trials, outside, told = 3_000, 0, 0
    for mean in (3, 20, 150):
        for counts in rng.poisson(mean, (trials, HISTORY_DAYS + 1)).astype(float).tolist():
            found = band(counts[:-1], chance=CHANCE)
            told += 1
            outside += not found.holds(counts[-1])

    assert told == 3 * trials
    assert outside <= told * RATE + 3.3 * math.sqrt(told * RATE)


def test_a_drop_of_the_size_it_claims_to_see_is_found_nine_times_of_ten():
    rng = random.Random(3)
    trials, found = 3_000, 0
    for _ in range(trials):
        history = [a_day(n, rng.gauss(0, NOISE)) for n in range(HISTORY_DAYS)]
        one = band(history)
        dropped = math.sqrt(one.seen[0]) - math.sqrt(one.expected)
        # what is expected is itself an estimate, so the planted drop starts from the truth
        truth = math.sqrt(a_day(HISTORY_DAYS, 0))
        found += not one.holds((truth + dropped + rng.gauss(0, NOISE)) ** 2)

    assert 0.86 < found / trials < 0.94


def test_a_spoilt_week_does_not_hide_a_drop():
    rng = random.Random(4)
    history = [a_day(n, rng.gauss(0, NOISE)) for n in range(HISTORY_DAYS)]
    plain = band(history)
    spoilt = [size * 9 if 14 <= n < 21 else size for n, size in enumerate(history)]

    found = band(spoilt)

    assert abs(math.sqrt(found.expected) - math.sqrt(plain.expected)) < NOISE
    assert not found.holds(plain.expected / 4)


@given(st.lists(st.floats(0, 1e9), min_size=LEAST_DAYS, max_size=HISTORY_DAYS), st.integers(2, 1000))
def test_a_number_in_other_units_has_the_same_band_in_those_units(history, times):
    one, other = band(history), band([size * times for size in history])
    assume(one)

    assert math.isclose(other.expected, one.expected * times, rel_tol=1e-6, abs_tol=1e-3)
    assert math.isclose(other.high, one.high * times, rel_tol=1e-6, abs_tol=1e-3)


@given(st.lists(st.none() | st.floats(0, 1e9), max_size=80))
def test_it_says_nothing_of_less_than_four_weeks_and_never_less_than_nothing(history):
    known = [size for size in history[-HISTORY_DAYS:] if size is not None]

    found = band(history)

    if len(known) < LEAST_DAYS or not any(known):
        assert found is None
    elif found:
        assert 0 <= found.low <= found.expected <= found.high


def test_what_never_happened_or_never_scatters_has_no_band_but_a_count_is_never_steadier_than_chance():
    assert band([0.0] * HISTORY_DAYS) is None
    assert band([100.0] * HISTORY_DAYS) is None

    found = band([100.0] * HISTORY_DAYS, chance=CHANCE)

    assert math.isclose(found.low, (10 - 4.19 * CHANCE * math.sqrt(2) * 0.6745) ** 2)


@pytest.mark.parametrize(
    ("key", "over", "each", "chance"),
    [
        ("uv", 0, 0, 0.5),
        ("cvr_paid_visitor", 100, 0, 0.05),
        ("cvr_paid_visitor", 0, 0, 0.0),
        ("gmv_paid", 0, 10_000, 50.0),
        ("gmv_paid", 0, 0, 0.0),
    ],
)
def test_rare_things_scatter_at_least_by_chance(key, over, each, chance):
    assert chance_of(key, over=over, each=each) == pytest.approx(chance)


def test_money_of_rare_orders_is_not_found_on_every_day_that_has_one():
    rng = np.random.default_rng(9)
    outside = 0
    for orders in rng.poisson(0.4, (2_000, HISTORY_DAYS + 1)).tolist():
        days = [100.0 * 10_000 * n for n in orders]
        found = band(days[:-1], chance=chance_of("gmv_paid", each=1_000_000))
        outside += found is not None and not found.holds(days[-1])

    assert outside <= 20


def test_only_the_last_eight_weeks_count():
    rng = random.Random(6)
    history = [a_day(n, rng.gauss(0, NOISE)) for n in range(HISTORY_DAYS)]

    assert band([1e6] * 70 + history) == band(history)


def test_days_that_are_not_ordinary_are_left_out():
    rng = random.Random(8)
    history = [a_day(n, rng.gauss(0, NOISE)) for n in range(HISTORY_DAYS)]
    gaps = [None if n in (3, 10, 30) else size for n, size in enumerate(history)]

    found = band(gaps)

    assert found.days == HISTORY_DAYS - 3
    assert abs(math.sqrt(found.expected) - math.sqrt(band(history).expected)) < NOISE

"""Every formula says what its source says, and what no data can break."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhanggui.growth.experiments.rules import held_out_bp_for, people_needed
from zhanggui.growth.experiments.rules.statistics import (
    Paired,
    Ratio,
    Sample,
    adjusted,
    always_valid,
    bayes,
    cuped,
    difference,
    of_proportion,
    pooled,
    proportions,
    ratios,
    relative,
    sample_of,
    sequential,
    shares,
    srm,
    theta,
)
from zhanggui.growth.experiments.rules.statistics.values import gap

# GrowthBook, packages/stats/tests/frequentist/test_tests.py and tests/bayesian.
A = Sample(n=3407, total=1396.87, squares=52377.9767)
B = Sample(n=3461, total=2422.7, squares=134698.29)
FEWER = Sample(n=3000, total=1396.87, squares=52377.9767)
figures = st.lists(st.integers(-1000, 1000), min_size=2, max_size=12)


def five(estimate):
    return tuple(round(one, 5) for one in (estimate.value, estimate.low, estimate.high, estimate.p))


def a_pair(after, before):
    return Paired(
        after=sample_of(after),
        before=sample_of(before),
        products=sum(one * other for one, other in zip(after, before, strict=True)),
    )


@pytest.mark.parametrize(
    ("found", "published"),
    [
        (relative(A, B), (0.70732, -0.03526, 1.44989, 0.06191)),
        (difference(A, B), (0.29, 0.04538, 0.53462, 0.02016)),
        (proportions((14, 28), (16, 30)), (0.06667, -0.47767, 0.61101, 0.80707)),
    ],
    ids=["relative", "absolute", "binomial"],
)
def test_differences_are_growthbooks(found, published):
    assert five(found) == published


def test_one_scatter_for_both_sides_is_students_first_test():
    # scipy.stats.ttest_ind: p 0.12001763774189396.
    held_out, treated = sample_of([1, 2, 3]), sample_of([2, 4, 6, 8])
    assert five(pooled(held_out, treated)) == (3.0, -1.11828, 7.11828, 0.12002)
    assert five(pooled(held_out, treated, size=5.0)) == (3.0, -1.38912, 6.51208, 0.12002)


@example([90, 0, 77, 0], [0] * 11, 1.0)
@example([1, 4], [0, 0, 0, 0, 1], 0.2)
@example([0] * 8 + [-16], [-1, -13, -20], 1.0)
@given(figures, figures, st.floats(0, 2000))
def test_a_difference_is_real_exactly_where_the_interval_leaves_nothing_out(one, other, size):
    found = pooled(sample_of(one), sample_of(other), size=size)

    assert found.low <= found.value <= found.high
    assert found.is_beyond_chance == (found.p < 0.05) or math.isclose(found.p, 0.05, rel_tol=1e-6)


@example([29, 29], [29, 29, 29], 1.0, 0.01)
@given(figures, figures, st.floats(1, 2000), st.floats(0.01, 100))
def test_amounts_in_another_currency_give_the_same_interval(one, other, size, rate):
    mine = pooled(sample_of(one), sample_of(other), size=size)
    theirs = pooled(sample_of([x * rate for x in one]), sample_of([x * rate for x in other]), size=size * rate)

    for here, there in ((mine.low, theirs.low), (mine.high, theirs.high)):
        assert math.isclose(here * rate, there, rel_tol=1e-6, abs_tol=1e-6 * rate)


def test_what_only_rounding_tells_apart_is_alike():
    two, five_alike = sample_of([7.77] * 2), sample_of([7.77] * 5)
    assert five_alike.squares > five_alike.total**2 / 5 and five_alike.mean < two.mean
    assert (five_alike.variance, gap(two, five_alike)) == (0.0, 0.0)
    found = pooled(two, five_alike, size=7.77)
    assert (found.low, found.high, found.p) == (0.0, 0.0, 1.0)
    # A cent in ten thousand is not rounding.
    assert sample_of([1e4, 1e4, 1e4 + 0.01]).variance == pytest.approx(1e-4 / 3, rel=0.01)


def test_the_bayesian_reading_is_growthbooks():
    found = bayes(of_proportion(49, 100), of_proportion(51, 100))

    assert (round(found.lift, 5), round(found.chance_to_win, 5)) == (0.04082, 0.60918)
    assert (round(found.risk[0], 4), round(found.risk[1], 5)) == (0.0814, 0.04058)
    assert found.low < 0 < found.high


@pytest.mark.parametrize(
    ("counts", "weights", "p"),
    [
        ((1000, 1200), (1, 1), 0.000020079),
        ((135, 115), (1, 1), 0.205903211),
        ((310, 98), (75, 25), 0.647434186),
        ((0, 0), (1, 1), 1.0),
    ],
)
def test_the_sample_ratio_is_growthbooks(counts, weights, p):
    assert round(srm(counts, weights), 9) == p


def test_the_sequential_interval_is_growthbooks():
    value = B.mean / FEWER.mean - 1
    error = math.sqrt(B.error / FEWER.mean**2 + FEWER.error * B.mean**2 / FEWER.mean**4)

    found = always_valid(value, error=error, seen=6461, tuned_for=1000)

    assert five(found) == (0.50336, -0.55844, 1.56516, 1.0)
    assert round(error, 5) == 0.33341


def test_a_sequential_interval_is_narrowest_where_it_was_tuned_for():
    halves = [always_valid(0.0, error=1.0, seen=seen, tuned_for=100).high for seen in (10, 50, 100, 200, 1000)]

    assert round(halves[2], 4) == 3.0352
    assert halves[2] == min(halves)


@given(st.floats(0.05, 20), st.floats(0.1, 10), st.integers(3, 200))
def test_a_sequential_p_is_below_alpha_exactly_where_the_interval_leaves_nothing_out(away, seen, freedom):
    found = always_valid(away, error=1.0, seen=seen, tuned_for=1.0, freedom=freedom)

    assert found.is_beyond_chance == (found.p < 0.05) or math.isclose(found.p, 0.05, rel_tol=1e-6)


def test_a_small_side_widens_the_sequential_interval():
    small, large = (sequential(one, one, seen=1, tuned_for=1) for one in (sample_of(range(4)), sample_of(range(400))))
    errors = [found.high / math.sqrt(2 * sample_of(range(n)).error) for found, n in ((small, 4), (large, 400))]

    assert errors[0] > 1.5 * errors[1]
    assert 3.03 < errors[1] < 3.06


def test_what_went_before_is_taken_off():
    held_out, treated = a_pair([2, 4, 6], [1, 2, 3]), a_pair([3, 5, 7], [1, 2, 3])

    assert theta(held_out, treated) == 2.0
    assert five(cuped(held_out, treated)) == (1.0, 1.0, 1.0, 0.0)
    # Who bought more before is expected to buy more: 2 each, so that of the 5 more only 1 is the treatment's.
    assert round(cuped(held_out, a_pair([7, 9, 11], [3, 4, 5])).value, 9) == 1.0


def test_without_a_past_nothing_is_taken_off():
    held_out, treated = a_pair([2, 4, 6], [0, 0, 0]), a_pair([3, 9, 7], [0, 0, 0])

    assert cuped(held_out, treated) == difference(held_out.after, treated.after)


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(-99, 99)), min_size=6, max_size=14))
def test_adjusting_from_sums_is_adjusting_each_person(pairs):
    sides = [a_pair([y for y, _ in half], [x for _, x in half]) for half in (pairs[:3], pairs[3:])]
    weight, base = theta(*sides), sum(x for _, x in pairs) / len(pairs)

    for found, half in zip(adjusted(*sides), (pairs[:3], pairs[3:]), strict=True):
        slow = sample_of([y - weight * (x - base) for y, x in half])
        assert math.isclose(found.mean, slow.mean, abs_tol=1e-9)
        assert math.isclose(found.variance, slow.variance, rel_tol=1e-6, abs_tol=1e-6)


def test_a_ratio_has_the_delta_methods_error():
    ratio = Ratio(above=sample_of([1, 2, 3]), below=sample_of([1, 1, 2]), products=9)

    assert (ratio.value, round(ratio.error, 9)) == (1.5, 0.046875)
    assert five(ratios(ratio, ratio)) == (0.0, -0.60011, 0.60011, 1.0)


def test_a_difference_of_shares_is_agrestis_and_caffos_and_never_certain():
    found = shares((48, 80), (56, 70))
    assert (found.value, found.low, found.high) == pytest.approx((0.1941, 0.0525, 0.3358), abs=5e-5)
    assert shares((0, 8), (0, 8)).high > 0.2


@given(figures, figures)
def test_swapping_the_sides_turns_the_difference_round(one, other):
    there, back = difference(sample_of(one), sample_of(other)), difference(sample_of(other), sample_of(one))

    assert (there.value, there.p) == (-back.value, back.p)
    assert math.isclose(there.low, -back.high, abs_tol=1e-9)


@given(figures, figures)
def test_samples_of_different_people_add_up(one, other):
    assert sample_of(one) + sample_of(other) == sample_of(one + other)


def test_people_needed_and_the_hold_out_that_shows_a_lift():
    like = {"baseline": 100, "deviation": 200, "lift_rate": 0.1}

    assert people_needed(**like, held_out_bp=5000) == 12_559
    assert people_needed(**like, held_out_bp=1000) == 34_884
    assert held_out_bp_for(people=40_000, **like) == 859
    assert held_out_bp_for(people=12_000, **like) is None
    assert held_out_bp_for(people=15, **like) is None


@given(st.integers(20, 10**6), st.floats(0.01, 1), st.floats(0.1, 5))
def test_the_hold_out_that_shows_a_lift_is_the_smallest(people, lift_rate, deviation):
    like = {"baseline": 1.0, "deviation": deviation, "lift_rate": lift_rate}
    found = held_out_bp_for(people=people, **like)

    if found is None:
        assert people_needed(**like, held_out_bp=5000) >= people
    else:
        assert people_needed(**like, held_out_bp=found) <= people
        assert found == 1 or people_needed(**like, held_out_bp=found - 1) >= people

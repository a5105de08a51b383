"""The models of what buyers will do, against published figures and slow, obvious sums."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.stand import SHARED_DATA
from zhanggui.insight.value.rules.lifetime import Buyer, bins_of, grouped
from zhanggui.insight.value.rules.ordering import (
    Histories,
    Ordering,
    expected_of_newcomer,
    expected_orders,
    fit_ordering,
    log_likelihood,
    still_there,
)
from zhanggui.insight.value.rules.search import lowest
from zhanggui.insight.value.rules.special import log_beta, log_gamma
from zhanggui.insight.value.rules.spending import Spending, expected_mean, fit_spending

HALF_DAYS = 39 * 7
CDNOW = SHARED_DATA / "cdnow" / "cdnow_customers_summary_with_transactions.csv"
# Fader, Hardie & Lee 2005, table 2.
PUBLISHED = Ordering(r=0.243, alpha=4.414, a=0.793, b=2.426)

# A maximum-likelihood fit of the same data (oracles.md).
FITTED = Ordering(r=0.24259, alpha=4.41353, a=0.79289, b=2.42575)

shapes = st.floats(0.05, 20)
wide = st.one_of(shapes, st.floats(20, 1000))
weeks = st.floats(0.1, 200)


def histories(*known: tuple[float, float, float]) -> Histories:
    x, t_x, age = (np.array(one, dtype=float) for one in zip(*known, strict=True))
    return Histories(repeats=x, recency=t_x, age=age, count=np.ones(len(known)))


@pytest.fixture(scope="module")
def cdnow() -> tuple[Histories, np.ndarray]:
    """2,357 buyers, in weeks, and the mean of each one's repeat purchases."""
    with CDNOW.open() as file:
        rows = [(float(r["x"]), float(r["t_x"]), float(r["T"]), float(r["zbar"])) for r in csv.DictReader(file)]
    return histories(*(row[:3] for row in rows)), np.array([row[3] for row in rows])


@pytest.mark.parametrize("z", [1e-3, 0.5, 1.0, 2.5, 11.0, 170.0, 1e6])
def test_log_gamma_is_that_of_the_standard_library(z):
    assert log_gamma(z) == pytest.approx(math.lgamma(z), rel=1e-13, abs=1e-13)


def test_the_search_finds_the_bottom_of_a_bowl():
    place, cost, is_settled = lowest(lambda at: (at[0] - 3) ** 2 + 10 * (at[1] + 1) ** 2 + 4, np.zeros(2))

    assert is_settled
    assert place == pytest.approx([3, -1], abs=1e-4)
    assert cost == pytest.approx(4)


@pytest.mark.real_data
def test_the_fit_on_cdnow_is_the_published_one(cdnow):
    """Fader, Hardie & Lee 2005, and a maximum-likelihood fit of the same data (oracles.md)."""
    known, _ = cdnow
    assert (len(known.repeats), known.repeats.sum(), np.count_nonzero(known.repeats)) == (2357, 2457, 946)

    model = fit_ordering(known)

    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.24259, 4.41353, 0.79289, 2.42575), abs=1e-5)
    assert (model.r, model.alpha, model.a, model.b) == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=5e-4)
    assert model.log_likelihood == pytest.approx(-9582.4256, abs=1e-4)
    assert model.is_settled
    assert fit_ordering(grouped(known)).log_likelihood == pytest.approx(model.log_likelihood, abs=1e-6)


@pytest.mark.parametrize(
    ("ahead", "orders"),
    [(0.1429, 0.0078), (1, 0.0532), (3, 0.1506), (31.8571, 1.0405), (32, 1.0437), (78, 1.8576)],
)
def test_a_newcomer_orders_as_published(ahead, orders):
    """Fader, Hardie & Lee 2005, CDNOW, E[X(t)] (oracles.md, to 1e-3)."""
    assert expected_of_newcomer(FITTED, ahead=ahead) == pytest.approx(orders, abs=1e-3)


def test_a_buyer_of_two_repeats_is_as_published():
    """Fader, Hardie & Lee 2005, x = 2, t_x = 30.43, T = 38.86 (oracles.md)."""
    buyer = histories((2, 30.43, 38.86))

    assert expected_orders(PUBLISHED, buyer, ahead=39)[0] == pytest.approx(1.226, abs=1e-3)
    assert still_there(PUBLISHED, buyer)[0] == pytest.approx(0.7266, abs=1e-4)


@pytest.mark.real_data
def test_spending_on_cdnow_is_as_published(cdnow):
    """Fader & Hardie 2013, 946 repeat buyers (oracles.md)."""
    known, means = cdnow
    again = known.repeats > 0

    model = fit_spending(known.repeats[again], means[again])

    assert (model.p, model.q, model.v) == pytest.approx((6.2488, 3.7446, 15.4478), abs=1e-3)
    assert (model.p, model.q, model.v) == pytest.approx((6.25, 3.74, 15.44), abs=1e-2)
    assert model.mean == pytest.approx(35.17, abs=0.01)


@pytest.fixture(scope="module")
def halves() -> tuple[Buyer, np.ndarray]:
    """The CDNOW sample as it was known after 39 weeks, and the order days of the 39 weeks after them."""
    days: dict[str, set[int]] = defaultdict(set)
    with (SHARED_DATA / "cdnow" / "CDNOW_sample.txt").open() as file:
        for line in file:
            _, person, said, *_rest = line.split()
            days[person].add((date.fromisoformat(said) - date(1997, 1, 1)).days)
    rows = []
    for person in sorted(days):
        before = sorted(day for day in days[person] if day < HALF_DAYS)
        after = [day for day in days[person] if HALF_DAYS <= day < 2 * HALF_DAYS]
        rows.append((len(before) - 1, before[-1] - before[0], HALF_DAYS - before[0], len(after)))
    x, t_x, age, came = (np.array(one, dtype=float) for one in zip(*rows, strict=True))
    nothing = np.zeros_like(x)
    return Buyer(repeats=x, recency_days=t_x, age_days=age, net_minor=nothing, repeat_net_minor=nothing), came


@pytest.mark.real_data
def test_the_second_half_of_cdnow_is_foretold_as_well_as_published(halves):
    """Fader, Hardie & Lee 2005, section 4.2: each buyer's expectation and what came correlate by 0.626."""
    before, came = halves
    known = before.histories()

    expected = expected_orders(fit_ordering(known), known, ahead=39)

    assert np.corrcoef(expected, came)[0, 1] == pytest.approx(0.626, abs=0.01)


@pytest.mark.real_data
def test_the_calibration_puts_everybody_in_one_bin_and_adds_up(halves):
    before, came = halves

    bins = bins_of(before, came, ahead_days=HALF_DAYS)

    assert [one.repeats for one in bins] == list(range(8))
    assert sum(one.people for one in bins) == 2357
    assert sum(one.came for one in bins) == 1882
    a_head = [one.expected_tenths / one.people for one in bins]
    assert a_head == sorted(a_head)


@settings(deadline=None, max_examples=50)
@given(r=shapes, alpha=shapes, a=wide, b=wide, x=st.integers(0, 60), share=st.floats(0.01, 1), age=weeks, t=weeks)
def test_expected_orders_are_the_integral_that_they_come_from(r, alpha, a, b, x, share, age, t):
    """Over the chance to lose interest, beta (a, b + x), of the orders that a gamma (r + x, alpha + T) rate brings."""
    model = Ordering(r=r, alpha=alpha, a=a, b=b)
    buyer = histories((x, share * age if x else 0.0, age))
    p = np.exp(np.linspace(-60, 0, 40_001))[:-1]
    rest = -np.expm1(np.log(p))
    weight = np.exp(a * np.log(p) + (b + x - 1) * np.log(rest) - log_beta(a, b + x))
    orders = -np.expm1(-(r + x) * np.log1p(p * t / (alpha + age))) / p
    slow = np.trapezoid(weight * orders, np.log(p)) / np.trapezoid(weight, np.log(p))

    if b + x >= 0.5 and a >= 0.2:
        found = expected_orders(model, buyer, ahead=t)[0] / still_there(model, buyer)[0]
        assert found == pytest.approx(slow, rel=2e-3)


@given(a=st.sampled_from([1.0, 1.0 + 1e-12, 0.5]), b=st.sampled_from([0.5, 1e-9, 3.0]), t=weeks)
def test_nothing_is_divided_by_zero_where_the_formula_of_the_paper_is(a, b, t):
    found = expected_of_newcomer(Ordering(r=0.7, alpha=3.0, a=a, b=b), ahead=t)

    assert 0 <= found < math.inf


def test_thousands_of_repeats_overflow_nothing():
    buyers = histories((5_000, 99.0, 100.0), (5_000, 1.0, 100.0), (0, 0.0, 100.0))

    alive = still_there(PUBLISHED, buyers)
    orders = expected_orders(PUBLISHED, buyers, ahead=52)

    assert alive[0] > 0.99 or alive[0] < 1e-9  # a hundred orders a week, then none for one
    assert alive[1] == pytest.approx(0, abs=1e-12)
    assert alive[2] == 1
    assert np.all(np.isfinite(orders)) and np.all(orders >= 0)
    assert math.isfinite(log_likelihood(PUBLISHED, buyers))


@given(x=st.integers(1, 200), age=weeks, early=st.floats(0.1, 0.5), late=st.floats(0.5, 1))
def test_who_ordered_more_lately_is_likelier_to_be_there(x, age, early, late):
    before, lately = still_there(PUBLISHED, histories((x, early * age, age), (x, late * age, age)))

    assert 0 <= before <= lately <= 1


def test_a_buyer_of_whom_nothing_is_known_spends_like_all():
    model = Spending(p=6.25, q=3.74, v=15.44)

    nobody, few, many = expected_mean(model, np.array([0.0, 1.0, 1000.0]), np.array([0.0, 80.0, 80.0]))

    assert nobody == pytest.approx(model.mean)
    assert model.mean < few < many < 80
    assert many == pytest.approx(80, abs=0.1)

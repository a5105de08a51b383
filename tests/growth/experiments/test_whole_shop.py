"""What an action brought that treated everybody, where the truth is known."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import numpy as np
import pytest

from tests.insight.campaigns.offering import a_world
from zhanggui.growth.experiments import queries
from zhanggui.growth.experiments.errors import MetricNotSummed
from zhanggui.growth.experiments.rules.counterfactual import MOST_DAYS, beyond_season
from zhanggui.insight.metrics.rules import Filters, Period

WEEK = np.array([100.0, 80.0, 80.0, 80.0, 80.0, 120.0, 160.0])
DAYS, PLAYS = 10, 300
MAY = Period(date(2026, 5, 1), date(2026, 5, 11))
LATER = datetime(2026, 5, 20, tzinfo=UTC)


def a_season(rng, *, lift=0.0, weather=0.0):
    """Eight weeks and ten days: the shop's own days and those of neighbours, moved by the same weather."""
    days = 56 + DAYS
    shape = np.tile(WEEK, days // 7 + 1)[:days] * (1 + 0.002 * np.arange(days))
    same = rng.normal(0, weather, days)
    treated = np.where(np.arange(days) < 56, 1.0, 1.0 + lift)
    mine = shape * treated * (1 + same) + rng.normal(0, 6, days)
    other = 3 * shape * (1 + same) + rng.normal(0, 12, days)
    truth = float((shape * lift)[56:].sum())
    return list(mine[:56]), list(mine[56:]), (list(other[:56]), list(other[56:])), truth


def test_the_worked_number():
    found = beyond_season([100.0] * 56, [110.0] * 10)
    assert math.isclose(found.value, 100.0)
    assert math.isclose(found.low, 100.0, abs_tol=1e-6) and found.p < 1e-9


@pytest.mark.parametrize("is_beside", [False, True], ids=["alone", "with neighbours"])
def test_intervals_are_right_as_often_as_they_say(is_beside):
    rng, right = np.random.default_rng(3), 0
    for _ in range(PLAYS):
        history, actual, beside, truth = a_season(rng, lift=0.2, weather=0.05)
        found = beyond_season(history, actual, beside=beside if is_beside else None)
        right += found.low <= truth <= found.high

    assert 0.92 <= right / PLAYS <= 0.985


def test_neighbours_narrow_the_interval_where_the_same_weather_moves_them():
    rng, widths = np.random.default_rng(4), []
    for _ in range(20):
        history, actual, beside, _ = a_season(rng, weather=0.2)
        one, other = beyond_season(history, actual), beyond_season(history, actual, beside=beside)
        widths.append((other.high - other.low) / (one.high - one.low))

    assert sum(widths) / len(widths) < 0.6


def test_neighbours_that_say_nothing_are_left_out():
    rng = np.random.default_rng(5)
    history, actual, _, _ = a_season(rng)
    noise = list(rng.uniform(0, 1000, 56)), list(rng.uniform(0, 1000, DAYS))

    assert beyond_season(history, actual, beside=noise) == beyond_season(history, actual)
    assert beyond_season(history, actual, beside=([0.0] * 56, [0.0] * DAYS)) == beyond_season(history, actual)


def test_p_is_below_alpha_exactly_where_the_interval_leaves_nothing_out():
    rng = np.random.default_rng(6)
    for lift in (0.0, 0.03, 0.06, 0.1):
        history, actual, _, _ = a_season(rng, lift=lift)
        found = beyond_season(history, actual)
        assert found.is_beyond_chance == (found.p < 0.05)


def test_where_too_little_is_known_nothing_is_said():
    assert beyond_season([100.0] * 20, [110.0]) is None
    assert beyond_season([100.0] * 56, []) is None
    assert beyond_season([100.0] * 56, [110.0] * (MOST_DAYS + 1)) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lake_folder")
@pytest.mark.tables("orders", "sku_days", "listings")
def test_a_shop_that_sold_a_third_more_tea_is_seen_to_have():
    a_world(lift=0.35, orders=60)
    found = queries.whole_shop_effect("acme", metric="gmv_paid", period=MAY, at=LATER)
    beside = queries.whole_shop_effect(
        "acme",
        metric="goods_paid",
        period=MAY,
        at=LATER,
        where=Filters(sku=("tea",)),
        beside=Filters(sku=("cup",)),
    )

    # 60 pieces on a Monday, a little more by then, ten days of 1.17 Mondays, at 30 yuan each, a third of it on top.
    meant = 0.35 * 60 * 1.145 * (0.9 + 0.9 + 1.0 + 1.1 + 1.5 + 1.4 + 1.0 + 1.1 + 1.5 + 1.4) * 3000
    for one in (found, beside):
        assert one.low < meant < one.high
        assert one.is_beyond_chance


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("lake_folder")
@pytest.mark.tables("orders", "sku_days", "listings")
def test_days_that_are_not_over_and_a_shop_that_is_too_young_say_nothing():
    a_world(orders=5)
    assert (
        queries.whole_shop_effect("acme", metric="gmv_paid", period=MAY, at=datetime(2026, 4, 30, tzinfo=UTC)) is None
    )
    young = Period(date(2026, 3, 1), date(2026, 3, 5))
    assert queries.whole_shop_effect("acme", metric="gmv_paid", period=young, at=LATER) is None
    with pytest.raises(MetricNotSummed):
        queries.whole_shop_effect("acme", metric="aov", period=MAY, at=LATER)

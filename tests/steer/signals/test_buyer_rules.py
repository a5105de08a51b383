"""The rules of the detectors that hold buyers against what they used to do: worked numbers, and what is not enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals.rules import DAILY_FALSE, churn_waves, price_responses, return_spikes
from zhanggui.steer.signals.rules.churn_waves import Buying
from zhanggui.steer.signals.rules.price_responses import Course, Response
from zhanggui.steer.signals.rules.return_spikes import Back

DAY = date(2026, 5, 4)


# --- what comes back


def test_a_spike_is_worth_the_refunds_beyond_the_usual() -> None:
    past = {"A": Back(returned=5, sold=100), "Z": Back(returned=45, sold=900)}
    (spike,) = return_spikes.spikes({"A": Back(returned=8, sold=40, minor=40_000)}, past)
    assert (round(spike.usual, 2), spike.low_minor, spike.expected_minor, spike.high_minor) == (
        2.15,
        10_000,
        29_256,
        40_000,
    )
    assert spike.chance == pytest.approx(0.0054, abs=1e-4)
    assert return_spikes.is_enough(spike)


def test_two_parcels_are_no_spike_and_a_sku_without_sales_has_none() -> None:
    two = return_spikes.spikes({"A": Back(returned=2, sold=2, minor=10)}, {})
    assert not return_spikes.is_enough(two[0])
    assert return_spikes.spikes({"A": Back(returned=2, sold=0, minor=10)}, {}) == ()


def test_returns_of_what_was_paid_lately_are_held_against_those_that_are_due_by_now() -> None:
    paid = {DAY: 10, DAY - timedelta(days=1): 10, DAY - timedelta(days=9): 10}
    found = return_spikes.soon(paid, {1: 4, 9: 3}, lags={1: 5, 2: 5}, day=DAY, days=2)
    assert found == Back(returned=4, sold=5)


def test_a_bad_lot_is_seen_in_its_first_returns() -> None:
    past = {"A": Back(returned=5, sold=100), "Z": Back(returned=45, sold=900)}
    now = {"A": Back(returned=5, sold=40, minor=25_000)}
    (late,) = return_spikes.spikes(now, past)
    (soon,) = return_spikes.spikes(now, past, also=[{"A": Back(returned=5, sold=6)}])
    assert soon.chance < 0.002 < late.chance
    assert (soon.low_minor, soon.high_minor) == (late.low_minor, late.high_minor)
    assert soon.least < late.least or soon.least < 1e-4


# --- what became dearer


def test_a_rise_costs_what_the_views_would_have_brought() -> None:
    before = Course(views=1_000, orders=100, minor=100_000)
    found = price_responses.response(before, Course(views=500, orders=20, minor=26_000))
    assert found is not None
    assert (round(found.usual, 2), found.low_minor, found.expected_minor, found.high_minor) == (
        50.25,
        4_000,
        24_250,
        42_000,
    )
    assert found.chance < 0.00005  # twenty orders of fifty; that 260.00 of 502.50 came would be 0.001


def test_a_rise_that_pays_is_no_trouble() -> None:
    before = Course(views=1_000, orders=100, minor=100_000)
    found = price_responses.response(before, Course(views=500, orders=45, minor=58_500))
    assert isinstance(found, Response)
    assert found.expected_minor == 0
    assert found.chance > 0.5
    assert price_responses.response(Course(views=0, orders=0, minor=0), before) is None


def test_fewer_who_pay_as_much_together_are_no_loss() -> None:
    before = Course(views=1_000, orders=100, minor=100_000)
    found = price_responses.response(before, Course(views=500, orders=30, minor=48_000))
    assert found is not None
    assert found.chance == 1.0


def test_a_loss_that_is_told_on_the_first_day_that_shows_it_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(17)
    held = []
    for _ in range(200):
        before, due = int(rng.poisson(4 * 56)), rng.poisson(4, 60)
        came = rng.binomial(due, 1.3**-3)
        for days in range(1, 61):
            orders = int(came[:days].sum())
            since = Course(views=100 * days, orders=orders, minor=1_300 * orders)
            found = price_responses.response(Course(views=5_600, orders=before, minor=1_000 * before), since)
            if found and found.chance <= DAILY_FALSE:
                held.append(found.low_minor <= 1_000 * int(due[:days].sum()) - since.minor <= found.high_minor)
                break
    assert len(held) > 190
    assert sum(held) >= 0.95 * len(held)


def test_the_old_price_is_so_much_off_the_new_one() -> None:
    assert price_responses.price_back_bp(10_000, 13_000) == 2_308
    assert price_responses.price_back_bp(13_000, 10_000) == 0


# --- who stays away

_PAST = {cell: Buying(again=200, new=600, minor=2_000_000) for cell in "abc"}


def test_a_wave_is_what_a_cells_regulars_brought_less() -> None:
    now = {"a": Buying(again=10, new=150), "b": Buying(again=50, new=150), "c": Buying(again=50, new=150)}
    found = {wave.cell: wave for wave in churn_waves.waves(now, _PAST)}
    assert (round(found["a"].usual, 1), round(found["a"].expected_minor / 10_000, 1)) == (50.1, 40.1)
    assert found["a"].chance < 1e-6
    assert min(found["b"].chance, found["c"].chance) > 0.3


@pytest.mark.parametrize(
    "own", [Buying(again=50, new=900), Buying(again=10, new=30)], ids=["more new people", "all of the cell is down"]
)
def test_another_trouble_of_a_cell_is_no_wave(own: Buying) -> None:
    now = {"a": own, "b": Buying(again=50, new=150), "c": Buying(again=50, new=150)}
    assert churn_waves.waves(now, _PAST)[0].chance > 0.05


def test_a_shop_in_which_everybody_comes_back_more_has_no_wave() -> None:
    now = {cell: Buying(again=100, new=150) for cell in "abc"}
    assert min(wave.chance for wave in churn_waves.waves(now, _PAST)) > 0.3
    assert churn_waves.waves({}, {"a": Buying(again=3, new=9)}) == ()


def test_a_wave_is_told_by_visits_before_orders_can_tell_it() -> None:
    past = {cell: replace(one, came=400, strangers=8_000) for cell, one in _PAST.items()}
    usual = Buying(again=10, new=30, came=40, strangers=800)
    few = {"a": Buying(again=6, new=30, came=12, strangers=800), "b": usual, "c": usual}
    alone = {cell: replace(one, came=0, strangers=0) for cell, one in few.items()}
    (wave, *others), (blind, *_) = churn_waves.waves(few, past), churn_waves.waves(alone, _PAST)
    assert wave.chance < 0.00005 < 0.05 < blind.chance
    assert min(one.chance for one in others) > 0.3
    # Seven in ten of the visits are missing, so as many of ten orders.
    assert wave.expected_minor == pytest.approx(0.7 * 10 * 10_000, rel=0.05)
    assert wave.low_minor < 0.6 * 10 * 10_000 < wave.high_minor


def test_a_cell_that_nobody_comes_to_is_no_wave_of_its_buyers() -> None:
    past = {cell: replace(one, came=400, strangers=8_000) for cell, one in _PAST.items()}
    usual = Buying(again=10, new=30, came=40, strangers=800)
    few = {"a": Buying(again=10, new=30, came=12, strangers=240), "b": usual, "c": usual}
    assert churn_waves.waves(few, past)[0].chance > 0.05


def test_days_with_visits_are_counted_by_cell_and_by_how_they_scatter() -> None:
    span = Period(DAY, DAY + timedelta(days=2))
    came = {"a": {DAY: (5, 50), DAY + timedelta(days=1): (15, 50), DAY + timedelta(days=2): (9, 9)}}
    came["b"] = {DAY: (15, 50), DAY + timedelta(days=1): (5, 50)}
    found = churn_waves.with_visits({"a": Buying(again=3, new=1)}, came, days=span)
    assert (found["a"].again, found["a"].came, found["a"].strangers, found["b"].came) == (3, 20, 100, 20)
    assert found["a"].scatter == pytest.approx(10.0)

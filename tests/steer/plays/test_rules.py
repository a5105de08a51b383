"""The rules of plays: states, hold-outs, what is expected, when a play stops, what a plan must say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.made import cny
from tests.steer.plays.made import HALF, TODAY, a_plan
from zhanggui.growth.experiments.rules import people_needed
from zhanggui.growth.messages.errors import WordingUnfit
from zhanggui.growth.messages.rules import Wording
from zhanggui.steer.plays import rules
from zhanggui.steer.plays.errors import MoveNotAllowed, PlanUnfit
from zhanggui.steer.plays.rules import (
    EDGES,
    Audience,
    Course,
    Ending,
    Guard,
    Habit,
    Incremental,
    Limit,
    Plan,
    Purpose,
    State,
    StopRules,
)
from zhanggui.steer.signals.rules import Move

CALM = Course(effect=None, cost=cny(0), reached=0, refused=0, uneven_p=0.5, is_barred=False)


def an_effect(value: int, low: int, high: int) -> Incremental:
    return Incremental(value=cny(value), low=cny(low), high=cny(high))


@pytest.mark.parametrize(("state", "wanted"), [pair for pair in product(State, State) if pair not in EDGES])
def test_a_step_that_the_table_does_not_draw_is_refused(state, wanted):
    with pytest.raises(MoveNotAllowed) as refused:
        rules.check(state, wanted)
    assert refused.value.guard == Guard.NO_SUCH_STEP


@pytest.mark.parametrize(("edge", "guards"), EDGES.items())
def test_a_step_is_refused_by_the_first_of_its_guards_and_by_no_other(edge, guards):
    rules.check(*edge, failing=set(Guard) - set(guards))
    for guard in guards:
        with pytest.raises(MoveNotAllowed) as refused:
            rules.check(*edge, failing={guard})
        assert refused.value.guard == guard


def test_a_play_that_was_measured_goes_nowhere():
    assert not [edge for edge in EDGES if edge[0] is State.MEASURED]


@pytest.mark.parametrize(
    ("people", "bp", "purpose", "least"),
    [
        (40_000, 859, Purpose.SHOWS, 1_000),
        (1_000_000, 500, Purpose.SHOWS, 257),
        (12_000, 5_000, Purpose.HALF, 1_023),
        (100, 5_000, Purpose.LEARNING, 11_206),
        (10, 5_000, Purpose.LEARNING, 35_438),
    ],
)
def test_the_hold_out_is_the_smallest_that_shows_what_is_expected(people, bp, purpose, least):
    habit = Habit(people=people, baseline=10_000, deviation=20_000, order=8_000)
    found = rules.hold_out(habit, expected=1_000)
    assert (found.bp, found.purpose) == (bp, purpose)
    assert found.least == pytest.approx(least, rel=0.01)


def test_of_nobody_nothing_can_be_shown():
    found = rules.hold_out(Habit(people=0, baseline=0, deviation=0, order=8_000), expected=1_000)
    assert (found.purpose, found.least) == (Purpose.LEARNING, None)


def test_who_bought_nothing_for_long_still_differs_once_some_buy():
    habit = Habit(people=10_000, baseline=0, deviation=0, order=6_000)
    found = rules.hold_out(habit, expected=60)
    assert found.deviation == pytest.approx(600)
    needed = people_needed(baseline=1, deviation=600, lift_rate=60, held_out_bp=found.bp)
    assert found.purpose is Purpose.SHOWS and needed <= 10_000


def test_what_two_plays_brought_is_pooled_as_dersimonian_and_laird_do():
    found = rules.pooled([(100, 80, 120), (200, 160, 240)])
    assert found is not None
    assert (found.value, found.low, found.high) == pytest.approx((148.4, -18.3, 315.2), abs=0.1)
    assert found.plays == 2


def test_plays_that_agree_are_pooled_by_how_well_each_is_known():
    found = rules.pooled([(100, 90, 110), (101, 1, 201)])
    assert found is not None
    assert found.value == pytest.approx(100.01, abs=0.01)
    assert 9.8 < found.high - found.value < 10


def test_of_no_play_nothing_is_expected():
    assert rules.pooled([]) is None


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(1, 1e5)), min_size=1, max_size=6))
def test_what_is_expected_lies_among_what_came(found):
    pooled = rules.pooled([(value, value - reach, value + reach) for value, reach in found])
    values = [value for value, _ in found]
    assert pooled is not None
    assert min(values) - 1e-3 <= pooled.value <= max(values) + 1e-3
    assert pooled.low <= pooled.value <= pooled.high


@pytest.mark.parametrize(
    ("course", "stop_rules", "why"),
    [
        (CALM, StopRules(), None),
        (replace(CALM, uneven_p=0.0009), StopRules(), Ending.UNEVEN),
        (replace(CALM, uneven_p=0.001), StopRules(), None),
        (replace(CALM, uneven_p=None), StopRules(), None),
        (replace(CALM, is_barred=True), StopRules(), Ending.BUDGET),
        (replace(CALM, cost=cny(9_999)), StopRules(), None),
        (replace(CALM, cost=cny(10_000)), StopRules(), Ending.COST_CAP),
        (replace(CALM, effect=an_effect(-900, -1_200, -501)), StopRules(most_loss=cny(500)), Ending.LOSS),
        (replace(CALM, effect=an_effect(-900, -1_200, -500)), StopRules(most_loss=cny(500)), None),
        (replace(CALM, effect=an_effect(-900, -1_200, -501)), StopRules(), None),
        (replace(CALM, reached=100, refused=3), StopRules(most_refused_bp=200), Ending.REFUSALS),
        (replace(CALM, reached=100, refused=2), StopRules(most_refused_bp=200), None),
        (replace(CALM, reached=49, refused=49), StopRules(most_refused_bp=200), None),
        (replace(CALM, reached=100, refused=99), StopRules(), None),
    ],
)
def test_a_running_play_stops_when_one_of_its_rules_says_so(course, stop_rules, why):
    assert rules.ending(stop_rules, course, cost_cap=cny(10_000)) is why


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (a_plan(Move.PAGE), "page"),
        (a_plan(name=" "), "name"),
        (a_plan(hypothesis=""), "hypothesis"),
        (a_plan(metric="no_such"), "metric"),
        (a_plan(audience=Audience()), "audience"),
        (a_plan(Move.COUPON, action={"discount_bp": 0}), "discount"),
        (a_plan(Move.PROMOTION, action={"discount_bp": 9_001}), "discount"),
        (a_plan(Move.PROMOTION, action={"discount_bp": -100}), "discount"),
        (a_plan(Move.PRICE), "sku"),
        (a_plan(action={"wording": None}), "wording"),
        (a_plan(Move.CHECK, action={"task": ""}), "task"),
        (a_plan(hold_out=None), "hold_out"),
        (a_plan(Move.CHECK, hold_out=HALF), "hold_out"),
        (a_plan(hold_out=replace(HALF, bp=9_001)), "hold_out"),
        (a_plan(cost_cap=cny(0)), "cost_cap"),
        (a_plan(fixed_cost=cny(500_000)), "fixed_cost"),
        (a_plan(Move.CHECK, ends_on=TODAY + timedelta(days=54)), "season_days"),
        (a_plan(owner=""), "owner"),
        (a_plan(ends_on=TODAY), "ends_on"),
        (a_plan(after_days=61), "after_days"),
        (a_plan(stop_rules=StopRules(most_loss=cny(0))), "most_loss"),
        (a_plan(stop_rules=StopRules(most_refused_bp=10_001)), "most_refused"),
    ],
)
def test_a_plan_that_cannot_be_says_which_field(plan, field):
    with pytest.raises(PlanUnfit) as unfit:
        plan.checked(currency="CNY")
    assert unfit.value.field == field


def test_words_with_a_gap_that_nothing_fills_are_refused():
    strange = Wording(subject_zh="x", subject_en="x", words_zh="{coupon}", words_en="x")
    with pytest.raises(WordingUnfit):
        a_plan(action={"wording": strange}).checked(currency="CNY")


@pytest.mark.parametrize("move", [Move.MESSAGE, Move.COUPON, Move.PROMOTION, Move.CHECK])
def test_a_plan_that_is_right_is_kept_as_it_is_and_read_again(move):
    plan = a_plan(move).checked(currency="CNY")
    assert msgspec.convert(msgspec.to_builtins(plan), Plan) == plan


@pytest.mark.parametrize(
    ("cap", "discount_bp", "needs"),
    [(1_000, 1_000, False), (1_001, 1_000, True), (1_000, 2_001, True), (1_000, 2_000, False)],
)
def test_a_plan_above_the_limit_needs_approval(cap, discount_bp, needs):
    limit = Limit(cost=cny(1_000), discount_bp=2_000)
    plan = a_plan(Move.COUPON, cost_cap=cny(cap), action={"discount_bp": discount_bp})
    assert limit.is_passed_by(plan) is needs

"""Parts add up to their whole, whatever is changed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.steer.goals.made import YEAR, a_goal_of, in_channel
from zhanggui.insight.metrics.rules import EVERYTHING, Filters, Period
from zhanggui.steer.goals import rules
from zhanggui.steer.goals.errors import DoesNotAddUp, GoalIncomplete, GoalUnfit, NothingToBalance, PartsDoNotAddUp
from zhanggui.steer.goals.rules import Course, Goal, Part

amounts = st.integers(0, 10**9)


def a_tree(whole: int, *parts: int, locked: tuple[int, ...] = ()) -> tuple[dict[UUID, Goal], Goal, list[Goal]]:
    top = a_goal_of(whole, is_split=True)
    below = [
        a_goal_of(units, parent=top, is_locked=n in locked, where=in_channel(f"c{n}")) for n, units in enumerate(parts)
    ]
    return {one.id: one for one in (top, *below)}, top, below


@pytest.mark.parametrize(
    ("whole", "said", "weights", "filled"),
    [
        (100, (40, None, None), (1, 1, 2), (40, 20, 40)),
        (100, (None, None, None), (0, 0, 0), (34, 33, 33)),
        (100, (60, 40), (1, 1), (60, 40)),
        (100, (100, None), (1, 3), (100, 0)),
        (0, (None, None), (2, 1), (0, 0)),
    ],
)
def test_what_is_not_said_shares_the_rest(whole, said, weights, filled):
    assert rules.fill(whole, said, weights) == filled


@pytest.mark.parametrize(("said", "left"), [((101, None), -1), ((60, 30), 10)])
def test_what_cannot_be_shared_is_refused_with_what_is_left(said, left):
    with pytest.raises(NothingToBalance) as refused:
        rules.fill(100, said, (1, 1))
    assert refused.value.left_units == left


@given(st.lists(amounts, min_size=1, max_size=8), amounts)
def test_shares_sum_to_the_whole_to_the_minor_unit(weights, whole):
    assert sum(rules.fill(whole, [None] * len(weights), weights)) == whole


def test_free_siblings_make_up_for_a_part_that_changed():
    tree, _top, (first, second, third) = a_tree(100, 50, 30, 20)

    assert rules.retarget(tree, first.id, 60) == {first.id: 60, second.id: 24, third.id: 16}


def test_a_locked_sibling_stays_as_it_is():
    tree, _top, (first, _second, third) = a_tree(100, 50, 30, 20, locked=(1,))

    assert rules.retarget(tree, first.id, 60) == {first.id: 60, third.id: 10}


def test_a_change_that_nobody_can_make_up_for_is_refused():
    tree, _top, (first, *_others) = a_tree(100, 50, 30, 20, locked=(1, 2))

    with pytest.raises(NothingToBalance) as refused:
        rules.retarget(tree, first.id, 60)
    assert refused.value.left_units == -10


def test_parts_of_parts_follow_in_proportion():
    tree, top, (first, second) = a_tree(100, 50, 50)
    small, large = a_goal_of(10, parent=first), a_goal_of(40, parent=first)
    tree |= {small.id: small, large.id: large}

    assert rules.retarget(tree, top.id, 200) == {top.id: 200, first.id: 100, second.id: 100, small.id: 20, large.id: 80}


def test_rates_change_alone():
    top = a_goal_of(350_000, metric="gross_margin_rate", is_sum=False, is_split=True)
    part = a_goal_of(300_000, metric="gross_margin_rate", is_sum=False, parent=top)
    other = a_goal_of(400_000, metric="gross_margin_rate", is_sum=False, parent=top)
    tree = {one.id: one for one in (top, part, other)}

    assert rules.retarget(tree, part.id, 320_000) == {part.id: 320_000}
    assert rules.retarget(tree, top.id, 360_000) == {top.id: 360_000}
    with pytest.raises(DoesNotAddUp):
        rules.shares(top, (None, 300_000), (1, 1))
    assert rules.shares(top, (310_000, 300_000), (1, 1)) == (310_000, 300_000)


@given(
    st.lists(amounts, min_size=2, max_size=6),
    st.lists(amounts, min_size=2, max_size=4),
    st.data(),
)
def test_whatever_is_changed_every_whole_is_the_sum_of_its_parts(parts, below, data):
    tree, top, made = a_tree(sum(parts), *parts, locked=(len(parts) - 1,))
    grown = a_goal_of(sum(below), parent=top, where=in_channel("more"))
    leaves = [a_goal_of(units, parent=grown, where=in_channel(f"l{n}")) for n, units in enumerate(below)]
    top = a_goal_of(sum(parts) + sum(below), id=top.id, root=top.id)
    tree |= {one.id: one for one in (top, grown, *leaves)}
    changed = data.draw(st.sampled_from(list(tree)))
    try:
        fresh = rules.retarget(tree, changed, data.draw(amounts))
    except NothingToBalance:
        return

    now = {id: fresh.get(id, one.target) for id, one in tree.items()}
    assert sum(now[one.id] for one in (*made, grown)) == now[top.id]
    assert sum(now[one.id] for one in leaves) == now[grown.id]
    assert all(units >= 0 for units in now.values())
    assert changed == made[-1].id or made[-1].id not in fresh


Q1, Q2 = Period(date(2026, 1, 1), date(2026, 4, 1)), Period(date(2026, 4, 1), date(2026, 7, 1))
HALF = Period(date(2026, 1, 1), date(2026, 7, 1))


def a_part(target: int, *, period: Period = HALF, where: Filters = EVERYTHING) -> Part:
    return Part(period=period, where=where, baseline=0, target=target)


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ([a_part(100)], "too_few"),
        ([a_part(50), a_part(50)], "twice"),
        ([a_part(50, period=Q1), a_part(50, period=Period(Q2.start, date(2026, 8, 1)))], "outside"),
        ([a_part(50, period=Q1), a_part(50, period=Period(date(2026, 4, 2), Q2.end))], "gaps"),
        ([a_part(50, period=Q1), a_part(50, period=Q2, where=in_channel("email"))], "gaps"),
    ],
)
def test_parts_that_are_not_the_whole_are_refused(parts, reason):
    with pytest.raises(GoalUnfit) as refused:
        rules.checked_parts(a_goal_of(100, period=HALF), parts)
    assert (refused.value.field, refused.value.reason) == ("parts", reason)


def test_parts_that_miss_the_whole_are_refused_by_how_much():
    with pytest.raises(PartsDoNotAddUp) as refused:
        rules.checked_parts(a_goal_of(100, period=HALF), [a_part(50, period=Q1), a_part(49, period=Q2)])
    assert refused.value.left_units == 1
    rules.checked_parts(a_goal_of(100, period=HALF), [a_part(50, period=Q1), a_part(50, period=Q2)])


@pytest.mark.parametrize("missing", ["metric", "baseline", "target", "period", "owner"])
def test_a_goal_without_any_of_the_five_is_refused_by_name(missing):
    whole = {"metric": "gmv_paid", "baseline": 0, "target": 100, "period": YEAR, "owner": 7}
    with pytest.raises(GoalIncomplete) as refused:
        rules.complete(**whole | {missing: None})
    assert refused.value.missing == (missing,)
    assert rules.complete(**whole) == ("gmv_paid", 100, YEAR, 7)


@pytest.mark.parametrize(
    ("key", "course"),
    [
        ("gmv_paid", Course.SUM),
        ("orders_placed", Course.SUM),
        ("gross_margin_rate", Course.LEVEL),
        ("first_response_s", Course.LEVEL),
        ("uv", Course.PEOPLE),
        ("repurchase_rate", Course.PEOPLE),
    ],
)
def test_how_a_number_comes_about(key, course):
    assert rules.course_of(key) is course


def test_a_period_is_cut_into_calendar_quarters():
    cut = rules.quarters(Period(date(2026, 2, 10), date(2026, 8, 1)))

    assert cut == (
        Period(date(2026, 2, 10), date(2026, 4, 1)),
        Period(date(2026, 4, 1), date(2026, 7, 1)),
        Period(date(2026, 7, 1), date(2026, 8, 1)),
    )

"""Goals whose number is answered by an analysis of its own, and goals that start without a baseline."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.insight.metrics.events import a_shop, line, page, paid, refunded, remember
from tests.steer.goals.made import BY, SHOP, TRAIL, a_goal, a_shop_that_sold, an_operator, noon
from zhanggui.base.ids import uuid7
from zhanggui.base.operation.rules import job
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import EVERYTHING, Better, Filters, Period
from zhanggui.shop.returns.models import Return
from zhanggui.shop.returns.rules import Reason, State, Wish
from zhanggui.spine.log.models import Entry
from zhanggui.steer.goals import actions, models, queries, rules
from zhanggui.steer.goals.errors import BaselineKnown, GoalUnfit, NoSuchObjective
from zhanggui.steer.goals.rules import Course, Did, Reading, Shape

pytestmark = pytest.mark.tables("orders", "visits", "sessions", "sku_days", "tellings", "parcels", "stock_days")
JOB = job("steer.goals.start")
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
TODAY = date(2026, 5, 21)


def test_days_of_a_share_are_weighed_by_their_people_and_of_a_time_all_cases_count():
    share = Reading(first=MAY.start, days=((3, 10), (0, 0), (1, 10)), quantile=None, scale=1_000_000)
    time = Reading(first=MAY.start, days=((10.0, 20.0), (), (30.0,)), quantile=0.9, scale=1_000_000)

    assert share.of(MAY.start, MAY.start + timedelta(days=3)) == 200_000
    assert share.of(MAY.start + timedelta(days=1), MAY.start + timedelta(days=2)) is None
    assert time.of(MAY.start, MAY.end) == 28_000_000
    assert rules.quantile([4, 1, 3, 2], 0.9) == pytest.approx(3.7)


def test_whole_weeks_back_are_read_oldest_first_and_empty_ones_say_nothing():
    days = ((1.0, 10.0),) * 7 + ((0.0, 0.0),) * 7 + ((2.0, 10.0),) * 7
    read = Reading(first=MAY.start, days=days, quantile=None, scale=100)

    assert read.weekly(MAY.start + timedelta(days=21)) == [10.0, 20.0]
    assert read.weekly(MAY.start + timedelta(days=7)) == [10.0]


@pytest.mark.parametrize(
    ("metric", "where", "can"),
    [
        ("retention_d30", EVERYTHING, True),
        ("retention_d30", Filters(channel=("email",)), True),
        ("retention_d30", Filters(category=("tea",)), False),
        ("refund_hours_p90", EVERYTHING, True),
        ("refund_hours_p90", Filters(channel=("email",)), False),
    ],
)
def test_where_a_number_that_is_answered_elsewhere_can_be_read(metric, where, can):
    assert rules.can_be_read(metric, where=where) is can
    assert rules.course_of(metric) is Course.LEVEL
    with pytest.raises(GoalUnfit):
        rules.course_of("ltv_365_revenue")


def visitors_who_come_back() -> None:
    """From 1 April on, four people come every day for the first time; one of them again on the next day."""
    shop = a_shop()
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(50)]
    first = [page(f"{day}T04:00", f"{day}/{n}") for day in days for n in range(4)]
    again = [page(f"{day + timedelta(days=1)}T05:00", f"{day}/0") for day in days]
    remember(shop, first + again)


@pytest.mark.django_db
def test_retention_is_read_from_the_cohorts_and_forecast(lake_folder):
    visitors_who_come_back()
    goal = queries.goal(SHOP, a_goal(400_000, metric="retention_d1", baseline=200_000, period=MAY))

    seen = queries.progress(goal, at=noon(TODAY))
    assert (seen.actual, seen.due_by_now, seen.shape) == (250_000, 400_000, Shape.LEVEL)
    assert seen.forecast == pytest.approx(250_000, rel=0.01)
    assert seen.is_at_risk
    assert goal.better is Better.UP
    days = Period(date(2026, 5, 11), date(2026, 5, 21))
    was, _known = queries.baseline(SHOP, "retention_d1", EVERYTHING, days, at=noon(TODAY))
    assert was == 250_000


@pytest.mark.django_db
def test_who_does_not_come_back_and_what_goes_back_too_often_have_a_price(lake_folder):
    visitors_who_come_back()
    days = [date(2026, 4, 1) + timedelta(days=n) for n in range(50)]
    # Of 200 people each fourth pays 12.00, of which each fifth gets half back.
    told = [paid(f"T{day}", f"{day}T06:00", line("tea", 1, 1_200), person=f"{day}/1") for day in days]
    told += [refunded(f"T{day}", f"{day}T09:00", line("tea", 1, 600), person=f"{day}/1") for day in days[::5]]
    remember(shops.shop(SHOP), told)
    cohorts = queries.goal(SHOP, a_goal(400_000, metric="retention_d1", baseline=200_000, period=MAY))
    refunds = queries.goal(SHOP, a_goal(100_000, metric="refund_rate", baseline=200_000, period=MAY))

    seen = queries.progresses([cohorts, refunds], at=noon(TODAY))

    # 15 points of the 124 newcomers of May, who pay 3.00 each.
    assert seen[cohorts.id].money_at_stake_minor == pytest.approx(0.15 * 124 * 300, rel=0.05)
    # 10 points of the 31 orders of May, each of which gives 6.00 back.
    assert seen[refunds.id].money_at_stake_minor == pytest.approx(0.10 * 31 * 600, rel=0.1)


def gave_back(*, on: date, hours: int) -> None:
    ended = noon(on)
    fact, came = uuid7(), ended - timedelta(hours=hours)
    Return.objects.create(
        number=fact.hex[:24],
        shop=SHOP,
        order_number="O-1",
        state=State.REFUNDED,
        reason=Reason.CHANGED_MIND,
        wish=Wish.REFUND,
        currency="CNY",
        expected_minor=100,
        refunded_minor=100,
        requested_fact=fact,
        requested_at=came,
        received_at=came,
        ended_at=ended,
    )


@pytest.mark.django_db
def test_the_hours_to_a_refund_are_read_from_the_books_of_returns(lake_folder):
    a_shop_that_sold([1_000] * 51, first=date(2026, 4, 1))
    for n in range(40):
        gave_back(on=date(2026, 4, 8) + timedelta(days=n), hours=80 if n % 4 == 0 else 24)
    offer = queries.offer(SHOP, "refunds", at=noon(TODAY))
    assert (offer.lack, offer.target) == (None, 72_000_000)
    goal = queries.goal(SHOP, a_goal(72_000_000, metric="refund_hours_p90", period=MAY))

    seen = queries.progress(goal, at=noon(TODAY))

    assert seen.actual == 80_000_000  # of 17 refunds in May, four took 80 hours
    assert goal.better is Better.DOWN
    assert seen.forecast is not None


@pytest.mark.django_db
def test_a_default_whose_baseline_nobody_knows_waits_for_it_and_it_is_written_down_once(lake_folder):
    a_shop_that_sold([1_000] * 20, first=date(2026, 5, 1))
    id = a_goal(1_500, metric="aov", baseline=None, awaits_baseline=True)
    models.Goal.objects.filter(pk=id).update(set_at=noon(date(2026, 5, 10)))
    assert queries.goal(SHOP, id).baseline is None
    assert Entry.objects.get(name="steer.goal_set").body["baseline"] is None
    assert actions.find_baselines(shop=SHOP, at=noon(date(2026, 5, 28)), by=JOB) == 0  # 27 days are over

    assert actions.find_baselines(shop=SHOP, at=noon(date(2026, 5, 29)), by=JOB) == 1

    assert queries.goal(SHOP, id).baseline == 1_000
    latest = queries.history([id])[0]
    assert (latest.did, latest.now, latest.words) == (Did.STARTED, 1_000, "2026-05-01/2026-05-28")
    told = Entry.objects.filter(name="steer.goal_set").order_by("seq").last()
    assert (told.body["baseline"], told.body["was_target"]) == (1_000, 1_500)
    assert actions.find_baselines(shop=SHOP, at=noon(date(2026, 5, 29)), by=JOB) == 0
    with pytest.raises(BaselineKnown):
        actions.start_from(id=id, baseline=7, trail=TRAIL, by=BY)


@pytest.mark.django_db
def test_somebody_may_say_where_a_goal_starts_from_and_a_sum_cannot_wait(lake_folder):
    a_shop()
    id = a_goal(1_500, metric="aov", baseline=None, awaits_baseline=True)
    actions.start_from(id=id, baseline=900, trail=TRAIL, by=BY)
    assert queries.goal(SHOP, id).baseline == 900
    with pytest.raises(GoalUnfit):
        a_goal(1_500, baseline=None, awaits_baseline=True)
    assert models.Goal.objects.count() == 1


@pytest.mark.django_db
def test_a_target_that_needs_a_baseline_is_adopted_with_the_one_that_is_said(lake_folder):
    a_shop_that_sold([1_000] * 5, first=date(2026, 5, 10))
    owner = an_operator()
    assert queries.offer(SHOP, "second_quarter", at=noon(TODAY)).lack == "no_baseline"

    id = actions.adopt(shop=SHOP, key="second_quarter", owner=owner, was=80_000, at=noon(TODAY), trail=TRAIL, by=BY)

    goal = queries.goal(SHOP, id)
    assert (goal.baseline, goal.target) == (80_000, 100_000)


@pytest.mark.django_db
def test_a_goal_changes_hands_and_is_dropped_with_a_reason_that_stays_to_be_read(lake_folder):
    a_shop()
    actions.make_team(shop=SHOP, name="Tea", members=[])
    objective = actions.set_objective(shop=SHOP, team="Tea", words="First cup", period=MAY)
    id = a_goal(100)
    actions.move_to_team(id=id, team="Tea", by=BY)
    actions.name_result(id=id, objective=objective, by=BY)
    actions.rename_team(shop=SHOP, name="Tea", to="Leaf")
    actions.change_objective(shop=SHOP, id=objective, words="Second cup", period=MAY)
    assert (queries.goal(SHOP, id).team, queries.goal(SHOP, id).objective) == ("Leaf", objective)
    assert [one.words for one in queries.objectives(SHOP, MAY)] == ["Second cup"]
    actions.drop_objective(shop=SHOP, id=objective, by=BY)
    with pytest.raises(NoSuchObjective):
        actions.drop_objective(shop=SHOP, id=objective, by=BY)
    with pytest.raises(GoalUnfit):
        actions.drop(id=id, words="  ", by=BY)

    actions.drop(id=id, words="The shop moves", by=BY)

    ((goal, how),) = queries.dropped(SHOP, limit=9)
    assert (goal.id, how.words) == (id, "The shop moves")
    done = [(one.did, one.words) for one in queries.history([id])]
    assert done == [
        (Did.DROPPED, "The shop moves"),
        (Did.RESULT, ""),
        (Did.RESULT, "First cup"),
        (Did.TEAM, "Tea"),
        (Did.SET, ""),
    ]

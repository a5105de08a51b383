"""Progress read from the metrics, and saying once that a goal is missed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.insight.metrics.events import a_shop, line, page, paid, remember
from tests.shop.made import at_once
from tests.steer.goals.made import BY, SHOP, TRAIL, a_goal, a_shop_that_sold, in_channel, noon
from tests.worlds import made_once
from zhanggui.base.operation.rules import job
from zhanggui.insight.metrics.rules import EVERYTHING, Cut, Filters, Period
from zhanggui.spine.log.models import Entry
from zhanggui.steer.goals import actions, queries
from zhanggui.steer.goals.rules import Missed, Shape

pytestmark = pytest.mark.tables("orders", "sku_days", "visits", "sessions")

FIRST = date(2026, 3, 2)
MAY = Period(date(2026, 5, 1), date(2026, 6, 1))
TODAY = date(2026, 5, 11)
JOB = job("steer.goals.judge")


@made_once
def a_steady_shop() -> None:
    """Seventy days of 1,000 and a little, up to 10 May."""
    a_shop_that_sold([1000 + 7 * (n % 5) for n in range(70)], first=FIRST)


def missed() -> list[dict[str, object]]:
    return [row.body for row in Entry.objects.filter(name="steer.goal_missed").order_by("seq")]


@pytest.mark.django_db
def test_progress_is_read_from_the_metrics(lake_folder):
    a_steady_shop()
    money, orders = a_goal(31_000, period=MAY), a_goal(31, metric="orders_paid", period=MAY)
    average = a_goal(1_200, metric="aov", period=MAY)
    goals = queries.goals(SHOP, on=TODAY)

    seen = queries.progresses(goals, at=noon(TODAY))

    paid_by_now = sum(1000 + 7 * (n % 5) for n in range(60, 70))
    assert seen[money].actual == paid_by_now
    assert seen[money].until == TODAY
    assert seen[money].due_by_now == pytest.approx(10_000, rel=0.02)
    assert seen[money].low < 31_434 < seen[money].high
    assert seen[money].shape is Shape.WEEKDAYS
    assert (seen[orders].actual, seen[orders].forecast) == (10, 31)
    assert seen[average].actual == round(paid_by_now / 10)
    assert seen[average].money_at_stake_minor == pytest.approx(31_434 * (1_200 / 1_014 - 1), rel=0.02)


@pytest.mark.django_db
def test_a_part_looks_at_its_own_place_only(lake_folder):
    shop = a_shop()
    remember(
        shop,
        [
            paid(f"O-{n}", f"2026-05-0{n}T04:00", line("tea", 1, 100), channel="email" if n % 2 else "direct")
            for n in range(1, 8)
        ],
    )
    mail = a_goal(1_000, where=in_channel("email"), period=MAY)

    assert queries.progress(queries.goal(SHOP, mail), at=noon(TODAY)).actual == 400
    assert queries.cells(SHOP, "gmv_paid", EVERYTHING, Cut.CHANNEL, at=noon(TODAY), limit=9) == ("email", "direct")


@pytest.mark.django_db
def test_people_are_counted_and_not_added_up(lake_folder):
    shop = a_shop()
    visits = [page(f"{FIRST + timedelta(days=n)}T04:00", f"v{n % 20}") for n in range(70)]
    remember(shop, visits)
    goal = queries.goal(SHOP, a_goal(20, metric="uv", period=MAY))

    seen = queries.progress(goal, at=noon(TODAY))

    # ten came by now; in each of two periods before, ten had come by then and twenty in the end
    assert (seen.actual, seen.due_by_now, seen.forecast) == (10, 10, 20)
    assert seen.shape is Shape.EARLIER


@pytest.mark.django_db
def test_before_anything_is_told_nothing_is_known(lake_folder):
    a_shop()
    seen = queries.progress(queries.goal(SHOP, a_goal(100, period=MAY)), at=noon(TODAY))

    assert (seen.is_known, seen.actual, seen.is_at_risk) == (False, None, False)


@pytest.mark.django_db
def test_the_baseline_is_what_the_days_before_brought(lake_folder):
    a_steady_shop()

    units, days = queries.baseline(SHOP, "orders_paid", EVERYTHING, MAY, at=noon(TODAY))

    assert (units, days) == (31, Period(date(2026, 3, 31), date(2026, 5, 1)))
    assert (
        queries.baseline(SHOP, "orders_paid", Filters(), Period(date(2026, 1, 1), date(2027, 1, 1)), at=noon(TODAY))
        is None
    )


@pytest.mark.django_db
def test_a_goal_out_of_reach_is_told_once_with_what_caused_it(lake_folder):
    a_steady_shop()
    easy, hard = a_goal(30_000, period=MAY), a_goal(60_000, period=MAY)

    assert actions.judge(shop=SHOP, at=noon(TODAY), by=JOB) == 1
    assert actions.judge(shop=SHOP, at=noon(TODAY), by=JOB) == 0

    (fact,) = missed()
    assert (fact["goal_id"], fact["why"], fact["target"]) == (str(hard), "out_of_reach", 60_000)
    assert fact["money_minor"] == 60_000 - fact["forecast"]
    assert Entry.objects.get(name="steer.goal_missed").cause == queries.goal(SHOP, hard).told
    assert queries.goal(SHOP, hard).missed is Missed.OUT_OF_REACH
    assert queries.goal(SHOP, easy).missed is None


@pytest.mark.django_db
def test_a_goal_whose_period_ended_unreached_is_told_and_one_that_was_reached_is_not(lake_folder):
    a_steady_shop()
    april = Period(date(2026, 4, 1), date(2026, 5, 1))
    a_goal(30_000, period=april)
    short = a_goal(31_000, period=april)

    # at one in the morning the day is not settled yet
    assert actions.judge(shop=SHOP, at=noon(date(2026, 5, 1)) - timedelta(hours=11), by=JOB) == 1
    assert missed()[0]["why"] == "out_of_reach"
    assert actions.judge(shop=SHOP, at=noon(TODAY) - timedelta(days=5), by=JOB) == 0
    assert [one["goal_id"] for one in missed()] == [str(short)]


@pytest.mark.django_db
def test_another_target_may_be_missed_again(lake_folder):
    a_steady_shop()
    id = a_goal(60_000, period=MAY)
    actions.judge(shop=SHOP, at=noon(TODAY), by=JOB)
    actions.change_target(id=id, target=50_000, trail=TRAIL, by=BY)
    actions.judge(shop=SHOP, at=noon(TODAY), by=JOB)

    assert [one["target"] for one in missed()] == [60_000, 50_000]


@pytest.mark.django_db(transaction=True)
def test_two_looks_at_the_same_moment_tell_it_once(lake_folder):
    a_steady_shop()
    a_goal(60_000, period=MAY)

    found = at_once(lambda _n: actions.judge(shop=SHOP, at=noon(TODAY), by=JOB), 3, threads=3)

    assert sorted(found) == [0, 0, 1]
    assert len(missed()) == 1

"""What is to be expected, by the shop's own days: the season, the interval, and how often it holds."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.steer.goals.made import a_goal_of
from zhanggui.insight.metrics.rules import Better, Period
from zhanggui.steer.goals import rules
from zhanggui.steer.goals.rules import Days, Earlier, NoPrice, Shape
from zhanggui.steer.goals.rules.forecast import ahead, outlook, t_below, t_reach, weeks
from zhanggui.steer.goals.rules.season import season

MONDAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def test_weekdays_weigh_what_they_brought():
    known = [10.0, 10, 10, 10, 10, 10, 35] * 4
    found = season(known, first=MONDAY, start=MONDAY + 28 * DAY, end=MONDAY + 35 * DAY)

    assert found.shape is Shape.WEEKDAYS
    assert [round(one, 2) for one in found.days(MONDAY + 28 * DAY, MONDAY + 35 * DAY)] == [0.74] * 6 + [2.58]


def test_less_than_four_weeks_are_a_straight_line():
    found = season([10.0] * 27, first=MONDAY, start=MONDAY, end=MONDAY + 40 * DAY)

    assert found.shape is Shape.STRAIGHT
    assert set(found.weights) == {1.0}


def a_year(*, feast: float = 1.0) -> list[float]:
    """From 1 January 2025 to the end of October 2026: twice as much from November to January; 11 November apart."""
    first, found = date(2025, 1, 1), []
    while (day := first + len(found) * DAY) < date(2026, 11, 1):
        size = 200.0 if day.month in (11, 12, 1) else 100.0
        found.append(size * (feast if (day.month, day.day) == (11, 11) else 1.0))
    return found


def test_with_a_year_behind_it_the_time_of_the_year_counts():
    found = season(a_year(), first=date(2025, 1, 1), start=date(2026, 10, 1), end=date(2027, 1, 1))

    assert found.shape is Shape.YEAR
    assert found.of(date(2026, 12, 1), date(2026, 12, 20)) == pytest.approx(
        2 * found.of(date(2026, 10, 1), date(2026, 10, 20)), rel=0.02
    )


def test_a_day_that_stood_out_a_year_ago_stands_out_again_and_its_neighbours_do_not():
    known = a_year(feast=6)
    found = season(known, first=date(2025, 1, 1), start=date(2026, 11, 1), end=date(2027, 1, 1))

    eleventh = found.of(date(2026, 11, 11), date(2026, 11, 12))
    tenth = found.of(date(2026, 11, 10), date(2026, 11, 11))
    assert eleventh / tenth == pytest.approx(6, rel=0.15)


@pytest.mark.parametrize(
    ("number", "freedom", "below"), [(2.015, 5, 0.95), (1.8331, 9, 0.95), (0.0, 3, 0.5), (2.9200, 2, 0.95)]
)
def test_students_t_is_that_of_the_tables(number, freedom, below):
    assert t_below(number, freedom) == pytest.approx(below, abs=1e-4)
    assert t_below(-number, freedom) == pytest.approx(1 - below, abs=1e-4)


def test_how_far_students_t_reaches_is_that_of_the_tables():
    assert t_reach(0.9, 5) == pytest.approx(2.015, abs=1e-3)


def test_the_worked_number_of_the_outlook():
    seen = outlook([95.0, 105.0] * 4, [7.0], is_year_known=True)

    assert seen is not None
    assert round(seen.expected) == 703
    assert round(seen.expected - seen.bound()) == 623
    assert round(seen.expected + seen.bound()) == 782
    assert outlook([100.0] * 3, [7.0], is_year_known=True) is None


def test_weeks_are_counted_back_from_the_last_day():
    assert weeks([1.0] * 3 + [2.0] * 7 + [4.0] * 7, [1.0] * 17, most=5) == [2.0, 4.0]
    assert ahead([1.0] * 10) == [7.0, 3.0]


def a_shops_days(rng: random.Random, days: int, *, first: date) -> list[float]:
    """A made-up shop: weekdays, a swing of the year, growth, a level that wanders, noise, a day that stands out."""
    weekdays = [rng.uniform(0.6, 1.6) for _ in range(7)]
    noise, wander = rng.uniform(0.05, 0.35), rng.choice([0, 0.005, 0.01, 0.02, 0.03])
    swing, phase, growth = rng.uniform(0, 0.35), rng.uniform(0, 365), rng.uniform(-0.1, 0.5)
    feast, times = rng.randrange(1, 360), rng.choice([1, 1, 3, 6])
    level, found = math.log(rng.choice([20, 200, 2000, 20000])), []
    for n in range(days):
        day = first + n * DAY
        level += rng.gauss(0, wander) if n % 7 == 0 else 0.0
        season_of_day = growth * n / 365 + swing * math.sin(2 * math.pi * (day.timetuple().tm_yday - phase) / 365)
        mean = math.exp(level + season_of_day) * weekdays[day.weekday()]
        mean *= times if day.timetuple().tm_yday == feast else 1
        size = mean * math.exp(rng.gauss(-noise * noise / 2, noise))
        found.append(float(max(0, round(rng.gauss(size, math.sqrt(size))))))
    return found


def holds(rng: random.Random, *, behind: int, long: int) -> bool:
    """Whether the interval told on some day of a made-up shop's period holds what the period came to."""
    first = date(2024, 1, 1) + rng.randrange(365) * DAY
    days = a_shops_days(rng, behind + long, first=first)
    period = Period(first + behind * DAY, first + (behind + long) * DAY)
    known = Days(first=first, numbers=tuple(days[: behind + rng.randrange(long - 3)]))
    seen, _season = rules.of_sum(a_goal_of(1, period=period), known)
    assert seen.low is not None
    assert seen.high is not None
    return seen.low <= sum(days[behind:]) <= seen.high


@pytest.mark.parametrize(("behind", "long"), [(800, 90), (800, 365), (420, 30)])
def test_nine_of_ten_intervals_hold_what_comes(behind, long):
    rng = random.Random(7)

    held = sum(holds(rng, behind=behind, long=long) for _ in range(150)) / 150

    assert 0.86 <= held <= 0.97


@pytest.mark.parametrize(("behind", "long"), [(90, 30), (90, 90), (200, 30), (200, 90), (200, 365)])
def test_nine_of_ten_hold_without_a_year_behind_them(behind, long):
    rng = random.Random(11)

    held = sum(holds(rng, behind=behind, long=long) for _ in range(600)) / 600

    assert 0.88 <= held <= 0.92


def test_a_season_that_nobody_has_seen_widens_more_the_farther_it_reaches():
    ratios = [95.0, 105.0] * 4
    wider = [
        outlook(ratios, [7.0] * weeks_ahead, is_year_known=False).spread
        / outlook(ratios, [7.0] * weeks_ahead, is_year_known=True).spread
        for weeks_ahead in (1, 13)
    ]

    assert 1 < wider[0] < wider[1]


def test_a_year_of_pace_is_not_a_straight_line():
    days = Days(first=date(2025, 1, 1), numbers=tuple(a_year()))
    quarter = a_goal_of(50_000, period=Period(date(2026, 10, 1), date(2027, 1, 1)))

    seen, _season = rules.of_sum(quarter, days)

    # a third of the days are over, but only a fifth of what the quarter brings
    assert seen.actual == 3_100
    assert seen.due_by_now / quarter.target == pytest.approx(0.2, abs=0.02)
    assert seen.forecast == pytest.approx(3_100 + 61 * 200, rel=0.1)
    assert seen.shape is Shape.YEAR


def steady(size: float, days: int) -> Days:
    """Days that scatter by a tenth."""
    rng = random.Random(3)
    return Days(first=MONDAY, numbers=tuple(size * (1 + rng.uniform(-0.1, 0.1)) for _ in range(days)))


@pytest.mark.parametrize(
    ("better", "target", "at_risk", "out_of_reach"),
    [
        (Better.UP, 2_000, False, False),
        (Better.UP, 3_150, True, False),
        (Better.UP, 6_000, True, True),
        (Better.DOWN, 6_000, False, False),
        (Better.DOWN, 2_000, True, True),
    ],
)
def test_a_goal_is_at_risk_before_it_is_out_of_reach(better, target, at_risk, out_of_reach):
    goal = a_goal_of(target, better=better, period=Period(MONDAY + 56 * DAY, MONDAY + 86 * DAY))

    seen, _season = rules.of_sum(goal, steady(100, 70))

    assert (seen.is_at_risk, rules.is_out_of_reach(goal, seen)) == (at_risk, out_of_reach)


def test_what_is_over_is_certain():
    days = steady(100, 86)
    goal = a_goal_of(3_100, period=Period(MONDAY + 56 * DAY, MONDAY + 86 * DAY))

    seen, _season = rules.of_sum(goal, days)

    assert seen.actual == seen.forecast == seen.low == seen.high
    assert (seen.is_over, seen.is_reached, seen.is_at_risk) == (True, False, True)
    assert rules.at_stake(goal, seen, money=None) == 3_100 - seen.actual


def test_a_rate_is_due_at_any_time_and_weighed_with_what_is_to_come():
    goal = a_goal_of(350_000, metric="gross_margin_rate", is_sum=False, period=Period(MONDAY, MONDAY + 100 * DAY))

    seen = rules.of_level(
        goal, MONDAY + 50 * DAY, actual=300_000.0, weekly=[340_000.0, 342_000.0, 338_000.0, 340_000.0] * 2
    )

    assert seen.due_by_now == 350_000
    assert seen.forecast == pytest.approx(320_000, rel=0.001)
    assert seen.low < seen.forecast < seen.high < 350_000
    assert rules.is_out_of_reach(goal, seen)
    assert rules.at_stake(goal, seen, money=1_000_000.0) == pytest.approx(30_000, rel=0.01)


def test_people_grow_as_they_did_before():
    goal = a_goal_of(3_000, metric="uv", is_sum=False, period=Period(MONDAY, MONDAY + 30 * DAY))
    before = [Earlier(then=500, whole=1000), Earlier(then=1000, whole=1900), Earlier(then=800, whole=1680)]

    seen = rules.of_people(goal, MONDAY + 10 * DAY, actual=1_000.0, earlier=before)

    assert seen.forecast == 2_000
    assert seen.due_by_now == pytest.approx(1_500, rel=0.02)
    assert seen.low < 2_000 < seen.high
    assert seen.shape is Shape.EARLIER
    assert rules.at_stake(goal, seen, money=900_000.0) == 450_000


def test_a_share_is_priced_by_its_cases_and_else_says_why_not():
    goal = replace(
        a_goal_of(40_000, metric="refund_rate", is_sum=False, period=Period(MONDAY, MONDAY + 30 * DAY)),
        better=Better.DOWN,
    )
    seen = rules.of_level(goal, MONDAY + 30 * DAY, actual=60_000.0, weekly=[60_000.0] * 8)
    assert rules.at_stake(goal, seen, money=None, whole=2_000_000.0) == 40_000
    assert rules.no_price(goal, seen) is NoPrice.NOT_KNOWN
    assert rules.no_price(goal, replace(seen, money_at_stake_minor=40_000)) is None
    back = replace(goal, metric="return_rate", target=50_000)
    assert (rules.at_stake(back, seen, money=1_000_000.0, whole=1_000_000.0), back.metric in rules.RETURNED) == (
        10_000,
        True,
    )
    assert rules.no_price(replace(goal, target=60_000), seen) is None
    for metric, reason in (("first_response_s", NoPrice.TIME), ("csat", NoPrice.SHARE)):
        assert rules.no_price(replace(goal, metric=metric), seen) is reason

    assert rules.whole_of_refunds(800_000.0, refunded_rate=0.1, refunded_amount_rate=0.05) == pytest.approx(400_000)
    assert rules.whole_of_refunds(800_000.0, refunded_rate=0.0, refunded_amount_rate=0.0) is None
    assert rules.whole_of_cohorts(40, known_days=10, days=31, each=1_200) == pytest.approx(148_800)
    assert rules.whole_of_cohorts(0, known_days=0, days=31, each=1_200) is None


def test_where_nothing_is_known_nothing_is_promised():
    goal = a_goal_of(3_000, metric="uv", is_sum=False, period=Period(MONDAY, MONDAY + 30 * DAY))

    seen = rules.of_people(goal, MONDAY + 10 * DAY, actual=1_000.0, earlier=[])

    assert (seen.forecast, seen.low, seen.chance, seen.is_at_risk) == (None, None, None, False)
    assert (seen.due_by_now, seen.shape) == (1_000, Shape.STRAIGHT)


def test_the_course_of_a_goal_ends_where_it_is_due():
    goal = a_goal_of(3_000, period=Period(MONDAY + 56 * DAY, MONDAY + 86 * DAY))
    days = steady(100, 70)
    weighed = season(days.numbers, first=days.first, start=goal.period.start, end=goal.period.end)

    points = rules.course(goal, days, weighed)

    assert len(points) == 30
    assert points[-1].due == pytest.approx(3_000)
    assert [one.actual is None for one in points] == [False] * 14 + [True] * 16
    seen, _season = rules.of_sum(goal, days)
    assert (round(points[-1].forecast), round(points[-1].low)) == (seen.forecast, seen.low)

"""The rules of the detectors that read insight: worked numbers, and quiet days that stay quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from tests.steer.signals.findings import DAY, MORNING
from zhanggui.base.money import Money
from zhanggui.insight.alerts.rules import Deviation, Place
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.insight.terms.rules import Searches, Term, clusters
from zhanggui.steer.signals.errors import RiskUnfit
from zhanggui.steer.signals.rules import (
    DAILY_FALSE,
    READY,
    Comparison,
    Trigger,
    bar_of,
    broken_steps,
    checked,
    fallen_bands,
    is_pulled,
    lost_searches,
    outages,
    ready,
    returning,
)
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.order_worth import OrderWorth
from zhanggui.steer.signals.rules.returning import Sleeper
from zhanggui.steer.signals.rules.risks import at_stake

FIRST = DAY - timedelta(days=28)
ALIKE = OrderWorth(mean_minor=5_000, deviation_minor=0)


def a_deviation(metric: str = "gmv_paid", *, money: int | None = -30_000, **fields: Any) -> Deviation:
    said = {
        "shop": "acme",
        "place": Place(),
        "day": DAY,
        "actual": 70_000,
        "expected": 100_000,
        "low": 80_000,
        "high": 125_000,
        "money_minor": money,
        "currency": "CNY",
        "found_at": MORNING,
        "fact": UUID(int=len(metric)),
    }
    return Deviation(metric=metric, **(said | fields))


def test_numbers_that_fall_together_are_one_fall_told_by_the_money():
    money, people, orders = a_deviation(), a_deviation("uv", money=-25_000), a_deviation("orders_paid", money=-9_000)
    pages = a_deviation("add_to_cart_rate", money=None)

    fell = fallen_bands.fall([pages, orders, people, money], tests=6)

    assert fell is not None
    assert (fell.head, fell.driver, fell.others) == (money, people, (orders, pages))
    assert (fell.low_minor, fell.expected_minor, fell.high_minor) == (10_000, 30_000, 55_000)
    assert fell.chance == pytest.approx(6 * fallen_bands.chance_of(money))


def test_what_rises_what_lies_in_a_cell_and_what_has_no_price_is_no_fall():
    rise = a_deviation(actual=130_000, money=30_000)
    cell = a_deviation(place=Place(cut=Cut.DEVICE, cell="phone"))
    unpriced = a_deviation("add_to_cart_rate", money=None)

    assert fallen_bands.fall([rise, cell, unpriced], tests=6) is None


@pytest.mark.parametrize(("actual", "chance"), [(64, 0.0005), (49, 4e-7), (100, 0.5)])
def test_the_end_of_a_band_is_one_day_in_a_thousand_away(actual, chance):
    one = a_deviation(actual=actual, expected=100, low=64, high=144)

    assert fallen_bands.chance_of(one) == pytest.approx(chance, rel=0.01)


def days_of_visits(days: int, *, mean: int, seed: int, tablet: float = 1.0) -> dict[date, Any]:
    """Visits on three devices, by two ways, in two regions; on the last day so much of a step is left on tablets."""
    rng = np.random.default_rng(seed)
    found: dict[date, Any] = {}
    for n in range(days):
        cells = {}
        for device, part in (("phone", 0.6), ("desktop", 0.25), ("tablet", 0.15)):
            for channel in ("direct", "email"):
                for region in ("north", "south"):
                    left = tablet if device == "tablet" and n == days - 1 else 1.0
                    counts = [int(rng.poisson(mean * part / 4))]
                    for share in (0.6, 0.4, 0.5 * left, 0.6):
                        counts.append(int(rng.binomial(counts[-1], share)))
                    cells[device, channel, region] = tuple(counts)
        found[FIRST + timedelta(days=n)] = cells
    return found


def test_a_step_that_breaks_on_tablets_is_one_break_with_its_lost_orders():
    days = days_of_visits(29, mean=4_000, seed=3, tablet=0.1)
    (found,) = broken_steps.breaks(days, DAY)
    taken = sum(counts[3] for where, counts in days[DAY].items() if where[0] == "tablet")
    came = sum(counts[2] for where, counts in days[DAY].items() if where[0] == "tablet")

    assert (found.place, found.cell, broken_steps.STEPS[found.step]) == ("device", "tablet", "checkout")
    assert (found.taken, found.of) == (taken, came)
    assert found.usual == pytest.approx(0.5, abs=0.05)
    # of half of those who had put something into the cart, three of five would have ordered
    assert found.lost_low <= 0.45 * came * 0.6 <= found.lost_high
    assert found.lost_low <= found.lost <= found.lost_high
    assert found.chance <= DAILY_FALSE


def a_break_without_some_visits(**changed: Any) -> broken_steps.Break:
    (found,) = broken_steps.breaks(days_of_visits(29, mean=4_000, seed=3, tablet=0.1), DAY)
    found = replace(found, taken=10, of=40, usual=0.5, lost=3.0, lost_low=1.0, lost_high=5.0)
    return replace(found, **changed)


@pytest.mark.parametrize(("took", "times"), [(5, 1.5), (0, 1.5), (8, 1.2), (10, 1.0), (12, 1.0)])
def test_a_break_that_some_visits_were_left_out_of_costs_what_all_its_visits_lose(took: int, times: float):
    """As much as the others where they took the step as seldom, less where a ring went on to its orders."""
    found = a_break_without_some_visits()
    tablets = {
        ("tablet", "direct", "north"): (90, 70, 45, 9, 6),
        ("tablet", "email", "south"): (30, 20, 15, took + 1, 2),
    }
    all_visits = tablets | {("phone", "direct", "north"): (900, 700, 500, 300, 200)}

    (whole,) = broken_steps.of_all([found], all_visits)

    assert (whole.lost_low, whole.lost, whole.lost_high) == pytest.approx((times, 3 * times, 5 * times))
    assert replace(whole, lost=3.0, lost_low=1.0, lost_high=5.0) == found
    assert list(broken_steps.of_all([found], None)) == [found]


def test_what_one_break_cost_the_next_one_does_not_cost_again():
    tablets = a_break_without_some_visits()
    north = a_break_without_some_visits(place="region", cell="north")  # what is left of it without the tablets
    all_visits = {("tablet", "direct", "north"): (90, 70, 60, 15, 6), ("phone", "direct", "north"): (90, 70, 40, 10, 6)}

    first, second = broken_steps.of_all([tablets, north], all_visits)

    assert (first.lost, second.lost) == (4.5, 3.0)


def test_quiet_days_break_nothing():
    days = days_of_visits(128, mean=500, seed=4)
    false = 0
    for n in range(28, 128):
        now = FIRST + timedelta(days=n)
        seen = {day: counts for day, counts in days.items() if now - timedelta(days=28) <= day <= now}
        false += bool(broken_steps.breaks(seen, now))

    assert false <= 2


def test_a_thin_day_of_what_was_broken_already_is_told_and_of_what_is_mended_hardly_ever():
    broken = days_of_visits(29, mean=250, seed=11, tablet=0.2)
    mended = days_of_visits(128, mean=250, seed=11)
    again = 0
    for n in range(28, 128):
        now = FIRST + timedelta(days=n)
        seen = {day: counts for day, counts in mended.items() if now - timedelta(days=28) <= day <= now}
        again += bool(broken_steps.breaks(seen, now, standing={"device:tablet"}))

    assert broken_steps.breaks(broken, DAY) == ()  # one cell of six, four steps of each
    (found,) = broken_steps.breaks(broken, DAY, standing={"device:tablet"})
    assert (found.place, found.cell, found.chance <= 0.05) == ("device", "tablet", True)
    assert again <= 10


def test_a_day_on_which_all_take_a_step_less_often_is_no_break_of_a_cell():
    days = days_of_visits(29, mean=4_000, seed=5)
    days[DAY] = {where: (*c[:4], c[4] // 2) for where, c in days[DAY].items()}

    assert broken_steps.breaks(days, DAY) == ()


def test_two_weeks_are_needed_before_a_step_can_break():
    days = days_of_visits(29, mean=4_000, seed=3, tablet=0.1)

    assert broken_steps.breaks({day: c for day, c in days.items() if day > DAY - timedelta(days=13)}, DAY) == ()


def test_days_that_scatter_by_more_than_chance_count_less():
    assert broken_steps.scatter([(10, 100), (30, 100)]) == pytest.approx(12.5)
    assert broken_steps.scatter([(10, 100), (10, 100)]) == 1.0
    assert broken_steps.scatter([(0, 100)]) == 1.0


def test_requests_that_fail_beyond_the_usual_are_an_outage():
    found = outages.outage([(10, 1_000)] * 14 + [(60, 1_000)], tests=1)

    assert found is not None
    assert (found.low, found.share, found.high) == pytest.approx((0.043, 0.05, 0.056), abs=1e-3)
    assert outages.outage([(10, 1_000)] * 15, tests=1) is None
    assert outages.outage([(10, 1_000)] * 13 + [(60, 1_000)], tests=1) is None
    assert outages.outage([], tests=1) is None


def test_sleepers_cost_what_does_not_come_by_itself():
    asleep = [Sleeper(gap_days=10, silent_days=40, order_minor=5_000)] * 10

    found = returning.sleep(asleep, came_back=20, of=100)

    assert found is not None
    assert (found.people, found.expected_minor) == (10, 360_000)
    assert found.low_minor < found.expected_minor < found.high_minor <= 450_000
    assert found.confidence == pytest.approx(1 - np.exp(-4))
    assert returning.sleep(asleep[:4], came_back=20, of=100) is None


def test_the_window_of_the_second_order_is_the_shops_own():
    found = returning.window({10: 40, 30: 10}, {180: 50})

    assert found is not None
    assert (found.closes_after_days, found.opens_days, found.share) == (10, 3, pytest.approx(0.5))
    assert found.later == (50, 100)
    # who has waited for less long is not held for somebody who will not come
    assert returning.window({10: 40, 30: 10}, {5: 900, 180: 50}).share > 0.47
    assert returning.window({10: 29}, {180: 50}) is None


def test_a_share_is_known_the_more_exactly_the_more_is_counted():
    assert returning.how_exactly((100, 1_000)) == pytest.approx(0.81, abs=0.01)
    assert returning.how_exactly((0, 10)) == 0.0
    assert returning.how_exactly((1_000, 10_000)) > returning.how_exactly((100, 1_000))


def a_term(query: str, searches: int, *, nothing: int = 0, ordered: int = 0) -> Term:
    return Term(
        query=query,
        searches=searches,
        people=max(1, searches // 2),
        known=searches,
        nothing=nothing,
        opened=ordered,
        added=ordered,
        ordered=ordered,
        placed=Money(5_000 * ordered, "CNY"),
    )


def the_searches(*terms: Term) -> Searches:
    return Searches(
        period=Period(FIRST, DAY),
        terms=terms,
        clusters=clusters(terms),
        proposals=(),
        searches=sum(one.searches for one in terms),
        people=0,
        distinct=len(terms),
        top=0,
        known=sum(one.known for one in terms),
        nothing=sum(one.nothing for one in terms),
        opened=0,
        ordered=sum(one.ordered for one in terms),
    )


def test_words_that_find_nothing_cost_what_other_searches_bring():
    terms = the_searches(a_term("tea", 1_000, ordered=100), a_term("thermos", 40, nothing=40))

    (one,) = lost_searches.lost(terms, each=ALIKE)

    assert (one.words, one.nothing, one.people) == ("thermos", 40, 20)
    assert (one.worth.low_minor, one.worth.expected_minor, one.worth.high_minor) == (5_000, 20_000, 40_000)


@pytest.mark.parametrize(
    "terms",
    [
        (a_term("tea", 1_000, ordered=100, nothing=40), a_term("pot", 200, nothing=9)),  # as many as of all others
        (a_term("tea", 1_000, ordered=100), a_term("thermos", 8, nothing=8)),  # too few
        (a_term("tea", 1_000, ordered=4), a_term("thermos", 40, nothing=40)),  # nobody knows what a search brings
    ],
)
def test_words_that_cost_nothing_that_is_known_are_not_told(terms):
    assert lost_searches.lost(the_searches(*terms), each=ALIKE) == ()


UP = Trigger(metric="cac", comparison=Comparison.UP_BY, threshold=5_000, days=2)
USUALLY = [200.0] * 28


@pytest.mark.parametrize(
    ("trigger", "numbers", "pulled"),
    [
        (UP, [*USUALLY, 301.0, 301.0], True),
        (UP, [*USUALLY, 301.0, 300.0], False),
        (UP, [*USUALLY, 301.0, None], False),
        (UP, [200.0] * 13 + [301.0, 301.0], False),
        (replace(UP, comparison=Comparison.DOWN_BY), [*USUALLY, 99.0, 99.0], True),
        (replace(UP, comparison=Comparison.ABOVE), [5_001.0, 5_001.0], True),
        (replace(UP, comparison=Comparison.BELOW), [4_999.0, 5_000.0], False),
        (replace(UP, comparison=Comparison.BELOW), [4_999.0], False),
    ],
)
def test_a_trigger_is_pulled_by_days_in_a_row(trigger, numbers, pulled):
    assert is_pulled(trigger, numbers) is pulled


def test_a_bar_is_held_against_the_usual_and_a_stake_against_an_ordinary_day():
    assert bar_of(UP, USUALLY) == pytest.approx(300)
    assert bar_of(replace(UP, comparison=Comparison.DOWN_BY), USUALLY) == pytest.approx(100)
    assert at_stake(UP, [*USUALLY, 260.0, 260.0], ordinary_day_minor=100_000) == 60_000
    assert at_stake(UP, [0.0, 5.0, 5.0], ordinary_day_minor=100_000) == 200_000


def test_every_ready_made_risk_can_be_kept():
    for one in READY:
        assert checked(name=one.key, playbook="Call.", trigger=one.trigger) == (one.key, "Call.")
        assert ready(one.key) is one
    assert len({one.key for one in READY}) == 5
    with pytest.raises(RiskUnfit):
        ready("flood")


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("name", {"name": " "}),
        ("playbook", {"playbook": ""}),
        ("metric", {"trigger": replace(UP, metric="ltv_365_revenue")}),
        ("threshold", {"trigger": replace(UP, threshold=-1)}),
        ("threshold", {"trigger": replace(UP, comparison=Comparison.DOWN_BY, threshold=10_001)}),
        ("days", {"trigger": replace(UP, days=0)}),
        ("days", {"trigger": replace(UP, days=15)}),
    ],
)
def test_a_risk_that_is_not_whole_is_refused(field, changed):
    with pytest.raises(RiskUnfit) as refused:
        checked(**({"name": "Traffic", "playbook": "Call.", "trigger": UP} | changed))

    assert refused.value.field == field


def test_a_page_is_asked_for_days_and_cells():
    assert days_query("acme", DAY, DAY, device="tablet") == (
        "shop=acme&period=custom&from=2026-05-04&to=2026-05-04&device=tablet"
    )

"""The rules of the detectors that read shop, growth and supply: worked numbers, and what is not enough."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.steer.signals.rules import (
    balances,
    dead_stock,
    lateness,
    lost_searches,
    running_out,
    stacking,
)
from zhanggui.steer.signals.rules.balances import Owed
from zhanggui.steer.signals.rules.chances import next_count, next_share
from zhanggui.steer.signals.rules.dead_stock import Looks, Lying
from zhanggui.steer.signals.rules.lateness import Leaving
from zhanggui.steer.signals.rules.lost_searches import Asked
from zhanggui.steer.signals.rules.order_worth import OrderWorth, Worth, worth
from zhanggui.steer.signals.rules.running_out import Sold
from zhanggui.steer.signals.rules.stacking import Given, Uses
from zhanggui.steer.signals.rules.telling import size_of

DAY = date(2026, 5, 4)
NOON = datetime(2026, 5, 4, 4, tzinfo=UTC)


def test_a_count_ahead_has_the_worked_mean_and_ends() -> None:
    spread = next_count(20, over=10, ahead=5)
    assert (round(spread.mean, 2), spread.bound(0.025), spread.bound(0.975)) == (10.25, 4, 19)
    share = next_share((10, 100), of=50)
    assert (round(share.mean, 1), share.bound(0.025), share.bound(0.975)) == (5.2, 1, 11)


def test_orders_that_differ_widen_what_some_of_them_are_worth() -> None:
    each = OrderWorth(mean_minor=10_000, deviation_minor=5_000)
    assert worth(9, low=5, high=13, each=each) == Worth(low_minor=40_358, expected_minor=90_000, high_minor=139_642)


@given(st.integers(0, 60), st.floats(1, 60), st.floats(0.1, 60), st.integers(0, 80))
def test_the_chances_of_fewer_and_of_as_many_make_one(seen: int, over: float, ahead: float, count: int) -> None:
    spread = next_count(seen, over=over, ahead=ahead)
    assert spread.at_most(count - 1) + spread.at_least(count) == pytest.approx(1.0)
    assert spread.beyond(count) <= spread.beyond(max(0, count - 1))
    assert spread.bound(0.025) <= spread.bound(0.975)


# --- what runs out


def days(orders: int, *, count: int = 28, is_to_be_had: bool = True) -> list[Sold]:
    each = Sold(orders=orders, units=orders, minor=1_000 * orders, is_to_be_had=is_to_be_had)
    return [each] * count


def short(sold: list[Sold], *, free: int = 0) -> running_out.Shortage | None:
    return running_out.shortage(sold, first=DAY, free_units=free, lead_days=7, busy=(1.0,) * 7)


def test_what_is_lost_until_the_next_delivery_is_the_worked_number() -> None:
    found = short(days(2))
    assert found is not None
    assert (found.wanted_units, found.low_minor, found.expected_minor, found.high_minor) == (14, 7_000, 14_125, 23_000)
    assert found.chance == pytest.approx(1.0, abs=1e-5)


def test_weeks_that_differ_by_more_than_chance_widen_what_is_lost() -> None:
    even, uneven = short(days(30)), short([*days(20, count=7), *days(40, count=7)] * 2)
    assert even is not None
    assert uneven is not None
    # Weeks of 140 and 280 orders where 210 are due: 4 * 70 * 70 / 210 / 3 is 31.1; four weeks may say too little, and
    # Student's interval of three degrees of freedom is wider than the normal one by 3.182 / 1.960.
    four = [(one, 1.0) for one in [*days(20, count=7), *days(40, count=7)] * 2]
    assert running_out.bundle(four) == pytest.approx(82.0, abs=0.02)
    assert running_out.bundle([*four, *four]) == pytest.approx(8 * 70 * 70 / 210 / 7 * (2.365 / 1.960) ** 2)
    assert running_out.bundle([(one, 1.0) for one in days(30)]) == 1
    assert uneven.high_minor - uneven.low_minor > 4 * (even.high_minor - even.low_minor)
    assert uneven.low_minor < 7 * 20 * 1_000 < 7 * 40 * 1_000 < uneven.high_minor


def test_enough_on_the_shelf_is_no_shortage() -> None:
    found = short(days(2), free=40)
    assert found is not None
    assert found.chance < 0.001
    assert found.expected_minor < 10


@pytest.mark.parametrize("sold", [days(2, count=27), [*days(1, count=7), *days(0, count=21)]])
def test_little_that_is_known_forecasts_nothing(sold: list[Sold]) -> None:
    assert short(sold) is None


def test_days_on_which_it_was_out_do_not_make_it_look_unwanted() -> None:
    known, out = days(2), days(0, count=14, is_to_be_had=False)
    plain, with_gap = short(known), short([*known, *out])
    assert plain is not None
    assert with_gap is not None
    assert with_gap.wanted_units == plain.wanted_units


def test_mondays_that_sell_more_are_said_to() -> None:
    busy = running_out.weekdays(([10] + [4] * 6) * 4, first=DAY)
    assert [round(rate, 3) for rate in busy[:2]] == [2.059, 0.824]
    assert running_out.weekdays([0] * 14, first=DAY) == (1.0,) * 7


# --- what lies


@pytest.mark.parametrize(
    ("units", "idle", "is_dead"),
    [(5, 60, True), (5, 59, False), (0, 200, False)],
    ids=["sixty days", "not yet", "nothing there"],
)
def test_goods_are_dead_after_sixty_days_without_a_sale(units: int, idle: int, is_dead: bool) -> None:
    lying = Lying(
        sku="A",
        units=units,
        since=DAY - timedelta(days=300),
        last_sold=DAY - timedelta(days=idle),
        cost_minor=None,
        price_minor=900,
    )
    assert dead_stock.is_dead(lying, day=DAY) is is_dead
    assert lying.tied_minor == 900 * units


def test_what_came_in_lately_had_no_time_to_be_sold() -> None:
    new = Lying(sku="A", units=5, since=DAY - timedelta(days=10), last_sold=None, cost_minor=300, price_minor=900)
    assert not dead_stock.is_dead(new, day=DAY)
    assert new.tied_minor == 1_500


def test_the_longer_nothing_is_sold_the_surer_it_is() -> None:
    assert [round(dead_stock.chance_of_none(n), 3) for n in (0, 60, 200)] == [0.0, 0.826, 0.937]


# --- what is late


def test_five_late_orders_after_a_punctual_month_are_no_chance() -> None:
    assert lateness.chance_of(5, before=[0] * 28) < 1e-7
    assert lateness.chance_of(5, before=[5] * 28) > 0.4
    assert lateness.chance_of(5, before=[]) == 1.0


@pytest.mark.parametrize(("late", "daily", "is_many"), [(2, 10.0, False), (5, 100.0, True), (4, 100.0, False)])
def test_one_in_twenty_is_many_however_usual(late: int, daily: float, is_many: bool) -> None:
    assert lateness.is_many(late, daily_orders=daily) is is_many


# --- what is given away


def given_to(count: int, minor: int) -> list[Given]:
    return [Given(order_number=f"{minor}-{n}", offers=1, given_minor=minor, list_minor=10_000) for n in range(count)]


def test_discounts_that_are_heaped_up_have_three_sizes() -> None:
    found = stacking.heap([*given_to(4, 6_000), *given_to(6, 1_000)], given_to(100, 1_000))
    assert found is not None
    assert (found.meant, found.low_minor, found.expected_minor, found.high_minor) == (0.5, 4_000, 20_000, 24_000)
    assert found.orders == tuple(one.order_number for one in given_to(4, 6_000))
    assert found.chance < 1e-4


def test_what_was_usual_is_meant() -> None:
    assert stacking.heap(given_to(10, 6_000), given_to(100, 6_000)) is None
    assert stacking.heap(given_to(2, 6_000), given_to(100, 1_000)) is None
    assert stacking.heap(given_to(9, 6_000), given_to(9, 1_000)) is None


def test_a_coupon_that_one_person_uses_twenty_times_leaks() -> None:
    once = [Uses(person=n, uses=1, minor=500) for n in range(100)]
    found = stacking.leak([*once, Uses(person=900, uses=20, minor=10_000)])
    assert found is not None
    assert (found.people, found.low_minor, found.expected_minor, found.high_minor) == (1, 7_500, 9_500, 10_000)
    assert found.chance < 1e-9
    assert stacking.leak(once) is None


# --- what is owed


def owed(*, open: int = 7, until: datetime = NOON + timedelta(days=2)) -> Owed:
    return Owed(
        sku="A",
        deposits=20,
        paid=13,
        open=open,
        open_minor=1_000 * open,
        opens_at=NOON - timedelta(days=3),
        until=until,
    )


def test_what_may_not_come_in_is_worked_out() -> None:
    found = balances.risk(owed())
    assert (found.low_minor, found.expected_minor, found.high_minor) == (1_268, 2_450, 7_000)
    assert round(balances.confidence(owed()), 3) == 0.951


@pytest.mark.parametrize(
    ("asked", "is_pressing"),
    [
        (owed(), True),
        (owed(open=0), False),
        (owed(until=NOON + timedelta(days=4)), False),
        (owed(until=NOON - timedelta(days=1)), True),
    ],
    ids=["soon", "all paid", "time enough", "late"],
)
def test_a_balance_presses_when_its_time_is_nearly_over(asked: Owed, is_pressing: bool) -> None:
    assert balances.is_pressing(asked, at=NOON) is is_pressing


@given(st.integers(-5, 50), st.integers(-5, 50), st.integers(-5, 50))
def test_a_size_always_lies_between_its_ends(low: int, expected: int, high: int) -> None:
    said = balances.Risk(low_minor=low, expected_minor=expected, high_minor=high)
    size = size_of(said, "CNY")
    assert 0 <= size.low_minor <= size.expected_minor <= size.high_minor


# --- told sooner


def test_parcels_that_stop_leaving_are_told_the_same_night() -> None:
    waits = OrderWorth(mean_minor=5_000, deviation_minor=0)
    held = lateness.held_up(Leaving(of=100, left=30, waits=waits), [(60, 100)] * 8)
    assert held is not None
    assert (round(held.orders), held.usual, held.chance < 1e-6) == (30, 60.0, True)
    assert (held.worth.low_minor, held.worth.expected_minor, held.worth.high_minor) == (100_000, 149_938, 200_000)


@pytest.mark.parametrize(
    ("now", "past"),
    [
        ((100, 58), [(60, 100)] * 8),
        ((4, 0), [(2, 4)] * 8),
        ((100, 0), [(60, 100)] * 3),
        ((100, 30), [(0, 100), (100, 100)] * 4),
    ],
    ids=["as ever", "somebody's day off", "a young shop", "days that differ"],
)
def test_a_slow_day_that_others_were_too_is_not_told(now: tuple[int, int], past: list[tuple[int, int]]) -> None:
    waits = OrderWorth(mean_minor=5_000, deviation_minor=0)
    held = lateness.held_up(Leaving(of=now[0], left=now[1], waits=waits), past)
    assert held is None or held.chance > 0.005


def test_what_is_looked_at_and_not_bought_any_more_stopped_selling() -> None:
    looks = Looks(since=100, before=1_000, orders=100)
    assert round(dead_stock.chance_of_pause(looks), 6) == 0.000069
    assert round(dead_stock.usual_orders(looks), 1) == 10.0
    assert round(dead_stock.chance_of_pause(replace(looks, since=10)), 2) == 0.37
    assert dead_stock.chance_of_pause(replace(looks, orders=7)) == 1.0
    assert dead_stock.chance_of_pause(replace(looks, scatter=4.0)) > dead_stock.chance_of_pause(looks)


def test_a_whole_shop_that_sells_less_takes_off_what_was_due_of_each() -> None:
    sold = {DAY - timedelta(days=n): (10, 1) for n in range(2, 12)}
    days = sold | {DAY - timedelta(days=n): (10, 0) for n in range(2)}
    whole = {on: (100, 10 if on in sold else 5) for on in days}
    looks = dead_stock.looks(days, whole, last_sold=DAY - timedelta(days=2))
    assert (looks.since, looks.before, looks.orders) == (10.0, 100, 10)


def test_many_words_that_find_nothing_on_a_day_are_worth_what_they_would_have_brought() -> None:
    today = [
        Asked(words="a", known=70, nothing=0, people=0),
        *(Asked(words=word, known=10, nothing=10, people=9) for word in "bcd"),
    ]
    each = OrderWorth(mean_minor=5_000, deviation_minor=0)
    found = lost_searches.vain(today, [(5, 100)] * 28, ordered=(200, 1_000), each=each)
    assert found is not None
    assert (found.nothing, found.known, found.words) == (30, 100, ("b", "c", "d"))
    assert found.worth == Worth(low_minor=5_000, expected_minor=24_984, high_minor=50_000)
    assert lost_searches.vain(today, [(25, 100)] * 28, ordered=(200, 1_000), each=each) is None
    assert lost_searches.vain(today, [(5, 100)] * 10, ordered=(200, 1_000), each=each) is None

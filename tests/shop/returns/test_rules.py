"""What may come back, why not, which state follows which, and the clock of the money."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shop.returns.frozen import AT, a_line, cny
from zhanggui.base.shops.rules import Law
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.shop.returns import rules
from zhanggui.shop.returns.rules import Answer, Light, Payer, Piece, Reason, Slot, State, Verdict, Why

SIGNED = date(2026, 11, 1)
NEVER = ["custom_made", "fresh", "unsealed_media", "papers"]
IF_CONFIRMED = ["hygiene", "activated", "flawed"]


def judged(
    *,
    reason: Reason = Reason.CHANGED_MIND,
    today: date = date(2026, 11, 5),
    arrived_on: date | None = SIGNED,
    state: OrderState = OrderState.DELIVERED,
    left: int = 1,
    exception: str = "",
    is_confirmed: bool = False,
    needs_shipping: bool = True,
    law: Law = Law.CN,
    has_begun: bool = True,
) -> rules.Judgement:
    line = a_line(exception=exception, is_confirmed=is_confirmed, needs_shipping=needs_shipping)
    return rules.judge(
        line,
        state=state,
        reason=reason,
        law=law,
        arrived_on=arrived_on,
        counted_from=arrived_on if has_begun else None,
        today=today,
        left_units=left,
    )


@pytest.mark.parametrize(
    ("today", "answer"),
    [
        (date(2026, 11, 1), Answer.YES),
        (date(2026, 11, 8), Answer.YES),
        (date(2026, 11, 9), Answer.NO),
        (date(2027, 11, 1), Answer.NO),
    ],
)
def test_seven_days_are_counted_from_the_day_after_signing(today: date, answer: Answer) -> None:
    said = judged(today=today)
    assert (said.answer, said.until) == (answer, date(2026, 11, 8))
    assert said.whys == (() if answer is Answer.YES else (Why.WINDOW_OVER,))


@pytest.mark.parametrize("exception", NEVER)
@pytest.mark.parametrize("is_confirmed", [True, False])
def test_some_goods_never_come_back_without_a_reason(exception: str, is_confirmed: bool) -> None:
    said = judged(exception=exception, is_confirmed=is_confirmed)
    assert (said.answer, said.whys) == (Answer.NO, (Why(exception),))


@pytest.mark.parametrize("exception", IF_CONFIRMED)
def test_other_goods_do_not_come_back_only_if_the_buyer_said_to_know_that(exception: str) -> None:
    assert judged(exception=exception, is_confirmed=True).whys == (Why(exception),)
    assert judged(exception=exception, is_confirmed=False).answer is Answer.YES


@pytest.mark.parametrize("exception", ["", *NEVER, *IF_CONFIRMED])
@pytest.mark.parametrize("reason", sorted(rules.FAULTS))
def test_a_fault_is_taken_back_whatever_kind_of_goods_it_is(exception: str, reason: Reason) -> None:
    said = judged(reason=reason, exception=exception, is_confirmed=True, today=SIGNED + timedelta(days=30))
    assert (said.answer, said.whys, said.until) == (Answer.YES, (), date(2026, 12, 1))


def test_a_late_fault_is_looked_at_by_a_person_and_never_turned_away_by_a_clock() -> None:
    said = judged(reason=Reason.FAULTY, today=SIGNED + timedelta(days=400))
    assert (said.answer, said.whys) == (Answer.ASK, (Why.FAULT_WINDOW_OVER,))


@pytest.mark.parametrize(
    ("reason", "answer"), [(Reason.CHANGED_MIND, Answer.NO), (Reason.NOT_AS_DESCRIBED, Answer.ASK)]
)
def test_files_and_services_come_back_only_by_a_persons_word(reason: Reason, answer: Answer) -> None:
    said = judged(reason=reason, needs_shipping=False)
    assert (said.answer, said.whys) == (answer, (Why.NO_GOODS,))


@pytest.mark.parametrize(
    ("given_state", "arrived_on", "left", "why"),
    [
        (OrderState.AWAITING_PAYMENT, SIGNED, 1, Why.NOT_PAID),
        (OrderState.CANCELLED, SIGNED, 1, Why.NOT_PAID),
        (OrderState.EXPIRED, SIGNED, 1, Why.NOT_PAID),
        (OrderState.SHIPPED, None, 1, Why.NOT_ARRIVED),
        (OrderState.COMPLETED, SIGNED, 0, Why.NOTHING_LEFT),
    ],
)
@pytest.mark.parametrize("reason", [Reason.CHANGED_MIND, Reason.FAULTY])
def test_what_is_not_there_cannot_come_back(
    given_state: OrderState, arrived_on: date | None, left: int, why: Why, reason: Reason
) -> None:
    said = judged(state=given_state, arrived_on=arrived_on, left=left, reason=reason)
    assert (said.answer, said.whys) == (Answer.NO, (why,))


def test_every_reason_not_to_is_said_at_once() -> None:
    said = judged(exception="fresh", today=date(2026, 12, 1))
    assert said.whys == (Why.FRESH, Why.WINDOW_OVER)


@pytest.mark.parametrize("reason", list(Reason))
def test_the_seller_pays_the_way_back_of_a_fault_and_of_nothing_else(reason: Reason) -> None:
    is_ours = reason not in (Reason.CHANGED_MIND, Reason.NOT_SUITABLE)
    assert rules.payer_of(reason) is (Payer.SELLER if is_ours else Payer.BUYER)


@pytest.mark.parametrize(("state", "to"), list(product(State, State)))
def test_every_way_that_is_closed_says_why_in_its_own_words(state: State, to: State) -> None:
    said = rules.refusal(state, to=to)
    assert bool(said) == (to not in rules.FOLLOWS[state])
    others = {rules.refusal(one, to=other) for one, other in product(State, State) if (one, other) != (state, to)}
    assert not said or said not in others


def test_a_return_ends_in_five_ways_and_every_state_can_be_reached() -> None:
    ways = {State.REFUNDED, State.EXCHANGED, State.REJECTED, State.REFUSED, State.WITHDRAWN}
    assert ways == rules.ENDED
    reached = {State.REQUESTED}
    for _ in State:
        reached |= {to for state in reached for to in rules.FOLLOWS[state]}
    assert reached == set(State)


@pytest.mark.parametrize("state", list(State))
def test_a_shopper_withdraws_only_before_the_goods_are_with_us(state: State) -> None:
    is_before = state in rules.OPEN and state not in (State.RECEIVED, State.INSPECTED)
    assert (State.WITHDRAWN in rules.FOLLOWS[state]) == is_before


def test_money_never_goes_back_before_every_piece_was_looked_at() -> None:
    assert rules.before(State.REFUNDED) == (State.INSPECTED,)
    assert rules.before(State.EXCHANGED) == (State.INSPECTED,)


@pytest.mark.parametrize(
    ("passed", "light", "percent"),
    [
        (timedelta(0), Light.GOOD, 0),
        (timedelta(hours=36), Light.GOOD, 50),
        (timedelta(hours=48) - timedelta(seconds=1), Light.GOOD, 66),
        (timedelta(hours=48), Light.WATCH, 66),
        (timedelta(hours=72) - timedelta(seconds=1), Light.WATCH, 99),
        (timedelta(hours=72), Light.LATE, 100),
        (timedelta(days=30), Light.LATE, 100),
        (timedelta(seconds=-5), Light.GOOD, 0),
    ],
)
def test_the_refund_clock(passed: timedelta, light: Light, percent: int) -> None:
    clock = rules.clock_of(AT, due_at=AT + rules.REFUND_WITHIN, at=AT + passed)
    assert (clock.light, clock.percent) == (light, percent)
    assert clock.due_at == datetime.fromisoformat("2026-11-04T04:00:00+00:00")
    assert clock.left == timedelta(hours=72) - passed


def test_a_courier_comes_from_tomorrow_on() -> None:
    days = rules.pickup_days(date(2026, 12, 29))
    assert (days[0], days[-1], len(days)) == (date(2026, 12, 30), date(2027, 1, 5), 7)


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 10**6)), min_size=1, max_size=12))
def test_facts_tell_pieces_by_sku_with_nothing_lost(pieces: list[tuple[str, int]]) -> None:
    made = [
        Piece(
            number=number,
            slot=Slot(position=1, unit=number),
            sku=sku,
            category="cups",
            wanted_sku="",
            goods=cny(minor),
            tax=cny(1),
            shipping=cny(2),
            verdict=Verdict.NONE,
            found="",
        )
        for number, (sku, minor) in enumerate(pieces, start=1)
    ]
    lines = rules.told_lines(made)
    assert [line.sku for line in lines] == sorted({sku for sku, _ in pieces})
    assert sum(line.quantity for line in lines) == len(pieces)
    assert sum(line.amount_minor for line in lines) == sum(minor for _, minor in pieces)

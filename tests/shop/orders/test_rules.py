"""Orders: which state may follow which, and numbers that cannot be guessed."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.orders import rules
from zhanggui.shop.orders.rules import FOLLOWS, State


def test_only_an_order_that_waits_for_money_moves_on() -> None:
    allowed = {(state, to) for state, nexts in FOLLOWS.items() for to in nexts}
    waiting = State.AWAITING_PAYMENT
    assert allowed == {(waiting, State.PAID), (waiting, State.CANCELLED), (waiting, State.EXPIRED)}


@pytest.mark.parametrize(("state", "to"), list(product(State, State)))
def test_every_way_that_is_closed_says_why_in_its_own_words(state: State, to: State) -> None:
    said = rules.refusal(state, to=to)
    assert bool(said) == (to not in FOLLOWS[state])
    others = [rules.refusal(*pair[:1], to=pair[1]) for pair in product(State, State) if pair != (state, to)]
    assert not said or said not in others


@pytest.mark.parametrize(
    ("to", "before"),
    [
        (State.PAID, (State.AWAITING_PAYMENT,)),
        (State.CANCELLED, (State.AWAITING_PAYMENT,)),
        (State.EXPIRED, (State.AWAITING_PAYMENT,)),
        (State.AWAITING_PAYMENT, ()),
    ],
)
def test_what_a_state_may_follow_on(to: State, before: tuple[State, ...]) -> None:
    assert rules.before(to) == before


@pytest.mark.parametrize(
    ("noise", "number"),
    [
        (0, "261122-00000-00000"),
        (1, "261122-00000-00001"),
        (2**50 - 1, "261122-ZZZZZ-ZZZZZ"),
        (32**5, "261122-00001-00000"),
    ],
)
def test_a_number_can_be_read_out(noise: int, number: str) -> None:
    assert rules.order_number(date(2026, 11, 22), noise=noise) == number


@given(one=st.integers(0, 2**50 - 1), other=st.integers(0, 2**50 - 1))
def test_different_noise_gives_different_numbers(one: int, other: int) -> None:
    day = date(2026, 11, 22)
    assert (rules.order_number(day, noise=one) == rules.order_number(day, noise=other)) == (one == other)

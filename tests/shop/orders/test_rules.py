"""Orders: which state may follow which, and numbers that cannot be guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.shop.orders import rules
from zhanggui.shop.orders.errors import MoreThanBought
from zhanggui.shop.orders.rules import FOLLOWS, Line, Part, State

ALLOWED = {
    ("awaiting_payment", "paid"),
    ("awaiting_payment", "cancelled"),
    ("awaiting_payment", "expired"),
    ("paid", "shipping"),
    ("paid", "shipped"),
    ("paid", "delivered"),
    ("paid", "cancelled"),
    ("shipping", "shipped"),
    ("shipping", "completed"),
    ("shipped", "delivered"),
    ("shipped", "completed"),
    ("delivered", "completed"),
}


@pytest.mark.parametrize(("state", "to"), list(product(State, State)))
def test_which_state_may_follow_which_and_every_closed_way_says_why(state: State, to: State) -> None:
    assert (to in FOLLOWS[state]) == ((state, to) in ALLOWED)
    said = rules.refusal(state, to=to)
    assert bool(said) == ((state, to) not in ALLOWED)
    assert not said or said == " ".join([rules.STANDING[state], *([rules.NEEDS[to]] if to is not state else [])])


def test_each_state_says_how_an_order_stands_in_its_own_words() -> None:
    assert len(set(rules.STANDING.values())) == len(State)


def a_line(*, amount: int, quantity: int, shipping: int = 0, tax: int = 0, returned: int = 0) -> Line:
    def cny(minor: int) -> Money:
        return Money(minor, "CNY")

    return Line(
        position=1,
        sku="CUP",
        category="cups",
        title_zh="杯",
        title_en="Cup",
        quantity=quantity,
        list_price=cny(amount),
        listed=cny(amount * quantity),
        discount=cny(amount - amount * quantity),
        amount=cny(amount),
        shipping=cny(shipping),
        tax=cny(tax),
        tax_included=cny(0),
        cost=cny(0),
        returned_units=returned,
    )


def test_the_worked_example_of_what_units_paid() -> None:
    assert [unit.minor for unit in rules.unit_amounts(a_line(amount=1000, quantity=3))] == [334, 333, 333]
    assert rules.portion(a_line(amount=1000, quantity=3, returned=1), units=1).goods.minor == 333


@given(
    amount=st.integers(0, 10**8),
    shipping=st.integers(0, 10**5),
    tax=st.integers(0, 10**6),
    parts=st.lists(st.integers(1, 20), min_size=1, max_size=8),
)
def test_giving_every_unit_back_in_any_parts_gives_exactly_what_was_paid(
    amount: int, shipping: int, tax: int, parts: list[int]
) -> None:
    line = a_line(amount=amount, quantity=sum(parts), shipping=shipping, tax=tax)
    given_back, total = 0, 0
    for units in parts:
        part = rules.portion(replace(line, returned_units=given_back), units=units)
        assert part.total == part.goods + part.shipping + part.tax
        given_back += units
        total += part.total.minor
    assert total == amount + shipping + tax


@pytest.mark.parametrize(("returned", "units"), [(0, 0), (0, 4), (2, 2), (3, 1), (0, -1)])
def test_more_units_than_are_left_have_no_portion(returned: int, units: int) -> None:
    with pytest.raises(MoreThanBought) as refused:
        rules.portion(a_line(amount=1000, quantity=3, returned=returned), units=units)
    assert refused.value.left_units == 3 - returned


def test_a_bundle_asks_for_its_parts_and_a_download_for_nothing() -> None:
    line = a_line(amount=1000, quantity=3)
    assert line.demand == {"CUP": 3}
    bundle = replace(line, parts=(Part(sku="TEA", units=2), Part(sku="CUP", units=1)))
    assert bundle.demand == {"TEA": 6, "CUP": 3}
    assert replace(line, needs_shipping=False).demand == {}


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

"""Money: whole minor units that never get lost on the way."""

from __future__ import annotations

import copy
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import CurrencyMismatch, Money, NotSplittable

WEIGHTS = st.lists(st.integers(0, 10_000), min_size=1, max_size=30).filter(any)
AMOUNTS = st.integers(-(10**12), 10**12)


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (100, (1, 1, 1), (34, 33, 33)),
        (1000, (5, 3, 1), (556, 333, 111)),
        (1, (1, 1), (1, 0)),
        (0, (3, 4), (0, 0)),
        (5, (0, 1, 0), (0, 5, 0)),
        (-100, (1, 1, 1), (-34, -33, -33)),
        (10, (3, 3, 3), (4, 3, 3)),
    ],
)
def test_shares_go_by_largest_remainder_and_ties_to_the_earlier(
    amount: int, weights: tuple[int, ...], shares: tuple[int, ...]
) -> None:
    assert tuple(share.minor for share in Money(amount, "CNY").split(weights)) == shares


@given(AMOUNTS, WEIGHTS)
def test_shares_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    assert Money.total(Money(amount, "CNY").split(weights), "CNY") == Money(amount, "CNY")


@given(AMOUNTS, WEIGHTS)
def test_splitting_a_refund_mirrors_splitting_its_charge(amount: int, weights: list[int]) -> None:
    charge = Money(amount, "CNY").split(weights)
    assert Money(-amount, "CNY").split(weights) == tuple(-share for share in charge)


@given(AMOUNTS, WEIGHTS)
def test_no_share_is_further_than_one_unit_from_its_exact_part(amount: int, weights: list[int]) -> None:
    whole = sum(weights)
    for share, weight in zip(Money(amount, "CNY").split(weights), weights, strict=True):
        assert abs(share.minor * whole - amount * weight) < whole


def test_nothing_can_be_shared_out_without_a_weight() -> None:
    with pytest.raises(NotSplittable) as refused:
        Money(1, "CNY").split((0, 0))
    assert refused.value.parts == 2


def test_an_amount_is_a_value_that_cannot_be_changed() -> None:
    amount = Money(1999, "CNY")
    with pytest.raises(AttributeError):
        amount.minor = 1  # type: ignore[misc]
    assert {amount, Money(1999, "CNY")} == {amount}
    assert amount not in {Money(1999, "EUR"), Money(2000, "CNY"), 1999}
    assert pickle.loads(pickle.dumps(amount)) == copy.deepcopy(amount) == amount  # noqa: S301
    assert repr(amount) == "Money(minor=1999, currency='CNY')"


@pytest.mark.parametrize("minor", [True, 1.0, "1", None])
def test_minor_units_are_whole_numbers(minor: object) -> None:
    with pytest.raises(TypeError):
        Money(minor, "CNY")  # type: ignore[arg-type]


def test_currencies_never_mix() -> None:
    with pytest.raises(CurrencyMismatch) as refused:
        Money(1, "CNY") + Money(1, "USD")
    assert (refused.value.left, refused.value.right) == ("CNY", "USD")


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("19.99", "CNY", 1999),
        ("0.005", "CNY", 1),
        ("-0.005", "CNY", -1),
        ("1999", "JPY", 1999),
        ("1.2345", "KWD", 1235),
    ],
)
def test_major_units_become_minor_units_half_up(amount: str, currency: str, minor: int) -> None:
    assert Money.of(amount, currency) == Money(minor, currency)


@pytest.mark.parametrize(("minor", "rate", "result"), [(1005, "0.5", 503), (-1005, "0.5", -503), (999, "0", 0)])
def test_a_rate_rounds_half_away_from_zero(minor: int, rate: str, result: int) -> None:
    assert Money(minor, "CNY").times(Decimal(rate)) == Money(result, "CNY")


@given(AMOUNTS)
def test_major_units_are_exact(minor: int) -> None:
    assert Money.of(Money(minor, "CNY").major, "CNY").minor == minor


def test_floats_and_nonsense_are_bugs() -> None:
    with pytest.raises(TypeError):
        Money(19.99, "CNY")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1999, "CNY").times(0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        Money(1999, "CNY") * Decimal(2)  # type: ignore[operator]
    with pytest.raises(ValueError, match="currency"):
        Money(1, "cny")

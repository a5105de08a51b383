"""How amounts are written for a provider, without a cent lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Unreadable
from zhanggui.shop.payments.providers.stripe import from_stripe, to_stripe

CURRENCIES = ("CNY", "USD", "EUR", "JPY", "KRW", "ISK", "UGX", "KWD", "BHD")


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (Money(1999, "CNY"), 1999),
        (Money(500, "JPY"), 500),
        (Money(500, "ISK"), 50_000),
        (Money(1500, "KWD"), 1500),
        (Money(1000, "RWF"), 10),
    ],
)
def test_an_amount_is_written_as_stripe_counts(amount: Money, units: int) -> None:
    assert to_stripe(amount) == units
    assert from_stripe(units, amount.currency.lower()) == amount


@given(minor=st.integers(1, 10**12), currency=st.sampled_from(CURRENCIES))
def test_what_is_written_is_read_as_it_was(minor: int, currency: str) -> None:
    amount = Money(minor, currency)
    assert from_stripe(to_stripe(amount), currency.lower()) == amount


def test_what_cannot_be_written_is_refused_and_never_rounded() -> None:
    with pytest.raises(Unreadable):
        to_stripe(Money(1050, "RWF"))
    with pytest.raises(ValueError, match="less than its minor unit"):
        from_stripe(150, "isk")

"""Which tax rate holds where and when, and what of a price is tax."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.guard.tax import actions, queries, rules
from zhanggui.guard.tax.errors import RateNotAllowed
from zhanggui.guard.tax.rules import NO_TAX, Rate

OLD = date(2007, 1, 1)


def a_rate(
    rate: str,
    country: str = "",
    region: str = "",
    *,
    tax_class: str = "standard",
    from_on: date = OLD,
    is_included: bool = True,
) -> Rate:
    return Rate(
        country=country,
        region=region,
        tax_class=tax_class,
        rate=Decimal(rate),
        is_included=is_included,
        from_on=from_on,
    )


RATES = (
    a_rate("0.13"),
    a_rate("0.13", "CN"),
    a_rate("0.09", "CN", tax_class="food"),
    a_rate("0.19", "DE"),
    a_rate("0.16", "DE", from_on=date(2020, 7, 1)),
    a_rate("0.19", "DE", from_on=date(2021, 1, 1)),
    a_rate("0", "US", is_included=False),
    a_rate("0.0725", "US", "California", is_included=False),
)


@pytest.mark.parametrize(
    ("country", "region", "tax_class", "on", "rate"),
    [
        ("CN", "浙江", "standard", date(2026, 11, 22), "0.13"),
        ("CN", "浙江", "food", date(2026, 11, 22), "0.09"),
        ("DE", "", "standard", date(2020, 6, 30), "0.19"),
        ("DE", "", "standard", date(2020, 7, 1), "0.16"),
        ("DE", "", "standard", date(2020, 12, 31), "0.16"),
        ("DE", "", "standard", date(2021, 1, 1), "0.19"),
        ("DE", "", "food", date(2021, 1, 1), "0.19"),
        ("US", "Oregon", "standard", date(2026, 11, 22), "0"),
        ("US", "California", "standard", date(2026, 11, 22), "0.0725"),
        ("BR", "", "standard", date(2026, 11, 22), "0.13"),
        ("", "", "food", date(2026, 11, 22), "0.13"),
    ],
)
def test_the_nearest_place_then_the_kind_of_goods_then_the_day_decides(
    country: str, region: str, tax_class: str, on: date, rate: str
) -> None:
    held = rules.rate_for(RATES, country=country, region=region, tax_class=tax_class, on=on)
    assert held.rate == Decimal(rate)


def test_before_any_rate_there_is_no_tax() -> None:
    held = rules.rate_for(RATES, country="DE", region="", tax_class="standard", on=date(2006, 12, 31))
    assert held is NO_TAX


@pytest.mark.parametrize(("amount", "rate", "tax"), [(11300, "0.13", 1300), (9900, "0.13", 1139), (1, "0.13", 0)])
def test_what_of_a_price_is_tax(amount: int, rate: str, tax: int) -> None:
    assert rules.included(Money(amount, "CNY"), Decimal(rate)) == Money(tax, "CNY")


@given(amount=st.integers(0, 10**9), per_mille=st.integers(0, 999))
def test_the_rest_taxed_on_top_gives_the_price_again(amount: int, per_mille: int) -> None:
    rate = Decimal(per_mille) / 1000
    whole = Money(amount, "CNY")
    net = whole - rules.included(whole, rate)
    assert abs((net + net.times(rate) - whole).minor) <= 1


@pytest.mark.django_db
def test_rates_are_known_from_their_day_and_the_same_one_is_replaced() -> None:
    actions.set_rates(shop="tea", rates=[a_rate("0.17", "CN"), a_rate("0.2", "FR")])
    assert [(rate.country, str(rate.rate)) for rate in queries.rates("tea")] == [("CN", "0.17"), ("FR", "0.2")]

    actions.set_rates(shop="tea", rates=[a_rate("0.13", "CN")])

    assert [(rate.country, str(rate.rate)) for rate in queries.rates("tea")] == [("CN", "0.13"), ("FR", "0.2")]
    assert queries.rates("other") == ()


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [a_rate("1", "CN"), a_rate("-0.01", "CN"), a_rate("0.1", "", "California")])
def test_a_rate_that_cannot_be_is_refused_and_none_is_written(wrong: Rate) -> None:
    with pytest.raises(RateNotAllowed):
        actions.set_rates(shop="tea", rates=[a_rate("0.2", "FR"), wrong])
    assert queries.rates("tea") == ()

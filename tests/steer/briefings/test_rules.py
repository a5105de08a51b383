"""Polished words keep every figure, targets can be remembered, numbers say how they moved."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.steer.briefings.rules import Number, Plain, Touched, Unit, figures_in, grown, touched
from zhanggui.steer.briefings.rules.asking import change


@pytest.mark.parametrize(
    ("original", "polished", "is_kept"),
    [
        ("GMV: £1,509,496.33, 30.7% more (£1,154,979.30).", "Up 30.7% from £1,154,979.30 to £1,509,496.33.", True),
        ("GMV: £1,509,496.33, 30.7% more.", "GMV rose 30.7% to about £1.5M.", False),
        ("GMV: £1,509,496.33.", "GMV: £1,509,496.33, and 3 new records.", False),
        ("2,769 orders, 2,769 parcels.", "2,769 orders and parcels.", False),
        ("支付金额为 ¥12.3万，增长 30.7%。", "增长 30.7%，达到 ¥12.3万。", True),
        ("支付金额为 ¥12.3万。", "支付金额为 ¥12.3亿。", False),
        ("−£27,467.50 by new buyers.", "£27,467.50 by new buyers.", False),
        ("No goals stood.", "There were no goals.", True),
    ],
)
def test_polished_words_keep_every_figure(original: str, polished: str, is_kept: bool) -> None:
    assert (touched(Plain(words=original), polished) is None) is is_kept


def test_a_figure_is_read_with_all_that_belongs_to_it() -> None:
    found = figures_in("up 12.3% to £1,509,496.33 (+£354,517.03)")
    assert found == {"12.3%": 1, "£1,509,496.33": 1, "+£354,517.03": 1}


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_one_changed_figure_is_always_seen(one: int, other: int) -> None:
    assert touched(Plain(words=f"{one:,} orders"), f"orders: {other:,}") is (None if one == other else Touched.FIGURES)


@pytest.mark.parametrize(
    ("polished", "what"),
    [
        ("Tea & Pots brought 12.3% more in Hubei.", None),
        ("In Hubei, Tea & Pots brought 12.3% more.", None),
        ("Tea & Pots brought 12.4% more in Hubei.", Touched.FIGURES),
        ("Tea & Pots brought 12.3% more in Hubei, half of it in May.", Touched.FIGURES),
        ("Tea & Pots 在 Hubei 多了 12.3%，接近翻倍。", Touched.FIGURES),
        ("Tea brought 12.3% more in Hubei.", Touched.NAMES),
        ("Tea & Pots brought 12.3% more in Hubei, Hubei!", Touched.NAMES),
        ("Tea & Pots brought 12.3% more in Hubei: https://example.com", Touched.LINKS),
        ("Tea & Pots brought [12.3%](/x) more in Hubei.", Touched.LINKS),
        ("", Touched.LENGTH),
        ("Tea & Pots brought 12.3% more in Hubei." + " Well." * 400, Touched.LENGTH),
    ],
)
def test_polished_words_say_the_same_or_are_refused(polished: str, what: Touched | None) -> None:
    original = Plain(words="Hubei (Tea & Pots) brought 12.3% more.", names=("Hubei", "Tea & Pots"))
    assert touched(original, polished) is what


@pytest.mark.parametrize(
    ("minor", "rate", "target"),
    [(10_000_000, "0.10", 11_000_000), (1_234_567, "0", 1_230_000), (61_000, "0.1", 67_100), (999, "0.005", 1_000)],
)
def test_a_target_has_three_digits(minor: int, rate: str, target: int) -> None:
    assert grown(minor, Decimal(rate)) == target


def test_a_change_is_a_rate_and_of_two_rates_points() -> None:
    def money(minor: int) -> Number:
        return Number(name="now", unit=Unit.MONEY, numerator=minor)

    def share(part: int) -> Number:
        return Number(name="now", unit=Unit.RATE, numerator=part, denominator=100)

    rose, points = change("rate", money(120), money(100), None), change("rate", share(5), share(4), None)
    assert rose is not None and (rose.unit, rose.rounded) == (Unit.RATE, Decimal("0.2"))
    assert points is not None and (points.unit, points.rounded) == (Unit.POINTS, Decimal("0.01"))
    assert change("rate", money(120), money(0), None) is None

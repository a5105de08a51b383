"""Figures as values: exact, rounded only when they are read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import MEASURES, METRICS, Cut, Figure, can_answer, change_rate


def figure(metric: str, numerator: int, denominator: int | None = None) -> Figure:
    return Figure(metric=metric, currency="CNY", numerator=numerator, denominator=denominator)


@pytest.mark.parametrize(
    ("one", "value"),
    [
        (figure("uv", 12), 12),
        (figure("gmv_paid", 1999), Money(1999, "CNY")),
        (figure("gmv_net", -5), Money(-5, "CNY")),
        (figure("aov", 1000, 3), Money(333, "CNY")),
        (figure("aov", 1001, 2), Money(501, "CNY")),
        (figure("aov", 0, 0), None),
        (figure("refund_rate", 1, 3), Decimal("0.333333")),
        (figure("refund_rate", 5, 0), None),
    ],
)
def test_a_figure_reads_as_a_count_an_amount_or_a_rate(one, value):
    assert one.value == value


@pytest.mark.parametrize(
    ("now", "then", "change"),
    [
        (figure("gmv_paid", 120), figure("gmv_paid", 100), Decimal("0.200000")),
        (figure("gmv_paid", 50), figure("gmv_paid", 100), Decimal("-0.500000")),
        (figure("gmv_net", 50), figure("gmv_net", -100), Decimal("1.500000")),
        (figure("gmv_paid", 50), figure("gmv_paid", 0), None),
        (figure("refund_rate", 5, 100), figure("refund_rate", 4, 100), Decimal("0.010000")),
        (figure("aov", 300, 2), figure("aov", 100, 1), Decimal("0.500000")),
        (figure("aov", 300, 2), figure("aov", 0, 0), None),
    ],
)
def test_a_change_is_a_rate_and_of_rates_a_difference_in_points(now, then, change):
    assert change_rate(now, then) == change


def test_every_metric_stands_on_measures_that_exist_and_says_what_it_means():
    for one in METRICS.values():
        assert one.numerator in MEASURES, one.key
        assert not one.denominator or one.denominator in MEASURES, one.key
        assert one.name_zh and one.name_en and one.words_zh.endswith("。") and one.words_en.endswith("."), one.key
        assert all(can_answer(one.key, by=cut) for cut in Cut if cut.step and cut is not Cut.HOUR), one.key


def test_what_adds_up_is_a_plain_sum():
    assert all(not one.denominator for one in METRICS.values() if one.is_additive)

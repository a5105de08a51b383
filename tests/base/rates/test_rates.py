"""What one currency is worth in another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from zhanggui.base import kept
from zhanggui.base.money import Money
from zhanggui.base.rates import actions, queries
from zhanggui.base.rates.errors import NoRate, RateNotAllowed
from zhanggui.base.rates.rules import Rate

MONDAY = date(2026, 11, 16)


def a_rate(base: str, quote: str, rate: str, on: date = MONDAY) -> Rate:
    return Rate(base=base, quote=quote, rate=Decimal(rate), on=on)


@pytest.mark.parametrize(
    ("rate", "amount", "worth"),
    [
        (a_rate("EUR", "CNY", "8.1"), Money(1005, "EUR"), Money(8141, "CNY")),
        (a_rate("JPY", "CNY", "0.047"), Money(1000, "JPY"), Money(4700, "CNY")),
        (a_rate("CNY", "JPY", "21.2765957447"), Money(4700, "CNY"), Money(1000, "JPY")),
        (a_rate("KWD", "CNY", "23"), Money(1234, "KWD"), Money(2838, "CNY")),
    ],
)
def test_an_amount_is_converted_whatever_its_minor_unit(rate: Rate, amount: Money, worth: Money) -> None:
    assert rate.convert(amount) == worth


def test_another_currency_is_not_converted() -> None:
    with pytest.raises(ValueError, match="does not convert"):
        a_rate("EUR", "CNY", "8.1").convert(Money(1, "USD"))


@pytest.mark.django_db
def test_the_newest_rate_up_to_a_day_holds_and_the_other_way_is_turned_round() -> None:
    later = date(2026, 11, 18)
    actions.set_rates(rates=[a_rate("EUR", "CNY", "8"), a_rate("EUR", "CNY", "8.2", later)])

    assert queries.rate("EUR", "CNY", date(2026, 11, 17)) == a_rate("EUR", "CNY", "8")
    assert queries.rate("EUR", "CNY", date(2026, 11, 20)) == a_rate("EUR", "CNY", "8.2", later)
    assert queries.rate("CNY", "EUR", MONDAY).rate == Decimal("0.1250000000")
    assert queries.rate("CNY", "CNY", MONDAY).rate == 1
    assert queries.currencies("CNY", MONDAY) == ("CNY", "EUR")


@pytest.mark.django_db
def test_without_a_rate_nothing_is_guessed() -> None:
    actions.set_rates(rates=[a_rate("EUR", "CNY", "8")])
    with pytest.raises(NoRate):
        queries.rate("EUR", "CNY", date(2026, 11, 15))
    with pytest.raises(NoRate):
        queries.rate("USD", "CNY", MONDAY)


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [a_rate("EUR", "CNY", "0"), a_rate("EUR", "EUR", "1")])
def test_a_rate_that_cannot_be_is_refused(wrong: Rate) -> None:
    with pytest.raises(RateNotAllowed):
        actions.set_rates(rates=[wrong])


def test_an_answer_is_kept_until_it_is_forgotten() -> None:
    asked: list[int] = []

    @kept.kept(seconds=1000)
    def double(number: int) -> int:
        asked.append(number)
        return 2 * number

    assert [double(2), double(2), double(3)] == [4, 4, 6]
    assert asked == [2, 3]
    double.forget()
    assert double(2) == 4
    assert asked == [2, 3, 2]


def test_an_answer_whose_time_is_over_is_asked_for_anew() -> None:
    asked: list[int] = []

    @kept.kept(seconds=0)
    def one() -> int:
        asked.append(1)
        return 1

    assert [one(), one()] == [1, 1]
    assert asked == [1, 1]

"""What a presale costs, when reminders leave, which state follows which: without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.growth.membership.rules.notices import allowed_at
from zhanggui.growth.presale.errors import PresaleNotAllowed
from zhanggui.growth.presale.rules import FOLLOWS, State, Step, Terms, before, due, moments, refusal, spread

SHANGHAI = clock.zone("Asia/Shanghai")


def cny(minor: int) -> Money:
    return Money(minor, "CNY")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 on the clock of Shanghai."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def terms(price: int, first: int, credit: int) -> Terms:
    return Terms(
        sku="CUP",
        price=cny(price),
        first=cny(first),
        credit=cny(credit),
        quantity=10,
        per_person=1,
        deposit_from=at(1, 0),
        deposit_until=at(10, 0),
        balance_from=at(11, 0),
        balance_until=at(14, 0),
        ship_by=date(2026, 11, 20),
    )


@pytest.mark.parametrize(
    ("price", "first", "credit", "deposit", "prepayment", "balance", "total", "inflation"),
    [
        (50000, 5000, 10000, 5000, 0, 40000, 45000, 5000),  # 50 worth 100
        (50000, 5000, 5000, 5000, 0, 45000, 50000, 0),  # no inflation
        (50000, 10000, 10000, 10000, 0, 40000, 50000, 0),  # exactly a fifth
        (50000, 10001, 10001, 10000, 1, 39999, 50000, 0),  # one minor unit beyond
        (50000, 10000, 15000, 9000, 1000, 35000, 45000, 5000),  # a fifth of the total, not of the price
        (50003, 10001, 10001, 10000, 1, 40002, 50003, 0),  # a fifth is rounded down
        (100, 99, 99, 20, 79, 1, 100, 0),
    ],
)
def test_sums(
    price: int, first: int, credit: int, deposit: int, prepayment: int, balance: int, total: int, inflation: int
) -> None:
    made = terms(price, first, credit).checked(currency="CNY")
    assert (made.deposit, made.prepayment) == (cny(deposit), cny(prepayment))
    assert (made.balance, made.total, made.inflation) == (cny(balance), cny(total), cny(inflation))


@given(st.data())
def test_a_deposit_is_never_more_than_a_fifth_and_all_parts_sum_to_the_total(data: st.DataObject) -> None:
    price = data.draw(st.integers(2, 10**9))
    credit = data.draw(st.integers(1, price - 1))
    first = data.draw(st.integers(1, credit))
    made = terms(price, first, credit).checked(currency="CNY")
    assert made.deposit.minor * 5 <= made.total.minor
    assert made.deposit + made.prepayment + made.balance == made.total
    assert made.total == made.price - made.inflation
    assert made.prepayment.minor >= 0
    if made.prepayment:
        assert (made.deposit.minor + 1) * 5 > made.total.minor


@pytest.mark.parametrize(
    ("price", "first", "credit", "field"),
    [(0, 1, 1, "price"), (100, 0, 10, "first"), (100, 20, 10, "credit"), (100, 10, 100, "credit")],
)
def test_sums_that_cannot_be_right(price: int, first: int, credit: int, field: str) -> None:
    with pytest.raises(PresaleNotAllowed) as refused:
        terms(price, first, credit).checked(currency="CNY")
    assert refused.value.data == {"field": field}


def test_sums_in_another_currency_are_refused() -> None:
    with pytest.raises(PresaleNotAllowed):
        terms(500, 50, 100).checked(currency="EUR")


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (at(11, 10), at(14, 20), [at(11, 10), at(11, 16), at(13, 20), at(14, 18)]),
        # The quiet hours move the first to the morning; midnight a day before goes to 8; two hours before midnight is
        # brought forward.
        (at(11, 0), at(14, 0), [at(11, 8), at(11, 14), at(13, 8), at(13, 21, 30)]),
        # Six hours on falls into the night.
        (at(11, 18), at(14, 20), [at(11, 18), at(12, 8), at(13, 20), at(14, 18)]),
        # A window of a day and a half: a day left comes before six hours on and is left out.
        (at(11, 9), at(12, 14), [at(11, 9), at(11, 15), at(12, 12)]),
        # A window in the night alone: nobody is told.
        (at(11, 23), at(12, 6), []),
        # A short one by day.
        (at(11, 9), at(11, 12), [at(11, 9), at(11, 10)]),
    ],
)
def test_reminders(since: datetime, until: datetime, expected: list[datetime]) -> None:
    assert list(moments(since, until, zone=SHANGHAI).values()) == expected


@given(st.integers(0, 60 * 24 * 7), st.integers(1, 60 * 24 * 10))
def test_reminders_lie_in_the_window_by_day_and_in_order(starts_in: int, lasts: int) -> None:
    since = at(1, 0) + timedelta(minutes=starts_in)
    until = since + timedelta(minutes=lasts)
    planned = moments(since, until, zone=SHANGHAI)
    found = list(planned.values())
    assert found == sorted(set(found))
    assert list(planned) == [step for step in Step if step in planned]
    assert all(since <= moment < until for moment in found)
    assert all(allowed_at(moment, zone=SHANGHAI) == moment for moment in found)


def test_only_the_last_of_missed_reminders_is_due() -> None:
    planned = moments(at(11, 10), at(14, 20), zone=SHANGHAI)

    def turn(moment: datetime) -> Step | None:
        return due(planned, at=moment, until=at(14, 20), zone=SHANGHAI)

    assert turn(at(11, 9, 59)) is None
    assert turn(at(11, 10)) is Step.OPENED
    assert turn(at(11, 16)) is Step.SIX_HOURS_ON
    assert turn(at(13, 23)) is None
    assert turn(at(14, 19)) is Step.TWO_HOURS_LEFT
    assert turn(at(14, 20)) is None


def test_states_follow_as_the_law_says() -> None:
    walk = [State.DEPOSIT_DUE, State.DEPOSIT_PAID, State.BALANCE_OPEN, State.BALANCE_PAID]
    assert all(after in FOLLOWS[first] for first, after in pairwise(walk))
    assert FOLLOWS[State.BALANCE_EXPIRED] >= {State.FORFEITED}
    assert State.FORFEITED not in FOLLOWS[State.BALANCE_OPEN]
    assert before(State.SELLER_CANCELLED) == (State.DEPOSIT_PAID, State.BALANCE_OPEN, State.BALANCE_EXPIRED)
    assert before(State.FORCE_MAJEURE) == before(State.SELLER_CANCELLED)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_every_refusal_has_words(state: State, to: State) -> None:
    said = refusal(state, to=to)
    assert (said == "") == (to in FOLLOWS[state])


@given(st.integers(0, 50), st.dictionaries(st.integers(1, 6), st.integers(0, 20)))
def test_pieces_are_spread_over_lines_that_have_them(units: int, lines: dict[int, int]) -> None:
    taken = spread(units, lines)
    assert sum(taken.values()) == min(units, sum(lines.values()))
    assert all(0 < pieces <= lines[line] for line, pieces in taken.items())

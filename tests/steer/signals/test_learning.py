"""What a finding needs, how it grows, and how sure one may be of it."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.steer.signals.findings import DAY, MORNING, a_finding, a_size, on
from zhanggui.steer.signals.errors import SnoozeUnfit, WordsMissing
from zhanggui.steer.signals.rules import (
    DAILY_FALSE,
    LONGEST_WORDS,
    Signal,
    State,
    Verdicts,
    comes_back,
    corrected,
    found_among,
    grown,
    is_over,
    need,
    snooze_of,
    verdicts,
    words_of,
)


@pytest.mark.parametrize(
    ("said", "money", "confidence"),
    [
        (Verdicts(), 20_000, 0.8),
        (Verdicts(useless=1), 30_000, 0.85),
        (Verdicts(useless=2), 45_000, 0.8875),
        (Verdicts(useless=2, useful=2), 20_000, 0.8),
        (Verdicts(useful=1), 13_333, 0.7333),
        (Verdicts(useful=40), 8_889, 0.6444),
        (Verdicts(useless_elsewhere=2), 30_000, 0.85),
        (Verdicts(useless=100), 227_812, 0.9644),
    ],
)
def test_what_people_say_moves_the_least_money_and_confidence(said, money, confidence):
    wanted = need(said, ordinary_day_minor=1_000_000)

    assert wanted.money_minor == money
    assert wanted.confidence == pytest.approx(confidence, abs=1e-4)


def test_a_finding_is_raised_from_the_least_on():
    wanted = need(Verdicts(), ordinary_day_minor=1_000_000)

    assert wanted.is_met_by(a_finding(minor=20_000, confidence=0.8))
    assert not wanted.is_met_by(a_finding(minor=19_999, confidence=0.8))
    assert not wanted.is_met_by(a_finding(minor=20_000, confidence=0.79))


def test_verdicts_of_other_subjects_are_counted_apart():
    said = [("a", True, 2), ("a", False, 1), ("b", False, 4), ("c", False, 1), ("b", True, 3)]

    assert verdicts(said, subject="a") == Verdicts(useful=2, useless=1, useful_elsewhere=3, useless_elsewhere=5)


@settings(max_examples=40)
@given(st.integers(0, 9), st.integers(0, 9))
def test_one_more_not_useful_never_lowers_the_bar(useful, useless):
    before = need(Verdicts(useful=useful, useless=useless), ordinary_day_minor=500_000)
    after = need(Verdicts(useful=useful, useless=useless + 1), ordinary_day_minor=500_000)

    assert after.money_minor >= before.money_minor
    assert 0 < before.confidence <= after.confidence < 1


def a_signal(**fields) -> Signal:
    one = a_finding()
    said = {
        "id": uuid4(),
        "shop": "acme",
        "detector": "funnel_break",
        "kind": one.kind,
        "subject": one.subject,
        "state": State.OPEN,
        "first_day": DAY,
        "last_day": DAY,
        "days": 1,
        "size": one.size,
        "confidence": one.confidence,
        "evidence": one.evidence,
        "proposal": one.proposal,
        "tests": 1,
        "cause": None,
        "fact": uuid4(),
        "raised_at": MORNING,
    }
    return Signal(**(said | fields))


@pytest.mark.parametrize(
    ("day", "adds_up", "expected"),
    [(on(1), True, 80_000), (on(1), False, 30_000), (DAY, True, 50_000), (on(-1), False, 50_000)],
)
def test_a_signal_grows_by_later_days_only(day, adds_up, expected):
    size = grown(a_signal(), a_finding(minor=30_000, day=day, adds_up=adds_up))

    assert size.expected_minor == expected
    assert size.low_minor <= size.expected_minor <= size.high_minor


def test_sums_of_two_currencies_are_refused():
    with pytest.raises(ValueError, match="CNY and EUR"):
        a_size() + type(a_size())(low_minor=0, expected_minor=1, high_minor=2, currency="EUR")


def test_what_was_put_away_comes_back_at_twice_its_size():
    assert comes_back(50_000, a_size(100_000))
    assert not comes_back(50_000, a_size(99_999))


def test_a_signal_is_over_after_a_week_without_a_finding():
    assert is_over(DAY, on=on(7))
    assert not is_over(DAY, on=on(6))


@pytest.mark.parametrize("days", [0, -1, 93])
def test_a_signal_is_put_off_to_a_day_of_the_next_quarter(days):
    with pytest.raises(SnoozeUnfit):
        snooze_of(on(days), today=DAY)

    assert snooze_of(on(92), today=DAY) == DAY + timedelta(days=92)


def test_whoever_says_not_useful_says_why():
    assert words_of("  known  since May ", is_useful=False) == "known since May"
    assert words_of("", is_useful=True) == ""
    for said in (" ", "x" * (LONGEST_WORDS + 1)):
        with pytest.raises(WordsMissing):
            words_of(said, is_useful=False)


def test_many_tests_are_corrected_for_being_many():
    assert corrected([0.01, 0.04, 0.03]) == pytest.approx((0.03, 0.04, 0.04))
    assert corrected([]) == ()
    # one in a hundred that would be found alone is not
    assert found_among([0.004, *[0.5] * 99]) == ()
    assert found_among([0.00004, *[0.5] * 99]) == (0,)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_corrected_chances_keep_their_order_and_are_no_smaller(chances):
    found = corrected(chances)

    assert all(p <= q + 1e-12 <= 1 + 1e-12 for p, q in zip(chances, found, strict=True))
    ordered = sorted(range(len(chances)), key=chances.__getitem__)
    assert all(found[a] <= found[b] for a, b in pairwise(ordered))


def test_where_nothing_is_the_matter_a_family_of_tests_finds_something_seldom():
    rng = random.Random(5)
    days = 4_000
    false = sum(bool(found_among([rng.random() for _ in range(40)])) for _ in range(days))

    assert false / days < 2 * DAILY_FALSE

"""Which values of a split lose more than the others beyond chance."""

from __future__ import annotations

from datetime import date

import pytest

from zhanggui.insight.funnels.rules import Answer, Funnel, Question, Split, Step, answer_of, contrasts

STEPS = (Step(event="Checkout Started"), Step(event="shop.order_placed"))


def an_answer(**reached: tuple[int, int]) -> Answer:
    """By device: how many began, and how many of them went on."""
    funnel = Funnel(steps=STEPS)
    question = Question(funnel=funnel, start=date(2026, 5, 1), end=date(2026, 5, 8), by=Split.DEVICE)
    exactly = {(value, 1): of - count for value, (count, of) in reached.items()}
    exactly |= {(value, 2): count for value, (count, of) in reached.items()}
    return answer_of(question, exactly, {}, is_complete=True)


def test_two_values_differ_as_published() -> None:
    phone, desktop = sorted(contrasts(an_answer(phone=(48, 80), desktop=(56, 70))), key=lambda one: -one.missed)
    assert (desktop.value, desktop.own, desktop.others) == ("desktop", (56, 70), (48, 80))
    # Newcombe (1998) with two questions at once: surer than the 0.0524 to 0.3339 of one.
    assert (desktop.difference.low, desktop.difference.high) == pytest.approx((0.0309, 0.3515), abs=0.0001)
    assert phone.difference.low == pytest.approx(-desktop.difference.high)
    assert desktop.is_apart
    assert phone.missed == pytest.approx(80 * 0.8 - 48)


def test_what_is_missed_most_stands_first_and_what_is_alike_is_not_apart() -> None:
    found = contrasts(an_answer(phone=(800, 1000), desktop=(805, 1000), tablet=(0, 60)))
    assert found[0].value == "tablet"
    assert found[0].difference.high < 0
    assert found[0].missed == pytest.approx(60 * 1605 / 2000)


def test_a_single_value_has_nobody_to_be_held_against() -> None:
    (only,) = contrasts(an_answer(phone=(5, 10)))
    assert not only.is_apart
    assert only.missed == 0


def test_without_a_split_there_is_nothing_to_tell_apart() -> None:
    funnel = Funnel(steps=STEPS)
    question = Question(funnel=funnel, start=date(2026, 5, 1), end=date(2026, 5, 8))
    answer = answer_of(question, {("", 1): 40, ("", 2): 10}, {}, is_complete=True)
    assert contrasts(answer) == ()
    # Wilson (1927): 10 of 50 is between 0.112 and 0.330.
    assert (answer.bars[1].bounds.low, answer.bars[1].bounds.high) == pytest.approx((0.1124, 0.3304), abs=0.0001)

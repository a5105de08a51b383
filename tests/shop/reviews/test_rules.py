"""What may be said and what is read first: no database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.reviews import rules
from zhanggui.shop.reviews.rules import Held, State


@pytest.mark.parametrize(
    ("words", "held"),
    [
        ("很好用，直径 5.5cm，3 天到", Held.NONE),
        ("用了 2026-11-22 买的，满 300 减 40", Held.NONE),
        ("Great cup. I bought 2 for 119.80", Held.NONE),
        ("订单 20261122000123456789 已收到", Held.NONE),
        ("打我 13800138000", Held.PHONE),
        ("打我 138 0013 8000", Held.PHONE),
        ("１３８－００１３－８０００", Held.PHONE),
        ("一三八〇〇一三八〇〇〇", Held.PHONE),
        ("call +442079460958", Held.PHONE),
        ("座机 0571-87654321", Held.PHONE),
        ("write to a.b@example.com", Held.EMAIL),
        ("看 https://cheap.example/x", Held.LINK),
        ("看 WWW.cheap.example", Held.LINK),
        ("cheap-tea.top 更便宜", Held.LINK),
        ("加微信 abc12345", Held.CONTACT),
        ("VX：tea_888888", Held.CONTACT),
        ("QQ群 123456789", Held.CONTACT),
        ("微信支付很方便", Held.NONE),
        ("node.js 杯子", Held.NONE),
    ],
)
def test_what_leads_out_of_the_shop_is_read_first(words: str, held: Held) -> None:
    assert rules.held_for(words) is held


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "P", "S", "L", "Nl", "No"]), max_size=80))
def test_words_without_figures_and_letters_are_not_held(words: str) -> None:
    assert rules.held_for(words) is Held.NONE


@given(st.text(max_size=300))
def test_any_words_are_judged_and_cleaning_is_done_once(words: str) -> None:
    cleaned = rules.cleaned(words)
    assert rules.cleaned(cleaned) == cleaned
    assert rules.held_for(words) in Held


@pytest.mark.parametrize(
    ("words", "fault"),
    [("", "empty"), ("好", ""), ("字" * 2000, ""), ("字" * 2001, "long"), ("a\0b", "nul"), ("\0", "nul")],
)
def test_words_are_between_one_sign_and_two_thousand(words: str, fault: str) -> None:
    assert rules.words_fault(words, most=rules.LONGEST_REVIEW) == fault


def test_a_language_is_told_by_one_sign() -> None:
    assert (rules.language_of("nice 杯"), rules.language_of("nice cup")) == ("zh", "en")


def test_what_was_let_through_is_hidden_and_not_rejected() -> None:
    allowed = {(before, then) for before in State for then in State if rules.can_become(before, then)}
    assert allowed == {
        (State.PENDING, State.PUBLISHED),
        (State.REJECTED, State.PUBLISHED),
        (State.HIDDEN, State.PUBLISHED),
        (State.PENDING, State.REJECTED),
        (State.PUBLISHED, State.HIDDEN),
    }

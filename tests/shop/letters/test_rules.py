"""When a letter is written, and by which way it goes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.base.outbox.rules import Channel
from zhanggui.shop.letters import rules
from zhanggui.shop.letters.rules import Kind, Reach, Reason

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAIL, TEXT = Reach(channel=Channel.EMAIL, to="lin@example.com"), Reach(channel=Channel.SMS, to="+8613800138000")


@pytest.mark.parametrize(
    ("hours", "is_news"), [(0, True), (23, True), (24, False), (24 * 365, False), (-1, True)], ids=str
)
def test_what_was_told_a_day_ago_is_no_news(hours: int, is_news: bool) -> None:
    assert rules.is_fresh(NOON - timedelta(hours=hours), at=NOON) is is_news


@pytest.mark.parametrize(("days", "opens"), [(0, True), (179, True), (180, False)])
def test_a_letter_opens_its_order_for_half_a_year(days: int, opens: bool) -> None:
    assert rules.is_open_by_letter(NOON, at=NOON + timedelta(days=days)) is opens


@pytest.mark.parametrize(
    ("email", "phone", "can_mail", "can_text", "has_template", "way"),
    [
        ("lin@example.com", "+8613800138000", True, True, True, MAIL),
        ("lin@example.com", "+8613800138000", False, True, True, TEXT),
        ("", "+8613800138000", True, True, True, TEXT),
        ("", "+8613800138000", True, True, False, Reason.NO_TEMPLATE),
        ("", "+8613800138000", True, False, True, Reason.NO_ADDRESS),
        ("", "", True, True, True, Reason.NO_ADDRESS),
    ],
)
def test_mail_goes_before_text_and_text_only_with_approved_words(
    email: str, phone: str, can_mail: bool, can_text: bool, has_template: bool, way: Reach | Reason
) -> None:
    came = rules.reach(email=email, phone=phone, can_mail=can_mail, can_text=can_text, has_template=has_template)
    assert came == way


def test_every_kind_follows_a_fact_and_all_but_one_are_usual() -> None:
    assert set(rules.HEARS.values()) == set(Kind)
    assert frozenset(Kind) - rules.USUAL == {Kind.DELIVERED}

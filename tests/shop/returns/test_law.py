"""What a purchase given up without a reason comes to by the law of China and by that of Europe."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.shop.returns.frozen import a_line, cny
from tests.shop.returns.test_rules import IF_CONFIRMED, NEVER, judged
from zhanggui.base.shops.rules import Law
from zhanggui.shop.returns import rules
from zhanggui.shop.returns.rules import Answer, Light, Reason, Return, State, Way, Why, Wish

ASKED = datetime(2026, 11, 1, 4, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED_FOR = Return(
    number="R1",
    shop="tea",
    order_number="ORDER",
    state=State.IN_TRANSIT,
    reason=Reason.CHANGED_MIND,
    wish=Wish.REFUND,
    words="",
    is_kept=False,
    way=Way.OWN,
    pickup_on=None,
    pickup_slot="",
    pickup_address_id=None,
    carrier="",
    tracking="",
    warehouse="",
    refused_why="",
    expected=cny(1000),
    refunded=cny(0),
    replacement_carrier="",
    replacement_tracking="",
    sent_back_carrier="",
    sent_back_tracking="",
    pieces=(),
    pictures=(),
    requested_at=ASKED,
    approved_at=ASKED,
    sent_at=ASKED + DAY,
    received_at=None,
    inspected_at=None,
    ended_at=None,
    escalated_at=None,
    requested_fact=UUID(int=1),
)


@pytest.mark.parametrize(
    ("signed", "law", "last"),
    [
        (date(2026, 11, 1), Law.CN, date(2026, 11, 8)),
        (date(2026, 11, 1), Law.EU, date(2026, 11, 16)),
        (date(2026, 10, 31), Law.EU, date(2026, 11, 16)),
        (date(2026, 10, 30), Law.EU, date(2026, 11, 13)),
        (date(2026, 11, 2), Law.EU, date(2026, 11, 16)),
    ],
)
def test_european_law_gives_fourteen_days_and_never_ends_them_on_a_weekend(signed: date, law: Law, last: date) -> None:
    assert rules.last_day_without_reason(signed, law=law) == last
    assert judged(law=law, arrived_on=signed, today=last).answer is Answer.YES
    assert judged(law=law, arrived_on=signed, today=last + DAY).whys == (Why.WINDOW_OVER,)


def test_in_europe_the_days_are_counted_from_the_last_goods_of_the_order() -> None:
    lines = (a_line(1), a_line(2), a_line(3, needs_shipping=False))
    first, last, paid = date(2026, 11, 3), date(2026, 11, 9), date(2026, 11, 1)
    arrived = {1: first, 2: last, 3: paid}

    def begins(position: int, here: dict[int, date], law: Law) -> date | None:
        return rules.begins_on(lines[position - 1], of=lines, arrived=here, law=law)

    assert [begins(n, arrived, Law.CN) for n in (1, 2, 3)] == [first, last, paid]
    assert [begins(n, arrived, Law.EU) for n in (1, 2, 3)] == [last, last, paid]
    assert begins(1, {1: first, 3: paid}, Law.CN) == first
    assert begins(1, {1: first, 3: paid}, Law.EU) is None


def test_goods_can_be_given_up_before_the_days_begin() -> None:
    said = judged(law=Law.EU, has_begun=False, today=date(2027, 1, 1))
    assert (said.answer, said.whys, said.until) == (Answer.YES, (), None)


@pytest.mark.parametrize("is_confirmed", [True, False])
@pytest.mark.parametrize("exception", [*NEVER, *IF_CONFIRMED])
def test_european_law_excepts_fewer_goods_and_nobody_gives_the_right_up(exception: str, is_confirmed: bool) -> None:
    said = judged(law=Law.EU, exception=exception, is_confirmed=is_confirmed)
    is_excepted = exception in ("custom_made", "fresh", "papers")
    assert (said.answer, said.whys) == ((Answer.NO, (Why(exception),)) if is_excepted else (Answer.YES, ()))


@pytest.mark.parametrize(("is_confirmed", "answer"), [(True, Answer.NO), (False, Answer.ASK)])
def test_in_europe_a_service_is_given_up_unless_the_buyer_asked_to_begin_at_once(
    is_confirmed: bool, answer: Answer
) -> None:
    said = judged(law=Law.EU, needs_shipping=False, is_confirmed=is_confirmed)
    assert (said.answer, said.whys) == (answer, (Why.NO_GOODS,))


@pytest.mark.parametrize(
    ("exception", "needs_shipping", "law", "asked"),
    [
        ("hygiene", True, Law.CN, True),
        ("hygiene", True, Law.EU, False),
        ("", False, Law.CN, False),
        ("", False, Law.EU, True),
        ("", True, Law.EU, False),
    ],
)
def test_what_a_buyer_is_asked_to_know(exception: str, needs_shipping: bool, law: Law, asked: bool) -> None:
    assert rules.has_to_be_confirmed(exception, needs_shipping=needs_shipping, law=law) is asked


@pytest.mark.parametrize(
    ("law", "sent", "here", "due"),
    [
        (Law.CN, 1, None, None),
        (Law.CN, 1, 3, 6),
        (Law.EU, None, None, None),
        (Law.EU, 1, None, 14),
        (Law.EU, 1, 3, 6),
        (Law.EU, 1, 13, 14),
        (Law.EU, 13, None, 16),
        (Law.EU, 20, 21, 23),
    ],
)
def test_the_money_is_due_by_our_promise_or_by_law_whichever_ends_first(
    law: Law, sent: int | None, here: int | None, due: int | None
) -> None:
    found = replace(
        ASKED_FOR,
        state=State.RECEIVED if here else State.IN_TRANSIT if sent else State.APPROVED,
        sent_at=ASKED + sent * DAY if sent else None,
        received_at=ASKED + here * DAY if here else None,
    )
    clock = rules.refund_clock(found, law=law, at=ASKED + 14 * DAY)
    assert (clock and clock.due_at) == (due and ASKED + due * DAY)
    if clock and due is not None:
        assert (clock.light is Light.LATE) == (due <= 14)


@pytest.mark.parametrize(
    "other", [{"reason": Reason.FAULTY}, {"wish": Wish.EXCHANGE}, {"state": State.REFUNDED, "received_at": ASKED}]
)
def test_the_clock_of_the_law_runs_for_what_is_given_up_alone(other: dict[str, object]) -> None:
    assert rules.refund_clock(replace(ASKED_FOR, **other), law=Law.EU, at=ASKED) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("law", "other", "days"),
    [
        (Law.EU, {}, 14),
        (Law.CN, {}, None),
        (Law.EU, {"reason": Reason.FAULTY}, None),
        (Law.EU, {"wish": Wish.EXCHANGE}, None),
    ],
)
def test_the_goods_of_a_withdrawal_are_sent_back_within_fourteen_days_after_it_was_said(
    law: Law, other: dict[str, object], days: int | None
) -> None:
    found = replace(ASKED_FOR, **other)  # type: ignore[arg-type]
    assert rules.is_withdrawal(found, law=law) is (days is not None)
    assert rules.send_by(found, law=law) == (None if days is None else ASKED + days * DAY)

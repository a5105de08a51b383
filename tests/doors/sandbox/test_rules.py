"""What the gateway takes and says, as values."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from zhanggui.base import ids
from zhanggui.base.money import Money
from zhanggui.doors.sandbox.rules import Choice, Terms, sayings, terms_of, wire
from zhanggui.shop.payments.errors import Unreadable
from zhanggui.shop.payments.rules import SandboxProvider, signed

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ASKED = {
    "merchant": "zhanggui",
    "payment": "p-1",
    "order": "o-1",
    "amount": "7190",
    "currency": "CNY",
    "expires_at": str(int(AT.timestamp())),
    "return_to": "https://shop.example/back",
    "notify_to": "https://shop.example/notify",
    "language": "en",
}
TERMS = Terms(
    merchant="zhanggui",
    payment_id="p-1",
    order_number="o-1",
    amount=Money(7190, "CNY"),
    expires_at=AT,
    return_to="https://shop.example/back",
    notify_to="https://shop.example/notify",
    language="en",
)


def test_what_a_merchant_asks_for_is_read() -> None:
    assert terms_of(ASKED) == TERMS
    assert terms_of(ASKED | {"language": "fr"}).language == "en"


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0"},
        {"amount": "-1"},
        {"amount": "71.90"},
        {"currency": "¥"},
        {"expires_at": "soon"},
        {"expires_at": "9" * 30},
        {"return_to": "javascript:alert(1)"},
        {"notify_to": "file:///etc/passwd"},
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        terms_of(ASKED | change)
    with pytest.raises(Unreadable):
        terms_of({key: value for key, value in ASKED.items() if key not in change})


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice.PAY, [(7190, "CNY", True)]),
        (Choice.PAY_LATE, [(7190, "CNY", True)]),
        (Choice.PAY_AND_LEAVE, [(7190, "CNY", True)]),
        (Choice.PAY_TWICE, [(7190, "CNY", True), (7190, "CNY", True)]),
        (Choice.PAY_LESS, [(7189, "CNY", True)]),
        (Choice.OTHER_CURRENCY, [(7190, "USD", True)]),
        (Choice.DECLINE, [(7190, "CNY", False)]),
    ],
)
def test_each_choice_is_told_in_its_own_way(choice: Choice, said: list[tuple[int, str, bool]]) -> None:
    told = sayings(TERMS, choice, ids=(ids.uuid7(), ids.uuid7()))
    assert [(one.amount.minor, one.amount.currency, one.is_paid) for one in told] == said
    assert len({one.event_id for one in told}) == len({one.transaction_id for one in told}) == len(told)
    assert all(bool(one.transaction_id) is one.is_paid for one in told)


def test_what_the_gateway_says_the_shop_understands() -> None:
    key = b"k" * 32
    (saying,) = sayings(TERMS, Choice.PAY, ids=(ids.uuid7(), ids.uuid7()))
    message = signed(wire(TERMS, saying, at=AT), key=key).encode()
    notice = SandboxProvider(merchant="zhanggui", key=key, gateway="/").read(message, at=AT)
    assert (notice.event_id, notice.transaction_id, notice.is_paid) == (saying.event_id, saying.transaction_id, True)
    assert (notice.merchant, notice.payment_id, notice.order_number, notice.amount) == (
        "zhanggui",
        "p-1",
        "o-1",
        Money(7190, "CNY"),
    )

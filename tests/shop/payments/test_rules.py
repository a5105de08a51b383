"""Payments: what is believed, what fits, and how it is booked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Forged, Stale, Unreadable
from zhanggui.shop.payments.providers.sandbox import SandboxProvider, signed, unsigned
from zhanggui.shop.payments.rules import (
    Fault,
    Intent,
    Message,
    Notice,
    Payment,
    State,
    fault_of,
    payment_id_of,
)

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
KEY = b"k" * 32
PROVIDER = SandboxProvider(merchant="zhanggui", key=KEY, gateway="/sandbox/open")
PAYMENT = Payment(
    id="0190f1f4-0000-7000-8000-000000000000",
    shop="tea",
    order_number="261122-00000-00000",
    provider="sandbox",
    amount=Money(7190, "CNY"),
    state=State.STARTED,
    transaction_id="",
    started_at=AT,
    ended_at=None,
)
SAID = {
    "event": "ev-1",
    "transaction": "tx-1",
    "merchant": "zhanggui",
    "payment": PAYMENT.id,
    "order": PAYMENT.order_number,
    "amount": "7190",
    "currency": "CNY",
    "status": "paid",
    "reason": "",
    "sent_at": str(int(AT.timestamp())),
}
NOTICE = Notice(
    event_id="ev-1",
    transaction_id="tx-1",
    merchant="zhanggui",
    payment_id=PAYMENT.id,
    order_number=PAYMENT.order_number,
    amount=PAYMENT.amount,
    is_paid=True,
)


def sent(**changes: str) -> bytes:
    return signed(SAID | changes, key=KEY).encode()


def test_a_signed_message_is_read() -> None:
    assert PROVIDER.read(Message(body=sent()), at=AT) == NOTICE


@given(position=st.integers(0, 400), byte=st.integers(0, 255))
def test_no_byte_of_a_message_can_be_changed(position: int, byte: int) -> None:
    message = bytearray(sent())
    at = position % len(message)
    if message[at] != byte:
        message[at] = byte
        try:
            read = PROVIDER.read(Message(body=bytes(message)), at=AT)
        except (Forged, Unreadable):
            return
        assert read == NOTICE  # another spelling of the same: %7E for ~


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        (b"", Forged),
        (b"amount", Unreadable),
        (b"\xff\xfe", Unreadable),
        (urlencode(SAID).encode(), Forged),
        (signed(SAID, key=b"another").encode(), Forged),
        (sent() + b"&amount=1", Unreadable),
        (sent(amount="much"), Unreadable),
        (sent(amount="71.90"), Unreadable),
        (sent(currency="yuan!"), Unreadable),
        (sent(transaction=""), Unreadable),
        (sent(sent_at=str(int(AT.timestamp()) - 301)), Stale),
        (sent(sent_at=str(int(AT.timestamp()) + 301)), Stale),
        (sent(sent_at="9" * 400), Stale),
        (signed({k: v for k, v in SAID.items() if k != "order"}, key=KEY).encode(), Unreadable),
    ],
)
def test_what_cannot_be_believed_is_refused(message: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        PROVIDER.read(Message(body=message), at=AT)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_messages_are_believed_for_five_minutes(seconds: int) -> None:
    assert PROVIDER.read(Message(body=sent()), at=AT + timedelta(seconds=seconds)) == NOTICE


@given(
    said=st.dictionaries(st.text(min_size=1), st.text(), min_size=1, max_size=8).filter(lambda d: "signature" not in d)
)
def test_what_was_signed_comes_back_as_it_was(said: dict[str, str]) -> None:
    assert unsigned(signed(said, key=KEY).encode(), key=KEY) == said


@pytest.mark.parametrize(
    ("notice", "payment", "fault"),
    [
        (NOTICE, PAYMENT, None),
        (NOTICE, None, Fault.UNKNOWN_PAYMENT),
        (replace(NOTICE, merchant="thief"), PAYMENT, Fault.OTHER_MERCHANT),
        (replace(NOTICE, order_number="261122-0"), PAYMENT, Fault.OTHER_ORDER),
        (replace(NOTICE, amount=Money(7190, "USD")), PAYMENT, Fault.OTHER_CURRENCY),
        (replace(NOTICE, amount=Money(7189, "CNY")), PAYMENT, Fault.OTHER_AMOUNT),
        (replace(NOTICE, amount=Money(71900, "CNY")), PAYMENT, Fault.OTHER_AMOUNT),
    ],
)
def test_a_notice_fits_its_payment_or_says_what_does_not(
    notice: Notice, payment: Payment | None, fault: Fault | None
) -> None:
    assert fault_of(notice, payment=payment, merchant="zhanggui") == fault


def test_the_doorway_carries_the_intent_signed() -> None:
    intent = Intent(
        payment_id=PAYMENT.id,
        order_number=PAYMENT.order_number,
        amount=PAYMENT.amount,
        expires_at=AT,
        return_to="https://shop.example/back?a=1",
        notify_to="https://shop.example/notify",
        language="zh-hans",
    )
    address, _, query = PROVIDER.begin(intent).address.partition("?")
    assert address == "/sandbox/open"
    assert unsigned(query.encode(), key=KEY) == {
        "merchant": "zhanggui",
        "payment": PAYMENT.id,
        "order": PAYMENT.order_number,
        "amount": "7190",
        "currency": "CNY",
        "expires_at": str(int(AT.timestamp())),
        "return_to": "https://shop.example/back?a=1",
        "notify_to": "https://shop.example/notify",
        "language": "zh-hans",
    }
    assert len(parse_qsl(query)) == 10


def test_the_key_is_not_shown() -> None:
    assert "kkk" not in repr(PROVIDER)


@pytest.mark.parametrize(("text", "is_one"), [(PAYMENT.id, True), ("", False), ("1", False), ("'; drop", False)])
def test_an_id_is_read_or_is_none(text: str, is_one: bool) -> None:
    assert (payment_id_of(text) is not None) is is_one

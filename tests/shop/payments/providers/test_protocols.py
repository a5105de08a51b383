"""Every provider through its own SDK, end to end: real requests, real signatures, a process that can go wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.a_sandbox import eventually
from tests.tills import NUMBER, Till
from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.shop.payments.errors import Forged, NothingNew, ProviderUnreachable, Stale, Unreadable
from zhanggui.shop.payments.rules import (
    BillKind,
    Fault,
    Message,
    NoticeKind,
    Outcome,
    RefundAnswer,
    Settled,
    Way,
    fault_of,
)

CNY = "CNY"


def test_a_paid_attempt_is_told_signed_and_says_the_same_when_asked(till: Till) -> None:
    notice = till.paid()
    assert notice.is_paid
    assert notice.kind is NoticeKind.PAYMENT
    assert (notice.payment_id, notice.order_number, notice.amount) == (till.payment.id, NUMBER, Money(7190, CNY))
    assert fault_of(notice, payment=till.payment, merchant=till.provider.merchant) is None
    asked = till.provider.ask(till.payment)
    assert asked is not None
    assert asked.transaction_id == notice.transaction_id
    assert fault_of(asked, payment=till.payment, merchant=till.provider.merchant) is None


def test_nothing_is_paid_before_somebody_pays(till: Till) -> None:
    assert till.provider.ask(till.payment) is None
    till.begin()
    assert till.provider.ask(till.payment) is None


def test_a_shopper_who_declines_has_paid_nothing(till: Till) -> None:
    till.begin()
    till.pay("decline")
    assert till.provider.ask(till.payment) is None
    if till.name == "stripe":
        told = till.read(till.shop.hears()[0])
        assert (told.is_paid, told.transaction_id, told.payment_id) == (False, "", till.payment.id)


def test_beginning_again_is_the_same_attempt(till: Till) -> None:
    first, second = till.begin(), till.begin()
    assert (first.qr, first.reference) == (second.qr, second.reference)
    assert len(till.known()["charges"]) == 1


def test_a_code_on_a_desktop_and_an_address_on_a_phone(till_at: Callable[..., Till]) -> None:
    till = till_at("wechat")
    assert till.provider.kind is Way.QR
    assert till.begin().qr
    on_phone = till_at("wechat").begin(is_phone=True)
    assert on_phone.qr == ""
    assert on_phone.address.endswith("redirect_url=http%3A%2F%2F127.0.0.1%2Fback%2F%3Fback%3D1")


def test_a_closed_attempt_cannot_be_paid(till: Till) -> None:
    till.begin()
    assert till.provider.close(till.payment) is None
    assert till.provider.close(till.payment) is None
    refused = till.sandbox.decide(till.name, till.payment.id, "pay")
    assert refused["refused"] == "AlreadyDecided"
    assert till.provider.ask(till.payment) is None


def test_closing_what_nobody_ever_opened_is_no_trouble(till: Till) -> None:
    assert till.provider.close(till.payment) is None


def test_closing_what_is_paid_already_says_so(till: Till) -> None:
    notice = till.paid()
    closed = till.provider.close(till.payment)
    assert closed is not None
    assert (closed.is_paid, closed.transaction_id) == (True, notice.transaction_id)


def test_money_that_comes_after_the_close_is_told_all_the_same(till: Till) -> None:
    till.begin()
    till.provider.close(till.payment)
    till.pay("pay_late")
    eventually(lambda: any(b"expired" not in one.body for one in till.shop.heard), seconds=5)
    (paid,) = [till.read(one) for one in till.shop.heard if b"checkout.session.expired" not in one.body]
    assert (paid.is_paid, paid.amount) == (True, Money(7190, CNY))


def test_a_refund_in_two_parts_returns_all_and_not_a_cent_more(till: Till) -> None:
    till.paid()
    first, second = till.refund(3000), till.refund(4190)
    assert till.provider.refund(first, payment=till.payment).state is RefundAnswer.DONE
    assert till.provider.refund(first, payment=till.payment).state is RefundAnswer.DONE
    assert till.provider.refund(second, payment=till.payment).state is RefundAnswer.DONE
    assert till.provider.ask_refund(second, payment=till.payment).state is RefundAnswer.DONE
    more = till.provider.refund(till.refund(1), payment=till.payment)
    assert more.state is RefundAnswer.REFUSED
    assert more.reason
    assert [one["amount_minor"] for one in till.known()["refunds"]] == [3000, 4190]
    told = [till.read(one) for one in till.shop.hears(3)[1:]]
    assert {(one.kind, one.refund_id, one.amount.minor, one.is_paid) for one in told} == {
        (NoticeKind.REFUND, first.id, 3000, True),
        (NoticeKind.REFUND, second.id, 4190, True),
    }


def test_a_refund_that_was_taken_in_is_done_later(till: Till) -> None:
    till.paid()
    till.spoil("refund", "refund_later")
    refund = till.refund(7190)
    assert till.provider.refund(refund, payment=till.payment).state is RefundAnswer.ACCEPTED
    asked = till.provider.ask_refund(refund, payment=till.payment).state
    assert asked is RefundAnswer.ACCEPTED or _is_done(till)  # the provider's hour is short here
    eventually(lambda: _is_done(till), seconds=5)
    assert till.provider.ask_refund(refund, payment=till.payment).state is RefundAnswer.DONE


def _is_done(till: Till) -> bool:
    return bool(till.known()["refunds"][0]["state"] == "done")


@pytest.mark.parametrize("name", ["stripe", "wechat"])
def test_a_refund_that_was_taken_in_may_be_refused_later(till_at: Callable[..., Till], name: str) -> None:
    till = till_at(name)
    till.paid()
    till.spoil("refund", "refund_refused")
    refund = till.refund(7190)
    assert till.provider.refund(refund, payment=till.payment).state is RefundAnswer.ACCEPTED
    told = till.read(till.shop.hears(2)[1])
    assert (told.kind, told.refund_id, told.is_paid) == (NoticeKind.REFUND, refund.id, False)
    asked = till.provider.ask_refund(refund, payment=till.payment)
    assert asked.state is RefundAnswer.REFUSED
    assert asked.reason


def test_the_refund_of_money_that_never_came_is_refused(till: Till) -> None:
    till.begin()
    till.payment = replace(till.payment, transaction_id=till.known()["charges"][0]["reference"])
    if till.name == "alipay":
        till.payment = replace(till.payment, transaction_id="")
    assert till.provider.refund(till.refund(100), payment=till.payment).state is RefundAnswer.REFUSED


def test_a_forged_message_is_not_believed(till: Till) -> None:
    till.begin()
    till.pay("tell_forged")
    with pytest.raises(Forged):
        till.read(till.shop.hears()[0])


def test_a_message_that_was_changed_on_its_way_is_not_believed(till: Till) -> None:
    till.paid()
    message = till.shop.heard[0]
    right, wrong = {
        "stripe": (b"7190", b"1"),
        "alipay": (b"71.90", b"0.01"),
        "wechat": (b"ciphertext", b"cyphertext"),
    }[till.name]
    assert right in message.body
    with pytest.raises(Forged):
        till.read(replace(message, body=message.body.replace(right, wrong)))


@pytest.mark.parametrize(
    "message",
    [
        Message(body=b""),
        Message(body=b"\xff\xfe"),
        Message(body=b"{}"),
        Message(body=b"a=1&a=2&sign=" + b"eHg="),
        Message(body=b"[1]", headers={"Stripe-Signature": "t=x,v1=y"}),
        Message(body=b"null", headers={"Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048"}),
    ],
)
def test_nonsense_is_refused_in_words(till: Till, message: Message) -> None:
    with pytest.raises((Forged, Unreadable)):
        till.read(message)


def test_a_message_without_its_signature_is_not_believed(till: Till) -> None:
    till.paid()
    bare = Message(body=till.shop.heard[0].body.partition(b"&sign=")[0])
    with pytest.raises(Forged):
        till.read(bare)


@pytest.mark.parametrize("name", ["stripe", "wechat"])
@pytest.mark.parametrize(("minutes", "is_believed"), [(4.9, True), (5.2, False), (-5.2, False)])
def test_messages_are_believed_for_five_minutes(
    till_at: Callable[..., Till], name: str, minutes: float, is_believed: bool
) -> None:
    till = till_at(name)
    till.paid()
    at = clock.now() + timedelta(minutes=minutes)
    if is_believed:
        assert till.read(till.shop.heard[0], at=at).is_paid
        return
    with pytest.raises(Stale):
        till.read(till.shop.heard[0], at=at)


def test_headers_are_read_whatever_their_capitals(till: Till) -> None:
    till.paid()
    shouted = {name.upper(): value for name, value in till.shop.heard[0].headers.items()}
    assert till.read(replace(till.shop.heard[0], headers=shouted)).is_paid


def test_what_was_not_heard_is_told_again_with_the_same_name(till: Till) -> None:
    till.shop.answers += [(500, b"no"), (400, b"no")]
    till.begin()
    till.pay()
    told = [till.read(one) for one in till.shop.hears(3)]
    assert len({one.event_id for one in told}) == 1
    eventually(lambda: till.known()["sayings"][0]["due_at"] is None, seconds=5)
    assert (till.known()["sayings"][0]["tries"], len(till.shop.heard)) == (2, 3)


def test_a_message_that_comes_twice_has_one_name(till: Till) -> None:
    till.begin()
    till.pay("tell_again")
    first, second = (till.read(one) for one in till.shop.hears(2))
    assert first == second


def test_two_payments_of_one_attempt_are_two_transactions(till: Till) -> None:
    till.begin()
    till.pay("pay_twice")
    told = [till.read(one) for one in till.shop.hears(2)]
    assert len({one.transaction_id for one in told}) == len({one.event_id for one in told}) == 2
    assert {one.payment_id for one in told} == {till.payment.id}


def test_another_amount_does_not_fit(till: Till) -> None:
    notice = till.paid("pay_less")
    assert notice.amount == Money(7189, CNY)
    assert fault_of(notice, payment=till.payment, merchant=till.provider.merchant) is Fault.OTHER_AMOUNT
    asked = till.provider.ask(till.payment)
    assert asked is not None
    assert asked.amount == Money(7189, CNY)


@pytest.mark.parametrize("name", ["stripe", "wechat"])
def test_another_currency_does_not_fit(till_at: Callable[..., Till], name: str) -> None:
    till = till_at(name)
    notice = till.paid("other_currency")
    assert notice.amount == Money(7190, "USD")
    assert fault_of(notice, payment=till.payment, merchant=till.provider.merchant) is Fault.OTHER_CURRENCY


def test_what_is_never_told_is_found_by_asking(till: Till) -> None:
    till.begin()
    till.pay("tell_never")
    asked = till.provider.ask(till.payment)
    assert asked is not None
    assert asked.is_paid
    assert till.shop.heard == []


@pytest.mark.parametrize("name", ["stripe", "alipay"])
def test_what_comes_out_of_order_is_no_second_payment(till_at: Callable[..., Till], name: str) -> None:
    till = till_at(name)
    till.begin()
    till.pay("tell_out_of_order")
    first, second = till.shop.hears(2)
    assert till.read(first).is_paid
    if name == "alipay":
        with pytest.raises(NothingNew):
            till.read(second)
    else:
        assert not till.read(second).is_paid


@pytest.mark.parametrize("trouble", ["hang", "cut", "fail"])
@pytest.mark.parametrize("name", ["stripe", "wechat"])
def test_a_begin_that_failed_is_done_once_when_it_is_done_again(
    till_at: Callable[..., Till], name: str, trouble: str
) -> None:
    till = till_at(name)
    till.spoil("begin", trouble)
    with pytest.raises(ProviderUnreachable):
        till.begin()
    assert till.begin().address or till.begin().qr
    till.pay()
    assert till.provider.ask(till.payment)
    assert len(till.known()["charges"]) == 1


@pytest.mark.parametrize("trouble", ["hang", "cut", "fail"])
def test_a_refund_that_failed_is_paid_once_when_it_is_told_again(till: Till, trouble: str) -> None:
    till.paid()
    till.spoil("refund", trouble)
    refund = till.refund(7190)
    with pytest.raises(ProviderUnreachable):
        till.provider.refund(refund, payment=till.payment)
    assert till.provider.refund(refund, payment=till.payment).state is RefundAnswer.DONE
    assert [one["amount_minor"] for one in till.known()["refunds"]] == [7190]


@pytest.mark.parametrize("trouble", ["hang", "fail"])
def test_a_close_that_failed_can_be_done_again(till: Till, trouble: str) -> None:
    till.begin()
    till.spoil("close", trouble)
    with pytest.raises(ProviderUnreachable):
        till.provider.close(till.payment)
    assert till.provider.close(till.payment) is None


def test_the_days_bill_has_what_moved(till: Till) -> None:
    notice = till.paid()
    refund = till.refund(1000)
    till.provider.refund(refund, payment=till.payment)
    ours = [row for row in till.provider.bill(till.today) if row.payment_id == till.payment.id]
    assert {(row.kind, row.amount, row.transaction_id, row.refund_id) for row in ours} == {
        (BillKind.PAID, Money(7190, CNY), notice.transaction_id, ""),
        (BillKind.REFUNDED, Money(1000, CNY), notice.transaction_id, refund.id),
    }
    assert all(abs(row.at - clock.now()) < timedelta(minutes=1) for row in ours)
    assert till.provider.bill(till.today - timedelta(days=40)) == ()


@pytest.mark.parametrize(("trouble", "more"), [("extra_row", 1), ("missing_row", -1)])
def test_a_bill_can_have_a_row_too_many_or_too_few(till: Till, trouble: str, more: int) -> None:
    till.paid()
    right = till.provider.bill(till.today)
    till.sandbox.spoil(till.name, "bill", trouble)
    assert len(till.provider.bill(till.today)) == len(right) + more


def test_a_bill_that_cannot_be_had_is_asked_for_again(till: Till) -> None:
    till.sandbox.spoil(till.name, "bill", "fail")
    with pytest.raises(ProviderUnreachable):
        till.provider.bill(till.today)


def test_each_provider_hears_what_it_listens_for(till: Till) -> None:
    settled = Settled(outcome=Outcome.PAID, order_number=NUMBER, payment_id=till.payment.id)
    good = {"stripe": (200, b""), "alipay": (200, b"success"), "wechat": (204, b"")}
    assert till.provider.answer(settled)[:2] == good[till.name]
    assert till.provider.answer(None)[0] == 400


@pytest.mark.parametrize("name", ["alipay", "wechat"])
def test_other_currencies_than_yuan_are_refused_before_anything_is_sent(
    till_at: Callable[..., Till], name: str
) -> None:
    with pytest.raises(Unreadable):
        till_at(name, amount=Money(7190, "USD")).begin()


@pytest.mark.parametrize("amount", [Money(500, "JPY"), Money(500, "ISK"), Money(1500, "KWD"), Money(1999, "EUR")])
def test_stripe_takes_every_currency_with_its_own_places(till_at: Callable[..., Till], amount: Money) -> None:
    till = till_at("stripe", amount=amount)
    assert till.paid().amount == amount
    assert [row.amount for row in till.provider.bill(till.today) if row.payment_id == till.payment.id] == [amount]


def test_the_way_back_from_alipay_is_signed_but_says_nothing(till_at: Callable[..., Till]) -> None:
    till = till_at("alipay")
    page = httpx.get(till.begin().address, follow_redirects=True, trust_env=False)
    till.pay()
    shown = httpx.get(str(page.url), trust_env=False).text
    back = shown.partition('href="http://127.0.0.1/back/?')[2].partition('"')[0].replace("&amp;", "&")
    with pytest.raises(NothingNew):
        till.read(Message(body=back.encode()))
    with pytest.raises(Forged):
        till.read(Message(body=back.replace("71.90", "1.90").encode()))


def test_nobody_listening_is_the_worlds_fault(till_at: Callable[..., Till], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stripe", "alipay", "wechat"):
        till = till_at(name)
        client: Any = till.provider.client  # type: ignore[attr-defined] # every adapter has one, the port has none
        if name == "stripe":
            monkeypatch.setitem(client._requestor._options.base_addresses, "api", "http://127.0.0.1:9")
        if name == "alipay":
            monkeypatch.setattr(client, "_gateway", "http://127.0.0.1:9/gateway.do")
        if name == "wechat":
            monkeypatch.setattr(client._core, "_gate_way", "http://127.0.0.1:9")
        with pytest.raises(ProviderUnreachable):
            till.provider.ask(till.payment)

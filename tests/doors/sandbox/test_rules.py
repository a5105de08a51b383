"""What the sandbox takes and says, as values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zhanggui.base.money import Money
from zhanggui.doors.sandbox import plain
from zhanggui.doors.sandbox.errors import BadlyAsked
from zhanggui.doors.sandbox.rules import SCHEDULES, Choice, Method, News, Terms, plans, wait_before
from zhanggui.doors.sandbox.stripe import nested
from zhanggui.shop.payments.providers.sandbox import signed

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
    cancel_to="https://shop.example/back",
    notify_to="https://shop.example/notify",
    language="en",
)


def test_what_a_merchant_asks_for_is_read() -> None:
    assert plain.terms_of(ASKED) == TERMS
    assert plain.terms_of(ASKED | {"language": "fr"}).language == "en"


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
    with pytest.raises(BadlyAsked):
        plain.terms_of(ASKED | change)
    with pytest.raises(BadlyAsked):
        plain.terms_of({key: value for key, value in ASKED.items() if key not in change})


def test_what_the_shop_signs_the_sandbox_believes_and_nothing_else() -> None:
    query = signed(ASKED, key=b"k" * 32)
    assert plain.unsigned(query, key="k" * 32) == ASKED
    for wrong in (query.replace("7190", "1"), query + "&amount=1", query.replace("signature=", "s="), "", "%"):
        with pytest.raises(BadlyAsked):
            plain.unsigned(wrong, key="k" * 32)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (Choice.PAY, [(7190, "CNY", News.PAID)]),
        (Choice.PAY_LATE, [(7190, "CNY", News.PAID)]),
        (Choice.PAY_AND_LEAVE, [(7190, "CNY", News.PAID)]),
        (Choice.PAY_TWICE, [(7190, "CNY", News.PAID), (7190, "CNY", News.PAID)]),
        (Choice.PAY_LESS, [(7189, "CNY", News.PAID)]),
        (Choice.OTHER_CURRENCY, [(7190, "USD", News.PAID)]),
        (Choice.DECLINE, [(7190, "CNY", News.DECLINED)]),
        (Choice.TELL_NEVER, []),
        (Choice.TELL_OUT_OF_ORDER, [(7190, "CNY", News.PAID), (7190, "CNY", News.DECLINED)]),
    ],
)
def test_each_choice_is_told_in_its_own_way(choice: Choice, said: list[tuple[int, str, News]]) -> None:
    told = plans(Method.PLAIN, TERMS, choice)
    assert [(one.amount.minor, one.amount.currency, one.news) for one in told] == said


def test_the_odd_ways_of_telling() -> None:
    (late,) = plans(Method.STRIPE, TERMS, Choice.TELL_LATE)
    (again,) = plans(Method.STRIPE, TERMS, Choice.TELL_AGAIN)
    (forged,) = plans(Method.STRIPE, TERMS, Choice.TELL_FORGED)
    assert (late.after, again.copies, forged.is_forged) == (timedelta(minutes=10), 2, True)


@pytest.mark.parametrize("method", [Method.ALIPAY, Method.WECHAT])
def test_alipay_and_wechat_pay_do_not_tell_of_a_shopper_who_declines(method: Method) -> None:
    assert plans(method, TERMS, Choice.DECLINE) == ()


@pytest.mark.parametrize(
    ("method", "tries", "most", "least_hours", "most_hours"),
    [(Method.ALIPAY, 8, 8, 24, 25), (Method.WECHAT, 16, 16, 24, 25), (Method.STRIPE, 10, 10, 60, 72)],
)
def test_each_provider_tells_so_often_and_so_long(
    method: Method, tries: int, most: int, least_hours: int, most_hours: int
) -> None:
    waits = [wait_before(method, done) for done in range(1, tries + 1)]
    assert waits.index(None) == most - 1
    assert timedelta(hours=least_hours) <= sum(SCHEDULES[method], timedelta()) <= timedelta(hours=most_hours)


def test_form_fields_are_unfolded() -> None:
    said = nested([("a", "1"), ("b[c]", "2"), ("items[0][d][e]", "3"), ("items[1][f]", "4")])
    assert said == {"a": "1", "b": {"c": "2"}, "items": {"0": {"d": {"e": "3"}}, "1": {"f": "4"}}}

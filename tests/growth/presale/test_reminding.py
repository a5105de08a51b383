"""Reminders of the balance: one for each person and step, by day, to those who have not paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.growth.presale.made import DAY, HOUR, a_balance, a_deposit, a_presale, a_shopper, pay, reserve
from tests.shop.made import at_once
from zhanggui.base.outbox import models as outbox
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.presale import actions, models, queries
from zhanggui.growth.presale.rules import Step

Wait = Callable[[timedelta], datetime]


@pytest.fixture
def sms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody carries text messages, and nobody mail."""
    monkeypatch.setattr(mailing, "senders", {Channel.SMS: lambda message: None})


def steps() -> list[str]:
    return list(models.Reminder.objects.order_by("id").values_list("step", flat=True))


@pytest.mark.usefixtures("shop", "sms")
def test_who_paid_a_deposit_gets_four_reminders_and_each_once(wait: Wait) -> None:
    # It is noon in Shanghai: balances are open from noon tomorrow for two days.
    presale, walk, other = a_presale(), a_shopper(1), a_shopper(2)
    id = a_deposit(presale, walk)
    reserve(presale, other)  # not paid: nothing to be reminded of
    for _ in range(3 * 24 * 4):
        wait(timedelta(minutes=15))
        actions.remind_all()
        queries.forget()
    assert steps() == list(Step)
    assert set(models.Reminder.objects.values_list("reservation_id", "channel")) == {(id, "sms")}
    times = [
        moment.astimezone().strftime("%d %H:%M") for moment in models.Reminder.objects.values_list("at", flat=True)
    ]
    assert len(set(times)) == 4
    letters = list(outbox.Letter.objects.order_by("id"))
    assert len(letters) == 4
    assert {letter.recipient for letter in letters} == {"+8613800000001"}
    assert "400.00" in letters[0].words


@pytest.mark.usefixtures("shop", "sms")
def test_whoever_has_paid_is_left_alone(wait: Wait) -> None:
    presale, walk = a_presale(), a_shopper()
    a_deposit(presale, walk)
    wait(DAY)
    actions.remind_all()
    placed = a_balance(walk)
    wait(7 * HOUR)
    actions.remind_all()
    assert steps() == [Step.OPENED]
    pay(placed.order_number, placed.payment_id)


@pytest.mark.usefixtures("shop")
def test_whoever_cannot_be_reached_is_noted_and_not_tried_again(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailing, "senders", {})
    presale, walk = a_presale(), a_shopper()
    a_deposit(presale, walk)
    wait(DAY)
    for _ in range(2):
        actions.remind_all()
    assert list(models.Reminder.objects.values_list("channel", flat=True)) == [""]
    assert outbox.Letter.objects.count() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("busy_shop", "sms")
def test_many_workers_send_one_reminder_each() -> None:
    presale = a_presale()
    for number in range(5):
        a_deposit(presale, a_shopper(number))
    at_once(lambda _: actions.remind(presale_id=presale, step=Step.OPENED), 6, threads=6)
    assert (len(steps()), outbox.Letter.objects.count()) == (5, 5)

"""Sending: everybody is asked again, and a letter, its row, its coupon and its fact are written together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.growth.messages.made import (
    CAUSE,
    GIVING,
    STEP,
    a_person,
    due,
    letters,
    planned,
    says,
    states,
    told,
)
from tests.growth.promotions.made import DESK, STAFF, a_batch
from tests.shop.made import SHOP
from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.outbox.models import Letter
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import actions, handlers, models, queries
from zhanggui.growth.messages.rules import Reason, Terms
from zhanggui.growth.promotions import actions as promoting
from zhanggui.growth.promotions.models import Batch, Coupon
from zhanggui.growth.promotions.rules import Way
from zhanggui.shop.customers.models import Customer
from zhanggui.shop.customers.rules import Purpose
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.usefixtures("shop", "wait")

AN_HOUR = timedelta(hours=1)
Move = Callable[[timedelta], datetime]


def test_what_is_due_is_sent_once_with_link_and_way_out() -> None:
    lin = a_person("lin")
    planned([lin])
    actions.send_due()
    actions.send_due()

    letter, row = Letter.objects.get(), models.Message.objects.get()
    page, stop = f"https://tea.example/m/{row.token}/", f"https://tea.example/m/{row.token}/stop/"
    assert (letter.recipient, letter.subject) == ("lin@example.com", "(AD) lin, it has been a while")
    assert letter.words.startswith(f"lin, come and see: {page}\n")
    assert letter.words.endswith(f"To get no more: {stop}")
    assert letter.headers == [
        ["List-Unsubscribe", f"<{stop}>"],
        ["List-Unsubscribe-Post", "List-Unsubscribe=One-Click"],
    ]
    assert (row.state, row.letter, row.cost_minor, row.currency) == ("sent", letter.id, 0, "CNY")
    fact = Entry.objects.get(name="growth.message_sent")
    assert (fact.person, fact.cause, fact.id_of_fact) == (lin, CAUSE, row.told)
    assert fact.body == {
        "message_id": str(row.id),
        "step": STEP,
        "channel": "email",
        "campaign": "wake",
        "coupon": "",
        "cost_minor": 0,
        "currency": "CNY",
        "segments": 1,
    }


def test_a_letter_is_in_the_language_in_which_somebody_reads_the_shop(wait: Move) -> None:
    lin = a_person("林小满", email="lin@example.com")
    wait(AN_HOUR)
    says(lin, Purpose.MARKETING_SMS, is_given=False, language="zh")
    planned([lin])
    actions.send_due()
    assert letters()[0][1].startswith("林小满，回来看看：https://tea.example/m/")


def test_a_text_message_says_whose_it_is_and_what_it_costs() -> None:
    planned([a_person("lin", phone="+8613800138000")], channel=Channel.SMS)
    actions.send_due()
    row = models.Message.objects.get()
    base = f"https://tea.example/m/{row.token}/"
    assert letters() == [("+8613800138000", f"[茶铺] (AD) lin, come and see: {base} To get no more: {base}stop/")]
    # More than 70 signs, one of them Chinese: two messages.
    assert (row.cost_minor, queries.standing(SHOP, STEP).cost) == (10, Money(10, "CNY"))
    (sent,) = told("growth.message_sent")
    assert (sent[1]["cost_minor"], sent[1]["segments"]) == (10, 2)


def test_who_withdrew_between_planning_and_sending_gets_nothing(wait: Move) -> None:
    lin, wu = a_person("lin"), a_person("wu")
    planned([lin, wu])
    wait(AN_HOUR)
    says(lin, Purpose.MARKETING_EMAIL, is_given=False)
    actions.send_due()

    assert [to for to, _ in letters()] == ["wu@example.com"]
    assert states() == [("refused", "no_consent"), ("sent", "")]
    assert told("growth.message_refused") == [(lin, {"step": STEP, "channel": "email", "reason": "no_consent"})]


@pytest.mark.parametrize(
    ("change", "reason"), [({"email": ""}, Reason.NO_ADDRESS), ({"account_id": None}, Reason.NO_ACCOUNT)]
)
def test_who_cannot_be_reached_any_more_gets_nothing(change: dict[str, object], reason: Reason) -> None:
    planned([a_person()])
    Customer.objects.update(**change)
    actions.send_due()
    assert (letters(), states()) == ([], [("refused", reason)])


def test_what_is_due_at_night_leaves_in_the_morning(wait: Move) -> None:
    lin = a_person()
    wait(10 * AN_HOUR)  # ten in the evening
    planned([lin])
    actions.send_due()
    assert (letters(), due(lin)) == ([], datetime(2026, 11, 23, 1, 0, tzinfo=UTC))

    wait(11 * AN_HOUR)
    actions.send_due()
    assert len(letters()) == 1


def test_a_shop_sets_its_own_quiet_hours(wait: Move) -> None:
    actions.set_terms(shop=SHOP, terms=Terms(quiet_from=time(11, 30), quiet_until=time(13)))
    lin = a_person()
    planned([lin])
    actions.send_due()
    assert due(lin) == datetime(2026, 11, 22, 5, 0, tzinfo=UTC)


def test_nobody_gets_more_than_so_many_in_so_many_days_whatever_the_step(wait: Move) -> None:
    lin = a_person()
    for step in ("one", "two", "three"):
        planned([lin], step=step)
        actions.send_due()
    assert [states(step) for step in ("one", "two", "three")] == [
        [("sent", "")],
        [("sent", "")],
        [("refused", "too_many")],
    ]

    wait(timedelta(days=7))
    planned([lin], step="four")
    actions.send_due()
    assert states("four") == [("sent", "")]


def test_a_coupon_is_given_along_and_named_with_its_last_day() -> None:
    batch = Batch.objects.get(pk=a_batch(Way.TARGETED))
    lin = a_person()
    planned([lin], wording=GIVING, coupon=batch.promotion_id)
    assert Coupon.objects.count() == 0
    actions.send_due()

    coupon, row = Coupon.objects.get(), models.Message.objects.get()
    assert (coupon.person, coupon.id) == (lin, row.coupon)
    assert letters()[0][1].startswith("10 off, good until 11/29/2026, is in your account. https://tea.example/m/")
    (sent,) = told("growth.message_sent")
    assert sent[1]["coupon"] == str(coupon.id)
    assert Entry.objects.get(name="growth.coupon_issued").cause == CAUSE


def test_a_letter_that_forgets_its_coupon_names_it_at_the_end() -> None:
    batch = Batch.objects.get(pk=a_batch(Way.TARGETED))
    planned([a_person()], coupon=batch.promotion_id)
    actions.send_due()
    assert "\n\n10 off, good until 11/29/2026, is in your account\n" in letters()[0][1]


def test_when_no_coupon_is_left_nothing_is_sent() -> None:
    batch = Batch.objects.get(pk=a_batch(Way.TARGETED, stock_units=1))
    planned([a_person("lin"), a_person("wu")], wording=GIVING, coupon=batch.promotion_id)
    actions.send_due()
    assert (len(letters()), states()) == (1, [("refused", "no_coupon"), ("sent", "")])


def test_who_has_the_coupon_already_gets_no_second_one_and_no_letter() -> None:
    batch = Batch.objects.get(pk=a_batch(Way.TARGETED))
    lin = a_person()
    for step in ("one", "two"):
        planned([lin], step=step, wording=GIVING, coupon=batch.promotion_id)
        actions.send_due()
    assert (states("two"), Coupon.objects.count()) == ([("refused", "has_coupon")], 1)


def test_coupons_that_were_taken_back_are_not_sent() -> None:
    batch = a_batch(Way.TARGETED)
    planned([a_person()], wording=GIVING, coupon=Batch.objects.get(pk=batch).promotion_id)
    promoting.take_back(batch_id=batch, trail=DESK, by=STAFF)
    actions.send_due()
    assert (letters(), states()) == ([], [("refused", "no_coupon")])


def test_a_link_is_a_click_once_and_its_cause_is_the_letter() -> None:
    lin = a_person()
    planned([lin])
    actions.send_due()
    row = models.Message.objects.get()
    for token in (row.token, row.token, "nobody", ""):
        actions.click(token=token)

    fact = Entry.objects.get(name="growth.message_clicked")
    assert (fact.person, fact.cause) == (lin, row.told)
    assert told("growth.message_clicked") == [(lin, {"step": STEP, "channel": "email", "campaign": "wake"})]
    assert queries.standing(SHOP, STEP).clicked == 1


def test_the_way_out_takes_back_the_consent_of_that_channel_only(wait: Move) -> None:
    lin = a_person(phone="+8613800138000")
    planned([lin])
    planned([lin], step="next", due_at=clock.now() + 2 * AN_HOUR)
    actions.send_due()
    token = models.Message.objects.get(step__step=STEP).token
    wait(AN_HOUR)

    assert [actions.withdraw(token=token, language="en") for _ in range(2)] == [True, True]
    assert actions.withdraw(token="nobody", language="en") is False

    (fact,) = Entry.objects.filter(name="shop.consent_withdrawn")
    assert (fact.body["purpose"], fact.body["how"]) == ("marketing_email", "letter")
    assert queries.reached(SHOP, [lin], Channel.SMS)[lin].refusal is None
    wait(AN_HOUR)
    actions.send_due()
    assert states("next") == [("refused", "no_consent")]


def test_one_step_that_is_due_later_waits(wait: Move) -> None:
    planned([a_person()], due_at=clock.now() + AN_HOUR)
    actions.send_due()
    assert states() == [("waiting", "")]
    wait(AN_HOUR)
    actions.send_due()
    assert states() == [("sent", "")]


def test_a_letter_that_a_carrier_did_not_take_yet_is_taken_back_from_who_withdraws(wait: Move) -> None:
    lin, wu = a_person("lin", phone="+8613800138000"), a_person("wu")
    planned([lin, wu])
    planned([lin], step="by-text", channel=Channel.SMS)
    actions.send_due()
    wait(AN_HOUR)
    says(lin, Purpose.MARKETING_EMAIL, is_given=False)

    (fact,) = Entry.objects.filter(name="shop.consent_withdrawn").values_list("id_of_fact", flat=True)
    for _ in range(2):
        handlers.follow(log.by_ids([fact]))
    assert dict(Letter.objects.values_list("recipient", "state")) == {
        "lin@example.com": "turned_down",
        "wu@example.com": "waiting",
        "+8613800138000": "waiting",
    }

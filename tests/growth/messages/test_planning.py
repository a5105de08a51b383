"""Planning: one row for a step and a person, whoever cannot be written to among them, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from tests.growth.messages.made import CAUSE, GIVING, STAFF, STEP, WORDS, a_person, many, planned, states, told
from tests.shop.made import SHOP, a_walk, statements
from zhanggui.base import clock
from zhanggui.base.errors import Refused
from zhanggui.base.money import Money
from zhanggui.base.outbox import ports as mailing
from zhanggui.base.outbox.errors import NoSender
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import actions, models, queries
from zhanggui.growth.messages.errors import CouponUnfit, StepDiffers, StepStopped, TermsUnfit, WordingUnfit
from zhanggui.growth.messages.rules import Planned, Reason, Standing, Terms
from zhanggui.shop.customers.rules import Purpose
from zhanggui.spine.log.models import Entry

pytestmark = pytest.mark.usefixtures("shop")


def test_who_cannot_be_written_to_is_kept_with_the_reason_and_told() -> None:
    lin = a_person("lin")
    guest = a_walk().person
    phone_only = a_person("wu", email="", phone="+8613800138001")
    silent = a_person("chen", agrees=[Purpose.MARKETING_SMS])

    done = planned([lin, guest, phone_only, silent])

    refused = {Reason.NO_ACCOUNT: 1, Reason.NO_ADDRESS: 1, Reason.NO_CONSENT: 1}
    assert done == Planned(waiting=1, refused=refused, known=0)
    assert states() == [
        ("refused", "no_account"),
        ("refused", "no_address"),
        ("refused", "no_consent"),
        ("waiting", ""),
    ]
    same = {"step": STEP, "channel": "email"}
    assert dict(told("growth.message_refused")) == {
        guest: same | {"reason": "no_account"},
        phone_only: same | {"reason": "no_address"},
        silent: same | {"reason": "no_consent"},
    }
    assert set(Entry.objects.filter(name="growth.message_refused").values_list("cause", flat=True)) == {CAUSE}
    assert queries.standing(SHOP, STEP) == Standing(waiting=1, sent=0, clicked=0, refused=refused, cost=Money(0, "CNY"))


def test_the_same_step_planned_again_changes_nothing_for_who_is_in_it() -> None:
    lin, wu = a_person("lin"), a_person("wu")
    planned([lin])
    before = models.Message.objects.get()

    assert planned([lin, wu, wu], due_at=clock.now() + timedelta(days=1)) == Planned(waiting=1, refused={}, known=1)
    assert models.Message.objects.get(person=lin).due_at == before.due_at
    assert models.Message.objects.count() == 2


def test_the_same_person_may_be_in_two_steps() -> None:
    lin = a_person()
    planned([lin])
    assert planned([lin], step="another").waiting == 1


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"wording": replace(WORDS, words_en="Something else {link}")}, StepDiffers),
        ({"campaign": "another"}, StepDiffers),
        ({"channel": Channel.SMS}, StepDiffers),
        ({"wording": replace(WORDS, words_en="{gap}")}, WordingUnfit),
        ({"wording": GIVING}, WordingUnfit),
        ({"wording": GIVING, "coupon": uuid4()}, CouponUnfit),
    ],
)
def test_a_plan_that_is_refused_writes_nothing(said: dict[str, object], refusal: type[Refused]) -> None:
    planned([a_person("lin")])
    with pytest.raises(refusal):
        planned([a_person("wu")], **said)
    assert (models.Step.objects.count(), models.Message.objects.count()) == (1, 1)


def test_a_channel_that_nobody_carries_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(mailing.senders, Channel.SMS)
    with pytest.raises(NoSender):
        planned([a_person()], channel=Channel.SMS)
    assert models.Step.objects.count() == 0


def test_who_waits_for_a_step_that_is_stopped_gets_nothing_and_nobody_is_added(
    wait: Callable[[timedelta], datetime],
) -> None:
    lin, wu = a_person("lin"), a_person("wu")
    planned([lin])
    planned([wu], due_at=clock.now() + timedelta(days=1))
    actions.send_due()

    assert actions.stop(shop=SHOP, step=STEP, by=STAFF) == 1
    assert actions.stop(shop=SHOP, step=STEP, by=STAFF) == 0
    with pytest.raises(StepStopped):
        planned([a_person("chen")])

    wait(timedelta(days=1))
    actions.send_due()
    assert states() == [("refused", "stopped"), ("sent", "")]
    assert told("growth.message_refused") == [(wu, {"step": STEP, "channel": "email", "reason": "stopped"})]


def test_a_step_that_was_never_planned_stands_at_nothing() -> None:
    assert actions.stop(shop=SHOP, step="nobody", by=STAFF) == 0
    assert queries.standing(SHOP, "nobody") == Standing(waiting=0, sent=0, clicked=0, refused={}, cost=Money(0, "CNY"))


def test_a_plan_for_many_takes_as_many_statements_as_one_for_few() -> None:
    people = many(300)
    with statements() as few:
        planned(people[:3], step="few")
    with statements() as lots:
        assert planned(people, step="many").waiting == 300
    assert len(few) == len(lots) == 4


def test_who_is_erased_is_in_no_step() -> None:
    lin, wu = a_person("lin"), a_person("wu")
    planned([lin, wu])
    actions.erase(persons=[lin])
    assert set(models.Message.objects.values_list("person", flat=True)) == {wu}


def test_terms_are_kept_whole_or_not_at_all() -> None:
    assert queries.terms(SHOP) == Terms()
    new = Terms(most_messages=1, per_days=30, mail_minor=1, sms_minor=8)
    actions.set_terms(shop=SHOP, terms=new)
    with pytest.raises(TermsUnfit):
        actions.set_terms(shop=SHOP, terms=replace(new, most_messages=0))
    assert queries.terms(SHOP) == new

"""Many at once on real PostgreSQL: nobody gets a step twice, nor more messages or coupons than there are."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.growth.messages.made import GIVING, STAFF, a_person, letters, many, planned, states
from tests.growth.promotions.made import a_batch
from tests.shop.made import SHOP, at_once
from zhanggui.base import clock
from zhanggui.base.outbox.models import Letter
from zhanggui.growth.messages import actions, models
from zhanggui.growth.messages.actions import sending
from zhanggui.growth.messages.rules import Terms
from zhanggui.growth.promotions.models import Batch, Coupon
from zhanggui.growth.promotions.rules import Way
from zhanggui.spine.log.models import Entry


@pytest.fixture(autouse=True)
def by_day(busy_shop: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shop that never sleeps, and workers that take few people at a time, so that they meet often."""
    actions.set_terms(shop=SHOP, terms=ALWAYS)
    monkeypatch.setattr(sending, "GROUP", 7)


ALWAYS = Terms(quiet_from=Terms().quiet_until, most_messages=1)


def test_workers_who_meet_send_everybody_one_letter() -> None:
    people = many(60)
    planned(people)
    at_once(lambda _: actions.send_due(), 4)
    assert Counter(to for to, _ in letters()) == {f"p{n}@example.com": 1 for n in range(60)}
    assert states() == [("sent", "")] * 60
    assert Entry.objects.filter(name="growth.message_sent").count() == 60


def test_steps_at_the_same_moment_do_not_pass_the_most_that_a_person_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "GROUP", 30)
    people = many(30)
    steps = ["one", "two", "three"]
    for step in steps:
        planned(people, step=step)
    ids = list(models.Step.objects.values_list("id", flat=True))
    at_once(lambda n: actions.send_some(step_id=ids[n], at=clock.now()), 3)
    sent = models.Message.objects.filter(state="sent").values_list("person", flat=True)
    assert sorted(sent) == sorted(people)
    assert Counter(state for step in steps for state in states(step)) == {
        ("sent", ""): 30,
        ("refused", "too_many"): 60,
    }


def test_coupons_of_one_batch_go_to_as_many_as_there_are() -> None:
    batch = Batch.objects.get(pk=a_batch(Way.TARGETED, stock_units=10))
    planned(many(25), wording=GIVING, coupon=batch.promotion_id)
    at_once(lambda _: actions.send_due(), 3)
    assert Counter(states()) == {("sent", ""): 10, ("refused", "no_coupon"): 15}
    assert Coupon.objects.count() == Letter.objects.count() == 10


def test_the_same_people_planned_by_many_are_planned_once() -> None:
    people = many(20)
    done = at_once(lambda n: planned(people if n % 2 else people[::-1]), 6)
    assert sorted((one.waiting, one.known) for one in done) == [(0, 20)] * 5 + [(20, 0)]


def test_who_is_stopped_while_workers_send_gets_a_letter_or_a_reason() -> None:
    planned(many(60))
    at_once(lambda n: actions.send_due() if n else actions.stop(shop=SHOP, step="wake-2026-11", by=STAFF), 3)
    assert set(states()) <= {("sent", ""), ("refused", "stopped")}
    assert states().count(("sent", "")) == Letter.objects.count()


def test_a_link_that_is_opened_by_many_is_one_click() -> None:
    planned([a_person()])
    actions.send_due()
    token = models.Message.objects.get().token
    at_once(lambda _: actions.click(token=token), 6)
    assert Entry.objects.filter(name="growth.message_clicked").count() == 1

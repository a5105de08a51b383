"""The whole loop on real rows: a signal, its play, letters for the treated only, weeks of orders, a measured effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from tests.insight.campaigns.offering import redeemed
from tests.insight.metrics.events import bought, line, remember
from tests.shop.made import SHOP, cny
from tests.steer.plays.made import (
    CLOCK,
    DAY,
    DESK,
    STAFF,
    TODAY,
    a_plan,
    a_running_play,
    a_signal,
    at,
    customers_with_orders,
    tend,
    time_passes,
    told,
)
from zhanggui.base import clock
from zhanggui.base.outbox.models import Letter
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import actions as postman
from zhanggui.steer.plays import actions, models, queries
from zhanggui.steer.plays.errors import MoveNotAllowed
from zhanggui.steer.plays.rules import Basis, Done, Guard, Proof, Purpose, State
from zhanggui.steer.signals.rules import Move

pytestmark = [pytest.mark.usefixtures("shop"), pytest.mark.tables("orders", "offers", "sku_days", "stock_days")]

WEEKS = [TODAY + n * DAY for n in range(14)]


def test_from_a_signal_to_money_that_would_not_have_come_otherwise(wait):
    persons = customers_with_orders(600, rate=0.02, days=[TODAY - n * DAY for n in range(1, 15)])
    signal = a_signal(minor=2_000_000)

    plan = queries.filled_in(signal, at=clock.now(), owner="7")
    assert plan.hold_out is not None and plan.expected is not None
    assert (plan.expected.basis, plan.hold_out.people) == (Basis.SIGNAL, 600)
    assert plan.hold_out.purpose in (Purpose.SHOWS, Purpose.HALF)
    assert plan.checked(currency="CNY") == plan

    id = actions.propose(shop=SHOP, signal_id=signal.id, plan=plan, trail=DESK, by=STAFF)
    actions.submit(shop=SHOP, id=id, by=STAFF)
    actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
    started = queries.play(SHOP, id)
    assert started.trial_id is not None
    treated = trials.members(started.trial_id, Arm.TREATED)
    postman.send_due()
    addressed = set(Letter.objects.values_list("recipient", flat=True))
    assert addressed == {f"{person.replace('-', '')}@example.com" for person in treated}
    assert len(addressed) < len(persons)

    more = time_passes(persons, treated, rate=0.02, lift=3.0, days=WEEKS)
    wait(timedelta(days=8))
    tend()
    looks = queries.looks(id)
    assert [look.day for look in looks] == WEEKS[:8]
    wait(timedelta(days=8))
    tend()
    assert queries.play(SHOP, id).state is State.ENDED
    last = TODAY + 21 * DAY
    remember(shops.shop(SHOP), *bought("Z1", at(last), line("CUP", 1, 6000), person="stranger", shop=SHOP))
    wait(timedelta(days=6))
    tend()

    (entry,) = queries.ledger(SHOP, limit=9)
    assert entry.gmv.low.minor <= more <= entry.gmv.high.minor
    assert entry.gmv.is_told_from_chance and entry.gmv.low.minor > 0
    assert (entry.proof, entry.treated, entry.held_out) == (Proof.HELD_OUT, started.treated, started.held_out)
    assert queries.play(SHOP, id).state is State.MEASURED
    assert (entry.first_day, entry.last_day) == (TODAY, TODAY + 20 * DAY)
    assert_the_chain_of_causes(signal)

    next_plan = queries.filled_in(a_signal(subject="segment:q"), at=clock.now(), owner="7")
    assert next_plan.expected is not None and next_plan.hold_out is not None
    assert (next_plan.expected.basis, next_plan.expected.plays) == (Basis.LEDGER, 1)
    assert next_plan.hold_out.expected == pytest.approx(entry.per_unit[0])
    treated_then = round(600 * (1 - next_plan.hold_out.bp / 10_000))
    assert next_plan.expected.value.minor == pytest.approx(entry.per_unit[0] * treated_then, abs=1)


def assert_the_chain_of_causes(signal):
    (raised,), (proposed,), (started,), (measured,) = map(
        told, ("steer.signal_raised", "steer.play_proposed", "steer.play_started", "steer.effect_measured")
    )
    assert raised.id_of_fact == signal.fact
    assert proposed.cause == raised.id_of_fact
    assert started.cause == proposed.id_of_fact
    assert {sent.cause for sent in told("growth.message_sent")} == {started.id_of_fact}
    assert measured.cause == started.id_of_fact


@pytest.fixture
def short(wait):
    """A play of two days with two after, over and not yet measured, and its treated people."""
    persons = customers_with_orders(120, rate=0.1, days=[TODAY - n * DAY for n in range(1, 5)])
    id = a_running_play(a_plan(ends_on=TODAY + 2 * DAY, after_days=2, fixed_cost=cny(3_000)))
    time_passes(persons, [], rate=0.1, lift=0, days=[TODAY + n * DAY for n in range(6)])
    wait(timedelta(days=2))
    actions.end(shop=SHOP, id=id, trail=DESK, by=CLOCK)
    return id


def test_what_a_whole_shop_misses_is_not_expected_of_one_play(wait):
    customers_with_orders(120, rate=0.1, days=[TODAY - n * DAY for n in range(1, 5)])
    plan = queries.filled_in(a_signal(kind="goal_at_risk", minor=9_000_000), at=clock.now(), owner="7")
    assert plan.expected is None
    assert plan.hold_out is not None and plan.hold_out.purpose is Purpose.HALF


def test_nothing_is_measured_while_orders_still_count(short, wait):
    wait(timedelta(days=1))
    with pytest.raises(MoveNotAllowed) as refused:
        actions.measure(shop=SHOP, id=short, at=clock.now(), by=CLOCK)
    assert refused.value.guard == Guard.TOO_SOON
    assert queries.ledger(SHOP, limit=9) == ()


def test_a_later_measurement_is_a_new_line_and_the_first_one_stays(short, wait):
    wait(timedelta(days=3))
    first = actions.measure(shop=SHOP, id=short, at=clock.now(), by=CLOCK)
    again = actions.measure(shop=SHOP, id=short, at=clock.now(), by=STAFF)
    entries = queries.entries_of(short)
    assert {entry.id for entry in entries} == {first, again}
    assert entries[0].gmv == entries[1].gmv
    assert entries[0].cost.total == cny(3_000)
    assert [deed.what for deed in queries.deeds(short)].count(Done.MEASURED) == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Effect.objects.filter(pk=first).update(gmv_minor=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        models.Effect.objects.filter(pk=first).delete()


def test_what_is_attributed_stands_beside_and_changes_no_effect(short, wait):
    play = queries.play(SHOP, short)
    remember(
        shops.shop(SHOP),
        *bought("X1", at(TODAY), line("CUP", 1, 7_000), person="p-1", shop=SHOP, campaign=play.campaign),
        *bought("X2", at(TODAY + 9 * DAY), line("CUP", 1, 7_000), person="p-1", shop=SHOP, campaign=play.campaign),
        redeemed("C1", at(TODAY), "else", 1, shop=SHOP),
    )
    wait(timedelta(days=3))
    actions.measure(shop=SHOP, id=short, at=clock.now(), by=CLOCK)
    (entry,) = queries.ledger(SHOP, limit=9)
    assert (entry.attributed.orders, entry.attributed.money) == (1, cny(7_000))
    assert entry.net is None or entry.net.value == entry.margin.value - cny(3_000)


def test_where_everybody_is_treated_the_season_is_the_weaker_evidence(wait):
    customers_with_orders(40, rate=0.5, days=[TODAY - n * DAY for n in range(1, 60)])
    id = a_running_play(a_plan(Move.CHECK, ends_on=TODAY + 7 * DAY, after_days=0))
    persons = [f"p-{n}" for n in range(40)]
    time_passes(persons, persons, rate=0.5, lift=1.0, days=WEEKS[:8])
    wait(timedelta(days=8))
    tend()
    tend()
    (entry,) = queries.ledger(SHOP, limit=9)
    assert (entry.proof, entry.units, entry.treated, entry.uneven_p) == (Proof.SEASON, 7, 0, None)
    assert entry.gmv.low.minor > 0
    assert all(look.gmv is None for look in queries.looks(id))


def test_too_few_people_bring_no_line_into_the_ledger(wait):
    customers_with_orders(12, rate=0.5, days=[TODAY - DAY])
    id = a_running_play(a_plan(ends_on=TODAY + DAY, after_days=0))
    wait(timedelta(days=2))
    actions.end(shop=SHOP, id=id, trail=DESK, by=CLOCK)
    assert actions.measure(shop=SHOP, id=id, at=clock.now(), by=CLOCK) is None
    assert (queries.play(SHOP, id).state, queries.ledger(SHOP, limit=9)) == (State.MEASURED, ())


def test_an_approved_play_starts_by_itself_on_its_first_day(wait):
    customers_with_orders(20, rate=0.5, days=[TODAY - DAY])
    id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(starts_on=TODAY + DAY), trail=DESK, by=STAFF)
    actions.submit(shop=SHOP, id=id, by=STAFF)
    tend()
    assert queries.play(SHOP, id).state is State.APPROVED
    wait(timedelta(days=1))
    tend()
    assert queries.play(SHOP, id).state is State.RUNNING


@pytest.mark.parametrize(
    ("move", "asked", "got"),
    [
        (Move.PRICE, {"sku": "CUP", "discount_bp": 500}, Move.PRICE),
        (Move.DELIST, {"sku": "CUP"}, Move.DELIST),
        (Move.RESTOCK, {"sku": "CUP"}, Move.RESTOCK),
        (Move.PROMOTION, {}, Move.PROMOTION),
        (Move.CHECK, {}, Move.CHECK),
        (Move.PAGE, {}, Move.PAGE),
    ],
)
def test_every_proposal_is_filled_in_with_a_plan_that_can_be_kept(move, asked, got):
    plan = queries.filled_in(a_signal(move, **asked), at=clock.now(), owner="7")
    assert plan.checked(currency="CNY") == plan
    assert (plan.action.move, plan.action.sku) == (got, asked.get("sku", ""))
    assert (plan.hold_out is not None) == (got is Move.PAGE)
    assert plan.expected is not None and plan.expected.basis is Basis.SIGNAL


def test_a_coupon_for_nobody_in_particular_becomes_a_promotion_for_all():
    signal = a_signal(Move.COUPON)
    nobody = replace(signal, proposal=replace(signal.proposal, audience=None))
    assert queries.filled_in(nobody, at=clock.now(), owner="7").action.move is Move.PROMOTION

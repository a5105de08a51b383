"""Plays on real rows: proposed once per signal, approved by a second person, started once, undone, stopped."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.growth.messages.made import many
from tests.insight.metrics.events import bought, line, remember
from tests.shop.made import SHOP, at_once, cny
from tests.steer.plays.made import (
    BOSS,
    CLOCK,
    DAY,
    DESK,
    STAFF,
    TODAY,
    WORDS,
    a_plan,
    a_running_play,
    a_signal,
    an_approved_play,
    at,
    customers_with_orders,
    told,
)
from zhanggui.base import ids
from zhanggui.base.errors import Refused
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import queries as trials
from zhanggui.growth.experiments.rules import Arm
from zhanggui.growth.messages import actions as postage
from zhanggui.growth.messages import models as message_rows
from zhanggui.growth.messages import queries as messages
from zhanggui.growth.messages.rules import Terms
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.rules import State as PromotionState
from zhanggui.insight.metrics.rules import Period
from zhanggui.shop.catalogue import actions as catalogue
from zhanggui.shop.catalogue import queries as shelves
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.budgets import actions as budgets
from zhanggui.steer.budgets import queries as budget_books
from zhanggui.steer.budgets.errors import BudgetSpent
from zhanggui.steer.budgets.rules import Area, Kind, Posting
from zhanggui.steer.plays import actions, models, queries
from zhanggui.steer.plays.errors import ChangedMeanwhile, MoveNotAllowed, NoSuchPlay, PlanUnfit, SignalTaken
from zhanggui.steer.plays.rules import Audience, Done, Ending, Guard, State, StepKind
from zhanggui.steer.signals import queries as inbox
from zhanggui.steer.signals.rules import Move
from zhanggui.steer.signals.rules import State as SignalState

pytestmark = pytest.mark.tables("orders", "offers", "visits")


def some_people(count: int = 40) -> list[str]:
    return customers_with_orders(count, rate=0.0, days=[TODAY - DAY])


def play(id: UUID):
    return queries.play(SHOP, id)


def guard_of(refused: pytest.ExceptionInfo[MoveNotAllowed]) -> str:
    return refused.value.guard


@pytest.mark.usefixtures("shop")
class TestProposing:
    def test_a_play_answers_its_signal_and_is_told_with_its_cause(self):
        signal = a_signal()
        id = actions.propose(shop=SHOP, signal_id=signal.id, plan=a_plan(), trail=DESK, by=STAFF)

        found, (fact,) = play(id), told("steer.play_proposed")
        assert (found.state, found.signal_id, found.signal_kind) == (State.DRAFT, signal.id, "sleepers")
        assert found.plan == a_plan()
        assert (fact.cause, fact.id_of_fact, fact.actor) == (signal.fact, found.fact, "operator:7")
        assert fact.body == {
            "play_id": str(id),
            "signal_id": str(signal.id),
            "move": "message",
            "metric": "gmv_paid",
            "cost_cap_minor": 500_000,
            "currency": "CNY",
        }
        decided = inbox.signal(signal.id)
        assert (decided.state, decided.play_id) == (SignalState.DECIDED, id)

    def test_a_signal_has_one_open_play_and_another_once_that_is_dropped(self):
        signal = a_signal()
        first = actions.propose(shop=SHOP, signal_id=signal.id, plan=a_plan(), trail=DESK, by=STAFF)
        with pytest.raises(SignalTaken) as taken:
            actions.propose(shop=SHOP, signal_id=signal.id, plan=a_plan(), trail=DESK, by=STAFF)
        assert taken.value.play_id == first
        assert len(queries.board(SHOP)) == len(told("steer.play_proposed")) == 1

        actions.drop(shop=SHOP, id=first, by=STAFF)
        again = actions.propose(shop=SHOP, signal_id=signal.id, plan=a_plan(), trail=DESK, by=STAFF)
        assert queries.open_play_of(signal.id) == again
        assert (play(first).state, play(first).ending) == (State.STOPPED, Ending.DROPPED)

    def test_a_plan_that_cannot_be_is_not_kept(self):
        with pytest.raises(PlanUnfit):
            actions.propose(shop=SHOP, signal_id=None, plan=a_plan(name=""), trail=DESK, by=STAFF)
        assert (queries.board(SHOP), told("steer.play_proposed")) == ((), [])

    def test_a_change_that_did_not_see_the_one_before_is_refused(self):
        id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(), trail=DESK, by=STAFF)
        actions.change(shop=SHOP, id=id, plan=a_plan(name="One"), version=1, by=BOSS)
        with pytest.raises(ChangedMeanwhile):
            actions.change(shop=SHOP, id=id, plan=a_plan(name="Two"), version=1, by=STAFF)
        assert (play(id).plan.name, play(id).proposed_by, play(id).version) == ("One", "operator:1", 2)

    def test_another_shop_s_play_is_not_found(self):
        id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(), trail=DESK, by=STAFF)
        with pytest.raises(NoSuchPlay):
            queries.play("other", id)


@pytest.mark.usefixtures("shop")
class TestApproving:
    def test_a_small_play_is_approved_by_who_planned_it(self):
        id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(), trail=DESK, by=STAFF)
        assert actions.submit(shop=SHOP, id=id, by=STAFF) is State.APPROVED

    def test_a_dear_play_waits_for_another_person(self):
        dear = a_plan(cost_cap=cny(1_000_001))
        id = actions.propose(shop=SHOP, signal_id=None, plan=dear, trail=DESK, by=STAFF)
        assert actions.submit(shop=SHOP, id=id, by=STAFF) is State.WAITING
        with pytest.raises(MoveNotAllowed) as refused:
            actions.approve(shop=SHOP, id=id, is_owner=False, by=STAFF)
        assert guard_of(refused) == Guard.SECOND_PERSON
        with pytest.raises(MoveNotAllowed):
            actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
        actions.approve(shop=SHOP, id=id, is_owner=False, by=BOSS)
        assert (play(id).state, play(id).approved_by) == (State.APPROVED, "operator:1")
        did = {(deed.what, deed.by) for deed in queries.deeds(id)}
        assert did == {
            (Done.PROPOSED, "operator:7"),
            (Done.SUBMITTED, "operator:7"),
            (Done.APPROVED, "operator:1"),
        }

    def test_an_owner_approves_a_plan_of_their_own(self):
        id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(cost_cap=cny(1_000_001)), trail=DESK, by=BOSS)
        actions.submit(shop=SHOP, id=id, by=BOSS)
        actions.approve(shop=SHOP, id=id, is_owner=True, by=BOSS)
        assert play(id).state is State.APPROVED

    def test_the_database_lets_nobody_approve_their_own_play(self):
        id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(), trail=DESK, by=STAFF)
        with pytest.raises(IntegrityError), transaction.atomic():
            models.Play.objects.filter(pk=id).update(approved_by="operator:7")

    def test_the_limit_is_the_shop_s_own(self):
        actions.set_limit(shop=SHOP, cost=cny(499_999), discount_bp=1_000)
        id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(), trail=DESK, by=STAFF)
        assert actions.submit(shop=SHOP, id=id, by=STAFF) is State.WAITING
        actions.send_back(shop=SHOP, id=id, by=BOSS)
        assert play(id).state is State.DRAFT


@pytest.mark.usefixtures("shop")
class TestStarting:
    def test_only_the_treated_are_written_to_and_the_rest_is_held_out(self):
        persons = some_people()
        id = a_running_play()

        found = play(id)
        assert found.state is State.RUNNING and found.trial_id is not None
        sides = {arm: set(trials.members(found.trial_id, arm)) for arm in Arm}
        assert sides[Arm.TREATED] | sides[Arm.HELD_OUT] == set(persons)
        assert (found.treated, found.held_out) == (len(sides[Arm.TREATED]), len(sides[Arm.HELD_OUT]))
        written = set(message_rows.Message.objects.values_list("person", flat=True))
        assert written == sides[Arm.TREATED] and sides[Arm.HELD_OUT]
        (proposed,), (started,) = told("steer.play_proposed"), told("steer.play_started")
        assert (started.cause, started.campaign) == (proposed.id_of_fact, found.campaign)
        assert started.body["treated"] == found.treated
        assert messages.standing(SHOP, found.step).waiting == found.treated

    def test_a_play_for_nobody_does_not_start(self):
        id = an_approved_play()
        with pytest.raises(MoveNotAllowed) as refused:
            actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
        assert guard_of(refused) == Guard.NOBODY
        assert (play(id).state, told("steer.play_started")) == (State.APPROVED, [])

    def test_a_play_whose_days_are_over_does_not_start(self, wait):
        some_people()
        id = an_approved_play()
        wait(timedelta(days=14))
        with pytest.raises(MoveNotAllowed) as refused:
            actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
        assert guard_of(refused) == Guard.OVER

    def test_messages_that_cost_more_than_the_cap_do_not_start(self):
        some_people()
        postage.set_terms(shop=SHOP, terms=Terms(mail_minor=100))
        id = an_approved_play(a_plan(cost_cap=cny(500)))
        with pytest.raises(MoveNotAllowed) as refused:
            actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
        assert guard_of(refused) == Guard.TOO_DEAR
        assert (play(id).state, len(trials.trials(SHOP, limit=9))) == (State.APPROVED, 0)

    def test_without_money_in_its_area_nothing_is_done(self):
        some_people()
        a_budget(total=cny(1_000_000))
        id = an_approved_play()
        with pytest.raises(BudgetSpent):
            actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF)
        assert play(id).state is State.APPROVED
        assert (told("steer.play_started"), message_rows.Message.objects.count()) == ([], 0)

    def test_a_started_play_promises_its_cost_and_an_end_lets_it_go(self):
        some_people()
        a_budget(total=cny(10_000_000))
        id = a_running_play()
        assert promised() == cny(500_000)
        actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        assert promised() == cny(0)

    def test_a_coupon_goes_to_the_treated_with_the_message_and_its_budget_is_the_cap(self):
        some_people()
        id = a_running_play(a_plan(Move.COUPON, action={"wording": WORDS}))
        (promotion_id,) = queries.promotions_of(id)
        made = promotions.promotion(SHOP, promotion_id)
        assert (made.state, made.plan.budget, made.plan.is_coupon) == (PromotionState.LIVE, cny(500_000), True)
        assert messages.standing(SHOP, play(id).step).waiting == play(id).treated
        assert {step.kind for step in queries.steps(id)} == {StepKind.COUPONS, StepKind.MESSAGES}

    def test_a_dear_coupon_goes_live_by_who_started_the_approved_play(self):
        some_people()
        id = a_running_play(a_plan(Move.COUPON, cost_cap=cny(2_000_000), action={"wording": WORDS}))
        made = promotions.promotion(SHOP, queries.promotions_of(id)[0])
        assert (made.state, made.asked_by, made.approved_by) == (PromotionState.LIVE, "job:steer.plays", "operator:7")

    def test_who_comes_to_be_meant_later_is_taken_in_once(self, wait):
        some_people()
        late = {"audience": Audience(source=a_plan().audience.source, takes_late_comers=True)}
        id = a_running_play(a_plan(**late))
        before = play(id)
        wait(timedelta(days=1))
        remember(
            shops.shop(SHOP),
            *[bought(f"L{n}", at(TODAY), line("CUP", 1, 1), person=f"p-9{n}", shop=SHOP) for n in range(9)],
        )
        assert [actions.take_in(shop=SHOP, id=id, by=CLOCK) for _ in range(2)] == [9, 0]
        now = play(id)
        assert now.treated + now.held_out == before.treated + before.held_out + 9
        assert message_rows.Message.objects.count() == now.treated


@pytest.mark.usefixtures("shop")
class TestEnding:
    def test_a_price_goes_back_for_all_when_the_play_stops(self):
        id = a_running_play(a_plan(Move.PRICE, action={"sku": "CUP"}))
        assert price() == cny(5_391)
        actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        assert price() == cny(5_990)
        assert [fact.body["reason"] for fact in told("steer.play_stopped")] == ["by_hand"]
        assert all(step.undone_at for step in queries.steps(id))

    def test_a_price_that_somebody_changed_meanwhile_stays(self):
        id = a_running_play(a_plan(Move.PRICE, action={"sku": "CUP"}))
        catalogue.change_price(sku="CUP", price=cny(4_000), trail=DESK, by=BOSS)
        actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        assert price() == cny(4_000)

    def test_what_was_delisted_is_listed_again(self):
        id = a_running_play(a_plan(Move.DELIST, action={"sku": "CUP"}))
        assert not shelves.products(["CUP"])["CUP"].is_listed
        actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        assert shelves.products(["CUP"])["CUP"].is_listed

    def test_a_promotion_for_all_ends_with_its_play(self):
        id = a_running_play(a_plan(Move.PROMOTION))
        (promotion_id,) = queries.promotions_of(id)
        actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        assert promotions.promotion(SHOP, promotion_id).state is PromotionState.ENDED

    def test_who_still_waits_is_written_to_no_more(self):
        some_people()
        id = a_running_play()
        actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        assert messages.standing(SHOP, play(id).step).waiting == 0

    def test_a_play_does_not_end_before_its_day(self):
        id = a_running_play(a_plan(Move.CHECK))
        with pytest.raises(MoveNotAllowed) as refused:
            actions.end(shop=SHOP, id=id, trail=DESK, by=CLOCK)
        assert guard_of(refused) == Guard.TOO_SOON

    def test_only_what_runs_is_stopped(self):
        id = an_approved_play(a_plan(Move.CHECK))
        with pytest.raises(MoveNotAllowed):
            actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
        running = a_running_play(a_plan(Move.CHECK))
        with pytest.raises(MoveNotAllowed):
            actions.drop(shop=SHOP, id=running, by=STAFF)

    def test_the_guard_of_a_budget_stops_a_running_play(self, wait):
        some_people()
        a_budget(total=cny(10_000_000))
        id = a_running_play()
        commissions_come(cny(1_000_000))
        wait(timedelta(days=1))
        assert actions.look(shop=SHOP, id=id, day=TODAY, by=CLOCK) is None
        commissions_come(cny(1))
        wait(timedelta(days=1))
        assert actions.look(shop=SHOP, id=id, day=TODAY + DAY, by=CLOCK) is Ending.BUDGET
        stopped = play(id)
        assert (stopped.state, stopped.ending, stopped.ended_on) == (State.STOPPED, Ending.BUDGET, TODAY + 2 * DAY)
        assert messages.standing(SHOP, stopped.step).waiting == 0

    def test_a_day_is_looked_at_once(self, wait):
        some_people()
        id = a_running_play()
        wait(timedelta(days=1))
        for _ in range(2):
            actions.look(shop=SHOP, id=id, day=TODAY, by=CLOCK)
        (look,) = queries.looks(id)
        assert (look.day, look.treated + look.held_out, look.cost) == (TODAY, 40, cny(0))
        assert (look.gmv, look.uneven_p is None) == (None, False)


@pytest.mark.usefixtures("busy_shop")
class TestAtOnce:
    def test_two_clicks_start_a_play_once(self):
        people = many(20)
        remember(
            shops.shop(SHOP),
            *[bought(f"A{n}", at(TODAY - DAY), line("CUP", 1, 1), person=p, shop=SHOP) for n, p in enumerate(people)],
        )
        id = an_approved_play()
        outcomes = at_once(lambda _: actions.start(shop=SHOP, id=id, trail=DESK, by=STAFF), 6)
        assert sum(not isinstance(one, Exception) for one in outcomes) == 1
        assert {type(one) for one in outcomes if isinstance(one, Refused)} == {MoveNotAllowed}
        assert len(told("steer.play_started")) == 1
        assert len(trials.trials(SHOP, limit=9)) == 1
        assert message_rows.Message.objects.count() == play(id).treated

    def test_a_signal_that_many_answer_gets_one_play(self):
        signal = a_signal()
        outcomes = at_once(
            lambda _: actions.propose(shop=SHOP, signal_id=signal.id, plan=a_plan(), trail=DESK, by=STAFF), 6
        )
        assert sum(isinstance(one, UUID) for one in outcomes) == 1
        assert {type(one) for one in outcomes if not isinstance(one, UUID)} == {SignalTaken}
        assert len(queries.board(SHOP)) == len(told("steer.play_proposed")) == 1


def a_budget(*, total) -> UUID:
    """A budget of this month, 15 of 100 parts of it for members."""
    days = Period(TODAY.replace(day=1), TODAY.replace(month=12, day=1))
    return budgets.set_budget(shop=SHOP, period=days, total=total, trail=Trail(shop=SHOP), by=BOSS)


def commissions_come(amount) -> None:
    """A fact tells that members' money was spent elsewhere."""
    spent = Posting(fact=ids.uuid7(), on=TODAY, kind=Kind.COMMISSION, amount=amount)
    budgets.book(shop=SHOP, postings=[spent])


def promised():
    lines = budget_books.books(SHOP, Period(TODAY, TODAY + DAY))
    return next(line.promised for line in lines if line.area is Area.MEMBERS)


def price():
    return shelves.products(["CUP"])["CUP"].price

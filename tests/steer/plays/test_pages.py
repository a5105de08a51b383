"""Plays with a second version of a page: from a signal, for those who come, through to the ledger; kept or let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from tests.insight.metrics.events import an_event, bought, line, remember
from tests.shop.made import SHOP, a_product
from tests.steer.plays.made import (
    DAY,
    DESK,
    HALF,
    STAFF,
    TODAY,
    a_plan,
    a_running_play,
    a_signal,
    at,
    customers_with_orders,
    tend,
    told,
)
from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import actions as trials
from zhanggui.growth.experiments import queries as pages
from zhanggui.growth.experiments.errors import PageTaken, PageUnfit
from zhanggui.growth.experiments.rules import Arm, Part, ShownTo, Target, Version
from zhanggui.spine.log.rules import Trail
from zhanggui.steer.plays import actions, queries
from zhanggui.steer.plays.errors import MoveNotAllowed, PlanUnfit
from zhanggui.steer.plays.rules import Audience, Done, Ending, Guard, Plan, Proof, State, StepKind
from zhanggui.steer.signals.rules import Move

pytestmark = [
    pytest.mark.tables("orders", "offers", "visits", "steps", "sku_days", "stock_days"),
    pytest.mark.usefixtures("shop"),
]
SECOND = Version(parts=(Part.REVIEWS, Part.SPECIFICATIONS))


def a_page_plan(**said) -> Plan:
    action = {"sku": "CUP", "version": SECOND} | said.pop("action", {})
    usual = {"hold_out": HALF, "ends_on": TODAY + 4 * DAY, "after_days": 1}
    return a_plan(Move.PAGE, action=action, **(usual | said))


def come(play_id: UUID, persons: list[str]) -> dict[Arm, list[str]]:
    """These people come to the page; on which side each is."""
    trial_id = queries.play(SHOP, play_id).trial_id
    page = pages.page_of_trial(trial_id)
    sides: dict[Arm, list[str]] = {arm: [] for arm in Arm}
    for person in persons:
        trail = Trail(shop=SHOP, cause=page.cause)
        arm = trials.expose(trial_id=trial_id, person=person, held_out_bp=page.held_out_bp, trail=trail, by=STAFF)
        sides[arm].append(person)
    return sides


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("page", {"action": {"version": None}}),
        ("page", {"action": {"category": "cups"}}),
        ("hold_out", {"hold_out": None}),
    ],
)
def test_a_plan_of_a_page_says_which_page_and_how_many_are_held_out(field, wrong):
    with pytest.raises(PlanUnfit) as refused:
        actions.propose(shop=SHOP, signal_id=None, plan=a_page_plan(**wrong), trail=DESK, by=STAFF)
    assert refused.value.field == field


def test_only_a_page_has_a_second_version_and_it_has_to_be_another():
    with pytest.raises(PlanUnfit):
        actions.propose(shop=SHOP, signal_id=None, plan=a_plan(action={"version": SECOND}), trail=DESK, by=STAFF)
    with pytest.raises(PageUnfit):
        plan = a_page_plan(action={"version": Version()})
        actions.propose(shop=SHOP, signal_id=None, plan=plan, trail=DESK, by=STAFF)


def test_a_signal_that_names_a_page_opens_a_filled_in_play_of_a_page():
    seen = [
        an_event("Product Viewed", at(TODAY - n * DAY), shop=SHOP, person=f"v{n % 7}", sku=sku)
        for n in range(1, 13)
        for sku in (("CUP",) if n % 7 < 4 else ("POT",))
    ]
    remember(shops.shop(SHOP), *seen)
    signal = a_signal(Move.PAGE, kind="funnel_break", subject="sku:CUP", sku="CUP")
    plan = queries.filled_in(signal, at=clock.now(), owner="7")

    assert (plan.action.move, plan.action.sku, plan.audience) == (Move.PAGE, "CUP", Audience())
    assert plan.action.version.parts[:2] == (Part.PROOF, Part.REVIEWS)
    assert (plan.hold_out.people, plan.days) == (4, 14)
    id = actions.propose(shop=SHOP, signal_id=signal.id, plan=plan, trail=DESK, by=STAFF)
    assert queries.play(SHOP, id).plan == plan
    everywhere = queries.power(SHOP, replace(plan, action=replace(plan.action, sku="")), at=clock.now())
    assert everywhere.people == 7


def test_who_comes_is_on_a_side_and_what_leads_to_it_is_the_start():
    id = a_running_play(a_page_plan())
    play = queries.play(SHOP, id)
    page = pages.tried(SHOP, "CUP")
    assert (page.version, page.trial_id, page.held_out_bp) == (SECOND, play.trial_id, 5000)
    (step,) = queries.steps(id)
    assert (step.kind, step.reference) == (StepKind.PAGE, str(page.id))
    (started,) = told("steer.play_started")
    assert (started.body["treated"], started.body["held_out"]) == (0, 0)
    (shown,) = told("growth.page_shown")
    sides = come(id, [f"v{n}" for n in range(20)])
    assert all(sides.values())
    assert {one.cause for one in told("growth.experiment_exposed")} == {started.id_of_fact} == {shown.cause}


def test_of_the_same_page_one_play_runs_and_the_second_is_refused_whole():
    a_running_play(a_page_plan())
    with pytest.raises(PageTaken):
        a_running_play(a_page_plan(name="Again"))
    assert sorted(one.state for one in queries.board(SHOP)) == [State.APPROVED, State.RUNNING]
    assert len(told("steer.play_started")) == 1
    a_product("POT")
    a_running_play(a_page_plan(action={"sku": "POT"}))


def test_what_is_stopped_is_shown_to_nobody_until_somebody_keeps_it():
    id = a_running_play(a_page_plan())
    with pytest.raises(MoveNotAllowed) as refused:
        actions.keep_version(shop=SHOP, id=id, trail=DESK, by=STAFF)
    assert refused.value.guard == Guard.STILL_RUNNING
    actions.stop(shop=SHOP, id=id, ending=Ending.BY_HAND, trail=DESK, by=STAFF)
    assert (pages.tried(SHOP, "CUP"), pages.usual(SHOP, "CUP")) == (None, None)

    for _ in range(2):
        actions.keep_version(shop=SHOP, id=id, trail=DESK, by=STAFF)
    assert pages.usual(SHOP, "CUP").version == SECOND
    actions.let_go(shop=SHOP, id=id, trail=DESK, by=STAFF)
    assert pages.usual(SHOP, "CUP") is None
    assert [one.what for one in queries.deeds(id)].count(Done.KEPT) == 1
    assert Done.LET_GO in {one.what for one in queries.deeds(id)}
    assert [one.body["shown_to"] for one in told("growth.page_shown")] == ["treated", "nobody", "all", "nobody"]


def test_what_is_no_page_is_not_kept():
    id = a_running_play(a_plan(Move.PRICE, action={"sku": "CUP"}))
    with pytest.raises(MoveNotAllowed) as refused:
        actions.keep_version(shop=SHOP, id=id, trail=DESK, by=STAFF)
    assert refused.value.guard == Guard.NO_SUCH_STEP


def test_what_visitors_bought_more_stands_in_the_ledger_at_the_end(wait):
    visitors = [f"v{n:03}" for n in range(160)]
    customers_with_orders(1, rate=0.0, days=[TODAY])
    id = a_running_play(a_page_plan(action={"sku": ""}))
    assert pages.page_of_trial(queries.play(SHOP, id).trial_id).target == Target()
    sides = come(id, visitors)
    buyers = [*sides[Arm.TREATED][::2], *sides[Arm.HELD_OUT][::8]]
    told_of = [
        bought(f"V{n}", at(TODAY, 9), line("CUP", 1, 5000 + n), person=p, shop=SHOP) for n, p in enumerate(buyers)
    ]
    # Somebody who never saw the page buys later, so that the days in between are known.
    later = bought("L", at(TODAY + 7 * DAY), line("CUP", 1, 5000), person="stranger", shop=SHOP)
    remember(shops.shop(SHOP), *told_of, later)
    wait(timedelta(days=2))
    tend()
    play = queries.play(SHOP, id)
    assert (play.treated, play.held_out) == (len(sides[Arm.TREATED]), len(sides[Arm.HELD_OUT]))
    wait(timedelta(days=3))
    tend()
    wait(timedelta(days=2))
    tend()

    (entry,) = queries.ledger(SHOP, limit=9)
    assert (entry.move, entry.proof, queries.play(SHOP, id).state) == (Move.PAGE, Proof.HELD_OUT, State.MEASURED)
    assert entry.orders.low > 0
    assert entry.treated == len(sides[Arm.TREATED])
    assert pages.page_of_trial(play.trial_id).shown_to is ShownTo.NOBODY

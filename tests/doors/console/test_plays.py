"""Plays at the console: one click from a signal, approval by a second person, the story of a play, the ledger."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta

import pytest

from tests.growth.messages.conftest import carried
from tests.shop.conftest import wait
from tests.shop.made import SHOP, a_product, a_shop, cny, statements
from tests.steer.goals.made import a_goal
from tests.steer.plays.conftest import plugged
from tests.steer.plays.made import (
    CLOCK,
    DAY,
    DESK,
    TODAY,
    a_plan,
    a_running_play,
    a_signal,
    customers_with_orders,
    tend,
    time_passes,
)
from zhanggui.base import clock, ids
from zhanggui.base.accounts.rules import Role
from zhanggui.growth.experiments import actions as trials
from zhanggui.steer.briefings.models import Briefing
from zhanggui.steer.plays import actions, queries
from zhanggui.steer.plays.rules import Occasion, State
from zhanggui.steer.signals.rules import Move

__all__ = ["carried", "plugged", "wait"]
AT = "/console/plays/"
ABOUT = "?shop=tea"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.tables("orders", "offers", "sku_days", "stock_days", "visits", "steps"),
]


@pytest.fixture(autouse=True)
def shop(db, lake_folder, plugged, carried, wait):
    a_shop()
    a_product("CUP", price=5990, units=500)


def page(client, address=AT, **more):
    return client.get(f"{address}{ABOUT}", more).content.decode()


def posted(client, address, **form):
    return client.post(f"{address}{ABOUT}", form, follow=True)


def filled(shown: str) -> dict[str, str]:
    """What stands in the fields of a form."""
    form = dict(re.findall(r'<input[^>]*name="([a-z_]+)"[^>]*value="([^"]*)"', shown))
    form |= dict(re.findall(r'<textarea[^>]*name="([a-z_]+)"[^>]*>([^<]*)</textarea>', shown))
    for name, options in re.findall(r'<select[^>]*name="([a-z_]+)"[^>]*>(.*?)</select>', shown):
        form[name] = (re.findall(r'value="([^"]*)" selected', options) or [""])[0]
    for unsent in ("csrfmiddlewaretoken", *re.findall(r'<input type="checkbox" name="([a-z]+)" value="1">', shown)):
        form.pop(unsent, None)
    return form


def test_one_click_on_a_signal_opens_a_filled_in_play_and_a_second_opens_the_same(owner):
    customers_with_orders(200, rate=0.05, days=[TODAY - n * DAY for n in range(1, 15)])
    signal = a_signal()
    shown = posted(owner, f"{AT}new/", signal=str(signal.id))
    assert "Filled in from its signal" in shown.content.decode()
    (play,) = queries.board(SHOP)
    form = filled(shown.content.decode())
    assert form["hypothesis"] and form["words_zh"] and form["owner"] == play.plan.owner
    assert form["audience"] == "signal" and float(form["hold_out"]) > 0
    again = posted(owner, f"{AT}new/", signal=str(signal.id))
    assert "has a play already" in again.content.decode()
    assert [one.id for one in queries.board(SHOP)] == [play.id]

    started = posted(owner, f"{AT}{play.id}/edit/", **form | {"act": "start", "name": "Wake the sleepers"})
    assert "people are treated" in started.content.decode()
    now = queries.play(SHOP, play.id)
    assert (now.state, now.plan.name) == (State.RUNNING, "Wake the sleepers")
    assert now.plan.audience == play.plan.audience


def test_a_field_that_cannot_be_is_said_and_what_was_typed_is_kept(owner):
    customers_with_orders(20, rate=0.05, days=[TODAY - DAY])
    posted(owner, f"{AT}new/", signal=str(a_signal().id))
    (play,) = queries.board(SHOP)
    form = filled(page(owner, f"{AT}{play.id}/edit/"))
    shown = posted(owner, f"{AT}{play.id}/edit/", **form | {"cost_cap": "0", "name": "Another name"}).content.decode()
    assert "The cost cap is an amount above nothing." in shown
    assert 'value="Another name"' in shown
    assert queries.play(SHOP, play.id).version == 1


def test_a_play_is_planned_without_a_signal(owner):
    begun = page(owner, f"{AT}new/")
    assert "Fill in the rest" in begun
    form = filled(page(owner, f"{AT}new/", move="price", sku="CUP"))
    assert (form["discount"], form["sku"]) == ("10", "CUP")
    kept = posted(owner, f"{AT}new/", **form | {"act": "keep"}).content.decode()
    assert "Kept as a draft." in kept and "Nobody is held out" in kept
    (play,) = queries.board(SHOP)
    assert (play.state, play.plan.action.move, play.signal_id) == (State.DRAFT, Move.PRICE, None)


def test_a_play_for_an_occasion_is_a_card_a_filled_in_form_and_a_start_with_nobody(owner):
    begun = page(owner, f"{AT}new/")
    assert all(f"occasion={occasion}" in begun for occasion in Occasion) and "A cart was left" in begun
    shown = page(owner, f"{AT}new/", occasion="left_cart")
    form = filled(shown) | {"occasion": "left_cart"}
    assert (form["n"], form["hold_out"], form["path"], form["audience"]) == ("4", "20", "/cart/", "signal")
    wrong = posted(owner, f"{AT}new/", **form | {"n": "0", "late": "1", "act": "start"}).content.decode()
    assert "Say a whole number of hours or days" in wrong and not queries.board(SHOP)

    started = posted(owner, f"{AT}new/", **form | {"n": "12", "late": "1", "act": "start"}).content.decode()
    assert "whose cart was left for 12 hours" in started
    (play,) = queries.board(SHOP)
    assert (play.state, play.treated, play.plan.audience.source.terms) == (State.RUNNING, 0, {"n": 12})


def test_a_dear_play_of_a_manager_waits_for_the_owner(owner, signed_in):
    manager = signed_in(Role.MANAGER)
    form = filled(page(manager, f"{AT}new/", move="price", sku="CUP"))
    waits = posted(manager, f"{AT}new/", **form | {"act": "start", "cost_cap": "20000"}).content.decode()
    (play,) = queries.board(SHOP)
    assert "waits for approval" in waits and play.state is State.WAITING
    refused = manager.post(f"{AT}{play.id}/do/approve/{ABOUT}")
    assert refused.status_code == 403
    assert "Approved." in posted(owner, f"{AT}{play.id}/do/approve/").content.decode()
    assert "Started. Everybody is treated." in posted(manager, f"{AT}{play.id}/do/start/").content.decode()
    again = posted(manager, f"{AT}{play.id}/do/start/").content.decode()
    assert "it is “Running” now" in again


def test_an_analyst_sees_plays_and_does_nothing(signed_in):
    analyst = signed_in(Role.ANALYST)
    id = actions.propose(shop=SHOP, signal_id=None, plan=a_plan(Move.CHECK), trail=DESK, by=CLOCK)
    assert "Wake them" in page(analyst, f"{AT}{id}/")
    for address in (f"{AT}{id}/do/start/", f"{AT}new/", f"{AT}limit/"):
        assert analyst.post(f"{address}{ABOUT}").status_code == 403
    assert queries.play(SHOP, id).state is State.DRAFT


def test_a_running_play_is_stopped_with_the_box_ticked_only(owner):
    id = a_running_play(a_plan(Move.PRICE, action={"sku": "CUP"}))
    assert "Tick the box first" in posted(owner, f"{AT}{id}/do/stop/").content.decode()
    assert queries.play(SHOP, id).state is State.RUNNING
    shown = posted(owner, f"{AT}{id}/do/stop/", sure="1").content.decode()
    assert "changed back" in shown and "stopped by hand" in shown


def test_the_limit_is_set_by_who_may_approve(owner):
    assert "Kept." in posted(owner, f"{AT}limit/", cost="500", discount="12.5").content.decode()
    assert (queries.limit(SHOP).cost, queries.limit(SHOP).discount_bp) == (cny(50_000), 1_250)
    assert "Nothing was changed." in posted(owner, f"{AT}limit/", cost="x", discount="1").content.decode()


def test_empty_pages_say_the_one_step(owner):
    assert "A signal opens one with a click" in page(owner)
    assert "To the plays" in page(owner, "/console/effects/")


@pytest.fixture
def measured(wait):
    """A play of four days that brought more, measured."""
    persons = customers_with_orders(120, rate=0.1, days=[TODAY - n * DAY for n in range(1, 9)])
    id = a_running_play(a_plan(ends_on=TODAY + 4 * DAY, after_days=1))
    play = queries.play(SHOP, id)
    assert play.trial_id is not None
    from_trial = time_passes(persons, persons[:60], rate=0.1, lift=2.0, days=[TODAY + n * DAY for n in range(8)])
    assert from_trial
    for days in (2, 3, 2):
        wait(timedelta(days=days))
        tend()
    return id


def test_a_measured_play_tells_its_story_in_few_questions(measured, owner):
    with statements() as asked:
        shown = page(owner, f"{AT}{measured}/")
    assert len(asked) <= 40
    for part in ("95 %", "people treated", "held out", "Attributed", "Its course", "All that led to it", "planned it"):
        assert part in shown


def test_the_ledger_keeps_incremental_and_attributed_apart_and_is_exported_as_seen(measured, owner):
    with statements() as asked:
        shown = page(owner, "/console/effects/")
    assert len(asked) <= 20
    (entry,) = queries.ledger(SHOP, limit=9)
    assert "Wake them" in shown and shown.index("Incremental") < shown.index("Attributed")
    heads, row = csv.reader(owner.get(f"/console/effects/table.csv{ABOUT}").content.decode("utf-8-sig").splitlines())
    assert row[heads.index("Incremental (CNY)")] == str(entry.gmv.value.major)
    assert row[heads.index("Attributed (CNY)")] == str(entry.attributed.money.major)
    assert entry.chance is not None and 0 < entry.chance <= 1
    assert float(row[heads.index("Chance to win, %")]) == round(100 * entry.chance, 1)
    assert shown.index("Chance") < shown.index("Attributed")
    assert owner.get(f"/console/effects/table.xlsx{ABOUT}").content[:2] == b"PK"


def test_from_the_goal_to_the_review_each_link_of_the_chain_leads_on_and_back(owner):
    customers_with_orders(20, rate=0.05, days=[TODAY - DAY])
    goal = a_goal(9_999_900, shop=SHOP)
    signal = a_signal(kind="goal_at_risk", subject=f"goal:{goal}")
    posted(owner, f"{AT}new/", signal=str(signal.id))
    (play,) = queries.board(SHOP)
    decided, quoting = (a_briefing(month, document) for month, document in ((9, ""), (10, str(play.id))))
    decided.decisions.create(
        key="k", outcome="play", verdict="accept", made=str(play.id), decided_by="x", decided_at=clock.now()
    )
    at = {
        "goal": f"/console/goals/{goal}/",
        "signal": f"/console/signals/{signal.id}/",
        "play": f"{AT}{play.id}/",
        "decided": f"/console/briefings/{decided.id}/",
        "quoting": f"/console/briefings/{quoting.id}/",
    }
    leads = {"goal": ("signal", "play"), "signal": ("goal", "play"), "play": ("goal", "signal", "decided", "quoting")}
    for here, others in leads.items():
        shown = page(owner, at[here])
        for other in others:
            assert f'href="{at[other]}?' in shown, (here, other)


def a_briefing(month: int, document: str) -> Briefing:
    """A draft about a month, of which only the chain is read."""
    days = {"first": date(2026, month, 1), "end": date(2026, month + 1, 1)}
    said = {"document": document, "written_at": clock.now(), "written_by": "x", "digest": "x"}
    return Briefing.objects.create(id=ids.uuid7(), shop=SHOP, kind="month", **days, **said)


def test_the_board_shows_lanes_in_few_questions(measured, owner):
    actions.propose(shop=SHOP, signal_id=None, plan=a_plan(Move.CHECK, name="Look into it"), trail=DESK, by=CLOCK)
    with statements() as asked:
        shown = page(owner)
    assert len(asked) <= 16
    assert shown.index("Planned") < shown.index("Look into it") < shown.index("Measured")


def test_a_page_is_tried_out_from_the_form_to_the_decision(owner, settings):
    settings.OWN_SHOP = SHOP
    settings.PAGES_BYTES = 0
    form = filled(page(owner, f"{AT}new/", move="page", sku="CUP"))
    assert (form["sku"], form["part_proof"], form["part_reviews"], form["hold_out"]) == ("CUP", "1", "2", "50")
    same = {"part_scenes": "1", "part_solution": "2", "part_proof": "3", "part_specifications": "4"}
    refused = posted(owner, f"{AT}new/", **form | same | {"part_reviews": "5", "part_questions": "6", "act": "keep"})
    assert "The second version is like the first." in refused.content.decode()
    said = {"headline_zh": "冷热不烫手", "headline_en": "Never too hot", "part_questions": "", "saving": "percent"}
    drafted = posted(owner, f"{AT}new/", **form | said | {"act": "keep"}).content.decode()
    for part in ("Above the price: “Never too hot”", "Left out: Questions and answers.", "What is saved: in per cent."):
        assert part in drafted
    shown = {
        side: address.replace("&amp;", "&")
        for address, side in re.findall(r'href="(/p/CUP/[^"]*)"[^>]*>([^<]*)<', drafted)
    }
    assert (
        "Never too hot"
        in owner.get(shown["See the second version"], headers={"Accept-Language": "en"}).content.decode()
    )
    assert (
        "Never too hot"
        not in owner.get(shown["See the page as it is"], headers={"Accept-Language": "en"}).content.decode()
    )

    (play,) = queries.board(SHOP)
    started = posted(owner, f"{AT}{play.id}/do/start/").content.decode()
    assert "whoever comes to the page" in started and "Who came" in started
    trial_id = queries.play(SHOP, play.id).trial_id
    for n in range(40):
        trials.expose(trial_id=trial_id, person=f"v{n}", held_out_bp=5000, trail=DESK, by=CLOCK)
    with statements() as asked:
        running = page(owner, f"{AT}{play.id}/")
    assert len(asked) <= 40
    assert "saw the second version" in running and "Show it to everybody" not in running

    stopped = posted(owner, f"{AT}{play.id}/do/stop/", sure="1").content.decode()
    assert "Show it to everybody" in stopped
    assert "everybody sees the second version" in posted(owner, f"{AT}{play.id}/do/keep_version/").content.decode()
    assert "Back to the page as it was" in page(owner, f"{AT}{play.id}/")
    assert "everybody sees the page as it was" in posted(owner, f"{AT}{play.id}/do/let_go/").content.decode()

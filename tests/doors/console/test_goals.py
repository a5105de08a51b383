"""The pages of goals: how they stand, adopting, setting, splitting, changing, and who may."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.insight.metrics.events import remember
from tests.steer.budgets.made import an_ad
from tests.steer.goals.made import MAY_DAYS, a_goal, an_operator, in_channel, targets
from zhanggui.base.accounts.models import Operator
from zhanggui.base.accounts.rules import Role
from zhanggui.base.shops.rules import Shop
from zhanggui.steer.goals import models, queries

pytestmark = [
    pytest.mark.usefixtures("acme", "at_noon"),
    pytest.mark.tables("orders", "sku_days", "visits", "sessions"),
]


def test_goals_stand_as_a_tree_with_what_came_and_what_is_due(owner: Client, django_assert_max_num_queries) -> None:
    id = a_goal(1_000_000, period=MAY_DAYS)
    with django_assert_max_num_queries(24):
        page = owner.get("/console/goals/?shop=acme").content.decode()

    assert f"/console/goals/{id}/" in page
    assert "GMV paid" in page
    assert "≥ CN¥10,000.00" in page
    assert "≥ CN¥10k" in page
    assert "1 goal" in page


def test_an_empty_page_offers_what_is_ready_and_says_why_the_rest_is_not(owner: Client) -> None:
    page = owner.get("/console/goals/?shop=acme").content.decode()

    assert "No goal runs." in page
    assert "Gross margin of at least 35%" in page
    assert "The shop tells nothing yet that it is counted from." in page


@pytest.mark.tables("orders", "sku_days", "visits", "sessions", "tellings")
def test_what_the_trade_pays_is_asked_for_before_the_goal_is_adopted(owner: Client, acme: Shop) -> None:
    remember(acme, an_ad(900, at="2026-05-03T04:00"))
    answer = owner.post("/console/goals/adopt/ncac/?shop=acme", {"figure": "50"}, follow=True)

    assert "you answer for it" in answer.content.decode()
    (row,) = models.Goal.objects.all()
    assert (row.metric, row.target, row.better) == ("ncac", 4_000, "down")
    assert row.owner == Operator.objects.get(email="owner@example.com").pk
    assert "Set already." in owner.get("/console/goals/?shop=acme").content.decode()


def test_a_goal_is_set_by_its_form_and_one_without_a_target_is_refused_by_name(owner: Client) -> None:
    me = Operator.objects.get(email="owner@example.com").pk
    form = {
        "metric": "cvr_paid_visitor",
        "first": "2026-05-01",
        "last": "2026-05-31",
        "baseline": "3",
        "owner": str(me),
    }
    refused = owner.post("/console/goals/new/?shop=acme", form)
    assert "Missing: the target." in refused.content.decode()
    assert not models.Goal.objects.exists()

    owner.post("/console/goals/new/?shop=acme", form | {"target": "4.5"})

    (row,) = models.Goal.objects.all()
    assert (row.baseline, row.target, row.start, row.end) == (30_000, 45_000, date(2026, 5, 1), date(2026, 6, 1))


def test_a_goal_is_split_by_what_is_typed_and_the_rest_is_shared(owner: Client) -> None:
    id = a_goal(100_000)
    shown = owner.get(f"/console/goals/{id}/split/?shop=acme&by=quarter").content.decode()
    assert shown.count('name="target.') == 4
    assert shown.count('value="250"') == 8  # 1,000.00 in four quarters: in the field, and as what was proposed

    shared = owner.post(
        f"/console/goals/{id}/split/?shop=acme&by=quarter", {"by": "quarter", "do": "share", "target.0": "400"}
    )
    assert shared.content.decode().count('value="200"') == 6  # in the field, and as what was proposed
    again = {"by": "quarter", "do": "share", "target.0": "100", "was.0": ""}
    again |= {f"{name}.{n}": "200" for name in ("target", "was") for n in (1, 2, 3)}
    shared = owner.post(f"/console/goals/{id}/split/?shop=acme&by=quarter", again)
    assert shared.content.decode().count('value="300"') == 6
    assert targets(id) == []
    owner.post(f"/console/goals/{id}/split/?shop=acme&by=quarter", {"by": "quarter", "target.0": "400"})

    assert targets(id) == [40_000, 20_000, 20_000, 20_000]


def test_a_change_is_shown_before_it_is_made(owner: Client) -> None:
    id = a_goal(100_000)
    owner.post(f"/console/goals/{id}/split/?shop=acme&by=quarter", {"by": "quarter", "target.0": "400"})
    first = models.Goal.objects.get(parent=id, target=40_000).pk

    preview = owner.get(f"/console/goals/{first}/change/?shop=acme&target=550").content.decode()
    assert "Nothing is changed yet" in preview
    assert "CN¥150.00" in preview
    assert targets(id) == [40_000, 20_000, 20_000, 20_000]
    owner.post(f"/console/goals/{first}/change/?shop=acme", {"target": "550"})

    assert targets(id) == [55_000, 15_000, 15_000, 15_000]
    page = owner.get(f"/console/goals/{id}/").content.decode()
    assert "balanced from CN¥200.00 to CN¥150.00" in page


def test_a_part_is_locked_handed_over_and_its_whole_made_one_again(owner: Client) -> None:
    id, lin = a_goal(100_000), an_operator("lin")
    owner.post(f"/console/goals/{id}/split/?shop=acme&by=quarter", {"by": "quarter"})
    part = models.Goal.objects.filter(parent=id).order_by("start")[0].pk
    owner.post(f"/console/goals/{part}/do/lock/?shop=acme")
    owner.post(f"/console/goals/{part}/do/hand-over/?shop=acme", {"owner": str(lin)})

    kept = queries.goal("acme", part)
    assert (kept.is_locked, kept.owner) == (True, lin)
    refused = owner.post(f"/console/goals/{part}/do/drop/?shop=acme", {"words": "other plans"}, follow=True)
    assert "not dropped alone" in refused.content.decode()
    owner.post(f"/console/goals/{id}/do/join/?shop=acme")
    assert targets(id) == []


def test_a_goal_of_a_place_and_its_chart(owner: Client) -> None:
    id = a_goal(1_000_000, period=MAY_DAYS, where=in_channel("email"))
    page = owner.get(f"/console/goals/{id}/?shop=acme").content.decode()

    assert 'id="goal-spec"' in page
    assert "Due in a straight line" in page
    assert "The fact that set it" in page


def test_a_team_sees_its_own_goals_first(owner: Client) -> None:
    me = Operator.objects.get(email="owner@example.com").pk
    owner.post("/console/goals/teams/?shop=acme", {"do": "make", "name": "Tea", "member": [str(me)]})
    owner.post(
        "/console/goals/teams/?shop=acme",
        {
            "do": "objective",
            "name": "Tea",
            "words": "Be the first cup of the day",
            "first": "2026-05-01",
            "last": "2026-05-31",
        },
    )
    theirs, others = a_goal(100, team="Tea", period=MAY_DAYS), a_goal(200, period=MAY_DAYS)

    mine = owner.get("/console/goals/?shop=acme").content.decode()
    everybody = owner.get("/console/goals/?shop=acme&team=").content.decode()

    assert str(theirs) in mine
    assert str(others) not in mine
    assert str(others) in everybody
    assert "Be the first cup of the day" in mine


def test_a_goal_may_start_without_a_baseline_and_is_dropped_with_a_reason(owner: Client) -> None:
    me = Operator.objects.get(email="owner@example.com").pk
    asked = owner.get("/console/goals/new/?shop=acme&metric=refund_hours_p90").content.decode()
    assert "Not known yet: fill it in later" in asked
    form = {"metric": "refund_hours_p90", "first": "2026-05-01", "last": "2026-05-31", "target": "72", "owner": str(me)}
    refused = owner.post("/console/goals/new/?shop=acme", form).content.decode()
    assert "Missing: where it starts from." in refused
    owner.post("/console/goals/new/?shop=acme", form | {"wait": "1"})
    (row,) = models.Goal.objects.all()
    assert (row.baseline, row.target, row.better) == (None, 72_000_000, "down")

    page = owner.get(f"/console/goals/{row.pk}/?shop=acme").content.decode()
    assert "Where it starts from is not known yet" in page
    assert "It is read from the books of returns" in page
    assert "/console/returns/" in page
    owner.post(f"/console/goals/{row.pk}/do/start/?shop=acme", {"baseline": "90"})
    assert "it starts from 90" in owner.get(f"/console/goals/{row.pk}/?shop=acme").content.decode()
    unsaid = owner.post(f"/console/goals/{row.pk}/do/drop/?shop=acme", {"words": " "}, follow=True).content.decode()
    assert "Say in 1 to 200 signs why it is dropped." in unsaid
    owner.post(f"/console/goals/{row.pk}/do/drop/?shop=acme", {"words": "We changed the carrier"})

    past = owner.get("/console/goals/?shop=acme&view=past").content.decode()
    assert "We changed the carrier" in past


def test_an_objective_is_worded_anew_and_withdrawn_and_its_key_results_go_on(owner: Client) -> None:
    owner.post("/console/goals/teams/?shop=acme", {"do": "make", "name": "Tea"})
    days = {"first": "2026-05-01", "last": "2026-05-31"}
    owner.post("/console/goals/teams/?shop=acme", {"do": "objective", "name": "Tea", "words": "One cup"} | days)
    objective = models.Objective.objects.get().pk
    goal = a_goal(100, period=MAY_DAYS)
    owner.post(f"/console/goals/{goal}/do/result/?shop=acme", {"objective": str(objective)})
    owner.post(f"/console/goals/{goal}/do/team/?shop=acme", {"team": "Tea"})
    said = {"do": "reword", "id": str(objective), "words": "Two cups"} | days
    owner.post("/console/goals/teams/?shop=acme", said)
    owner.post("/console/goals/teams/?shop=acme", {"do": "rename", "name": "Tea", "to": "Leaf"})

    shown = owner.get("/console/goals/?shop=acme&team=Leaf").content.decode()
    assert "Two cups" in shown and str(goal) in shown
    owner.post("/console/goals/teams/?shop=acme", {"do": "withdraw", "id": str(objective)})

    assert not models.Objective.objects.exists()
    page = owner.get(f"/console/goals/{goal}/?shop=acme").content.decode()
    assert "made a key result of “One cup”" in page and "no key result any more" in page


@pytest.mark.parametrize("path", ["new/", "teams/"])
def test_an_analyst_reads_goals_and_sets_none(signed_in: Callable[..., Client], path: str) -> None:
    analyst = signed_in(Role.ANALYST)
    assert analyst.get("/console/goals/?shop=acme").status_code == 200
    assert analyst.get(f"/console/goals/{path}?shop=acme").status_code == 403
    assert analyst.post("/console/goals/adopt/ncac/?shop=acme", {"figure": "50"}).status_code == 403


def test_a_goal_of_another_shop_is_not_there(owner: Client) -> None:
    assert owner.get("/console/goals/0193a000-0000-7000-8000-000000000001/?shop=acme").status_code == 404

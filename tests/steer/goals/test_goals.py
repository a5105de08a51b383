"""Setting, splitting and changing goals: the rows, the facts, and what a refusal leaves alone."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from tests.insight.metrics.events import a_shop
from tests.shop.made import at_once
from tests.steer.goals.made import BY, SHOP, TRAIL, YEAR, a_goal, an_operator, in_channel, targets
from zhanggui.base.errors import Refused
from zhanggui.insight.metrics.rules import Better, Filters, Period
from zhanggui.spine.log.models import Entry
from zhanggui.steer.goals import actions, models, queries, rules
from zhanggui.steer.goals.errors import (
    AlreadySplit,
    GoalIncomplete,
    GoalUnfit,
    NoSuchGoal,
    NoSuchTeam,
    NothingToBalance,
    PartOfWhole,
    PartsDoNotAddUp,
    TeamUnfit,
)
from zhanggui.steer.goals.rules import Did, Part


def by_quarter(*units: int) -> list[Part]:
    return [
        Part(period=period, where=Filters(), baseline=10, target=target)
        for period, target in zip(rules.quarters(YEAR), units, strict=True)
    ]


def by_channel(*units: int, period: Period = YEAR) -> list[Part]:
    return [Part(period=period, where=in_channel(f"c{n}"), baseline=0, target=target) for n, target in enumerate(units)]


def told() -> list[dict[str, object]]:
    return [row.body for row in Entry.objects.filter(name="steer.goal_set").order_by("seq")]


@pytest.fixture
def acme(db: None) -> None:
    a_shop()


@pytest.mark.usefixtures("acme")
def test_a_goal_that_is_set_is_told_and_stands_on_its_days():
    owner = an_operator()
    id = a_goal(11_250_000, baseline=9_000_000, period=Period(date(2026, 4, 1), date(2026, 7, 1)))

    (goal,) = queries.goals(SHOP, on=date(2026, 6, 30))
    assert (goal.id, goal.target, goal.baseline, goal.owner, goal.better) == (id, 11_250_000, 9_000_000, owner, "up")
    assert queries.goals(SHOP, on=date(2026, 7, 1)) == ()
    (fact,) = told()
    assert fact == {
        "goal_id": str(id),
        "metric": "gmv_paid",
        "category": "",
        "channel": "",
        "better": "up",
        "baseline": 9_000_000,
        "target": 11_250_000,
        "was_target": None,
        "currency": "CNY",
        "start": "2026-04-01",
        "end": "2026-07-01",
        "owner": owner,
        "team": "",
        "parent": "",
    }
    assert goal.told == Entry.objects.get(name="steer.goal_set").id_of_fact
    (change,) = queries.history([id])
    assert (change.did, change.now, change.by) == (Did.SET, 11_250_000, "operator:7")


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"metric": ""}, GoalIncomplete),
        ({"baseline": None}, GoalIncomplete),
        ({"target": None}, GoalIncomplete),
        ({"period": None}, GoalIncomplete),
        ({"owner": None}, GoalIncomplete),
        ({"metric": "happiness"}, GoalUnfit),
        ({"target": -1}, GoalUnfit),
        ({"owner": 10**9}, GoalUnfit),
        ({"where": Filters(category=("tea",))}, GoalUnfit),
        ({"where": Filters(region=("north",))}, GoalUnfit),
        ({"period": Period(date(2026, 1, 1), date(2036, 1, 1))}, GoalUnfit),
        ({"team": "nobody"}, NoSuchTeam),
    ],
)
def test_a_goal_that_cannot_be_is_refused_and_nothing_is_written(changed, refusal):
    with pytest.raises(refusal):
        a_goal(**changed)
    assert not models.Goal.objects.exists()
    assert not Entry.objects.exists()


@pytest.mark.usefixtures("acme")
def test_a_tree_by_quarter_and_channel_adds_up_at_every_level():
    year = a_goal(100)
    quarters = actions.split(id=year, parts=by_quarter(10, 20, 30, 40), trail=TRAIL, by=BY)
    second = Period(date(2026, 4, 1), date(2026, 7, 1))
    actions.split(id=quarters[1], parts=by_channel(15, 5, period=second), trail=TRAIL, by=BY)

    changed = actions.change_target(id=year, target=201, trail=TRAIL, by=BY)

    assert targets(year) == [20, 40, 60, 81]
    assert targets(quarters[1]) == [30, 10]
    assert changed[str(year)] == 201
    balanced = queries.history([quarters[1]])[0]
    assert (balanced.did, balanced.was, balanced.now) == (Did.BALANCED, 20, 40)
    entries = list(Entry.objects.filter(name="steer.goal_set").order_by("seq"))
    assert len(entries) == 1 + 4 + 2 + 1
    assert entries[1].cause == entries[0].id_of_fact  # a part is caused by its whole
    assert (entries[-1].cause, entries[-1].body["was_target"], entries[-1].body["target"]) == (
        entries[0].id_of_fact,
        100,
        201,
    )


@pytest.mark.usefixtures("acme")
def test_a_part_that_is_changed_is_made_up_for_by_its_free_siblings():
    year = a_goal(100)
    first, second, _third, _fourth = actions.split(id=year, parts=by_quarter(10, 20, 30, 40), trail=TRAIL, by=BY)
    actions.lock(id=second, is_locked=True, by=BY)

    actions.change_target(id=first, target=31, trail=TRAIL, by=BY)

    assert targets(year) == [31, 20, 21, 28]
    assert queries.goal(SHOP, year).target == 100


@pytest.mark.usefixtures("acme")
def test_what_does_not_add_up_is_refused_and_nothing_changes():
    year = a_goal(100)
    with pytest.raises(PartsDoNotAddUp):
        actions.split(id=year, parts=by_quarter(10, 20, 30, 41), trail=TRAIL, by=BY)
    parts = actions.split(id=year, parts=by_quarter(10, 20, 30, 40), trail=TRAIL, by=BY)
    with pytest.raises(AlreadySplit):
        actions.split(id=year, parts=by_channel(50, 50), trail=TRAIL, by=BY)
    with pytest.raises(NothingToBalance):
        actions.change_target(id=parts[0], target=101, trail=TRAIL, by=BY)
    with pytest.raises(PartOfWhole):
        actions.drop(id=parts[0], words="other plans", by=BY)
    assert targets(year) == [10, 20, 30, 40]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "sql",
    [
        "update steer_goals_goal set target = target + 1 where parent_id is not null",
        "update steer_goals_goal set target = target + 1 where parent_id is null",
        "update steer_goals_goal set dropped_at = now() where target = 40",
    ],
)
def test_the_database_itself_refuses_parts_that_do_not_add_up(sql):
    a_shop()
    year = a_goal(100)
    actions.split(id=year, parts=by_quarter(10, 20, 30, 40), trail=TRAIL, by=BY)

    with pytest.raises(IntegrityError, match="must add up"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert targets(year) == [10, 20, 30, 40]


@pytest.mark.django_db(transaction=True)
def test_siblings_changed_at_the_same_moment_still_add_up():
    a_shop()
    year = a_goal(1000)
    parts = actions.split(id=year, parts=by_quarter(100, 200, 300, 400), trail=TRAIL, by=BY)

    done = at_once(
        lambda n: actions.change_target(id=parts[n % 4], target=150 + 7 * n, trail=TRAIL, by=BY), 12, threads=6
    )

    assert not [one for one in done if isinstance(one, Refused)]
    assert sum(targets(year)) == 1000
    assert queries.goal(SHOP, year).target == 1000


@pytest.mark.usefixtures("acme")
def test_parts_of_a_rate_are_targets_of_their_own():
    whole = a_goal(350_000, metric="gross_margin_rate", baseline=300_000)
    parts = actions.split(id=whole, parts=by_channel(400_000, 320_000), trail=TRAIL, by=BY)

    actions.change_target(id=parts[0], target=410_000, trail=TRAIL, by=BY)
    actions.drop(id=parts[1], words="other plans", by=BY)

    assert targets(whole) == [410_000]
    assert queries.goal(SHOP, whole).target == 350_000


@pytest.mark.usefixtures("acme")
def test_a_goal_that_is_dropped_takes_its_parts_along_and_can_be_split_again():
    year = a_goal(100)
    first = actions.split(id=year, parts=by_quarter(10, 20, 30, 40), trail=TRAIL, by=BY)
    actions.drop_parts(id=year, by=BY)
    assert targets(year) == []
    actions.split(id=year, parts=by_quarter(40, 30, 20, 10), trail=TRAIL, by=BY)
    actions.drop(id=year, words="other plans", by=BY)

    assert queries.goals(SHOP, on=date(2026, 5, 1)) == ()
    with pytest.raises(NoSuchGoal):
        actions.change_target(id=year, target=5, trail=TRAIL, by=BY)
    assert [one.did for one in queries.history([first[0]])] == [Did.DROPPED, Did.SET]
    assert [one.did for one in queries.history([year])] == [Did.DROPPED, Did.SPLIT, Did.JOINED, Did.SPLIT, Did.SET]


@pytest.mark.usefixtures("acme")
def test_what_was_done_stays_written():
    id = a_goal(100)
    with pytest.raises(IntegrityError, match="stays written"), transaction.atomic():
        models.Change.objects.filter(goal=id).update(now=1)


@pytest.mark.usefixtures("acme")
def test_somebody_else_answers_for_it_from_now_on():
    id, other = a_goal(100), an_operator("lin")
    actions.hand_over(id=id, owner=other, by=BY)

    assert queries.goal(SHOP, id).owner == other
    assert queries.history([id])[0].now == other


@pytest.mark.usefixtures("acme")
def test_a_team_has_members_objectives_and_key_results():
    lin, wu = an_operator("lin"), an_operator("wu")
    actions.make_team(shop=SHOP, name="Traffic", members=[lin, wu])
    wanted = actions.set_objective(shop=SHOP, team="Traffic", words="Be found first", period=YEAR)
    id = a_goal(100, objective=wanted)
    a_goal(50)
    actions.change_members(shop=SHOP, name="Traffic", members=[wu])

    assert [(one.name, one.members) for one in queries.teams(SHOP)] == [("Traffic", (wu,))]
    assert queries.teams_of(SHOP, wu) == ("Traffic",)
    assert queries.teams_of(SHOP, lin) == ()
    assert [one.words for one in queries.objectives(SHOP, YEAR, team="Traffic")] == ["Be found first"]
    (goal,) = queries.roots(SHOP, YEAR, team="Traffic")
    assert (goal.id, goal.team, goal.objective) == (id, "Traffic", wanted)
    with pytest.raises(TeamUnfit):
        actions.make_team(shop=SHOP, name=" Traffic ", members=[])
    with pytest.raises(TeamUnfit):
        actions.set_objective(shop=SHOP, team="Traffic", words="  ", period=YEAR)


@pytest.mark.usefixtures("acme")
def test_less_can_be_better():
    id = a_goal(250_000, metric="refund_amount", baseline=400_000)

    goal = queries.goal(SHOP, id)
    assert goal.better is Better.DOWN
    assert goal.is_reached_by(250_000)
    assert not goal.is_reached_by(250_001)

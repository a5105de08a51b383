"""A goal that falls behind: what it is worth, who of a tree is told, and the signal that it raises."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.insight.metrics.events import a_shop
from tests.steer.signals.findings import DAY, MORNING
from zhanggui.insight.metrics.rules import Better, Filters, Period
from zhanggui.steer.goals.rules import Goal, Progress, Shape
from zhanggui.steer.signals.detectors import goal_at_risk
from zhanggui.steer.signals.rules import Move, goals_behind


def a_goal(**fields: Any) -> Goal:
    id = uuid4()
    said = {
        "id": id,
        "root": id,
        "shop": "acme",
        "metric": "gmv_paid",
        "where": Filters(),
        "better": Better.UP,
        "baseline": 80_000,
        "target": 100_000,
        "currency": "CNY",
        "period": Period(date(2026, 5, 1), date(2026, 6, 1)),
        "owner": 7,
        "is_sum": True,
        "told": UUID(int=5),
        "set_at": MORNING,
    }
    return Goal(**(said | fields))


def standing(**fields: Any) -> Progress:
    said = {
        "actual": 10_000,
        "due_by_now": 13_000,
        "pace": Decimal("0.77"),
        "forecast": 80_000,
        "low": 70_000,
        "high": 95_000,
        "chance": 0.05,
        "is_at_risk": True,
        "money_at_stake_minor": 20_000,
        "shape": Shape.WEEKDAYS,
        "until": DAY,
        "is_over": False,
        "is_reached": False,
    }
    return Progress(**(said | fields))


@pytest.mark.parametrize(
    ("goal", "stands", "sizes"),
    [
        (a_goal(), standing(), (5_000, 20_000, 30_000)),
        (a_goal(), standing(high=120_000), (0, 20_000, 30_000)),
        (a_goal(), standing(low=None, high=None), (20_000, 20_000, 20_000)),
        # no price: a fifth of the target is missed, so a fifth of an ordinary day
        (a_goal(metric="uv"), standing(money_at_stake_minor=None), (300, 1_200, 1_800)),
        # less is better
        (a_goal(better=Better.DOWN, target=60_000), standing(), (10_000, 20_000, 35_000)),
    ],
)
def test_a_goal_is_worth_what_its_forecast_falls_short_by(goal, stands, sizes):
    found = goals_behind.stake(goal, stands, ordinary_day_minor=6_000)

    assert found is not None
    assert (found.low_minor, found.expected_minor, found.high_minor) == sizes
    assert found.is_priced == (stands.money_at_stake_minor is not None)


def test_nothing_is_said_of_a_goal_of_which_nothing_can_be_expected():
    assert goals_behind.stake(a_goal(), standing(forecast=None), ordinary_day_minor=6_000) is None


def test_a_tree_that_falls_behind_is_told_at_its_top():
    top = a_goal()
    part, other = a_goal(parent=top.id), a_goal(parent=top.id)

    assert goals_behind.heads([top, part, other], {top.id, part.id}) == (top,)
    assert goals_behind.heads([top, part, other], {part.id}) == (part,)


@pytest.mark.django_db
def test_a_goal_at_risk_is_a_finding_caused_by_what_set_it(lake_folder, monkeypatch):
    a_shop()
    goal, fine = a_goal(where=Filters(channel=("email",))), a_goal()
    monkeypatch.setattr(goal_at_risk.goals, "goals", lambda shop, *, on: (goal, fine))
    stands = {goal.id: standing(), fine.id: standing(is_at_risk=False)}
    monkeypatch.setattr(goal_at_risk.goals, "progresses", lambda goals, *, at: stands)

    (finding,) = goal_at_risk.detect("acme", DAY, at=MORNING)

    assert (finding.subject, finding.cause, finding.confidence) == (f"goal:{goal.id}", UUID(int=5), 0.95)
    assert (finding.proposal.move, finding.proposal.channel) == (Move.COUPON, "email")
    assert finding.evidence[0].numbers["forecast"] == 80_000
    assert "channel" in finding.evidence[0].numbers

"""The goals of a year's plan are one tree, and what is published stays as it is whoever writes."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.steer.briefings.made import LAST_YEAR, NEW_YEAR, SHOP, TABLES, TRAIL, four_quarters, somebody
from tests.steer.goals.made import targets
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.steer.briefings import actions, models, queries
from zhanggui.steer.briefings.rules import Kind, Verdict
from zhanggui.steer.goals import queries as goals
from zhanggui.steer.goals.errors import NothingToBalance

pytestmark = [pytest.mark.django_db, pytest.mark.tables(*TABLES)]
BY_JOB = job("test")


@pytest.fixture(autouse=True)
def quarters(lake_folder: object, monkeypatch: pytest.MonkeyPatch) -> None:
    four_quarters()
    monkeypatch.setattr(clock, "now", lambda: NEW_YEAR)


@pytest.fixture
def plan() -> str:
    """Proposed for 2026: 110.00, 250.00, 330.00 and 440.00, together 1,130.00."""
    return str(actions.write(shop=SHOP, kind=Kind.YEAR, period=LAST_YEAR, at=NEW_YEAR, by=BY_JOB))


def decide(id: str, key: str, target: int | None = None) -> None:
    verdict = Verdict.ACCEPT if target is None else Verdict.CHANGE
    actions.decide(id=id, key=key, verdict=verdict, target=target, worded={}, trail=TRAIL, by=somebody())


def publish(id: str) -> None:
    actions.publish(id=id, worded={}, trail=TRAIL, by=somebody())


def made(id: str) -> dict[str, str]:
    return {key: one.made for key, one in queries.briefing(id).decided.items()}


def test_accepted_quarters_are_parts_of_the_accepted_year_and_add_up(plan):
    decide(plan, "goal_q2", 30_000)
    decide(plan, "goal_q1")
    decide(plan, "goal_year")
    publish(plan)

    became = made(plan)
    year = goals.goal(SHOP, UUID(became["goal_year"]))
    # the second keeps what it was given; the others share the rest as they were proposed, 11 : 33 : 44
    assert (year.target, targets(year.id)) == (113_000, [10_375, 30_000, 31_125, 41_500])
    first = goals.goal(SHOP, UUID(became["goal_q1"]))
    assert (first.parent, first.baseline, first.target) == (year.id, 10_000, 10_375)

    decide(plan, "goal_q3", 40_000)  # of a published plan: balanced as any part is

    assert sum(targets(year.id)) == 113_000
    assert goals.goal(SHOP, UUID(made(plan)["goal_q3"])).target == 40_000


def test_a_quarter_that_stood_alone_goes_on_as_a_part_once_the_year_is_accepted(plan):
    publish(plan)
    decide(plan, "goal_q4", 50_000)
    alone = UUID(made(plan)["goal_q4"])
    assert goals.goal(SHOP, alone).parent is None
    decide(plan, "goal_year")

    part = goals.goal(SHOP, UUID(made(plan)["goal_q4"]))
    assert (part.target, str(part.parent)) == (50_000, made(plan)["goal_year"])
    assert [goal.id for goal, _how in goals.dropped(SHOP, limit=9)] == [alone]
    assert [one.period.start for one in goals.goals(SHOP, on=date(2026, 11, 1))] == [
        date(2026, 1, 1),
        date(2026, 10, 1),
    ]


def test_targets_for_every_quarter_make_the_year_unless_the_year_has_its_own(plan):
    for place in (1, 2, 3, 4):
        decide(plan, f"goal_q{place}", 10_000 * place)
    decide(plan, "goal_year", 99_000)
    with pytest.raises(NothingToBalance):
        publish(plan)
    assert not made(plan)["goal_year"]
    decide(plan, "goal_year")
    publish(plan)

    assert goals.goal(SHOP, UUID(made(plan)["goal_year"])).target == 100_000


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 64},
        {"document": "{}"},
        {"state": "draft", "published_at": None, "fact": None},
        {"published_by": "operator:9"},
    ],
)
def test_the_database_lets_nobody_change_what_is_published(plan, change):
    publish(plan)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        models.Briefing.objects.filter(pk=plan).update(**change)


def test_neither_is_it_taken_away_nor_worded_anew(plan):
    key = next(queries.briefing(plan).document.findings()).key
    actions.say(id=plan, key=key, language="en", words="As hoped.", by=BY_JOB)
    publish(plan)
    words = models.Words.objects.filter(briefing=plan)
    for wrong in (
        lambda: words.update(words="Otherwise."),
        lambda: words.delete(),
        lambda: models.Words.objects.create(briefing_id=plan, key=key, language="zh", words="x", written_at=NEW_YEAR),
        lambda: models.Briefing.objects.filter(pk=plan)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="stay"), transaction.atomic():
            wrong()
    assert words.get().words == "As hoped."

"""Drafts are written, worded and decided on; publishing freezes, tells, and carries out."""

from __future__ import annotations

import pytest

from tests.steer.briefings.made import IN_JUNE, MAY, SHOP, TABLES, TRAIL, somebody, two_months
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.log.models import Entry
from zhanggui.steer.briefings import actions, handlers, models, queries
from zhanggui.steer.briefings.actions import Worded
from zhanggui.steer.briefings.errors import (
    AlreadyCarriedOut,
    AlreadyPublished,
    NoSuchDecision,
    NoSuchFinding,
    TargetUnfit,
    WordsUnfit,
)
from zhanggui.steer.briefings.rules import Kind, State, Verdict
from zhanggui.steer.goals import queries as goals
from zhanggui.steer.plays import queries as plays

pytestmark = [pytest.mark.django_db, pytest.mark.tables(*TABLES)]
BY_JOB = job("test")
WORDED = Worded(name="Look", hypothesis="Because.", task="Look.")


@pytest.fixture(autouse=True)
def months(lake_folder: object, monkeypatch: pytest.MonkeyPatch) -> None:
    two_months()
    monkeypatch.setattr(clock, "now", lambda: IN_JUNE)


def a_draft() -> str:
    return str(actions.write(shop=SHOP, kind=Kind.MONTH, period=MAY, at=IN_JUNE, by=BY_JOB))


def decide(id: str, key: str, verdict: Verdict, **more: object) -> None:
    actions.decide(id=id, key=key, verdict=verdict, worded={key: WORDED}, trail=TRAIL, by=somebody(), **more)


def publish(id: str) -> str:
    found = queries.briefing(id)
    worded = dict.fromkeys((one.key for one in found.document.decisions), WORDED)
    return str(actions.publish(id=id, worded=worded, trail=TRAIL, by=somebody()))


def told(name: str) -> list[Entry]:
    return list(Entry.objects.filter(name=name).order_by("seq"))


def test_a_second_writing_takes_the_draft_over_and_keeps_what_was_said():
    first = a_draft()
    actions.say(id=first, key="gmv_paid_before", language="zh-hans", words=" 翻了一倍。 ", by=BY_JOB)
    decide(first, "goal_gmv", Verdict.ACCEPT)
    digest = queries.briefing(first).digest

    assert a_draft() == first
    again = queries.briefing(first, language="zh-hans")
    assert again.digest == digest
    assert again.words["gmv_paid_before"].words == "翻了一倍。"
    assert again.decided["goal_gmv"].verdict is Verdict.ACCEPT
    assert queries.briefing(first, language="en").words == {}


def test_words_change_no_figure_and_only_stand_at_sentences_there_are():
    id = a_draft()
    before = queries.briefing(id).document
    with pytest.raises(NoSuchFinding):
        actions.say(id=id, key="nothing", language="en", words="x", by=BY_JOB)
    with pytest.raises(WordsUnfit):
        actions.say(id=id, key="gmv_paid_before", language="en", words="x" * 2001, by=BY_JOB)
    actions.say(id=id, key="gmv_paid_before", language="en", words="It was 1,000,000.", by=BY_JOB)

    assert queries.briefing(id).document == before
    actions.say(id=id, key="gmv_paid_before", language="en", words="", by=BY_JOB)
    assert models.Words.objects.count() == 0


def test_publishing_tells_once_and_freezes():
    id = a_draft()
    found = queries.briefing(id)

    fact = publish(id)

    (entry,) = told("steer.briefing_published")
    assert str(entry.id_of_fact) == fact
    assert entry.body == {
        "briefing_id": id,
        "kind": "month",
        "starts_on": "2026-05-01",
        "ends_on": "2026-05-31",
        "digest": found.digest,
        "findings": sum(1 for _ in found.document.findings()),
        "effects": [],
    }
    assert queries.briefing(id).line.state is State.PUBLISHED
    for refused in (
        lambda: publish(id),
        lambda: actions.say(id=id, key="no_goals", language="en", words="x", by=BY_JOB),
    ):
        with pytest.raises(AlreadyPublished):
            refused()
    assert len(told("steer.briefing_published")) == 1
    other = a_draft()
    assert other != id
    assert queries.briefing(other).line.edition == 2


def test_what_was_accepted_becomes_goals_and_plays_caused_by_the_publication():
    id = a_draft()
    document = queries.briefing(id).document
    play = next(one.key for one in document.decisions if one.outcome == "play")
    decide(id, "goal_gmv", Verdict.CHANGE, target=70_000)
    decide(id, play, Verdict.ACCEPT)
    assert told("steer.goal_set") == []

    fact = publish(id)

    (set_goal,), (proposed,) = told("steer.goal_set"), told("steer.play_proposed")
    assert (str(set_goal.cause), str(proposed.cause)) == (fact, fact)
    made = queries.briefing(id).decided
    (goal,) = goals.goals(SHOP, on=MAY.end)
    assert (str(goal.id), goal.baseline, goal.target) == (made["goal_gmv"].made, 61_000, 70_000)
    assert plays.play(SHOP, made[play].made).plan.name == "Look"
    with pytest.raises(AlreadyCarriedOut):
        decide(id, "goal_gmv", Verdict.DROP)


def test_a_published_briefing_is_decided_on_at_once():
    id = a_draft()
    fact = publish(id)
    decide(id, "goal_gmv", Verdict.ACCEPT)

    (set_goal,) = told("steer.goal_set")
    assert (str(set_goal.cause), set_goal.body["target"]) == (fact, 67_100)


def test_a_decision_that_makes_no_sense_changes_nothing():
    id = a_draft()
    with pytest.raises(NoSuchDecision):
        decide(id, "nothing", Verdict.ACCEPT)
    with pytest.raises(TargetUnfit):
        decide(id, "goal_gmv", Verdict.CHANGE)
    assert models.Decision.objects.count() == 0


def test_on_the_first_of_a_month_the_draft_of_the_last_one_writes_itself_once(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: clock.span_of(MAY.end, "Asia/Shanghai")[0].replace(hour=22, minute=20))
    handlers.write_reviews()
    handlers.write_reviews()

    (row,) = models.Briefing.objects.all()
    assert (row.kind, Period(row.first, row.end), row.state) == ("month", MAY, "draft")

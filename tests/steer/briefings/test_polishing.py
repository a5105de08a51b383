"""A polisher that is plugged in writes sentences anew; what it touches it may not is refused and told in the log."""

from __future__ import annotations

import logging

import pytest

from tests.steer.briefings.made import IN_JUNE, MAY, SHOP, TABLES, two_months
from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.base.operation.rules import job
from zhanggui.steer.briefings import actions, ports, queries
from zhanggui.steer.briefings.rules import Kind, Plain

pytestmark = [pytest.mark.django_db, pytest.mark.tables(*TABLES)]
BY_JOB = job("test")
SENTENCES = {
    "gmv_paid_before": Plain(words="GMV paid: CN¥610.00, 69.4% more than April.", names=("GMV paid",)),
    "no_goals": Plain(words="No goals stood."),
}


class Gone(Unreachable):
    """The writer does not answer."""


def politely(sentence: str, *, language: str) -> str:
    return f"Please note: {sentence}"


def boldly(sentence: str, *, language: str) -> str:
    return sentence.replace("610.00", "1,000.00").replace("No goals", "Not a single goal")


def tired(sentence: str, *, language: str) -> str:
    if sentence.startswith("No goals"):
        raise Gone
    return politely(sentence, language=language)


@pytest.fixture
def draft(lake_folder: object, monkeypatch: pytest.MonkeyPatch) -> str:
    two_months()
    monkeypatch.setattr(clock, "now", lambda: IN_JUNE)
    return str(actions.write(shop=SHOP, kind=Kind.MONTH, period=MAY, at=IN_JUNE, by=BY_JOB))


def polished(draft: str, by: ports.Polisher, monkeypatch: pytest.MonkeyPatch) -> actions.Polished:
    monkeypatch.setattr(ports, "polishers", [by])
    return actions.polish(id=draft, language="en", sentences=SENTENCES, by=BY_JOB)


def words(draft: str) -> dict[str, tuple[str, bool]]:
    found = queries.briefing(draft, language="en").words
    return {key: (one.words, one.is_polished) for key, one in found.items()}


def test_one_that_behaves_is_taken_over_and_a_persons_words_are_left_alone(draft, monkeypatch):
    actions.say(id=draft, key="no_goals", language="en", words="We had none.", by=BY_JOB)

    done = polished(draft, politely, monkeypatch)

    assert done == actions.Polished(taken=1, refused=())
    assert words(draft) == {
        "gmv_paid_before": ("Please note: GMV paid: CN¥610.00, 69.4% more than April.", True),
        "no_goals": ("We had none.", False),
    }


def test_one_that_changes_a_figure_is_refused_and_told_in_the_log(draft, monkeypatch, caplog):
    with caplog.at_level(logging.WARNING):
        done = polished(draft, boldly, monkeypatch)

    assert done == actions.Polished(taken=1, refused=("gmv_paid_before",))
    assert words(draft) == {"no_goals": ("Not a single goal stood.", True)}
    (said,) = caplog.messages
    assert "gmv_paid_before" in said and "touch its figures" in said


def test_one_that_is_out_of_reach_keeps_what_it_had_written(draft, monkeypatch):
    done = polished(draft, tired, monkeypatch)

    assert done == actions.Polished(taken=1, refused=(), is_whole=False)
    assert set(words(draft)) == {"gmv_paid_before"}

"""Who is in a trial, and that they stay where they are."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests.growth.experiments.made import END, SHOP, START, a_trial, people, put
from tests.insight.metrics.events import a_shop
from tests.shop.made import statements
from zhanggui.base import clock
from zhanggui.growth.experiments import actions, models, queries
from zhanggui.growth.experiments.errors import NoSuchTrial, TrialClosed, TrialNotAllowed
from zhanggui.growth.experiments.rules import Arm, arm_of

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=0)
CAUSE = UUID("01a20141-2786-7386-9c80-5ff1c4791ed5")


@pytest.fixture(autouse=True)
def on_the_second_of_may(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, 2, 4, tzinfo=UTC))
    a_shop()


def test_a_trial_is_as_it_was_opened():
    found = queries.trial(a_trial(name=" Sleepers wake ", held_out_bp=2000, cause=CAUSE))

    assert (found.shop, found.name, found.metric, found.held_out_bp) == (SHOP, "Sleepers wake", "gmv_net", 2000)
    assert (found.starts_on, found.ends_on, found.closed_on, found.is_open) == (START, END, None, True)
    assert queries.trials(SHOP, limit=9) == (found,)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", {"name": " "}),
        ("metric", {"metric": "happiness"}),
        ("held_out_bp", {"held_out_bp": 0}),
        ("held_out_bp", {"held_out_bp": 10_000}),
        ("ends_on", {"ends_on": START}),
        ("ends_on", {"ends_on": date(2028, 1, 1)}),
    ],
)
def test_a_trial_that_cannot_be_is_refused(field, wrong):
    with pytest.raises(TrialNotAllowed) as refused:
        a_trial(**wrong)
    assert refused.value.field == field
    assert not models.Trial.objects.exists()


def test_each_is_on_the_side_their_hash_says_and_stays_there():
    trial_id, persons = a_trial(held_out_bp=3000), people(200)

    found = actions.enrol(trial_id=trial_id, persons=[*persons, "", persons[0]])
    again = actions.enrol(trial_id=trial_id, persons=persons[::-1])

    meant = {person: arm_of(salt=str(trial_id), person=person, held_out_bp=3000) for person in persons}
    assert found == again
    assert found.treated == tuple(person for person in persons if meant[person] is Arm.TREATED)
    assert found.held_out == tuple(person for person in persons if meant[person] is Arm.HELD_OUT)
    assert found.elsewhere == ()
    assert queries.members(trial_id, Arm.HELD_OUT) == found.held_out
    assert queries.arm_counts(trial_id) == {Arm.TREATED: len(found.treated), Arm.HELD_OUT: len(found.held_out)}


def test_ten_thousand_people_join_by_a_few_statements():
    trial_id = a_trial()
    with statements() as sent:
        found = actions.enrol(trial_id=trial_id, persons=people(10_000))
    assert len(found.treated) + len(found.held_out) == 10_000
    # The trial, the lock, the trial again, the shop, who joins, who is where.
    assert len(sent) <= 6


def test_who_is_held_out_of_a_metric_is_in_no_other_trial_of_it():
    first, persons = a_trial(), people(200)
    held = actions.enrol(trial_id=first, persons=persons).held_out

    second = actions.enrol(trial_id=a_trial(), persons=persons)
    other = actions.enrol(trial_id=a_trial(metric="orders_paid"), persons=persons)

    assert second.elsewhere == held
    assert set(second.treated) | set(second.held_out) == set(persons) - set(held)
    assert other.elsewhere == ()


def test_a_closed_trial_lets_its_people_go_and_takes_nobody_in():
    first, persons = a_trial(), people(100)
    actions.enrol(trial_id=first, persons=persons)

    actions.close_trial(trial_id=first, on=date(2026, 5, 2))
    actions.close_trial(trial_id=first, on=date(2026, 5, 9))

    assert queries.trial(first).closed_on == date(2026, 5, 2)
    assert actions.enrol(trial_id=a_trial(), persons=persons).elsewhere == ()
    with pytest.raises(TrialClosed):
        actions.enrol(trial_id=first, persons=["late"])
    assert "late" not in (*queries.members(first, Arm.TREATED), *queries.members(first, Arm.HELD_OUT))


def test_a_trial_takes_nobody_in_after_its_last_day(monkeypatch):
    trial_id = a_trial()
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 5, 30, 16, tzinfo=UTC))
    with pytest.raises(TrialClosed):
        actions.enrol(trial_id=trial_id, persons=["late"])


def test_what_is_not_there_is_refused():
    for attempt in (
        lambda: queries.trial(NOBODY),
        lambda: actions.enrol(trial_id=NOBODY, persons=["ann"]),
        lambda: actions.close_trial(trial_id=NOBODY, on=END),
    ):
        with pytest.raises(NoSuchTrial):
            attempt()


def test_the_database_holds_nobody_out_twice():
    first, second = a_trial(), a_trial()
    for trial_id in (first, second):
        put(trial_id, Arm.HELD_OUT, ["ann"])
    models.Member.objects.filter(trial_id=first).update(is_held=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Member.objects.filter(trial_id=second).update(is_held=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        put(first, Arm.TREATED, ["ann"])

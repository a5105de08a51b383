"""Many at once on a real database: nobody is held out twice, nobody is on two sides."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.growth.experiments.made import SHOP, a_trial, people
from tests.insight.metrics.events import a_shop
from tests.shop.made import at_once
from zhanggui.base import clock
from zhanggui.growth.experiments import actions, models, queries
from zhanggui.growth.experiments.rules import Arm, arm_of

pytestmark = pytest.mark.django_db(transaction=True)


def in_a_month(days):
    today = clock.now().date()
    return clock.now().date().fromordinal(today.toordinal() + days)


def test_eight_enrolments_of_the_same_people_hold_nobody_out_twice():
    a_shop()
    days = {"starts_on": in_a_month(-1), "ends_on": in_a_month(30)}
    trials = [a_trial(**days), a_trial(**days)]
    # Three hundred people overlap with three hundred of the next, and every trial is asked four times.
    crowds = [people(600, first=300 * number) for number in range(4)]

    found = at_once(lambda n: actions.enrol(trial_id=trials[n % 2], persons=crowds[n // 2]), 8, threads=8)

    held = Counter(models.Member.objects.filter(is_held=True, shop=SHOP).values_list("person", flat=True))
    sides = Counter(models.Member.objects.values_list("trial_id", "person"))
    assert held and set(held.values()) == {1}
    assert set(sides.values()) == {1}
    assert all(len(one.treated) + len(one.held_out) + len(one.elsewhere) == 600 for one in found)
    for trial_id in trials:
        for arm in Arm:
            for person in queries.members(trial_id, arm):
                assert arm_of(salt=str(trial_id), person=person, held_out_bp=5000) is arm


def test_trials_closed_while_people_join_keep_nobody():
    a_shop()
    days = {"starts_on": in_a_month(-1), "ends_on": in_a_month(30)}
    trial_id, persons = a_trial(**days), people(400)

    def work(number: int) -> object:
        if number == 3:
            return actions.close_trial(trial_id=trial_id, on=in_a_month(0))
        return actions.enrol(trial_id=trial_id, persons=persons[number * 50 : number * 50 + 50])

    at_once(work, 8, threads=8)

    assert not models.Member.objects.filter(is_held=True).exists()

"""In a shop whose day can tell them, troubles that take days in a small one are told on their first day, by size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain
from typing import Any, Final

import numpy as np
import pytest
from benchmarks.troubles import LARGE, dearest

from tests.insight.metrics.events import a_shop
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.doors.rehearsal import signalled
from zhanggui.doors.rehearsal.simulator.plan import ZONE
from zhanggui.doors.rehearsal.simulator.world import simulate
from zhanggui.insight.alerts import actions as alerts
from zhanggui.insight.lake import actions as lake
from zhanggui.steer.signals import actions as signals
from zhanggui.steer.signals import queries as inbox

pytestmark = pytest.mark.django_db

SEED: Final = 5
FIRST: Final = 57
# A quarter of what is measured a day, and as long as these need: who stays away is asked of eleven weeks.
PLAN: Final = replace(LARGE.plan, shop="large", days=FIRST + 1, orders=500 * (FIRST + 1), sightings=7_500 * (FIRST + 1))
# Of half the orders a price has to keep off more, or the day has too few.
CHANGES: Final[dict[str, dict[str, Any]]] = {
    "price-response": {"start": FIRST, "elasticity": -5.0},
    "dead-stock": {"start": FIRST},
}


def test_a_price_and_what_nobody_buys_any_more_are_told_on_their_first_day() -> None:
    a_shop(PLAN.shop)
    every = chain.from_iterable(LARGE.plants(SEED, dearest(PLAN, SEED)))
    plants = [replace(one, **CHANGES[one.key]) for one in every if one.key in CHANGES]
    world = simulate(PLAN, np.random.default_rng(SEED), plants=plants)
    for month in world.months():
        lake.append(f"large/{month.first_day}", month.events, shop=PLAN.shop)
    lake.roll(PLAN.shop)
    day = PLAN.first_day + timedelta(days=FIRST)
    at = clock.span_of(day, ZONE)[1] + alerts.SETTLED_AFTER
    signals.look(shop=PLAN.shop, day=day, at=at, by=job("steer.look"))
    raised = {(one.kind, one.subject): one.size for one in inbox.inbox(PLAN.shop, at=at)}
    for truth in world.truths():
        due = signalled.due(truth.plant)
        assert due is not None
        assert signalled.begins(truth) == FIRST
        (kind,), subject = due.kinds, due.subjects[0]
        assert (kind, subject) in raised, raised.keys()
        true, size = signalled.true_minor(truth, PLAN, day, kind=kind, subject=subject), raised[kind, subject]
        assert size.low_minor <= true <= size.high_minor, (kind, true, size)

"""Effects: how often intervals are right over thousands of simulated plays, and how soon a real outcome is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from statistics import median
from uuid import UUID

import numpy as np

from benchmarks import simulated
from benchmarks.number import Number
from benchmarks.quarter import ZONE, bring
from zhanggui.base import clock
from zhanggui.base.operation.rules import job
from zhanggui.growth.experiments import actions, models, queries
from zhanggui.growth.experiments.rules.statistics import (
    ALPHA,
    Estimate,
    Paired,
    adjusted,
    difference,
    pooled,
    sequential,
)
from zhanggui.insight.lake import actions as lake_actions
from zhanggui.insight.lake import queries as lake
from zhanggui.spine.log.rules import Trail

SHOP = "effects"
EVENTS = 2_000_000
PLAYS = 5_000
WITHOUT_EFFECT = 20_000
PEEKED = 1_000
LOOKS = 60
ENROLLED = (10_000, 50_000)
TIMES = 5


def measure() -> list[Number]:
    """All of it, each play of another world, from fixed seeds."""
    return [*_coverage(), *_false_alarms(), *_enrolling()]


def _coverage() -> list[Number]:
    rng = np.random.default_rng(2026)
    worlds = [simulated.some_world(rng) for _ in range(PLAYS)]
    plays = [(world.truth, simulated.played(world, rng=rng)) for world in worlds]
    ways: dict[str, Callable[[Paired, Paired], Estimate]] = {
        "as outcomes are told": _told,
        "without CUPED": lambda h, t: pooled(h.after, t.after, size=t.after.mean),
        "one scatter for both sides, whatever the difference": lambda h, t: pooled(*adjusted(h, t)),
        "Welch's interval, each side its own scatter": lambda h, t: difference(h.after, t.after),
    }
    numbers = []
    for name, way in ways.items():
        found = [(truth, way(*sides)) for truth, sides in plays]
        right = sum(one.low <= truth <= one.high for truth, one in found) / PLAYS
        said = f"intervals of 95 % that cover the truth, {PLAYS:,} plays, {name}"
        numbers.append(Number(name=said, value=100 * right, unit="%"))
    narrower = [_width(_told(h, t)) / _width(ways["without CUPED"](h, t)) for _, (h, t) in plays]
    said = "width of an interval with CUPED, of that without"
    return [*numbers, Number(name=said, value=100 * median(narrower), unit="%")]


def _false_alarms() -> list[Number]:
    rng = np.random.default_rng(2027)
    ended = [_told(*simulated.played(simulated.some_world(rng, lift=0.0), rng=rng)) for _ in range(WITHOUT_EFFECT)]
    said = f"A/A plays called real at their end, {WITHOUT_EFFECT:,}"
    numbers = [
        Number(name=said, value=100 * sum(one.p < ALPHA for one in ended) / WITHOUT_EFFECT, unit="%"),
        Number(
            name=f"{said}: as bringing something",
            value=100 * sum(one.low > 0 for one in ended) / WITHOUT_EFFECT,
            unit="%",
        ),
    ]
    for is_joining, who in ((False, "all there from the first day"), (True, "joining through the first half")):
        naive = honest = 0
        for _ in range(PEEKED):
            world = simulated.some_world(rng, lift=0.0, most_people=1000)
            looks = [
                (seen, adjusted(*sides))
                for seen, sides in simulated.peeked(world, days=LOOKS, rng=rng, is_joining=is_joining)
                if min(side.after.n for side in sides) >= 8
            ]
            naive += any(pooled(*sides).p < ALPHA for _, sides in looks)
            honest += any(sequential(*sides, seen=seen, tuned_for=LOOKS).p < ALPHA for seen, sides in looks)
        said = f"A/A plays called real at one of {LOOKS} daily looks, {PEEKED:,}, people {who}"
        for way, alarms in (("as outcomes are told while a play runs", honest), ("by the interval of one look", naive)):
            numbers.append(Number(name=f"{said}: {way}", value=100 * alarms / PEEKED, unit="%"))
    return numbers


def _enrolling() -> list[Number]:
    """People of a quarter of a million events a month: put on the sides of a trial, and judged by a month's orders."""
    today = clock.day_of(clock.now(), ZONE)
    bring(SHOP, events=EVENTS, until=today)
    lake_actions.roll(SHOP)
    start = today - timedelta(days=30)
    known = [person for (person,) in lake.ask(f"select person from {lake.people(SHOP)} order by person")]
    orders = lake.rollup(SHOP, "orders")
    bare = _seconds(lambda: lake.ask(f"select count(distinct order_number), sum(amount_minor) from {orders}"))
    floor = "reading the orders of 90 days"
    numbers = [Number(name=floor, value=bare, unit="s")]
    for count in ENROLLED:
        trial_id = _a_trial(start, today + timedelta(days=1), name=f"{count:,} people")
        persons = known[:count]
        took = _seconds(lambda: actions.enrol(trial_id=trial_id, persons=persons), times=1)  # noqa: B023
        numbers.append(Number(name=f"putting {len(persons):,} people on the sides of a trial", value=took, unit="s"))
        # As if they had joined when it began: joining later than any order would leave nothing to judge.
        models.Member.objects.filter(trial_id=trial_id).update(joined_at=clock.span_of(start, ZONE)[0])
        took = _seconds(lambda: queries.outcome(trial_id, at=clock.now(), is_final=False))  # noqa: B023
        name = f"the outcome of a month of {len(persons):,} people"
        numbers.append(Number(name=name, value=took, unit="s", ratio=took / bare, against=floor))
        actions.close_trial(trial_id=trial_id, on=today)
    return numbers


def _a_trial(start: date, end: date, *, name: str) -> UUID:
    return actions.open_trial(
        shop=SHOP,
        name=name,
        metric="gmv_net",
        held_out_bp=2000,
        starts_on=start,
        ends_on=end,
        trail=Trail(shop=SHOP),
        by=job("bench"),
    )


def _told(held_out: Paired, treated: Paired) -> Estimate:
    return pooled(*adjusted(held_out, treated), size=treated.after.mean)


def _width(estimate: Estimate) -> float:
    return estimate.high - estimate.low


def _seconds(work: Callable[[], object], *, times: int = TIMES) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)

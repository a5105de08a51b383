"""What the books of steering say of some days: goals, measured effects, signals."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import EVERYTHING, Period
from zhanggui.steer.briefings.rules import EffectSeen, Evidence, GoalSeen, SignalSeen, Unit
from zhanggui.steer.briefings.rules.asking import unit_of
from zhanggui.steer.briefings.rules.gathered import Ratio
from zhanggui.steer.goals import queries as goals
from zhanggui.steer.goals.rules import Goal, Progress
from zhanggui.steer.plays import queries as plays
from zhanggui.steer.plays.rules import Entry, Proof
from zhanggui.steer.signals import queries as signals
from zhanggui.steer.signals.rules import Signal, State

# Goals keep what is neither an amount nor a count in whole millionths.
_MILLION: Final = 1_000_000
_MOST_ENTRIES: Final = 500


def goals_seen(shop: str, period: Period, *, at: datetime) -> tuple[GoalSeen, ...]:
    """The goals of the whole shop that hold in a period, each as it stands at its end; parts are in their wholes."""
    whole = [one for one in goals.goals_in(shop, period) if one.parent is None and one.where == EVERYTHING]
    found = goals.progresses(whole, at=at)
    return tuple(_goal(one, found[one.id]) for one in whole if found[one.id].actual is not None)


def effects_seen(shop: str, period: Period) -> tuple[EffectSeen, ...]:
    """The plays whose effect was measured in a period: what came on top, with its interval; the last measurement of
    each.
    """
    zone, found = shops.shop(shop).zone, dict[str, EffectSeen]()
    for entry in plays.ledger(shop, limit=_MOST_ENTRIES):
        if clock.day_of(entry.measured_at, zone) in period:
            found.setdefault(str(entry.play_id), _effect(entry))
    return tuple(found.values())


def signals_seen(shop: str, period: Period) -> tuple[SignalSeen, ...]:
    """The signals that were found on any day of a period, by money and confidence."""
    return tuple(_signal(one) for one in signals.signals(shop, period))


def _goal(goal: Goal, stands: Progress) -> GoalSeen:
    return GoalSeen(
        id=str(goal.id),
        metric=goal.metric,
        period=goal.period,
        target=_ratio(goal.metric, goal.target),
        actual=_ratio(goal.metric, stands.actual or 0),
        forecast=None if stands.forecast is None else _ratio(goal.metric, stands.forecast),
        low=None if stands.low is None else _ratio(goal.metric, stands.low),
        high=None if stands.high is None else _ratio(goal.metric, stands.high),
        is_met=stands.is_reached if stands.is_over else not stands.is_at_risk,
        is_over=stands.is_over,
        stake_minor=stands.money_at_stake_minor or 0,
    )


def _ratio(metric: str, units: int) -> Ratio:
    return units, 1 if unit_of(metric) in (Unit.MONEY, Unit.COUNT) else _MILLION


def _effect(entry: Entry) -> EffectSeen:
    return EffectSeen(
        play_id=str(entry.play_id),
        name=entry.name,
        more_minor=entry.gmv.value.minor,
        low_minor=entry.gmv.low.minor,
        high_minor=entry.gmv.high.minor,
        cost_minor=entry.cost.total.minor,
        evidence=Evidence.HELD_OUT if entry.proof is Proof.HELD_OUT else Evidence.WEAKER,
    )


def _signal(one: Signal) -> SignalSeen:
    return SignalSeen(
        id=str(one.id),
        kind=one.kind,
        subject=one.subject.partition(":")[2] or one.subject,
        size_minor=one.size.expected_minor,
        is_decided=one.state is State.DECIDED,
    )

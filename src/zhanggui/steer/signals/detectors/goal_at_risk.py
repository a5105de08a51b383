"""A goal will probably not be reached."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import METRICS, Cut
from zhanggui.insight.segments.rules import Source, terms_of
from zhanggui.insight.value.queries import RFM_CELL
from zhanggui.insight.value.rules import BuyersAsked, Kind
from zhanggui.steer.goals import queries as goals
from zhanggui.steer.goals.rules import Goal, Progress
from zhanggui.steer.signals import queries
from zhanggui.steer.signals.rules import LEAST_CONFIDENCE, Evidence, Finding, Move, Proposal, Size, goals_behind
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.goals_behind import Stake

_DAY: Final = timedelta(days=1)
# Numbers that people who buy again would lift.
_BOUGHT: Final = frozenset(
    {
        "gmv_paid",
        "gmv_quality",
        "gmv_net",
        "gmv_returning",
        "orders_paid",
        "orders_placed",
        "buyers",
        "returning_buyers",
    }
    | {"returning_buyers", "repurchase_rate", "cvr_paid_visitor", "goods_paid", "units"}
)


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The goals at risk at the end of a day, the tops of their trees alone: the newest day's size stands."""
    running = goals.goals(shop, on=day)
    if not running:
        return
    evening = min(at, clock.span_of(day, shops.shop(shop).zone)[1])
    stands = goals.progresses(running, at=evening)
    behind = {id for id, one in stands.items() if one.is_at_risk and one.is_known}
    ordinary = queries.ordinary_day(shop, day, at=at)
    for goal in goals_behind.heads(running, behind):
        stake = goals_behind.stake(goal, stands[goal.id], ordinary_day_minor=ordinary)
        if stake is not None:
            yield _finding(goal, day, stands[goal.id], stake)


def _finding(goal: Goal, day: date, stands: Progress, stake: Stake) -> Finding:
    where = {cut.value: values[0] for cut, values in goal.where.by_cut().items()}
    numbers: dict[str, str | int] = {
        "goal": str(goal.id),
        "metric": goal.metric,
        "target": goal.target,
        "actual": stands.actual or 0,
        "forecast": stands.forecast or 0,
        "currency": goal.currency,
        "end": goal.period.last.isoformat(),
        "is_priced": int(stake.is_priced),
    }
    query = days_query(goal.shop, max(goal.period.start, day - 92 * _DAY), day)
    return Finding(
        kind="goal_at_risk",
        subject=f"goal:{goal.id}",
        day=day,
        size=Size(
            low_minor=stake.low_minor,
            expected_minor=stake.expected_minor,
            high_minor=stake.high_minor,
            currency=shops.shop(goal.shop).currency,
        ),
        confidence=LEAST_CONFIDENCE if stands.chance is None else 1 - stands.chance,
        evidence=tuple(_evidence(goal, numbers, where, query)),
        proposal=_proposal(goal, channel=where.get(Cut.CHANNEL.value, "")),
        cause=goal.told,
    )


def _evidence(goal: Goal, numbers: dict[str, str | int], where: dict[str, str], query: str) -> Iterator[Evidence]:
    yield Evidence(what="goal_behind", numbers=numbers | where, page="goals", query=query)
    if goal.metric in METRICS:  # what cohorts and the books of returns answer is not taken apart
        yield Evidence(what="why_behind", numbers={"metric": goal.metric} | where, page="why", query=query)


def _proposal(goal: Goal, *, channel: str) -> Proposal:
    """Buyers of much who have gone quiet are called back where that would help; else somebody has to look."""
    if goal.metric not in _BOUGHT:
        return Proposal(move=Move.CHECK, metric=goal.metric, channel=channel)
    quiet = Source(kind=RFM_CELL, terms=terms_of(BuyersAsked(kind=Kind.TO_KEEP)))
    return Proposal(move=Move.COUPON, metric=goal.metric, audience=quiet, channel=channel, discount_bp=1_000)

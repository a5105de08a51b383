"""A risk of the register came true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts.rules import number_of, unit_of
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.steer.signals import queries
from zhanggui.steer.signals.rules import (
    LOOKED_BACK,
    MOST_DAYS,
    USUAL_DAYS,
    Evidence,
    Finding,
    Move,
    Proposal,
    Risk,
    Size,
    risks,
)
from zhanggui.steer.signals.rules.addresses import days_query

KIND: Final = "risk_trigger"
_SEEN: Final = timedelta(days=USUAL_DAYS + MOST_DAYS)
_DAY: Final = timedelta(days=1)


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The risks whose triggers a day pulls, one finding each; each opens its playbook."""
    known = queries.risks(shop)
    if not known:
        return
    keys = tuple(dict.fromkeys(risk.trigger.metric for risk in known))
    silent = metrics.silent(shop)
    troubles = queries.troubles(shop, KIND, before=day)
    seen = LOOKED_BACK if troubles else _SEEN
    answer = metrics.query(shop, keys, Period(day - seen, day + _DAY), by=Cut.DAY, at=at)
    ordinary = queries.ordinary_day(shop, day, at=at)
    for risk in known:
        key = risk.trigger.metric
        figures = [number_of(row.of(key)) for row in answer.rows]
        course = [None if number is None else number * unit_of(key) for number in figures]
        numbers = risks.undisturbed(risk.trigger, course, _told(risk, troubles, day=day))
        if key not in silent and risks.is_pulled(risk.trigger, numbers):
            yield _finding(shop, day, risk, numbers, ordinary_day_minor=ordinary)


def _told(risk: Risk, troubles: Mapping[str, Sequence[Period]], *, day: date) -> list[int]:
    """How many days before a day each of those lies on which the trigger was pulled already, as it was told."""
    first = risk.trigger.days - 1
    return [
        (day - span.start).days - n + first
        for span in troubles.get(f"risk:{risk.id}", ())
        for n in range(span.days + first)
    ]


def _finding(shop: str, day: date, risk: Risk, numbers: Sequence[float | None], *, ordinary_day_minor: int) -> Finding:
    trigger = risk.trigger
    stake = risks.at_stake(trigger, numbers, ordinary_day_minor=ordinary_day_minor)
    return Finding(
        kind=KIND,
        subject=f"risk:{risk.id}",
        day=day,
        size=Size(
            low_minor=0,
            expected_minor=stake,
            high_minor=max(stake, ordinary_day_minor * trigger.days),
            currency=shops.shop(shop).currency,
        ),
        confidence=1.0,
        evidence=(
            Evidence(
                what="trigger_pulled",
                numbers={
                    "risk": str(risk.id),
                    "name": risk.name,
                    "metric": trigger.metric,
                    "comparison": trigger.comparison,
                    "threshold": trigger.threshold,
                    "days": trigger.days,
                    "actual": round(numbers[-1] or 0),
                },
                page="risks",
                query=f"{days_query(shop, day - _DAY * (trigger.days - 1), day)}&risk={risk.id}",
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric=trigger.metric),
    )

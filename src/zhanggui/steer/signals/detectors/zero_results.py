"""Search words that many type find nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.terms import queries as terms
from zhanggui.steer.signals import queries
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, confidence, lost_searches
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.lost_searches import Lost
from zhanggui.steer.signals.rules.telling import size_of

_DAYS: Final = timedelta(days=27)
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 120


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The words of the last four weeks that cost most by finding nothing, one finding each."""
    found = terms.searches(shop, Period(day - _DAYS, day + _DAY))
    for one in lost_searches.lost(found, each=queries.order_worth(shop, day)):
        yield _finding(shop, day, one)


def _finding(shop: str, day: date, one: Lost) -> Finding:
    return Finding(
        kind="zero_results",
        subject=f"query:{one.words[:_LONGEST]}",
        day=day,
        size=size_of(one.worth, shops.shop(shop).currency),
        confidence=confidence(one.chance),
        evidence=(
            Evidence(
                what="finds_nothing",
                numbers={
                    "words": one.words[:_LONGEST],
                    "others": ", ".join(one.others)[:_LONGEST],
                    "nothing": one.nothing,
                    "searches": one.searches,
                    "people": one.people,
                    "order_bp": round(10_000 * one.order_rate),
                },
                page="searching",
                query=days_query(shop, day - _DAYS, day),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric="zero_result_rate"),
        tests=one.tests,
    )

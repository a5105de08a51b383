"""A number of the whole shop fell out of its band."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.alerts.rules import Deviation
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, confidence, fallen_bands
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.fallen_bands import Fall

# Those of the watched numbers that have a price by the tree.
_PRICED: Final = 6
_MOST: Final = 500


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The fall of a day, if any; days add up."""
    found, _count = alerts.deviations(shop, Period(day, day + timedelta(days=1)), limit=_MOST)
    fell = fallen_bands.fall(found, tests=_PRICED)
    if fell is not None:
        yield _finding(shop, day, fell)


def _finding(shop: str, day: date, fell: Fall) -> Finding:
    beside = (one for one in (fell.driver, *fell.others) if one is not fell.head)
    return Finding(
        kind="metric_band",
        subject="money",
        day=day,
        size=Size(
            low_minor=fell.low_minor,
            expected_minor=fell.expected_minor,
            high_minor=fell.high_minor,
            currency=fell.head.currency,
        ),
        confidence=confidence(fell.chance),
        evidence=(_evidence(shop, fell.head, driver=fell.driver), *(_evidence(shop, one) for one in beside)),
        proposal=Proposal(move=Move.CHECK, metric=fell.driver.metric),
        cause=fell.head.fact,
        tests=_PRICED,
        adds_up=True,
    )


def _evidence(shop: str, one: Deviation, *, driver: Deviation | None = None) -> Evidence:
    numbers: dict[str, str | int] = {
        "metric": one.metric,
        "actual": one.actual,
        "expected": one.expected,
        "low": one.low,
        "high": one.high,
        "currency": one.currency,
    }
    if driver is not None:
        numbers["driver"] = driver.metric
    page = "why" if driver is not None else "deviations"
    return Evidence(
        what="number_fell" if driver is not None else "number_out",
        numbers=numbers,
        page=page,
        query=days_query(shop, one.day, one.day),
    )

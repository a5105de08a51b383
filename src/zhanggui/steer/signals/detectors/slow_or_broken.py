"""Pages that fail, are slow, or show errors, and the orders that they cost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.steer.signals import queries
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, confidence, outages
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.outages import Outage

_PAST: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)
_TOLD: Final = ("failure_rate", "slow_rate")
_SEEN: Final = "error_visits"
# A page that is slow keeps so many from buying, where one that fails keeps all.
# Akamai, The State of Online Retail Performance, 2017: a tenth of a second more, 7 % fewer orders.
_SLOW_KEEPS: Final = 0.07

# Sightings are named by whoever sends them; what shows an error says so in its name.
_ERRORS: Final = """
select day, count(distinct session) filter (contains(lower(step), 'error')), count(distinct session)
from {steps} where session <> '' group by day order by day
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """What was spoilt beyond the usual on a day; days add up. A shop that tells nothing of it is silent.

    Requests are counted by who serves them; where nobody says how many failed, visits that saw an error are.
    """
    days = Period(day - _PAST, day + _DAY)
    silent = metrics.silent(shop)
    told = [key for key in _TOLD if key not in silent]
    courses = {key: _course(shop, key, days, at=at) for key in told} or {_SEEN: _errors(shop, days)}
    for key, course in courses.items():
        found = outages.outage(course, tests=len(courses))
        if found is not None:
            yield _finding(shop, day, key, found, at=at, tests=len(courses))


def _course(shop: str, key: str, days: Period, *, at: datetime) -> list[tuple[int, int]]:
    answer = metrics.query(shop, (key,), days, by=Cut.DAY, at=at)
    figures = [row.of(key) for row in answer.rows]
    return [(figure.numerator, figure.denominator or 0) for figure in figures]


def _errors(shop: str, days: Period) -> list[tuple[int, int]]:
    rows = lake.ask(_ERRORS.format(steps=lake.rollup(shop, "steps", (days.start, days.end))))
    by_day = {day: (int(spoilt), int(of)) for day, spoilt, of in rows}
    return [by_day.get(days.start + n * _DAY, (0, 0)) for n in range(days.days)]


def _finding(shop: str, day: date, key: str, found: Outage, *, at: datetime, tests: int) -> Finding:
    ordinary = queries.ordinary_day(shop, day, at=at)
    keeps = _SLOW_KEEPS if key == "slow_rate" else 1.0
    metric = "failure_rate" if key == _SEEN else key
    return Finding(
        kind="slow_or_broken",
        subject=key,
        day=day,
        size=Size(
            low_minor=round(ordinary * found.low * keeps),
            expected_minor=round(ordinary * found.share * keeps),
            high_minor=round(ordinary * found.high),
            currency=shops.shop(shop).currency,
        ),
        confidence=confidence(found.chance),
        evidence=(
            Evidence(
                what="spoilt",
                numbers={
                    "metric": key,
                    "spoilt": found.spoilt,
                    "of": found.of,
                    "rate_bp": round(10_000 * found.spoilt / found.of),
                    "usual_bp": round(10_000 * found.usual),
                },
                page="explorer",
                query=days_query(shop, day - _PAST, day, m="cvr_order_session" if key == _SEEN else key, by="day"),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric=metric),
        tests=tests,
        adds_up=True,
    )

"""Pages that fail, are slow, or show errors, and the orders that they cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, confidence, outages, slowness
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.outages import Outage
from zhanggui.steer.signals.rules.slowness import Day, Kept

KIND: Final = "slow_or_broken"
_PAST: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)
_SLOW: Final = "slow_rate"
_CONVERTS: Final = "cvr_order_session"
_TOLD: Final = ("failure_rate", _SLOW)
_SEEN: Final = "error_visits"
_ALL: Final = Kept(low=1.0, expected=1.0, high=1.0)

# Sightings are named by whoever sends them; what shows an error says so in its name.
_ERRORS: Final = """
select day, count(distinct session) filter (contains(lower(step), 'error')), count(distinct session)
from {steps} where session <> '' group by day order by day
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """What was spoilt beyond the usual on a day; days add up. A shop that tells nothing of it is silent.

    Requests are counted by who serves them; where nobody says how many failed, visits that saw an error are.
    """
    silent = metrics.silent(shop)
    told = [key for key in _TOLD if key not in silent] or [_SEEN]
    troubles = queries.troubles(shop, KIND, before=day)
    courses = {key: _course(shop, key, day, troubles.get(key, ()), at=at) for key in told}
    for key, course in courses.items():
        found = outages.outage(course, tests=len(courses))
        if found is not None:
            yield _finding(shop, day, key, found, at=at, tests=len(courses))


def _course(shop: str, key: str, day: date, troubles: Iterable[Period], *, at: datetime) -> list[tuple[int, int]]:
    """Spoilt and all of each of the four weeks that were undisturbed last, and of the day."""
    until = rules.undisturbed(day, troubles, days=_PAST.days)
    return [
        one
        for days in (Period(until - _PAST, until), Period(day, day + _DAY))
        for one in (_errors(shop, days) if key == _SEEN else _requests(shop, key, days, at=at))
    ]


def _requests(shop: str, key: str, days: Period, *, at: datetime) -> list[tuple[int, int]]:
    answer = metrics.query(shop, (key,), days, by=Cut.DAY, at=at)
    figures = [row.of(key) for row in answer.rows]
    return [(figure.numerator, figure.denominator or 0) for figure in figures]


def _errors(shop: str, days: Period) -> list[tuple[int, int]]:
    rows = lake.ask(_ERRORS.format(steps=lake.rollup(shop, "steps", (days.start, days.end))))
    by_day = {day: (int(spoilt), int(of)) for day, spoilt, of in rows}
    return [by_day.get(days.start + n * _DAY, (0, 0)) for n in range(days.days)]


def _finding(shop: str, day: date, key: str, found: Outage, *, at: datetime, tests: int) -> Finding:
    ordinary = queries.ordinary_day(shop, day, at=at)
    keeps = _kept(shop, day, at=at) if key == _SLOW else _ALL
    metric = "failure_rate" if key == _SEEN else key
    return Finding(
        kind=KIND,
        subject=key,
        day=day,
        size=Size(
            low_minor=round(ordinary * found.low * keeps.low),
            expected_minor=round(ordinary * found.share * keeps.expected),
            high_minor=round(ordinary * found.high * keeps.high),
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
            *(_slowness(shop, day, keeps) if key == _SLOW else ()),
        ),
        proposal=Proposal(move=Move.CHECK, metric=metric),
        tests=tests,
        adds_up=True,
    )


def _kept(shop: str, day: date, *, at: datetime) -> Kept:
    """What slow pages keep from buying here, by the days of eight weeks."""
    days = Period(day - slowness.PAST_DAYS * _DAY, day)
    answer = metrics.query(shop, (_SLOW, _CONVERTS), days, by=Cut.DAY, at=at)
    pairs = ((row.of(_SLOW), row.of(_CONVERTS)) for row in answer.rows)
    return slowness.kept(
        [
            Day(
                slow=pages.numerator,
                requests=pages.denominator or 0,
                orders=visits.numerator,
                visits=visits.denominator or 0,
            )
            for pages, visits in pairs
        ]
    )


def _slowness(shop: str, day: date, keeps: Kept) -> Iterator[Evidence]:
    """Where the share of lost buyers comes from: this shop's own slow days, or what others measured."""
    numbers = {"low_bp": round(10_000 * keeps.low), "high_bp": round(10_000 * keeps.high), "days": keeps.days}
    yield Evidence(
        what="slow_costs" if keeps.days else "slow_costs_elsewhere",
        numbers=numbers | {"keeps_bp": round(10_000 * keeps.expected)},
        page="explorer",
        query=days_query(shop, day - slowness.PAST_DAYS * _DAY, day, m=f"{_SLOW},{_CONVERTS}", by="day"),
    )

"""Search words that many type find nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import compress
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period
from zhanggui.insight.terms import queries as terms
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, lost_searches
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.lost_searches import Asked, Lost, Vain
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "zero_results"
_DAYS: Final = timedelta(days=27)
_PAST_DAYS: Final = 28
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 120

_ASKED: Final = """
select day, query, count(*), count_if(results = 0), count(distinct nullif(person, 0)) filter (results = 0)
from {searches} where results is not null group by day, query order by day, query
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The words of the last four weeks that cost most by finding nothing, one finding each; and all words of the day.

    Words that nobody knows are told one by one once ten searches found nothing and it costs 2 % of a day's money. What
    many new words cost together on a day is told that night: where four of a hundred searches find nothing, nine more
    do by chance once in 200 days. Words that are told one by one are left out of it; those that find nothing, but cost
    too little each to be told, are not.
    """
    found = terms.searches(shop, Period(day - _DAYS, day + _DAY))
    each = queries.order_worth(shop, day)
    lost = lost_searches.lost(found, each=each)
    findings = [_finding(shop, day, one) for one in lost]
    yield from findings
    ordinary = queries.ordinary_day(shop, day, at=at)
    is_told = [_is_told(shop, finding, ordinary) for finding in findings]
    words = {word for one in compress(lost, is_told) for word in (one.words, *one.others)}
    told = queries.troubles(shop, KIND, before=day)
    apart = words | {subject.removeprefix("query:") for subject in told}
    ordered = sum(one.ordered for one in found.clusters), found.known - found.nothing
    vain = lost_searches.vain(*_asked(shop, day, apart, told.get("", ())), ordered=ordered, each=each)
    if vain is not None:
        yield _together(shop, day, vain)


def _is_told(shop: str, finding: Finding, ordinary_day_minor: int) -> bool:
    """Whether words that find nothing cost enough to be raised by themselves."""
    return queries.need(shop, KIND, finding.subject, ordinary_day_minor=ordinary_day_minor).is_met_by(finding)


def _asked(
    shop: str, day: date, apart: Collection[str], troubles: Sequence[Period]
) -> tuple[list[Asked], list[tuple[int, int]]]:
    """The day's searches but for those words, and how many of each day before found nothing, of how many."""
    until = rules.undisturbed(day, troubles, days=_PAST_DAYS)
    today: list[Asked] = []
    past: defaultdict[date, list[Asked]] = defaultdict(list)
    table = lake.rollup(shop, "searches", (until - _PAST_DAYS * _DAY, day + _DAY))
    for on, words, known, nothing, people in lake.ask(_ASKED.format(searches=table)):
        if words not in apart and (on == day or on < until):
            (today if on == day else past[on]).append(Asked(words=words, known=known, nothing=nothing, people=people))
    return today, [(sum(one.nothing for one in ones), sum(one.known for one in ones)) for ones in past.values()]


def _together(shop: str, day: date, vain: Vain) -> Finding:
    return Finding(
        kind=KIND,
        subject="",
        day=day,
        size=size_of(vain.worth, shops.shop(shop).currency),
        confidence=rules.confidence(vain.chance),
        evidence=(
            Evidence(
                what="find_nothing",
                numbers={
                    "words": ", ".join(vain.words)[:_LONGEST],
                    "nothing": vain.nothing,
                    "searches": vain.known,
                    "usual_bp": round(10_000 * vain.usual),
                },
                page="searching",
                query=days_query(shop, day, day),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric="zero_result_rate"),
        adds_up=True,
    )


def _finding(shop: str, day: date, one: Lost) -> Finding:
    return Finding(
        kind=KIND,
        subject=f"query:{one.words[:_LONGEST]}",
        day=day,
        size=size_of(one.worth, shops.shop(shop).currency),
        confidence=rules.confidence(one.chance),
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

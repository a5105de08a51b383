"""Regions and channels whose buyers come back less than they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut
from zhanggui.insight.segments.errors import TermsUnfit
from zhanggui.insight.segments.rules import Source, question_of, terms_of
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, churn_waves
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.churn_waves import STAYED_AWAY, AwayAsked, Buying, Wave
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "churn_wave"
CUTS: Final = (Cut.REGION, Cut.CHANNEL)
# Who bought in so many days before the wave, and not since, is asked to come again.
_AUDIENCE_DAYS: Final = 180
_DAY: Final = timedelta(days=1)

# Somebody's first order is where they are new, all others are where they come again. Who orders more than once a week
# is no ordinary buyer: a ring that is gone is no wave.
_COUNTED: Final = """
with firsts as (select person, min(ts_us) as first_us from {everything} where kind = 'paid' group by person),
ordinary as (select person from {orders} where kind = 'paid' group by person having count(*) <= ?)
select {cut}, count_if(ts_us > first_us), count_if(ts_us <= first_us),
    coalesce(sum(amount_minor) filter (ts_us > first_us), 0)::bigint
from {orders} join firsts using (person) semi join ordinary using (person)
where kind = 'paid' and person <> 0 and {cut} <> '' group by 1
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """Cells whose people who bought before bring fewer orders, corrected for all cells of both cuts together.

    The last week is looked at, two and three, each with a third of the chance to be wrong; the size is that of the
    longest that shows it. A cell whose people place r orders a day and lose six in ten of them is told once about 60
    were due: at four a day that takes two weeks, and no look at a day can do it, for two orders missing of four are
    what every sixth day brings. In the first eleven weeks of a shop nobody can have come back less.
    """
    ends = metrics.days(shop)
    if ends is None or ends[0] > day - (churn_waves.RECENT_DAYS + churn_waves.PAST_DAYS - 1) * _DAY:
        return
    currency, told = shops.shop(shop).currency, set[tuple[Cut, str]]()
    for days in churn_waves.TOGETHER:
        found = [(cut, wave) for cut in CUTS for wave in _waves(shop, cut, day, days=days)]
        chances = rules.corrected([len(churn_waves.TOGETHER) * wave.chance for _, wave in found])
        for (cut, wave), chance in zip(found, chances, strict=True):
            is_found = chance <= rules.DAILY_FALSE and wave.expected_minor > 0
            if is_found and (cut, wave.cell) not in told:
                told.add((cut, wave.cell))
                yield _finding(shop, cut, wave, chance, day=day, days=days, currency=currency, tests=len(found))


def _finding(
    shop: str, cut: Cut, wave: Wave, chance: float, *, day: date, days: int, currency: str, tests: int
) -> Finding:
    first = day - (days - 1) * _DAY
    fewer: dict[str, str | int] = {
        cut.value: wave.cell,
        "orders": wave.recent.again,
        "usual_tenths": round(10 * wave.usual),
        "days": days,
    }
    cell = {cut.value: wave.cell}
    source = Source(kind=STAYED_AWAY, terms=terms_of(AwayAsked(cut=cut, cell=wave.cell, since=first)))
    return Finding(
        kind=KIND,
        subject=f"{cut}:{wave.cell}",
        day=day,
        size=size_of(wave, currency),
        confidence=rules.confidence(chance),
        evidence=(
            Evidence(
                what="come_back_less",
                numbers=fewer,
                page="explorer",
                query=days_query(shop, first, day, **cell, m="orders_paid,gmv_paid", by="newness"),
            ),
            Evidence(
                what="over_weeks",
                numbers=cell,
                page="explorer",
                query=days_query(
                    shop, first - churn_waves.PAST_DAYS * _DAY, day, **cell, m="orders_paid", by="week", then="newness"
                ),
            ),
        ),
        proposal=Proposal(
            move=Move.COUPON,
            metric="returning_buyers",
            audience=source,
            region=wave.cell if cut is Cut.REGION else "",
            channel=wave.cell if cut is Cut.CHANNEL else "",
        ),
        tests=tests,
    )


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The port `people` of segments: who bought in a cell and has not come again since, in any cell.

    terms    as `AwayAsked`;  at of no account: the days are said
    refuses  TermsUnfit
    """
    asked = question_of(STAYED_AWAY, terms, AwayAsked)
    if asked.cut not in CUTS:
        raise TermsUnfit(kind=STAYED_AWAY, reason=f"nobody is counted by {asked.cut}")
    before = lake.rollup(shop, "orders", (asked.since - _AUDIENCE_DAYS * _DAY, asked.since))
    after = lake.rollup(shop, "orders", (asked.since, date.max))
    cell = asked.cell.replace("'", "''")
    return f"""select distinct person from {before} where kind = 'paid' and person <> 0 and {asked.cut.value} = '{cell}'
        and person not in (select person from {after} where kind = 'paid')"""


def _waves(shop: str, cut: Cut, day: date, *, days: int) -> tuple[Wave, ...]:
    """What each cell brought less; a cell with a wave that was told already is held against the weeks before it."""
    recent = _counted(shop, cut, day - (days - 1) * _DAY, day)
    found = {wave.cell: wave for wave in churn_waves.waves(recent, _usual(shop, cut, day))}
    for subject, spans in queries.troubles(shop, KIND, before=day).items():
        where, _, cell = subject.partition(":")
        if where == cut.value:
            until = rules.undisturbed(day, spans, days=churn_waves.RECENT_DAYS + churn_waves.PAST_DAYS)
            own = churn_waves.waves(recent, _usual(shop, cut, until))
            found |= {wave.cell: wave for wave in own if wave.cell == cell}
    return tuple(found.values())


def _usual(shop: str, cut: Cut, day: date) -> dict[str, Buying]:
    """What the cells brought in the weeks that a day is held against."""
    recent_from = day - (churn_waves.RECENT_DAYS - 1) * _DAY
    return _counted(shop, cut, recent_from - churn_waves.PAST_DAYS * _DAY, recent_from - _DAY)


def _counted(shop: str, cut: Cut, first: date, last: date) -> dict[str, Buying]:
    statement = _COUNTED.format(
        cut=cut.value,
        everything=lake.rollup(shop, "orders", (date.min, last + _DAY)),
        orders=lake.rollup(shop, "orders", (first, last + _DAY)),
    )
    rows = lake.ask(statement, [(last - first).days // 7 + 1])
    return {cell: Buying(again=again, new=new, minor=minor) for cell, again, new, minor in rows}

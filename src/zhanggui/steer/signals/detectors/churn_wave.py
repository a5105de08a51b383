"""Regions and channels whose buyers come back less than they did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Period
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
# of some days is no ordinary buyer: a ring that is gone is no wave.
_COUNTED: Final = """
with firsts as (select person, min(ts_us) as first_us from {everything} where kind = 'paid' group by person),
spans as (select unnest(?::date[]) as first_day, unnest(?::date[]) as last_day),
bought as (
    select first_day, last_day, person, amount_minor, ts_us > first_us as is_again, region, channel,
        count(*) over (partition by first_day, last_day, person) as times
    from {orders} join firsts using (person) join spans on day between first_day and last_day
    where kind = 'paid' and person <> 0
)
select first_day, last_day, region, channel, count_if(is_again), count_if(not is_again),
    coalesce(sum(amount_minor) filter (is_again), 0)::bigint,
    coalesce(stddev_pop(amount_minor) filter (is_again), 0)
from bought where times <= (last_day - first_day) // 7 + 1
group by grouping sets ((first_day, last_day, region), (first_day, last_day, channel))
"""

# Who came on each day: those who had bought on an earlier one, and all others.
_CAME: Final = """
with firsts as (select person, min(day) as first_day from {everything} where kind = 'paid' group by person)
select day, region, channel, count(distinct person) filter (first_day < day),
    count(distinct person) filter (first_day is null or first_day >= day)
from {sessions} left join firsts using (person) where person <> 0 and device <> 'bot'
group by grouping sets ((day, region), (day, channel))
"""

# What cells brought over some days, by cut.
_Cells = Mapping[Cut, Mapping[str, Buying]]


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """Cells whose people who bought before bring fewer orders, corrected for all cells of both cuts together.

    The last 3, 5, 7, 10, 14 and 21 days are looked at, each with a sixth of the chance to be wrong; the size is that of
    the longest that shows it. Their orders are counted and the days on which they come to look, which are more. If six
    in ten of a cell's people stay away, among forty cells it takes 35 visits that were due before so few are no chance
    for somebody who knew the day on which it began, and about 45 here: at nine a day that is five days on average, and
    no look at a day can do it. When each of these people last came, and how often they do, makes it no sooner: it says
    how many were due, and that is known. In the first eleven weeks of a shop nobody can have come back less.
    """
    ends = metrics.days(shop)
    if ends is None or ends[0] > day - (churn_waves.RECENT_DAYS + churn_waves.PAST_DAYS - 1) * _DAY:
        return
    currency, told = shops.shop(shop).currency, set[tuple[Cut, str]]()
    counted, troubles = _counted_in_all(shop, day)
    for days in churn_waves.TOGETHER:
        found = [(cut, wave) for cut in CUTS for wave in _waves(cut, day, days=days, counted=counted, apart=troubles)]
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


def _counted_in_all(shop: str, day: date) -> tuple[dict[Period, _Cells], dict[str, date]]:
    """What cells brought in all days that are asked about; and the cells whose past is another, with its last day."""
    told = queries.troubles(shop, KIND, before=day)
    whole = churn_waves.RECENT_DAYS + churn_waves.PAST_DAYS
    apart = {subject: rules.undisturbed(day, spans, days=whole) for subject, spans in told.items()}
    recent = [Period(day - (days - 1) * _DAY, day + _DAY) for days in churn_waves.TOGETHER]
    return _counted(shop, [*recent, *(_past(one) for one in {day, *apart.values()})], day), apart


def _waves(
    cut: Cut, day: date, *, days: int, counted: Mapping[Period, _Cells], apart: Mapping[str, date]
) -> tuple[Wave, ...]:
    """What each cell brought less; a cell with a wave that was told already is held against the weeks before it."""
    recent = counted[Period(day - (days - 1) * _DAY, day + _DAY)][cut]
    found = {wave.cell: wave for wave in churn_waves.waves(recent, counted[_past(day)][cut])}
    for subject, until in apart.items():
        where, _, cell = subject.partition(":")
        if where == cut.value:
            own = churn_waves.waves(recent, counted[_past(until)][cut])
            found |= {wave.cell: wave for wave in own if wave.cell == cell}
    return tuple(found.values())


def _past(day: date) -> Period:
    """The weeks that a day is held against."""
    end = day - (churn_waves.RECENT_DAYS - 1) * _DAY
    return Period(end - churn_waves.PAST_DAYS * _DAY, end)


def _counted(shop: str, spans: Sequence[Period], day: date) -> dict[Period, _Cells]:
    statement = _COUNTED.format(
        everything=lake.rollup(shop, "orders", (date.min, day + _DAY)),
        orders=lake.rollup(shop, "orders", (min(one.start for one in spans), day + _DAY)),
    )
    found: dict[Period, dict[Cut, dict[str, Buying]]] = {one: {cut: {} for cut in CUTS} for one in spans}
    rows = lake.ask(statement, [[one.start for one in spans], [one.last for one in spans]])
    for first, last, region, channel, again, new, minor, deviation in rows:
        cut, cell = (Cut.REGION, region) if channel is None else (Cut.CHANNEL, channel)
        if cell:
            buying = Buying(again=again, new=new, minor=minor, deviation_minor=float(deviation))
            found[Period(first, last + _DAY)][cut][cell] = buying
    came = _came(shop, min(one.start for one in spans), day)
    return {
        span: {cut: churn_waves.with_visits(cells, came[cut], days=span) for cut, cells in by_cut.items()}
        for span, by_cut in found.items()
    }


def _came(shop: str, first: date, last: date) -> dict[Cut, dict[str, dict[date, tuple[int, int]]]]:
    """Who came by cut, cell and day: people who had bought before, and others."""
    statement = _CAME.format(
        everything=lake.rollup(shop, "orders", (date.min, last + _DAY)),
        sessions=lake.rollup(shop, "sessions", (first, last + _DAY)),
    )
    found: dict[Cut, dict[str, dict[date, tuple[int, int]]]] = {cut: {} for cut in CUTS}
    for on, region, channel, again, others in lake.ask(statement):
        cut, cell = (Cut.REGION, region) if channel is None else (Cut.CHANNEL, channel)
        if cell:
            found[cut].setdefault(cell, {})[on] = (again, others)
    return found

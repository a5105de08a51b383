"""Buyers of high value are silent for longer than their usual gap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.segments.rules import Source, question_of, terms_of
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, returning
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.returning import (
    AHEAD_DAYS,
    ASLEEP_AFTER_GAPS,
    ASLEEP_FOR_DAYS,
    HIGH_VALUE_SHARE,
    LEAST_ORDER_DAYS,
    LEAST_SILENT_DAYS,
    SLEEPERS,
    Sleep,
    Sleeper,
    SleepersAsked,
)

_DAY: Final = timedelta(days=1)
_AHEAD: Final = timedelta(days=AHEAD_DAYS)

# Days of one buyer are one order each. Who bought most is among the top fifth of all buyers before the day.
_ASLEEP: Final = f"""
select person, gap_days, silent_days, order_minor from (
    select person, times, (last_day - first_day) / (times - 1) as gap_days, date '{{as_of}}' - last_day as silent_days,
        minor / times as order_minor, percent_rank() over (order by minor desc) as place
    from (
        select person, count(*) as times, min(day) as first_day, max(day) as last_day, sum(minor) as minor
        from (
            select person, day, sum(amount_minor) as minor from {{orders}}
            where kind = 'paid' and person <> 0 and day < date '{{as_of}}' group by person, day
        ) group by person
    )
)
where times >= {LEAST_ORDER_DAYS} and place <= {HIGH_VALUE_SHARE} and silent_days
    between greatest({ASLEEP_AFTER_GAPS} * gap_days, {LEAST_SILENT_DAYS})
    and greatest({ASLEEP_AFTER_GAPS} * gap_days, {LEAST_SILENT_DAYS}) + {ASLEEP_FOR_DAYS}
"""
_CAME_BACK: Final = """
with asleep as ({asleep}),
came as (
    select distinct person from {orders}
    where kind = 'paid' and day >= date '{as_of}' and day < date '{until}'
)
select count(came.person), count(*) from asleep left join came using (person)
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The buyers who sleep after a day, all together: the newest day's size stands."""
    as_of = day + _DAY
    rows = lake.ask(f"select gap_days, silent_days, order_minor from ({_asleep(shop, as_of)})")
    asleep = [
        Sleeper(gap_days=float(gap), silent_days=int(silent), order_minor=float(minor)) for gap, silent, minor in rows
    ]
    came_back, of = _came_back(shop, as_of)
    found = returning.sleep(asleep, came_back=came_back, of=of)
    if found is not None:
        yield _finding(shop, day, found)


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The port `people` of segments: the buyers who sleep.

    terms    as `SleepersAsked`
    refuses  TermsUnfit, NoSuchShop
    """
    asked = question_of(SLEEPERS, terms, SleepersAsked)
    as_of = asked.as_of or clock.day_of(at, shops.shop(shop).zone)
    return f"select person from ({_asleep(shop, as_of)})"


def _asleep(shop: str, as_of: date) -> str:
    return _ASLEEP.format(orders=lake.rollup(shop, "orders", (date.min, as_of)), as_of=as_of)


def _came_back(shop: str, as_of: date) -> tuple[int, int]:
    """Of those who slept a quarter of a year earlier, who has bought since."""
    then = as_of - _AHEAD
    orders = lake.rollup(shop, "orders", (then, as_of))
    ((came, of),) = lake.ask(_CAME_BACK.format(asleep=_asleep(shop, then), orders=orders, as_of=then, until=as_of))
    return int(came), int(of)


def _finding(shop: str, day: date, found: Sleep) -> Finding:
    source = Source(kind=SLEEPERS, terms=terms_of(SleepersAsked(as_of=day + _DAY)))
    return Finding(
        kind="sleepers",
        subject="",
        day=day,
        size=Size(
            low_minor=found.low_minor,
            expected_minor=found.expected_minor,
            high_minor=found.high_minor,
            currency=shops.shop(shop).currency,
        ),
        confidence=found.confidence,
        evidence=(
            Evidence(
                what="asleep",
                numbers={
                    "people": found.people,
                    "back_bp": round(10_000 * found.back_share),
                    "ahead_days": AHEAD_DAYS,
                    "gaps": ASLEEP_AFTER_GAPS,
                },
                page="value",
                query=days_query(shop, day, day),
            ),
        ),
        proposal=Proposal(move=Move.COUPON, metric="gmv_paid", audience=source, discount_bp=1_000),
    )

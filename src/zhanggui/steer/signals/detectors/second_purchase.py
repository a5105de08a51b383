"""First-time buyers for whom the window of a second order closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules.intervals import wilson
from zhanggui.insight.segments.rules import Source, question_of, terms_of
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, returning
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.returning import SECOND_PURCHASE, ClosingAsked, Window

_DAY: Final = timedelta(days=1)
_LEAST_PEOPLE: Final = 10

# A buyer's first and second day with a paid order, of those known before a day.
_FIRST_TWO: Final = """
select person, min(day) as first_day, min(day) filter (turn = 2) as second_day, max(minor) filter (turn = 2) as minor
from (
    select person, day, sum(amount_minor) as minor, row_number() over (partition by person order by day) as turn
    from {orders} where kind = 'paid' and person <> 0 group by person, day
) where turn <= 2 group by person
"""
_CURVE: Final = """
select second_day is not null as is_second, coalesce(second_day, date '{as_of}') - first_day as days, count(*),
    avg(minor)
from ({first_two}) group by all
"""
_CLOSING: Final = """
select person from ({first_two})
where second_day is null and date '{as_of}' - first_day between {opens} and {closes}
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The buyers whose window closes within a week, all together: the newest day's size stands."""
    as_of = day + _DAY
    seconds, waiting, minor = _curve(shop, as_of)
    found = returning.window(seconds, waiting)
    if found is None:
        return
    many = sum(waiting.get(days, 0) for days in range(found.opens_days, found.closes_after_days + 1))
    if many >= _LEAST_PEOPLE:
        yield _finding(shop, day, found, people=many, order_minor=minor)


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The port `people` of segments: buyers of one order so long ago.

    terms    as `ClosingAsked`
    refuses  TermsUnfit, NoSuchShop
    """
    asked = question_of(SECOND_PURCHASE, terms, ClosingAsked)
    as_of = asked.as_of or clock.day_of(at, shops.shop(shop).zone)
    return _CLOSING.format(
        first_two=_first_two(shop, as_of), as_of=as_of, opens=asked.opens_days, closes=asked.closes_days
    )


def _first_two(shop: str, as_of: date) -> str:
    return _FIRST_TWO.format(orders=lake.rollup(shop, "orders", (date.min, as_of)))


def _curve(shop: str, as_of: date) -> tuple[dict[int, int], dict[int, int], float]:
    """Buyers by the days to their second order, those who wait by the days since their first, and what second orders
    come to on average.
    """
    seconds: dict[int, int] = {}
    waiting: dict[int, int] = {}
    minor = 0.0
    for is_second, days, buyers, average in lake.ask(_CURVE.format(first_two=_first_two(shop, as_of), as_of=as_of)):
        (seconds if is_second else waiting)[int(days)] = int(buyers)
        minor += float(average or 0) * buyers if is_second else 0.0
    return seconds, waiting, minor / max(1, sum(seconds.values()))


def _finding(shop: str, day: date, found: Window, *, people: int, order_minor: float) -> Finding:
    still, of = found.later
    bounds = wilson(found.later)
    worth = people * order_minor
    asked = ClosingAsked(opens_days=found.opens_days, closes_days=found.closes_after_days, as_of=day + _DAY)
    return Finding(
        kind="second_purchase",
        subject="",
        day=day,
        size=Size(
            low_minor=round(worth * bounds.low),
            expected_minor=round(worth * still / of),
            high_minor=round(worth * bounds.high),
            currency=shops.shop(shop).currency,
        ),
        confidence=returning.how_exactly(found.later),
        evidence=(
            Evidence(
                what="window_closes",
                numbers={
                    "people": people,
                    "closes_days": found.closes_after_days,
                    "later_bp": round(10_000 * still / of),
                    "share_bp": round(10_000 * found.share),
                },
                page="retention",
                query=days_query(shop, day, day),
            ),
        ),
        proposal=Proposal(
            move=Move.COUPON,
            metric="orders_paid",
            audience=Source(kind=SECOND_PURCHASE, terms=terms_of(asked)),
            discount_bp=500,
        ),
    )

"""A step of the way to an order broke on one device, by one channel or in one region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, broken_steps, confidence
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.broken_steps import STEPS, Break, Counts, Where
from zhanggui.steer.signals.rules.order_worth import OrderWorth, worth
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "funnel_break"
_PAST: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)

# Who is not seen at the checkout but orders was there: a step counts for all before it.
_VISITS: Final = """
with far as (
    select day, device, channel, region,
        case when orders > 0 then 5 when checkouts > 0 then 4 when adds > 0 then 3 when product_views > 0 then 2
            else 1 end as reached
    from {sessions} where device <> 'bot'
)
select day, device, channel, region, count(*), count_if(reached > 1), count_if(reached > 2), count_if(reached > 3),
    count_if(reached > 4)
from far group by all
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The breaks of a day, at most one per cell; days add up. A day that is known to differ is not looked at.

    A cell's days on which it was broken already are no part of its past: a break is found on each of its days, on thin
    ones too because it was there before, and when it is mended a cell is held against how it was before.
    """
    broken = queries.troubles(shop, KIND, before=day)
    since = reach(day, broken.values())
    known = alerts.known_in(shop, since, day)
    if any(day in one for one in known):
        return
    came = counted(shop, since, day)
    days = {when: counts for when, counts in came.items() if not any(when in one for one in known)}
    standing = {subject for subject, spans in broken.items() if spans[-1].end >= day}
    found = broken_steps.breaks(broken_steps.spared(days, broken), day, standing=standing)
    if found:
        each = queries.order_worth(shop, day)
        for one in found:
            yield finding(shop, day, one, each=each)


def reach(day: date, broken: Iterable[Sequence[Period]]) -> date:
    """The first of the days that a day is held against: four weeks, and as many before what is left out of them."""
    starts = [span.start for spans in broken for span in spans]
    return max(min([day, *starts]) - _PAST, day - rules.LOOKED_BACK)


def counted(shop: str, first: date, last: date) -> dict[date, dict[Where, Counts]]:
    """Visits by day and place, by how far they came at least; both days included."""
    sessions = lake.rollup(shop, "sessions", (first, last + _DAY))
    found: defaultdict[date, dict[Where, Counts]] = defaultdict(dict)
    for when, device, channel, region, visits, views, adds, checkouts, orders in lake.ask(
        _VISITS.format(sessions=sessions)
    ):
        where = (device or "", channel or "", region or "")
        found[when][where] = (visits, views, adds, checkouts, orders)
    return found


def finding(shop: str, day: date, one: Break, *, each: OrderWorth, days: int = 1) -> Finding:
    """A break in words' numbers; of one day, or of so many that are looked at together."""
    where = {one.place: one.cell}
    first = day - (days - 1) * _DAY
    return Finding(
        kind=KIND if days == 1 else "funnel_slip",
        subject=f"{one.place}:{one.cell}",
        day=day,
        size=size_of(worth(one.lost, low=one.lost_low, high=one.lost_high, each=each), shops.shop(shop).currency),
        confidence=confidence(one.chance),
        evidence=(
            Evidence(
                what="step_fell",
                numbers={
                    "place": one.place,
                    "cell": one.cell,
                    "step": STEPS[one.step],
                    "taken": one.taken,
                    "of": one.of,
                    "rate_bp": round(10_000 * one.taken / one.of),
                    "usual_bp": round(10_000 * one.usual),
                    "lost_tenths": round(10 * one.lost),
                },
                page="funnel",
                query=days_query(shop, first, day, **where),
            ),
            Evidence(
                what="others_stand",
                numbers={"place": one.place, "cell": one.cell, "others_bp": round(10_000 * one.others)},
                page="explorer",
                query=days_query(shop, day - _PAST, day, m="cvr_order_session", by="day", **where),
            ),
        ),
        proposal=Proposal(
            move=_move(one, days=days),
            metric="cvr_order_session",
            channel=where.get("channel", ""),
            region=where.get("region", ""),
            device=where.get("device", ""),
        ),
        tests=one.tests,
        adds_up=days == 1,
    )


def _move(one: Break, *, days: int) -> Move:
    """What broke overnight, or on one kind of device, is to be mended; a product page that sells worse for days to
    some visitors can be shown in another way.
    """
    is_of_the_page = STEPS[one.step] == "add" and one.place != "device"
    return Move.PAGE if is_of_the_page and days > 1 else Move.CHECK

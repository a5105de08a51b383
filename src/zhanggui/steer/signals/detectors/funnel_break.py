"""A step of the way to an order broke on one device, by one channel or in one region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from textwrap import shorten
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.alerts.rules import KnownDays
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.detectors import dead_stock, fake_ring, price_response, stockout_ahead
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Signal, broken_steps, confidence
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.broken_steps import STEPS, Break, Counts, Where
from zhanggui.steer.signals.rules.order_worth import OrderWorth, worth
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "funnel_break"
_PAST: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)
_LONGEST: Final = 120
# Of which goods one of these is told, their visitors do other than before wherever they come from.
_OF_GOODS: Final = frozenset({stockout_ahead.KIND, dead_stock.KIND, price_response.KIND, fake_ring.KIND})

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
# The visits that did not look at some goods; one without a session of its own is kept.
_BUT = """(
    select visits.* from {sessions} as visits left join (
        select distinct day, session from {events}
        where name = 'Product Viewed' and sku in (select unnest(?::varchar[]))
    ) as looks on looks.day = visits.day and looks.session = visits.session
    where looks.session is null
)"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """The breaks of a day, at most one per cell; days add up. A day that is known to differ is not looked at.

    A cell's days on which it was broken already are no part of its past: a break is found on each of its days, on thin
    ones too because it was there before, and when it is mended a cell is held against how it was before. Visits that
    looked at goods of which something is told are left out, on the day and before it: see `goods_told`.
    """
    broken = queries.troubles(shop, KIND, before=day)
    since = reach(day, broken.values())
    known = alerts.known_in(shop, since, day)
    if any(day in one for one in known):
        return
    goods = goods_told(shop, Period(day, day + _DAY))
    came = counted(shop, since, day, but=goods)
    days = {when: counts for when, counts in came.items() if not any(when in one for one in known)}
    standing = {subject for subject, spans in broken.items() if spans[-1].end >= day}
    found = broken_steps.breaks(broken_steps.spared(days, broken), day, standing=standing)
    if found:
        each = queries.order_worth(shop, day)
        everybody = everyone(shop, Period(day, day + _DAY), but=goods)
        for one in broken_steps.of_all(found, everybody):
            yield finding(shop, day, one, each=each, but=goods)


def goods_told(shop: str, period: Period) -> tuple[str, ...]:
    """The SKUs of which it is told that they are out, dead, dearer, or bought by a ring.

    Who looks at them buys less than such visitors used to, or more, and by no fault of a device, channel or region. If
    a ring's visits all come by one channel, the others look worse beside it; if a good is out, those cells fall most
    whose visitors came for it. What runs out later can still be bought. What was called not useful explains nothing.
    """
    told = (one for one in queries.signals(shop, period) if one.kind in _OF_GOODS and one.is_useful is not False)
    return tuple(sorted({one.subject.removeprefix("sku:") for one in told if not _is_ahead(one)}))


def _is_ahead(signal: Signal) -> bool:
    return signal.kind == stockout_ahead.KIND and bool(signal.evidence[0].numbers["free"])


def everyone(
    shop: str, days: Period, *, but: Sequence[str], known: Collection[KnownDays] = ()
) -> dict[Where, Counts] | None:
    """All visits of some days as if they were one, where visits to some goods were left out; None where none were.

    known  days that differ, which are not counted
    """
    if not but:
        return None
    came = counted(shop, days.start, days.end - _DAY)
    return broken_steps.together(counts for when, counts in came.items() if not any(when in one for one in known))


def reach(day: date, broken: Iterable[Sequence[Period]]) -> date:
    """The first of the days that a day is held against: four weeks, and as many before what is left out of them."""
    starts = [span.start for spans in broken for span in spans]
    return max(min([day, *starts]) - _PAST, day - rules.LOOKED_BACK)


def counted(shop: str, first: date, last: date, *, but: Sequence[str] = ()) -> dict[date, dict[Where, Counts]]:
    """Visits by day and place, by how far they came at least; both days included.

    but  visits that looked at one of these SKUs are left out
    """
    sessions = lake.rollup(shop, "sessions", (first, last + _DAY)).sql
    if but:
        sessions = _BUT.format(sessions=sessions, events=lake.events(shop, first, last + _DAY))
    found: defaultdict[date, dict[Where, Counts]] = defaultdict(dict)
    for when, device, channel, region, visits, views, adds, checkouts, orders in lake.ask(
        _VISITS.format(sessions=sessions), [list(but)] if but else []
    ):
        where = (device or "", channel or "", region or "")
        found[when][where] = (visits, views, adds, checkouts, orders)
    return found


def finding(shop: str, day: date, one: Break, *, each: OrderWorth, days: int = 1, but: Sequence[str] = ()) -> Finding:
    """A break in words' numbers; of one day, or of so many that are looked at together.

    but  the SKUs whose visitors were left out
    """
    where = {one.place: one.cell}
    return Finding(
        kind=KIND if days == 1 else "funnel_slip",
        subject=f"{one.place}:{one.cell}",
        day=day,
        size=size_of(worth(one.lost, low=one.lost_low, high=one.lost_high, each=each), shops.shop(shop).currency),
        confidence=confidence(one.chance),
        evidence=tuple(_seen(shop, Period(day - (days - 1) * _DAY, day + _DAY), one, where, but)),
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


def _seen(shop: str, days: Period, one: Break, where: Mapping[str, str], but: Sequence[str]) -> Iterator[Evidence]:
    yield Evidence(
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
        query=days_query(shop, days.start, days.last, **where),
    )
    yield Evidence(
        what="others_stand",
        numbers={"place": one.place, "cell": one.cell, "others_bp": round(10_000 * one.others)},
        page="explorer",
        query=days_query(shop, days.last - _PAST, days.last, m="cvr_order_session", by="day", **where),
    )
    if but:
        yield Evidence(
            what="goods_left_out",
            numbers={"skus": shorten(", ".join(but), _LONGEST, placeholder=" …")},
            page="signals",
            query=urlencode({"shop": shop}),
        )


def _move(one: Break, *, days: int) -> Move:
    """What broke overnight, or on one kind of device, is to be mended; a product page that sells worse for days to
    some visitors can be shown in another way.
    """
    is_of_the_page = STEPS[one.step] == "add" and one.place != "device"
    return Move.PAGE if is_of_the_page and days > 1 else Move.CHECK

"""Orders that are paid and should have left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, lateness
from zhanggui.steer.signals.rules.addresses import days_query

KIND: Final = "late_parcels"
# Whatever did not leave in so many days is another matter.
_GIVEN_UP: Final = 30
_DAY: Final = timedelta(days=1)

# An order is late from the end of its promise until a parcel of it leaves, or until it comes to nothing.
_LATE: Final = """
with paid as (
    select order_number, min(ts_us) as paid_us, sum(amount_minor)::bigint as minor
    from {orders} where kind = 'paid' group by 1
), ended as (
    select order_number, min(ts_us) as ended_us from (
        select order_number, ts_us from {parcels} where kind = 'shipped'
        union all select order_number, ts_us from {orders} where kind in ('cancelled', 'refunded')
    ) group by 1
), ends as (select unnest(?::bigint[]) as end_us)
select end_us, count(order_number), coalesce(sum(minor), 0)::bigint, coalesce(max(end_us - paid_us), 0)
from ends left join (paid left join ended using (order_number))
    on paid_us + ? <= end_us and paid_us > end_us - ? and (ended_us is null or ended_us > end_us)
group by end_us order by end_us
"""
_SHIPS: Final = "select count(*) from {parcels} where kind = 'shipped'"
_PAID: Final = "select count(*) from {orders} where kind = 'paid'"
_WORTH: Final = """
select coalesce(sum(amount_minor), 0)::bigint from {orders}
where kind = 'paid' and order_number in (select unnest(?::varchar[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """Orders that are late at the end of a day; at the ends of the days before it, how many.

    hours  since the oldest should have left
    """

    orders: int
    minor: int
    hours: int
    before: tuple[int, ...]


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """Late orders at the end of a day, if they are more than is usual or a twentieth of a day's orders.

    The size is what was paid for them: it is counted, so it has no width. A shop that runs here promised each parcel a
    moment; of others 48 hours after the payment count, so parcels that stop leaving are found two days later.
    """
    books = shops.shop(shop)
    usual_until = rules.undisturbed(day, queries.troubles(shop, KIND, before=day).get("", ()), days=lateness.PAST_DAYS)
    since = usual_until - (lateness.PAST_DAYS + _GIVEN_UP) * _DAY
    found = _by_facts(shop, day, since, usual_until=usual_until, zone=books.zone)
    own = parcels.late_orders(shop, at=at)
    if own:
        orders = lake.rollup(shop, "orders", (since, date.max))
        ((minor,),) = lake.ask(_WORTH.format(orders=orders), [list(own)])
        found = _Late(orders=len(own), minor=minor, hours=_hours(shop, at), before=found.before if found else ())
    if found is None or found.orders < lateness.LEAST_ORDERS:
        return
    chance = lateness.chance_of(found.orders, before=found.before)
    is_many = lateness.is_many(found.orders, daily_orders=_daily_orders(shop, day))
    if is_many or chance <= rules.DAILY_FALSE:
        yield _finding(shop, found, 1.0 if is_many else rules.confidence(chance), day=day, currency=books.currency)


def _finding(shop: str, found: _Late, confidence: float, *, day: date, currency: str) -> Finding:
    waits = {"orders": found.orders, "minor": found.minor, "hours": found.hours}
    return Finding(
        kind=KIND,
        subject="",
        day=day,
        size=Size(low_minor=found.minor, expected_minor=found.minor, high_minor=found.minor, currency=currency),
        confidence=confidence,
        evidence=(
            Evidence(what="not_left", numbers=waits, page="parcels", query=urlencode({"shop": shop, "due": "late"})),
            Evidence(
                what="promise_kept",
                numbers={"days": lateness.PAST_DAYS},
                page="explorer",
                query=days_query(shop, day - lateness.PAST_DAYS * _DAY, day, m="fulfilment_in_promise", by="day"),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric="fulfilment_in_promise"),
    )


def _hours(shop: str, at: datetime) -> int:
    """Since the longest overdue parcel should have left."""
    oldest = parcels.late(shop, at=at, limit=1).parcels
    return int((at - oldest[0].ship_by) / timedelta(hours=1)) if oldest else 0


def _by_facts(shop: str, day: date, since: date, *, usual_until: date, zone: str) -> _Late | None:
    """By the promise that everybody makes; None of a shop that says nothing of its parcels."""
    days = (since, day + _DAY)
    tables = {name: lake.rollup(shop, name, days) for name in ("orders", "parcels")}
    ((shipped,),) = lake.ask(_SHIPS.format(**tables))
    if not shipped:
        return None
    before_it = [usual_until - n * _DAY for n in range(lateness.PAST_DAYS, 0, -1)]
    ends = [clock.micros(clock.span_of(one, zone)[1]) for one in (*before_it, day)]
    given_up_us = _micros(_GIVEN_UP * _DAY)
    *before, today = lake.ask(_LATE.format(**tables), [ends, _micros(lateness.PROMISE), given_up_us])
    _, orders, minor, oldest_us = today
    hours = max(0, oldest_us - _micros(lateness.PROMISE)) // _micros(timedelta(hours=1))
    return _Late(orders=orders, minor=minor, hours=hours, before=tuple(row[1] for row in before))


def _daily_orders(shop: str, day: date) -> float:
    days = (day - lateness.PAST_DAYS * _DAY, day)
    ((paid,),) = lake.ask(_PAID.format(orders=lake.rollup(shop, "orders", days)))
    return float(paid) / lateness.PAST_DAYS


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)

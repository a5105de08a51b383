"""Orders that are paid and should have left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts import queries as alerts
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, Size, lateness
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.lateness import HeldUp, Leaving
from zhanggui.steer.signals.rules.order_worth import OrderWorth

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
# How many of a day's orders had left by the end of it and of the next day, or came to nothing; what those were paid
# for that had not.
_LEAVING: Final = """
with paid as (
    select order_number, min(day) as paid_on, sum(amount_minor)::bigint as minor
    from {orders} where kind = 'paid' group by 1
), gone as (
    select order_number, min(day) as gone_on from (
        select order_number, day from {parcels} where kind = 'shipped'
        union all select order_number, day from {orders} where kind in ('cancelled', 'refunded')
    ) group by 1
), waiting as (
    select paid_on, nights, minor, coalesce(gone_on <= paid_on + nights, false) as has_left
    from paid left join gone using (order_number), (select unnest([0, 1]) as nights)
)
select nights, paid_on, count(*), count_if(has_left), coalesce(avg(minor) filter (not has_left), 0),
    coalesce(stddev_pop(minor) filter (not has_left), 0)
from waiting group by 1, 2
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
    """Orders that should have left by the end of a day: their promise has passed, or as many leave sooner here.

    What is late by its promise is found if it is more than is usual or a twentieth of a day's orders: a shop that runs
    here promised each parcel a moment, of others 48 hours after the payment count. The promise passes two days after
    parcels stop leaving, but the day on which they stop says so itself: of what was paid that day and the day before
    fewer have left than on the same weekday in eight weeks. Of 110 orders 60 leave on their day; if 40 do, and the
    weeks differ by no more than chance, that is told the same night. Days that are known to differ are not held
    against others.

    What is late is counted at what was paid for it; of what is held up besides it is only known how many there are.
    """
    books = shops.shop(shop)
    troubles = queries.troubles(shop, KIND, before=day).get("", ())
    usual_until = rules.undisturbed(day, troubles, days=lateness.PAST_DAYS)
    since = usual_until - (lateness.PAST_DAYS + _GIVEN_UP) * _DAY
    late = _by_facts(shop, day, since, usual_until=usual_until, zone=books.zone)
    held = _held_up(shop, day, troubles) if late else {}
    own = parcels.late_orders(shop, at=at)
    if own:
        orders = lake.rollup(shop, "orders", (since, date.max))
        ((minor,),) = lake.ask(_WORTH.format(orders=orders), [list(own)])
        late = _Late(orders=len(own), minor=minor, hours=_hours(shop, at), before=late.before if late else ())
    if late is None:
        return
    is_late = late.orders >= lateness.LEAST_ORDERS
    is_many = is_late and lateness.is_many(late.orders, daily_orders=_daily_orders(shop, day))
    by_promise = lateness.chance_of(late.orders, before=late.before) if is_late else 1.0
    chance = min(rules.corrected([0.0 if is_many else by_promise, *(one.chance for one in held.values())]))
    if chance <= rules.DAILY_FALSE:
        yield _finding(shop, late, held, rules.confidence(chance), day=day, currency=books.currency)


def _finding(
    shop: str, late: _Late, held: Mapping[int, HeldUp], confidence: float, *, day: date, currency: str
) -> Finding:
    low, expected, high = (
        late.minor + sum(getattr(one.worth, end) for one in held.values())
        for end in ("low_minor", "expected_minor", "high_minor")
    )
    return Finding(
        kind=KIND,
        subject="",
        day=day,
        size=Size(low_minor=low, expected_minor=expected, high_minor=high, currency=currency),
        confidence=confidence,
        evidence=(
            *_waiting(shop, late, held, day=day),
            Evidence(
                what="promise_kept",
                numbers={"days": lateness.PAST_DAYS},
                page="explorer",
                query=days_query(shop, day - lateness.PAST_DAYS * _DAY, day, m="fulfilment_in_promise", by="day"),
            ),
        ),
        proposal=Proposal(move=Move.CHECK, metric="fulfilment_in_promise"),
        tests=1 + len(held),
    )


def _waiting(shop: str, late: _Late, held: Mapping[int, HeldUp], *, day: date) -> Iterator[Evidence]:
    """What has not left: late by its promise first, then by the shop's own pace."""
    if late.orders >= lateness.LEAST_ORDERS:
        waits = {"orders": late.orders, "minor": late.minor, "hours": late.hours}
        yield Evidence(what="not_left", numbers=waits, page="parcels", query=urlencode({"shop": shop, "due": "late"}))
    for nights, one in sorted(held.items()):
        what = "left_slower" if nights else "leave_slower"
        numbers = {"left": one.left, "of": one.of, "usual_tenths": round(10 * one.usual)}
        yield Evidence(what=what, numbers=numbers, page="parcels", query=urlencode({"shop": shop}))


def _held_up(shop: str, day: date, troubles: Sequence[Period]) -> dict[int, HeldUp]:
    """What was paid on the day, and on the day before, and has not left though so much does; by nights passed."""
    first = day - (7 * lateness.PAST_WEEKS + 1) * _DAY
    known = alerts.known_in(shop, first, day)
    tables = {name: lake.rollup(shop, name, (first, day + _DAY)) for name in ("orders", "parcels")}
    came: dict[int, dict[date, Leaving]] = {0: {}, 1: {}}
    for nights, paid_on, of, left, mean, deviation in lake.ask(_LEAVING.format(**tables)):
        if not any(on in one for one in known for on in (paid_on, paid_on + nights * _DAY)):
            waits = OrderWorth(mean_minor=float(mean), deviation_minor=float(deviation))
            came[nights][paid_on] = Leaving(of=of, left=left, waits=waits)
    found = {}
    for nights, days in came.items():
        now = days.pop(day - nights * _DAY, None)
        alike = {on: one for on, one in days.items() if (day - on).days % 7 == nights}
        past = [(one.left, one.of) for on, one in alike.items() if not any(on in span for span in troubles)]
        held = lateness.held_up(now, past) if now else None
        if held is not None:
            found[nights] = held
    return found


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

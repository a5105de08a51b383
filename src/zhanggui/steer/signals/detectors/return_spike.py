"""Goods that come back more often than they used to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.rules import Period
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, return_spikes
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.return_spikes import Back, Spike
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "return_spike"
_LAG_FROM: Final = 90
_LEAST_LAGS: Final = 10
_WHOLE_DAYS: Final = return_spikes.RECENT_DAYS + return_spikes.BETWEEN_DAYS + return_spikes.PAST_DAYS
_DAY: Final = timedelta(days=1)

# How many days after its payment an order is refunded, in the middle.
_LAG: Final = """
with paid as (select order_number, min(day) as paid_on from {orders} where kind = 'paid' group by 1),
back as (select order_number, min(day) as back_on from {orders} where kind = 'refunded' group by 1)
select count(*), quantile_disc(date_diff('day', paid_on, back_on), 0.5) from paid join back using (order_number)
"""
_PAID: Final = """
select sku, day, sum(orders)::bigint from {sku_days} where kind = 'paid' and sku <> '' group by 1, 2
"""
_SOLD: Final = """
select sku, sum(orders)::bigint from {sku_days} where kind = 'paid' and sku <> '' group by sku
"""
_REFUNDED: Final = """
select day, sku, sum(orders)::bigint, sum(amount_minor)::bigint from {sku_days}
where kind = 'refunded' and sku <> '' group by 1, 2
"""
# Orders that are asked back, each on the day on which it is, so many days after it was paid.
_ASKED: Final = """
with paid as (select order_number, min(day) as paid_on from {orders} where kind = 'paid' group by 1),
asked as (select day, order_number, unnest(lines) as line from {events} where name = 'shop.return_requested')
select day, line.sku, count(distinct order_number), sum(line.amount_minor)::bigint, date_diff('day', paid_on, day)
from asked join paid using (order_number) group by all
"""

# On a day, of a SKU: orders, and what for.
_ByDay = Mapping[date, Mapping[str, tuple[int, int]]]
# On a day, of a SKU, so many days after the payment: orders.
_Asked = tuple[date, str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Came:
    """What came back.

    by_day  what was asked back, else refunded;  lag so many days after the payment, in the middle
    asked   each day's with its own days after the payment; nothing where it is not told that they are asked back
    """

    by_day: _ByDay
    lag: int
    asked: tuple[_Asked, ...] = ()


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """SKUs whose orders of two weeks come back beyond what their past lets expect, corrected for how many SKUs sold.

    A return counts on the day on which it is asked for, where the shop says so: the goods are on the road for days more
    and the money goes back after that. Elsewhere its refund counts. The last week is looked at and the last two; and
    of what was paid in the last 8, 12 and 17 days how much was asked back by now, against how much of it would be if it
    came back as usual. Each has a fifth of the chance to be wrong. Goods that are bad from a day on cannot be told on
    that day, for they are sent and tried first, which takes five days in the middle; and of 60 SKUs of which one in
    twenty comes back five have to be asked back of those first orders to be no chance: that is nine days on average
    for one bought twice a day, and two weeks with bad luck. The size is what was asked back beyond the usual in the
    last two weeks.
    """
    until = {sku: rules.undisturbed(day, spans, days=_WHOLE_DAYS) for sku, spans in _troubles(shop, day).items()}
    came = _came(shop, min([day, *until.values()]) - (_WHOLE_DAYS - 1) * _DAY, day)
    before = _usual(shop, day, came)
    if sum(one.sold for one in before.values()) == 0:
        return
    for sku, on in until.items():
        before[sku] = _usual(shop, on, came).get(sku, return_spikes.NOTHING)
    now, week = (
        _backs(shop, Period(day - (days - 1) * _DAY, day + _DAY), came)
        for days in (return_spikes.RECENT_DAYS, return_spikes.SHORTER_DAYS)
    )
    every = return_spikes.spikes(now, before, also=[week, *_soon(shop, day, came)])
    could = rules.askable([one.least for one in every])
    spikes = [one for one, can in zip(every, could, strict=True) if can]
    chances = rules.corrected([one.chance for one in spikes])
    currency = shops.shop(shop).currency
    for spike, chance in zip(spikes, chances, strict=True):
        if chance <= rules.DAILY_FALSE and return_spikes.is_enough(spike):
            yield _finding(shop, spike, chance, day=day, currency=currency, tests=len(spikes))


def _finding(shop: str, spike: Spike, chance: float, *, day: date, currency: str, tests: int) -> Finding:
    days = return_spikes.RECENT_DAYS
    since = day - (days - 1) * _DAY
    came: dict[str, str | int] = {
        "sku": spike.sku,
        "returned": spike.recent.returned,
        "of": spike.recent.sold,
        "usual_tenths": round(10 * spike.usual),
        "days": days,
    }
    where = days_query(shop, since, day, sku=spike.sku, m="refund_amount,units", by="day")
    return Finding(
        kind=KIND,
        subject=f"sku:{spike.sku}",
        day=day,
        size=size_of(spike, currency),
        confidence=rules.confidence(chance),
        evidence=(
            Evidence(what="comes_back", numbers=came, page="explorer", query=where),
            Evidence(what="returns_desk", numbers={"sku": spike.sku}, page="returns", query=urlencode({"shop": shop})),
        ),
        proposal=Proposal(move=Move.CHECK, metric="return_rate", sku=spike.sku),
        tests=tests,
    )


def _usual(shop: str, day: date, came: _Came) -> dict[str, Back]:
    """What came back in the weeks that a day is held against."""
    end = day - (return_spikes.RECENT_DAYS + return_spikes.BETWEEN_DAYS - 1) * _DAY
    return _backs(shop, Period(end - return_spikes.PAST_DAYS * _DAY, end), came)


def _troubles(shop: str, day: date) -> dict[str, tuple[Period, ...]]:
    """The days before one on which SKUs were told to come back too often."""
    return {subject.removeprefix("sku:"): spans for subject, spans in queries.troubles(shop, KIND, before=day).items()}


def _backs(shop: str, days: Period, came: _Came) -> dict[str, Back]:
    """What came back on these days, of what was paid as many days earlier; by SKU."""
    table = lake.rollup(shop, "sku_days", (days.start - came.lag * _DAY, days.end - came.lag * _DAY))
    sold = dict(lake.ask(_SOLD.format(sku_days=table)))
    back: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for on, by_sku in came.by_day.items():
        for sku, (orders, minor) in by_sku.items() if on in days else ():
            back[sku] = (back[sku][0] + orders, back[sku][1] + minor)
    return {
        sku: Back(returned=back[sku][0], sold=sold.get(sku, 0), minor=back[sku][1]) for sku in back.keys() | sold.keys()
    }


def _soon(shop: str, day: date, came: _Came) -> Iterator[dict[str, Back]]:
    """By SKU how much of what was paid in the last days was asked back by now; none where that is not told."""
    if not came.asked:
        return
    lags: Counter[int] = Counter()
    asked: defaultdict[str, Counter[int]] = defaultdict(Counter)
    paid: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for on, sku, orders, lag in came.asked:
        lags[lag] += orders
        asked[sku][(day - on).days + lag] += orders
    since = day - (max(return_spikes.PAID_DAYS) - 1) * _DAY
    for sku, on, orders in lake.ask(_PAID.format(sku_days=lake.rollup(shop, "sku_days", (since, day + _DAY)))):
        paid[sku][on] = orders
    for days in return_spikes.PAID_DAYS:
        yield {sku: return_spikes.soon(own, asked[sku], lags=lags, day=day, days=days) for sku, own in paid.items()}


def _came(shop: str, first: date, last: date) -> _Came:
    """What was asked back on each of these days, else refunded; and how many days after the payment, in the middle."""
    days = (first, last + _DAY)
    orders = lake.rollup(shop, "orders", (first - _LAG_FROM * _DAY, last + _DAY))
    asked = lake.ask(_ASKED.format(orders=orders, events=lake.events(shop, *days)))
    if sum(row[2] for row in asked) >= _LEAST_LAGS:
        lags = sorted(lag for _, _, count, _, lag in asked for _ in range(count))
        each = tuple((on, sku, count, lag) for on, sku, count, _, lag in asked)
        return _Came(by_day=_by_day(row[:4] for row in asked), lag=int(median_low(lags)), asked=each)
    ((count, lag),) = lake.ask(_LAG.format(orders=orders))
    refunded = lake.ask(_REFUNDED.format(sku_days=lake.rollup(shop, "sku_days", days)))
    return _Came(by_day=_by_day(refunded), lag=int(lag) if count >= _LEAST_LAGS else return_spikes.USUAL_LAG_DAYS)


def _by_day(rows: Iterable[tuple[date, str, int, int]]) -> _ByDay:
    found: defaultdict[date, dict[str, tuple[int, int]]] = defaultdict(dict)
    for on, sku, orders, minor in rows:
        had = found[on].get(sku, (0, 0))
        found[on][sku] = (had[0] + orders, had[1] + minor)
    return found

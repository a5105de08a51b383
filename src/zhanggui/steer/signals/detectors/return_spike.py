"""Goods that come back more often than they used to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals import queries, rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, return_spikes
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.return_spikes import Back, Spike
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "return_spike"
_LAG_FROM: Final = 90
_LEAST_LAGS: Final = 10
_DAY: Final = timedelta(days=1)

# How many days after its payment an order is refunded, in the middle.
_LAG: Final = """
with paid as (select order_number, min(day) as paid_on from {orders} where kind = 'paid' group by 1),
back as (select order_number, min(day) as back_on from {orders} where kind = 'refunded' group by 1)
select count(*), quantile_disc(date_diff('day', paid_on, back_on), 0.5) from paid join back using (order_number)
"""
_COUNTED: Final = """
select sku, kind, sum(orders)::bigint, sum(amount_minor)::bigint
from {sku_days} where kind in ('paid', 'refunded') and sku <> '' group by all
"""


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """SKUs whose orders of two weeks come back beyond what their past lets expect, corrected for how many SKUs sold.

    The last week is looked at and the last two, each with half of the chance to be wrong. Goods that are bad from a day
    on raise it about two weeks later: they are sent, tried and sent back first, which takes some ten days, and of 200
    SKUs one of which one in twenty comes back has to show seven returns of twenty to be no chance. The size is what was
    refunded beyond the usual in the longer of the two that shows it.
    """
    lag = _lag_days(shop, day)
    before = _usual(shop, day, lag=lag)
    if sum(one.sold for one in before.values()) == 0:
        return
    for sku, until in _disturbed(shop, day).items():
        before[sku] = _usual(shop, until, lag=lag).get(sku, return_spikes.NOTHING)
    currency, told = shops.shop(shop).currency, set[str]()
    for days in return_spikes.TOGETHER:
        now = _backs(shop, day - (days - 1) * _DAY, day, lag=lag)
        spikes = return_spikes.spikes(now, before)
        chances = rules.corrected([len(return_spikes.TOGETHER) * one.chance for one in spikes])
        for spike, chance in zip(spikes, chances, strict=True):
            is_found = chance <= rules.DAILY_FALSE and return_spikes.is_enough(spike)
            if is_found and spike.sku not in told:
                told.add(spike.sku)
                yield _finding(shop, spike, chance, day=day, days=days, currency=currency, tests=len(spikes))


def _finding(shop: str, spike: Spike, chance: float, *, day: date, days: int, currency: str, tests: int) -> Finding:
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


def _lag_days(shop: str, day: date) -> int:
    table = lake.rollup(shop, "orders", (day - _LAG_FROM * _DAY, day + _DAY))
    ((count, lag),) = lake.ask(_LAG.format(orders=table))
    return int(lag) if count >= _LEAST_LAGS else return_spikes.USUAL_LAG_DAYS


def _usual(shop: str, day: date, *, lag: int) -> dict[str, Back]:
    """What came back in the weeks that a day is held against."""
    until = day - (return_spikes.RECENT_DAYS + return_spikes.BETWEEN_DAYS) * _DAY
    return _backs(shop, until - (return_spikes.PAST_DAYS - 1) * _DAY, until, lag=lag)


def _disturbed(shop: str, day: date) -> dict[str, date]:
    """SKUs that were told to come back too often, with the day whose past was still undisturbed."""
    days = return_spikes.RECENT_DAYS + return_spikes.BETWEEN_DAYS + return_spikes.PAST_DAYS
    told = queries.troubles(shop, KIND, before=day)
    return {subject.removeprefix("sku:"): rules.undisturbed(day, spans, days=days) for subject, spans in told.items()}


def _backs(shop: str, first: date, last: date, *, lag: int) -> dict[str, Back]:
    """What came back on these days, of what was paid as many days earlier; by SKU."""
    came = _counted(shop, first, last, "refunded")
    sold = _counted(shop, first - lag * _DAY, last - lag * _DAY, "paid")
    return {
        sku: Back(returned=came.get(sku, (0, 0))[0], sold=sold.get(sku, (0, 0))[0], minor=came.get(sku, (0, 0))[1])
        for sku in came.keys() | sold.keys()
    }


def _counted(shop: str, first: date, last: date, kind: str) -> dict[str, tuple[int, int]]:
    table = lake.rollup(shop, "sku_days", (first, last + _DAY))
    rows = lake.ask(_COUNTED.format(sku_days=table))
    return {sku: (orders, minor) for sku, what, orders, minor in rows if what == kind}

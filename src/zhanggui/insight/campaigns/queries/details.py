"""One offer: day by day, SKU by SKU, and the orders behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from zhanggui.base.money import Money
from zhanggui.insight.campaigns.errors import NoSuchOffer
from zhanggui.insight.campaigns.queries import counting, standings
from zhanggui.insight.campaigns.queries.standings import Terms
from zhanggui.insight.campaigns.rules import AFTER_DAYS, MOST_DAYS, Goods, Kind, Offer, Parts, Standing, Uplift, uplift
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period

MOST_GOODS: Final = 100
_SHOWN_BEFORE: Final = timedelta(days=28)
_DAY: Final = timedelta(days=1)

_GOODS: Final = """
select sku, count(distinct order_number), sum(units)::bigint, sum(minor)::bigint from lines
where kind = ? and offer = ? and sku <> '' group by sku order by sum(minor) desc, sku
"""
_ORDERS: Final = """
, sums as (
    select order_number, sum(minor)::bigint as minor from lines where kind = ? and offer = ? group by order_number
)
select order_number, max(paid_on), sum(held.minor)::bigint, coalesce(max(sums.minor), 0) from held
left join sums using (order_number) where kind = ? and offer = ?
group by order_number order by max(paid_on) desc, order_number desc limit ? offset ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What an offer's goods sold on a day.

    expected, low, high  in minor units; None before it began, and where nothing could be expected
    is_on                whether it was on
    """

    day: date
    actual: Money
    expected: float | None
    low: float | None
    high: float | None
    is_on: bool
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """A SKU of an offer.

    orders, units, money  that passed through the offer
    uplift                of all that was sold of it; None if too little is known of it
    """

    sku: str
    orders: int
    units: int
    money: Money
    uplift: Uplift | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """A paid order that used an offer.

    given  what the offer took off
    money  what passed through the offer of it
    """

    number: str
    paid_on: date
    given: Money
    money: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """One offer in a period.

    goods   the most money first, at most MOST_GOODS
    orders  a part of those that used it, the latest first
    """

    standing: Standing
    days: tuple[Day, ...]
    goods: tuple[Good, ...]
    orders: tuple[Used, ...]


_kept = metrics.keeper(Detail, most=64)


def detail(shop: str, kind: Kind, id: str, period: Period, *, today: date, limit: int = 50, offset: int = 0) -> Detail:
    """One offer that was on in a period.

    today          the first day that is not over
    limit, offset  which of the orders are given
    refuses        NoSuchShop, NoSuchOffer
    """
    offer = next((one for one in standings.offers_of(shop, period) if (one.kind, one.id) == (kind, id)), None)
    terms = standings.terms_of(shop, [offer.start], until=period.end, today=today) if offer else None
    if offer is None or terms is None:
        raise NoSuchOffer(kind=kind, id=id)
    asked = ("detail", shop, offer, period, terms, limit, offset)
    return _kept.get(shop, asked, lambda: _detail(shop, offer, period, terms, limit=limit, offset=offset))


def _detail(shop: str, offer: Offer, period: Period, terms: Terms, *, limit: int, offset: int) -> Detail:
    days = standings.reach(offer, period, today=terms.today)
    (parts,) = counting.sold(shop, [(offer.goods or Goods(), days)])
    touched = counting.touched(shop, period, terms.currency)
    standing = standings.stand(offer, period, parts, touched.get((offer.kind, offer.id)), terms)
    return Detail(
        standing=standing,
        days=tuple(_days(standing, parts, days, terms)),
        goods=tuple(_goods(shop, standing, period, days, terms)),
        orders=tuple(_orders(shop, offer, period, terms.currency, limit=limit, offset=offset)),
    )


def _days(standing: Standing, parts: Parts, days: Period, terms: Terms) -> Sequence[Day]:
    """Four weeks before the offer, its days, and those after it as far as they are looked at."""
    offer, expected = standing.offer, dict[date, tuple[float, float, float]]()
    until = min(days.end, terms.today, offer.start + (MOST_DAYS + AFTER_DAYS) * _DAY)
    if standing.uplift and offer.start < until:
        found = uplift(
            parts.own,
            since=offer.start,
            days=Period(offer.start, until),
            known=terms.known,
            left_out=terms.odd,
            currency=terms.currency,
        )
        ahead = found[1].days if found else ()
        expected = {offer.start + n * _DAY: one for n, one in enumerate(ahead)}
    start = max(offer.start - _SHOWN_BEFORE, terms.known[0])
    shown = (start + n * _DAY for n in range((max(days.end, start) - start).days))
    return [_day(day, standing, parts, expected.get(day), terms) for day in shown if day <= terms.today]


def _day(day: date, standing: Standing, parts: Parts, expected: tuple[float, float, float] | None, terms: Terms) -> Day:
    size, low, high = expected or (None, None, None)
    offer = standing.offer
    return Day(
        day=day,
        actual=Money(parts.own.get(day, 0), terms.currency),
        expected=size,
        low=low,
        high=high,
        is_on=offer.start <= day and (offer.end is None or day < offer.end),
        is_over=day < terms.today,
    )


def _goods(shop: str, standing: Standing, period: Period, days: Period, terms: Terms) -> Sequence[Good]:
    offer = standing.offer
    rows = lake.ask(counting.held_sql(shop, period) + _GOODS, [offer.kind, offer.id])
    passed: Mapping[str, Sequence[Any]] = {row[0]: row[1:] for row in rows}
    named = offer.goods.skus if offer.goods else frozenset()
    skus = [*passed, *sorted(named - passed.keys())][:MOST_GOODS]
    courses = counting.sold_by_sku(shop, skus, days)
    found = []
    for sku in skus:
        orders, units, minor = passed.get(sku, (0, 0, 0))
        judged = standing.judged
        found.append(
            Good(
                sku=sku,
                orders=orders,
                units=units,
                money=Money(minor, terms.currency),
                uplift=terms.judge(courses[sku], since=offer.start, days=judged) if judged else None,
            )
        )
    return found


def _orders(shop: str, offer: Offer, period: Period, currency: str, *, limit: int, offset: int) -> Sequence[Used]:
    one = [offer.kind, offer.id]
    rows = lake.ask(counting.held_sql(shop, period) + _ORDERS, [*one, *one, limit, offset])
    return [
        Used(number=number, paid_on=paid_on, given=Money(given, currency), money=Money(minor, currency))
        for number, paid_on, given, minor in rows
    ]

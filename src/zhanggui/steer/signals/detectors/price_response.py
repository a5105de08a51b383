"""Goods that bring less money since their price rose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.steer.signals import rules
from zhanggui.steer.signals.rules import Evidence, Finding, Move, Proposal, price_responses
from zhanggui.steer.signals.rules.addresses import days_query
from zhanggui.steer.signals.rules.price_responses import Course, Response
from zhanggui.steer.signals.rules.telling import size_of

KIND: Final = "price_response"
_DAY: Final = timedelta(days=1)

# The last change of each SKU's price; who set the old price again is not asked about.
_CHANGES: Final = """
select sku, arg_max(day, ts_us), arg_max(try_cast(decode(body) ->> '$.was_minor' as bigint), ts_us),
    arg_max(amount_minor, ts_us)
from {events} where name = 'shop.price_changed' and sku <> '' group by sku order by sku
"""
_COURSE: Final = """
with sold as (
    select sku, sum(orders)::bigint as orders, sum(amount_minor)::bigint as minor
    from {sku_days} where kind = 'paid' group by sku
), seen as (select sku, sum(views)::bigint as views from {sku_views} group by sku)
select sku, coalesce(views, 0), coalesce(orders, 0), coalesce(minor, 0) from seen full join sold using (sku)
where sku in (select unnest(?::varchar[]))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rise:
    """A SKU became dearer on a day."""

    sku: str
    on: date
    was_minor: int
    now_minor: int


def detect(shop: str, day: date, *, at: datetime) -> Iterator[Finding]:
    """SKUs whose price rose in the last two months and that bring less money for as many views.

    All days since the rise are taken together. Where fewer than half still buy, it takes about 20 orders that were due
    before so few are more than chance: five days of a SKU that is bought four times a day, ten of one that is bought
    twice. The size is what was lost since the rise, days added up.
    """
    rises = _rises(shop, day)
    answers = [(one, answer) for one in rises if (answer := _answer(shop, one, day)) is not None]
    chances = rules.corrected([answer.chance for _, answer in answers])
    currency = shops.shop(shop).currency
    for (rise, answer), chance in zip(answers, chances, strict=True):
        if chance <= rules.DAILY_FALSE and answer.expected_minor > 0:
            yield _finding(shop, rise, answer, chance, day=day, currency=currency, tests=len(answers))


def _finding(
    shop: str, rise: _Rise, answer: Response, chance: float, *, day: date, currency: str, tests: int
) -> Finding:
    rose: dict[str, str | int] = {
        "sku": rise.sku,
        "was_minor": rise.was_minor,
        "now_minor": rise.now_minor,
        "days": (day - rise.on).days + 1,
        "lost_minor": answer.expected_minor,
    }
    where = days_query(
        shop, rise.on - price_responses.BEFORE_DAYS * _DAY, day, sku=rise.sku, m="goods_paid,units", by="day"
    )
    return Finding(
        kind=KIND,
        subject=f"sku:{rise.sku}",
        day=day,
        size=size_of(answer, currency),
        confidence=rules.confidence(chance),
        evidence=(
            Evidence(what="dearer_and_less", numbers=rose, page="explorer", query=where),
            Evidence(
                what="views_and_orders", numbers={"sku": rise.sku}, page="goods", query=days_query(shop, rise.on, day)
            ),
        ),
        proposal=Proposal(
            move=Move.PRICE,
            metric="goods_paid",
            sku=rise.sku,
            discount_bp=price_responses.price_back_bp(rise.was_minor, rise.now_minor),
        ),
        tests=tests,
    )


def _rises(shop: str, day: date) -> list[_Rise]:
    since = day - (price_responses.LONGEST_DAYS - 1) * _DAY
    rows = lake.ask(_CHANGES.format(events=lake.events(shop, since, day + _DAY)))
    return [
        _Rise(sku=sku, on=on, was_minor=was, now_minor=now)
        for sku, on, was, now in rows
        if was is not None and now is not None and now > was
    ]


def _answer(shop: str, rise: _Rise, day: date) -> Response | None:
    before = _course(shop, rise.sku, rise.on - price_responses.BEFORE_DAYS * _DAY, rise.on - _DAY)
    return price_responses.response(before, _course(shop, rise.sku, rise.on, day))


def _course(shop: str, sku: str, first: date, last: date) -> Course:
    tables = {name: lake.rollup(shop, name, (first, last + _DAY)) for name in ("sku_days", "sku_views")}
    rows = lake.ask(_COURSE.format(**tables), [[sku]])
    views, orders, minor = rows[0][1:] if rows else (0, 0, 0)
    return Course(views=views, orders=orders, minor=minor)

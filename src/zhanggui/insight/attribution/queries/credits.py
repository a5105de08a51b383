"""Crediting sources with the money of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import numpy as np
import pyarrow as pa

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.attribution.queries.journeys import Codes, Happened, Sales, Walked, walk
from zhanggui.insight.attribution.queries.shares import credited
from zhanggui.insight.attribution.queries.spend import spend
from zhanggui.insight.attribution.queries.touches import Touches
from zhanggui.insight.attribution.rules import (
    BOUGHT,
    HOUR_US,
    NOTHING,
    START,
    USUAL_LOOK_BACK_DAYS,
    Attribution,
    By,
    Credit,
    Line,
    Model,
    Source,
    removal_effects,
)
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.lake.queries.sorting import Packing, answered, of_wide_parts
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Period
from zhanggui.spine.sightings.rules import visits

_kept = metrics.keeper(Attribution, most=64)

_DAY_US: Final = 24 * HOUR_US
_PEOPLE_BITS: Final = 15
# Between channel and campaign in a key; no name holds it.
_MARK: Final = "\x1f"

# Every source of a visit or an order, how many visits of the period it led to, and whether it led to one of somebody
# known or stands on an order. In the order of the keys of those, a source's number, doubled, is its code; one more for
# those that are not direct.
_SOURCES: Final = """
select {names}, sum(visits)::bigint as visits, max(led) as led
from (
    select {names}, sum((day >= date '{start}')::int) as visits, max((person <> 0 and channel <> '')::int) as led
    from {sessions} group by {names}
    union all by name
    select {names}, 0 as visits, 1 as led from {orders} where kind in ('paid', 'balance') group by {names}
) group by {names}
"""

# What `journeys` walks: visits, and all orders of the same days. A moment is counted from the first of them.
_HAPPENED: Final = """
with named as (select * from (values {named}) as named({names}, code))
select person, started_us - {since_us} as at_us, code
from (select person, started_us, {names} from {sessions} where person <> 0 and channel <> '')
join named using ({names})
union all by name
select person, ts_us - {since_us} as at_us, {order}::bigint as code
from {orders} where kind = 'paid' and person <> 0
"""
# Orders of the period, of a presale with its deposit. A number that was paid twice is one order; its own
# visit's source is what it says itself.
_SALES: Final = """
with named as (select * from (values {codes}) as named(source, code)),
first_sale as (
    select person, arg_min(order_number, (ts_us, order_number)) as order_number
    from {all_orders} where kind = 'paid' and person <> 0 group by person
)
select sold.person::bigint as person, at_us, minor, code as own, first_sale.order_number is not null as is_new
from (
    select order_number, min(person) as person, min(ts_us) - {since_us} as at_us, sum(amount_minor)::bigint as minor,
        min({key}) as source
    from {orders} where kind in ('paid', 'balance') group by order_number
) as sold join named using (source) left join first_sale using (order_number)
"""


def attribution(
    shop: str, period: Period, *, by: By = By.CHANNEL, look_back_days: int = USUAL_LOOK_BACK_DAYS
) -> Attribution:
    """What each source brought in a period, by every model, and what it cost.

    look_back_days  a visit counts for the orders of so many times 24 hours after its start
    refuses         NoSuchShop
    """
    question = ("attribution", shop, period, by, look_back_days)
    found = _kept.get(shop, question, lambda: _attribution(shop, period, by, look_back_days))
    return _with_cost(found, spend(shop, period))


def removals(shop: str, period: Period, *, by: By, look_back_days: int) -> dict[Source, int]:
    """What is lost without each source, in millionths.

    The chain is that of all visits, and of the orders between them, from the look-back's start to the period's end.
    """
    found = _sources(shop, period, by, look_back_days)
    lost = _lost(_walked(shop, period, by, look_back_days, found.keys), found.keys)
    return {_source(key): effect for key, effect in lost.items()}


def _attribution(shop: str, period: Period, by: By, look_back_days: int) -> Attribution:
    currency = shops.shop(shop).currency
    sources = _sources(shop, period, by, look_back_days)
    keys = sources.keys
    walked = _walked(shop, period, by, look_back_days, keys)
    lost = _lost(walked, keys)
    by_code = np.array([lost.get(keys[code // 2], 0) for code in range(2 * len(keys))], np.int64)
    shares = credited(walked, by_code)
    found: dict[Source, dict[Model, Credit]] = {}
    for model, sums in shares.items():
        for code, (minor, parts, new_parts) in sums.items():
            credit = Credit(money=Money(minor, currency), order_parts=parts, new_parts=new_parts)
            found.setdefault(_source(keys[code // 2]), {})[model] = credit
    all_sales = (walked.led.sales, walked.unled)
    return Attribution(
        period=period,
        look_back_days=look_back_days,
        by=by,
        lines=_lines(found, sources.sessions, lost, currency),
        orders=sum(map(len, all_sales)),
        new_orders=sum(int(sales.is_new.sum()) for sales in all_sales),
        led_orders=len(walked.led.sales),
        money=Money(sum(minor for minor, *_parts in shares[Model.FIRST].values()), currency),
        spend=None,
    )


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where people came from.

    keys      of all sources that can be credited, in their order
    sessions  of the period, by source
    """

    keys: list[str]
    sessions: dict[Source, int]


def _sources(shop: str, period: Period, by: By, look_back_days: int) -> _Sources:
    days = _reach(period, look_back_days)
    relations = {name: lake.rollup(shop, name, days) for name in ("sessions", "orders")}
    rows = lake.ask(_SOURCES.format(names=_names(by), start=period.start, **relations))
    named = [(f"{channel}{_MARK}{''.join(campaign)}", visits, led) for channel, *campaign, visits, led in rows]
    return _Sources(
        keys=sorted(key for key, _visits, led in named if led),
        sessions={_source(key): visits for key, visits, _led in sorted(named) if visits},
    )


def _walked(shop: str, period: Period, by: By, look_back_days: int, keys: Sequence[str]) -> Walked:
    """All journeys from the look-back's start to the period's end."""
    days = _reach(period, look_back_days)
    since_us, until_us = (clock.micros(clock.span_of(day, shops.shop(shop).zone)[0]) for day in days)
    asked = {"key": _key(by), "codes": _codes(keys), "since_us": since_us}
    orders = lake.rollup(shop, "orders", (period.start, period.end))
    all_orders = lake.rollup(shop, "orders", (date.min, period.end))
    sold = _SALES.format(orders=orders, all_orders=all_orders, **asked)
    codes = Codes(len(keys))
    packing = Packing(span_us=until_us - since_us, code_bits=codes.bits, people_bits=_PEOPLE_BITS)
    return walk(
        _happened(shop, days, by, keys, since_us, packing),
        lambda: _sales(lake.ask_many(sold)),
        codes=codes,
        packing=packing,
        window_us=look_back_days * _DAY_US,
    )


def _sales(sold: pa.Table) -> Sales:
    columns = {name: sold.column(name).to_numpy() for name in sold.column_names}
    return Sales(columns["person"], columns["at_us"], columns["minor"], columns["own"], columns["is_new"] == 1)


def _happened(
    shop: str, days: tuple[date, date], by: By, keys: Sequence[str], since_us: int, packing: Packing
) -> Happened:
    """Visits and orders by part of the people: from arrays, or from another engine if one was chosen."""
    # A visit that nobody knows the way of counts for nothing, also where an order says as little.
    order, named = Codes(len(keys)).order, {names: code for names, code in _named(keys, by).items() if names[0]}
    if lake.answers_itself():
        names = tuple(_names(by).split(", "))
        touches = Touches(shop=shop, days=days, names=names, codes=named, order=order, since_us=since_us)
        return lambda work: of_wide_parts(touches.pieces(), touches.read, packing, work)
    reached = {name: lake.rollup(shop, name, days) for name in ("sessions", "orders")}
    rows = ", ".join(f"({', '.join(map(quoted, names))}, {code}::bigint)" for names, code in named.items())
    nobody = f"({'null::varchar, ' * (1 + (by is By.CAMPAIGN))}null::bigint)"
    sql = _HAPPENED.format(order=order, names=_names(by), named=rows or nobody, since_us=since_us, **reached)
    return lambda work: of_wide_parts(answered(sql), lambda moments: moments, packing, work)


def _codes(keys: Sequence[str]) -> str:
    """Sources with their codes, as rows of SQL; one that nothing is called keeps the table from being empty."""
    direct = visits.DIRECT + _MARK
    rows = [
        f"('{_literal(key)}', {2 * place + (not key.startswith(direct))}::bigint)" for place, key in enumerate(keys)
    ]
    return ", ".join(rows) or "(null::varchar, null::bigint)"


def _named(keys: Sequence[str], by: By) -> dict[tuple[str, ...], int]:
    """The same by channel, or by channel and campaign."""
    direct = visits.DIRECT + _MARK
    return {
        tuple(key.split(_MARK, 1)[: 1 + (by is By.CAMPAIGN)]): 2 * place + (not key.startswith(direct))
        for place, key in enumerate(keys)
    }


def _lost(walked: Walked, keys: Sequence[str]) -> dict[str, int]:
    codes = Codes(len(keys))
    ends = {codes.order: BOUGHT, codes.nothing: NOTHING}
    steps = {
        (START if here == codes.order else keys[here // 2], ends.get(there) or keys[there // 2]): times
        for (here, there), times in walked.steps.items()
    }
    return removal_effects(sorted({here for here, _ in steps} - {START}), steps)


def _lines(
    credited: Mapping[Source, Mapping[Model, Credit]],
    sessions: Mapping[Source, int],
    lost: Mapping[str, int],
    currency: str,
) -> tuple[Line, ...]:
    removal = {_source(key): effect for key, effect in lost.items()}
    return tuple(
        Line(
            source=source,
            sessions=sessions.get(source, 0),
            credits={**_no_credits(currency), **credited.get(source, {})},
            removal=removal.get(source),
            spend=None,
        )
        for source in sorted(credited.keys() | sessions.keys())
    )


def _with_cost(found: Attribution, cost: Mapping[Source, Money]) -> Attribution:
    """The same with what each source cost; one that cost money and brought nobody gets a line too."""
    if not cost:
        return found
    currency = found.money.currency
    by_source: dict[Source, Money] = {}
    for source, amount in cost.items():
        whole = source if found.by is By.CAMPAIGN else Source(channel=source.channel)
        by_source[whole] = by_source.get(whole, Money(0, currency)) + amount
    lines = {line.source: line for line in found.lines}
    for source, amount in by_source.items():
        idle = Line(source=source, sessions=0, credits=_no_credits(currency), removal=None, spend=None)
        lines[source] = replace(lines.get(source, idle), spend=amount)
    return replace(
        found,
        lines=tuple(lines[source] for source in sorted(lines)),
        spend=Money.total(cost.values(), currency),
    )


def _no_credits(currency: str) -> dict[Model, Credit]:
    return dict.fromkeys(Model, Credit(money=Money(0, currency), order_parts=0, new_parts=0))


def _reach(period: Period, look_back_days: int) -> tuple[date, date]:
    """The days on which a touch of the period's orders can lie; one more for a clock that changes."""
    return period.start - timedelta(days=look_back_days + 1), period.end


def _key(by: By) -> str:
    return f"channel || '{_MARK}'" + (" || campaign" if by is By.CAMPAIGN else "")


def _names(by: By) -> str:
    return "channel, campaign" if by is By.CAMPAIGN else "channel"


def _source(key: str) -> Source:
    channel, _mark, campaign = key.partition(_MARK)
    return Source(channel=channel, campaign=campaign)


def _literal(text: str) -> str:
    return text.replace("'", "''")

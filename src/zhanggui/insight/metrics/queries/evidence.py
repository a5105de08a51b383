"""The orders behind a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries.asking import first_days_sql, where_sql
from zhanggui.insight.metrics.rules.answers import EVERYTHING, Filters
from zhanggui.insight.metrics.rules.dictionary import Evidence, Kind, Who
from zhanggui.insight.metrics.rules.periods import Period

_FACTS = {
    "shop.order_placed": Kind.PLACED,
    "shop.payment_settled": Kind.PAID,
    "growth.balance_paid": Kind.BALANCE,
    "shop.difference_settled": Kind.BALANCE,
    "shop.refund_settled": Kind.REFUNDED,
}
_PLACES = ("region", "channel", "campaign", "device")
_PIECE = 5_000


class Sort(StrEnum):
    """What a list of orders can be sorted by."""

    AT = "at"
    ORDER = "order"
    REGION = "region"
    UNITS = "units"
    PLACED = "placed"
    GOODS = "goods"
    PAID = "paid"
    REFUNDED = "refunded"


_COLUMNS = {
    Sort.AT: "first_us",
    Sort.ORDER: "order_number",
    Sort.REGION: "region",
    Sort.UNITS: "units",
    Sort.PLACED: "placed_minor",
    Sort.GOODS: "goods_minor",
    Sort.PAID: "paid_minor",
    Sort.REFUNDED: "refunded_minor",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which orders are wanted: those that stand behind a number, in the order of a page."""

    shop: str
    evidence: Evidence
    period: Period
    where: Filters = EVERYTHING
    sort: Sort = Sort.AT
    is_descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """What happened to an order within the period, as far as the number counts it.

    at        the first of it
    placed    goods of the order when it was placed; zero if that was not in the period or is not counted
    goods     goods that were paid for, of the wanted products only; paid and refunded are of the whole order
    """

    order_number: str
    at: datetime
    region: str
    channel: str
    device: str
    units: int
    placed: Money
    goods: Money
    paid: Money
    refunded: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """A page of orders and what all of them come to."""

    lines: tuple[OrderLine, ...]
    count: int
    units: int
    placed: Money
    goods: Money
    paid: Money
    refunded: Money


def orders_page(asked: Asked, *, limit: int, offset: int = 0) -> OrderPage:
    """So many of the orders, and the sums over all of them, which are the number's own."""
    currency = shops.shop(asked.shop).currency
    sql, values = _sql(asked)
    totals = lake.ask(
        f"""select count(*), coalesce(sum(units), 0), coalesce(sum(placed_minor), 0), coalesce(sum(goods_minor), 0),
            coalesce(sum(paid_minor), 0), coalesce(sum(refunded_minor), 0) from ({sql})""",
        values,
    )[0]
    rows = lake.ask(f"{sql} order by {_order(asked)} limit {limit:d} offset {offset:d}", values)
    count, units, *amounts = (int(total) for total in totals)
    placed, goods, paid, refunded = (Money(amount, currency) for amount in amounts)
    return OrderPage(
        lines=tuple(_line(row, currency) for row in rows),
        count=count,
        units=units,
        placed=placed,
        goods=goods,
        paid=paid,
        refunded=refunded,
    )


def orders_all(asked: Asked) -> Iterator[OrderLine]:
    """All of the orders in the same order, read once."""
    currency = shops.shop(asked.shop).currency
    sql, values = _sql(asked)
    table = lake.ask_table(f"{sql} order by {_order(asked)}", values)
    for batch in table.to_batches(max_chunksize=_PIECE):
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            yield _line(row, currency)


def orders_numbered(shop: str, start_of_number: str, *, limit: int) -> tuple[str, ...]:
    """Order numbers that begin like that, the latest first."""
    rows = lake.ask(
        f"""select order_number from {lake.rollup(shop, "orders")} where starts_with(order_number, ?)
        group by order_number order by max(ts_us) desc, order_number limit {limit:d}""",
        [start_of_number],
    )
    return tuple(number for (number,) in rows)


def _sql(asked: Asked) -> tuple[str, list[object]]:
    """One row per order: what happened to it in the period, of the kinds and the people that count."""
    kinds = ", ".join(f"'{kind}'" for kind in asked.evidence.kinds)
    source, values = _with_goods(asked) if asked.where.sku or asked.where.category else _plain(asked)
    conditions, wanted = where_sql(Filters(**{name: getattr(asked.where, name) for name in _PLACES}))
    sql = f"""
        with counted as (select * from {source} where kind in ({kinds}) and {conditions})
        select order_number, min(ts_us) as first_us, min(region) as region, min(channel) as channel,
            min(device) as device, coalesce(sum(units) filter (kind = '{asked.evidence.kinds[0]}'), 0) as units,
            coalesce(sum(goods_minor) filter (kind = 'placed'), 0) as placed_minor,
            coalesce(sum(goods_minor) filter (kind in ('paid', 'balance')), 0) as goods_minor,
            coalesce(sum(amount_minor) filter (kind in ('paid', 'balance')), 0) as paid_minor,
            coalesce(sum(amount_minor) filter (kind = 'refunded'), 0) as refunded_minor
        from counted {_of_whom(asked)} group by order_number"""
    return sql, [*values, *wanted]


def _plain(asked: Asked) -> tuple[str, list[object]]:
    return str(lake.rollup(asked.shop, "orders", (asked.period.start, asked.period.end))), []


def _with_goods(asked: Asked) -> tuple[str, list[object]]:
    """The same columns from the facts themselves, goods and units of the wanted SKUs and categories only."""
    events = lake.counted_events(asked.shop, asked.period.start, asked.period.end)
    kind = " ".join(f"when '{name}' then '{kind}'" for name, kind in _FACTS.items())
    names = ", ".join(f"'{name}'" for name in _FACTS)
    tests, values = ["true"], list[object]()
    for column, wanted in (("sku", asked.where.sku), ("category", asked.where.category)):
        if wanted:
            tests.append(f"line.{column} in ({', '.join('?' * len(wanted))})")
            values += wanted
    kept = f"list_filter(lines, lambda line: {' and '.join(tests)})"
    return (
        f"""(
        select ts_us, case name {kind} end as kind, person, region, channel, device,
            if(name = 'shop.difference_settled', decode(body) ->> '$.difference_of', order_number) as order_number,
            coalesce(amount_minor, 0) as amount_minor,
            list_sum(list_transform(kept, lambda line: line.amount_minor)) as goods_minor,
            list_sum(list_transform(kept, lambda line: line.quantity)) as units
        from (select *, {kept} as kept from {events} where name in ({names})) where len(kept) > 0)""",
        values,
    )


def _of_whom(asked: Asked) -> str:
    first_days = f"left join ({first_days_sql(asked.shop)}) using (person)"
    match asked.evidence.who:
        case Who.EVERYBODY:
            return ""
        case Who.KNOWN:
            return "where person <> 0"
        case Who.NEW:
            return f"{first_days} where first_day >= date '{asked.period.start}'"
        case Who.RETURNING:
            return f"{first_days} where first_day < date '{asked.period.start}'"
        case Who.GENUINE:
            fakes = f"select order_number from {lake.rollup(asked.shop, 'orders')} where kind = 'fake'"
            return f"where order_number not in ({fakes})"
        case Who.REPEAT:
            twice = "select person from counted group by person having count(distinct order_number) > 1"
            return f"where person <> 0 and person in ({twice})"


def _order(asked: Asked) -> str:
    direction = "desc" if asked.is_descending else "asc"
    return f"{_COLUMNS[asked.sort]} {direction}, order_number {direction}"


def _line(row: Sequence[Any], currency: str) -> OrderLine:
    order_number, first_us, region, channel, device, units, *amounts = row
    placed, goods, paid, refunded = (Money(int(amount), currency) for amount in amounts)
    return OrderLine(
        order_number=order_number,
        at=clock.from_micros(first_us),
        region=region,
        channel=channel,
        device=device,
        units=int(units),
        placed=placed,
        goods=goods,
        paid=paid,
        refunded=refunded,
    )

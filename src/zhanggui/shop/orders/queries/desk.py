"""Orders as those who work in the shop look for them: a page at a time, narrowed and sorted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import connection

from zhanggui.base.money import Money
from zhanggui.shop.orders.rules import State

# As far as a page number reaches, and a count counts.
FURTHEST: Final = 10_000

# Newest of each state, index shop_orders_order_state_at; a number: primary key; persons: shop_orders_order_person;
# a SKU: shop_orders_line_by_sku. However many orders there are, no more of them are read than stand up to this page.
_BY_TIME: Final = """
select o.number from unnest(%(states)s::varchar[]) t(state) cross join lateral (
    select o.number, o.placed_at from shop_orders_order o
    where o.shop = %(shop)s::varchar and o.state = t.state {where}
    order by {order} limit %(depth)s
) o order by {order}
"""
# By anything else: all that are wanted are sorted.
_ANY: Final = """
select o.number from shop_orders_order o
where o.shop = %(shop)s::varchar and o.state = any(%(states)s::varchar[]) {where}
"""
_PAGE: Final = """
with found as materialized (
    {found} limit %(limit)s offset %(offset)s
)
select o.number, o.customer_id, o.state, o.currency, o.total_minor, o.refunded_minor, o.placed_at, o.paid_at,
    o.channel, o.note <> '' or exists (select from shop_orders_note n where n.order_id = o.number),
    l.units, l.lines, l.title_zh, l.title_en, d.places, d.country, d.region, d.city, d.promised_on
from found f join shop_orders_order o on o.number = f.number
cross join lateral (
    select sum(l.quantity) as units, count(*) as lines, (array_agg(l.title_zh order by l.position))[1] as title_zh,
        (array_agg(l.title_en order by l.position))[1] as title_en
    from shop_orders_line l where l.order_id = o.number
) l
cross join lateral (
    select count(*) as places, (array_agg(d.country order by d.position))[1] as country,
        (array_agg(d.region order by d.position))[1] as region, (array_agg(d.city order by d.position))[1] as city,
        min(d.promised_on) as promised_on
    from shop_orders_destination d where d.order_id = o.number
) d
order by {order}
"""
_COUNT: Final = f"select count(*) from (select from ({_ANY} limit %(most)s) o) o"


class Sort(StrEnum):
    """What a list of orders is sorted by."""

    PLACED = "placed"
    TOTAL = "total"
    NUMBER = "number"


_ORDERS: Final = {
    Sort.PLACED: "o.placed_at {way}, o.number {way}",
    Sort.TOTAL: "o.total_minor {way}, o.number {way}",
    Sort.NUMBER: "o.number {way}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which orders of a shop are wanted; what is empty or None narrows nothing.

    number        how the number begins
    numbers       only these, such as those of late parcels
    persons       all under whom one shopper walked, with `customers` the ids the orders may stand under
    is_refunded   money of it went back
    has_note      the shopper or a colleague wrote something
    start, end    placed in this time, half open
    country       one of its places lies there
    """

    shop: str
    states: tuple[State, ...] = ()
    number: str = ""
    numbers: tuple[str, ...] | None = None
    persons: tuple[str, ...] = ()
    customers: tuple[UUID, ...] = ()
    sku: str = ""
    is_refunded: bool = False
    has_note: bool = False
    start: datetime | None = None
    end: datetime | None = None
    channel: str = ""
    country: str = ""
    sort: Sort = Sort.PLACED
    is_descending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An order as a row of a list.

    units, lines       pieces, and lines they stand in; title is the first line's
    places             how many places it goes to; country, region, city are the first one's
    promised_on        the first day that was promised, None where nothing is shipped
    has_note           whether the shopper or a colleague wrote something
    """

    number: str
    customer_id: UUID
    state: State
    total: Money
    refunded: Money
    placed_at: datetime
    paid_at: datetime | None
    channel: str
    has_note: bool
    units: int
    lines: int
    title_zh: str
    title_en: str
    places: int
    country: str
    region: str
    city: str
    promised_on: date | None

    def title(self, language: str) -> str:
        """What its first line was called."""
        return (self.title_en or self.title_zh) if language.startswith("en") else (self.title_zh or self.title_en)


def page(asked: Asked, *, limit: int, offset: int = 0) -> tuple[Standing, ...]:
    """A part of the orders that are wanted. One statement; its indexes stand beside it."""
    order = _order(asked)
    where = _where(asked)
    by_time = asked.sort is Sort.PLACED
    found = _BY_TIME.format(where=where, order=order) if by_time else f"{_ANY.format(where=where)} order by {order}"
    statement = _PAGE.format(found=found, order=order)
    said = _said(asked) | {"limit": limit, "offset": offset, "depth": limit + offset}
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        return tuple(_standing(*row) for row in cursor.fetchall())


def count(asked: Asked) -> int:
    """How many there are; one more than FURTHEST stands for all beyond it. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(where=_where(asked)), _said(asked) | {"most": FURTHEST + 1})
        return int(cursor.fetchone()[0])


def _where(asked: Asked) -> str:
    wheres = {
        "and o.number like %(number)s::varchar": asked.number,
        "and o.number = any(%(numbers)s::varchar[])": asked.numbers is not None,
        "and o.person = any(%(persons)s::varchar[]) and o.customer_id = any(%(customers)s::uuid[])": asked.persons,
        "and o.number in (select l.order_id from shop_orders_line l where l.sku = %(sku)s::varchar)": asked.sku,
        "and o.refunded_minor > 0": asked.is_refunded,
        "and (o.note <> '' or o.number in (select n.order_id from shop_orders_note n))": asked.has_note,
        "and o.placed_at >= %(start)s::timestamptz": asked.start,
        "and o.placed_at < %(end)s::timestamptz": asked.end,
        "and o.channel = %(channel)s::varchar": asked.channel,
        "and exists (select from shop_orders_destination d where d.order_id = o.number"
        " and d.country = %(country)s::varchar)": asked.country,
    }
    return " ".join(sql for sql, is_asked in wheres.items() if is_asked)


def _order(asked: Asked) -> str:
    return _ORDERS[asked.sort].format(way="desc" if asked.is_descending else "asc")


def _said(asked: Asked) -> dict[str, Any]:
    # What would match anything in a pattern stands for itself.
    plain = asked.number.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        "shop": asked.shop,
        "states": list(asked.states or State),
        "number": f"{plain}%",
        "numbers": list(asked.numbers or ()),
        "persons": list(asked.persons),
        "customers": list(asked.customers),
        "sku": asked.sku,
        "start": asked.start,
        "end": asked.end,
        "channel": asked.channel,
        "country": asked.country,
    }


def _standing(
    number: str,
    customer_id: UUID,
    state: str,
    currency: str,
    total: int,
    refunded: int,
    placed_at: datetime,
    paid_at: datetime | None,
    channel: str,
    has_note: bool,
    units: int,
    lines: int,
    title_zh: str,
    title_en: str,
    places: int,
    country: str | None,
    region: str | None,
    city: str | None,
    promised_on: date | None,
) -> Standing:
    return Standing(
        number=number,
        customer_id=customer_id,
        state=State(state),
        total=Money(total, currency),
        refunded=Money(refunded, currency),
        placed_at=placed_at,
        paid_at=paid_at,
        channel=channel,
        has_note=has_note,
        units=units,
        lines=lines,
        title_zh=title_zh,
        title_en=title_en,
        places=places,
        country=country or "",
        region=region or "",
        city=city or "",
        promised_on=promised_on,
    )

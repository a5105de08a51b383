"""The levels of a shop as a table to look through."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db import connection

from zhanggui.supply.stock.rules import Level

# From so few free pieces on somebody should look at a SKU.
LOW_UNITS: Final = 10


class Want(StrEnum):
    """Which levels are looked for."""

    ALL = "all"
    LOW = "low"
    OUT = "out"
    DEFECTIVE = "defective"
    IN_TRANSIT = "in_transit"


class Order(StrEnum):
    """What the levels are ordered by."""

    SKU = "sku"
    WAREHOUSE = "warehouse"
    FREE = "free"
    ON_HAND = "on_hand"
    HELD = "held"
    DEFECTIVE = "defective"
    IN_TRANSIT = "in_transit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which levels of a shop are looked for, and in which order.

    wanted  a part of the SKU
    skus    SKUs that are looked for besides, because their words fit
    """

    shop: str
    warehouse: str = ""
    wanted: str = ""
    skus: Collection[str] = ()
    want: Want = Want.ALL
    order: Order = Order.FREE
    is_descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One part of the levels that were looked for, and the sums of all of them."""

    levels: tuple[Level, ...]
    count: int
    on_hand_units: int
    held_units: int
    defective_units: int
    in_transit_units: int


_FREE = "on_hand_units + backorder_units - held_units"
_COLUMNS: Final = {
    Order.SKU: "sku",
    Order.WAREHOUSE: "warehouse",
    Order.FREE: _FREE,
    Order.ON_HAND: "on_hand_units",
    Order.HELD: "held_units",
    Order.DEFECTIVE: "defective_units",
    Order.IN_TRANSIT: "in_transit_units",
}
_WANTS: Final = {
    Want.ALL: "true",
    Want.LOW: f"{_FREE} between 1 and {LOW_UNITS}",
    Want.OUT: f"{_FREE} <= 0",
    Want.DEFECTIVE: "defective_units > 0",
    Want.IN_TRANSIT: "in_transit_units > 0",
}
_PAGE: Final = """
with chosen as (
    select sku, warehouse, on_hand_units, held_units, defective_units, in_transit_units, backorder_units
    from supply_stock_level
    where shop in (%(shop)s, '') and (%(warehouse)s::varchar = '' or warehouse = %(warehouse)s)
        and (%(wanted)s::varchar = '' or strpos(lower(sku), lower(%(wanted)s)) > 0 or sku = any(%(skus)s::varchar[]))
        and {want})
select *, count(*) over (), sum(on_hand_units) over ()::bigint, sum(held_units) over ()::bigint,
    sum(defective_units) over ()::bigint, sum(in_transit_units) over ()::bigint
from chosen order by {order} {way}, sku, warehouse limit %(limit)s offset %(offset)s
"""


def shelf(asked: Asked, *, limit: int, offset: int = 0) -> Found:
    """A part of the levels that are looked for, with the sums of all. One statement."""
    way = "desc" if asked.is_descending else "asc"
    statement = _PAGE.format(want=_WANTS[asked.want], order=_COLUMNS[asked.order], way=way)
    said: dict[str, Any] = {
        "shop": asked.shop,
        "warehouse": asked.warehouse,
        "wanted": asked.wanted,
        "skus": sorted(asked.skus),
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, said)
        rows = cursor.fetchall()
    count, on_hand, held, defective, in_transit = rows[0][7:] if rows else (0, 0, 0, 0, 0)
    levels = tuple(
        Level(
            sku=row[0],
            warehouse=row[1],
            on_hand_units=row[2],
            held_units=row[3],
            defective_units=row[4],
            in_transit_units=row[5],
            backorder_units=row[6],
        )
        for row in rows
    )
    return Found(
        levels=levels,
        count=count,
        on_hand_units=on_hand,
        held_units=held,
        defective_units=defective,
        in_transit_units=in_transit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What lies in one warehouse, all SKUs together."""

    skus: int
    on_hand_units: int
    held_units: int
    defective_units: int
    in_transit_units: int


_STORED: Final = """
select warehouse, count(*), sum(on_hand_units)::bigint, sum(held_units)::bigint, sum(defective_units)::bigint,
    sum(in_transit_units)::bigint
from supply_stock_level where shop in (%s, '') group by warehouse
"""


def stored(shop: str) -> dict[str, Stored]:
    """What lies in each warehouse of a shop, by code. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [shop])
        return {
            code: Stored(
                skus=skus,
                on_hand_units=on_hand,
                held_units=held,
                defective_units=defective,
                in_transit_units=in_transit,
            )
            for code, skus, on_hand, held, defective, in_transit in cursor.fetchall()
        }

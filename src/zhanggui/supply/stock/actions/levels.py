"""Locking levels and moving them: the one way in which anything but a promise or an arrival changes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries
from zhanggui.supply.stock.errors import AlreadyMoved, UnitsNotAllowed
from zhanggui.supply.stock.rules import EFFECTS, MAIN, MOST_UNITS, Kind, Level

# Index supply_stock_level_once. A level that nobody has seen yet is opened, then all wait for their lock in one order.
_OPEN = """
insert into supply_stock_level (sku, warehouse, shop, on_hand_units, held_units, defective_units, in_transit_units,
    backorder_units)
select t.sku, t.warehouse, %s::varchar, 0, 0, 0, 0, 0 from unnest(%s::varchar[], %s::varchar[]) t(sku, warehouse)
order by t.sku, t.warehouse
on conflict on constraint supply_stock_level_once do nothing
"""
_LOCK = """
select l.sku, l.warehouse, l.on_hand_units, l.held_units, l.defective_units, l.in_transit_units, l.backorder_units
from supply_stock_level l
join unnest(%s::varchar[], %s::varchar[]) t(sku, warehouse) on (l.sku, l.warehouse) = (t.sku, t.warehouse)
order by l.sku, l.warehouse for update of l
"""
_MOVE = """
with moved as (
    insert into supply_stock_movement (reference, line, sku, warehouse, kind, units, order_number, reason, by, at)
    select %s::varchar, t.line, t.sku, t.warehouse, t.kind, t.units, '', %s::varchar, %s::varchar, %s::timestamptz
    from unnest(%s::bigint[], %s::varchar[], %s::varchar[], %s::varchar[], %s::bigint[])
        t(line, sku, warehouse, kind, units)
    on conflict on constraint supply_stock_movement_once do nothing returning sku, warehouse, kind, units),
changed as (
    select m.sku, m.warehouse, sum(m.units * e.on_hand)::bigint as on_hand,
        sum(m.units * e.defective)::bigint as defective, sum(m.units * e.in_transit)::bigint as in_transit
    from moved m
    join unnest(%s::varchar[], %s::int[], %s::int[], %s::int[]) e(kind, on_hand, defective, in_transit) using (kind)
    group by m.sku, m.warehouse),
counted as (
    update supply_stock_level l set on_hand_units = l.on_hand_units + c.on_hand,
        defective_units = l.defective_units + c.defective, in_transit_units = l.in_transit_units + c.in_transit
    from changed c where (l.sku, l.warehouse) = (c.sku, c.warehouse))
select count(*) from moved
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One movement that is about to happen."""

    kind: Kind
    sku: str
    warehouse: str
    units: int
    line: int = 0


def check_units(counted: Iterable[tuple[str, int]]) -> None:
    """See that stock moves in whole pieces.

    refuses  UnitsNotAllowed
    """
    for sku, units in counted:
        if not 0 < units <= MOST_UNITS:
            raise UnitsNotAllowed(sku=sku, units=units)


def check_warehouse(code: str, *, trail: Trail) -> None:
    """See that the shop has a warehouse of that code; it always has the main one.

    refuses  NoSuchWarehouse
    """
    if code != MAIN:
        queries.warehouse(trail.shop, code)


def locked(keys: Iterable[tuple[str, str]], *, trail: Trail) -> dict[tuple[str, str], Level]:
    """The levels of these SKUs and warehouses, opened if they are new, and nobody else's until the end."""
    ordered = sorted(set(keys))
    skus, codes = [sku for sku, _ in ordered], [code for _, code in ordered]
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [trail.shop, skus, codes])
        cursor.execute(_LOCK, [skus, codes])
        return {
            (sku, code): Level(
                sku=sku,
                warehouse=code,
                on_hand_units=on_hand,
                held_units=held,
                defective_units=defective,
                in_transit_units=in_transit,
                backorder_units=backorder,
            )
            for sku, code, on_hand, held, defective, in_transit, backorder in cursor.fetchall()
        }


def move(steps: Sequence[Step], *, reference: str, reason: str, by: Actor) -> None:
    """Write movements down and change their levels, which are locked by now.

    refuses  AlreadyMoved
    """
    if not steps:
        return
    rows = [(step.line, step.sku, step.warehouse, str(step.kind), step.units) for step in steps]
    columns = [list(column) for column in zip(*rows, strict=True)]
    kinds = sorted({step.kind for step in steps})
    effects = [EFFECTS[kind] for kind in kinds]
    does = [
        [effect.on_hand for effect in effects],
        [effect.defective for effect in effects],
        [effect.in_transit for effect in effects],
    ]
    with connection.cursor() as cursor:
        names = [str(kind) for kind in kinds]
        cursor.execute(_MOVE, [reference, reason, str(by), clock.now(), *columns, names, *does])
        if cursor.fetchone()[0] < len(rows):
            raise AlreadyMoved(reference=reference)

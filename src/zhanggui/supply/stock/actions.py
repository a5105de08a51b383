"""The verbs of the warehouse. Each moves all its lines at once; levels are locked in the order of SKU and warehouse."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.supply import StockHeld, StockReceived, StockReleased, StockShipped
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries, rules
from zhanggui.supply.stock.errors import AlreadyMoved, NothingHeld, OutOfStock, UnitsNotAllowed
from zhanggui.supply.stock.rules import MAIN

# Index supply_stock_level_once; a level waits for its lock in the order of SKUs.
_RECEIVE = """
with arrived as (
    insert into supply_stock_movement (reference, sku, warehouse, kind, units, at)
    select %s::varchar, t.sku, %s::varchar, 'received', t.units, %s::timestamptz
    from unnest(%s::varchar[], %s::bigint[]) t(sku, units)
    on conflict on constraint supply_stock_movement_once do nothing returning sku, warehouse, units)
insert into supply_stock_level (sku, warehouse, on_hand_units, held_units)
select sku, warehouse, units, 0 from arrived order by sku
on conflict on constraint supply_stock_level_once
    do update set on_hand_units = supply_stock_level.on_hand_units + excluded.on_hand_units
"""

# Index supply_stock_level_once. A level that has too little is not locked at all; one that is short after the wait for
# its lock drops out, so fewer rows than lines means that somebody else was quicker.
_HOLD = """
with wanted as materialized (select * from unnest(%s::varchar[], %s::bigint[]) t(sku, units)),
free as materialized (
    select l.id, wanted.units from supply_stock_level l join wanted on wanted.sku = l.sku
    where l.warehouse = %s::varchar and l.on_hand_units - l.held_units >= wanted.units
    order by l.sku for update of l),
held as (
    update supply_stock_level l set held_units = l.held_units + free.units from free where l.id = free.id
    returning l.sku, l.warehouse, free.units)
insert into supply_stock_movement (reference, sku, warehouse, kind, units, at)
select %s::varchar, sku, warehouse, 'held', units, %s::timestamptz from held returning sku
"""

# Index supply_stock_movement_once. A hold ends once: whoever comes second meets supply_stock_movement_end.
_END = """
with ended as (
    insert into supply_stock_movement (reference, sku, warehouse, kind, units, at)
    select reference, sku, warehouse, %s::varchar, units, %s::timestamptz
    from supply_stock_movement where reference = %s::varchar and kind = 'held' order by sku
    on conflict do nothing returning sku, warehouse, units),
locked as materialized (
    select l.id, ended.units from supply_stock_level l
    join ended on ended.sku = l.sku and ended.warehouse = l.warehouse order by l.sku, l.warehouse for update of l)
update supply_stock_level l
set held_units = l.held_units - locked.units, on_hand_units = l.on_hand_units - locked.units * %s::int
from locked where l.id = locked.id returning l.sku, locked.units
"""


@operation
def receive(*, reference: str, units: Mapping[str, int], trail: Trail, by: Actor, warehouse: str = MAIN) -> None:
    """Take pieces into a warehouse so that they can be sold.

    reference  what they came with, such as a delivery note; taken in once
    units      whole pieces by SKU, > 0
    refuses    UnitsNotAllowed, AlreadyMoved if a SKU came with that reference before; nothing is written
    tells      supply.stock_received, once per SKU
    """
    _check(units)
    skus, pieces = _columns(units)
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVE, [reference, warehouse, clock.now(), skus, pieces])
        if cursor.rowcount < len(skus):
            raise AlreadyMoved(reference=reference)
    facts = [StockReceived(sku=sku, quantity=units[sku], warehouse=warehouse) for sku in skus]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


@operation
def hold(*, order_number: str, units: Mapping[str, int], trail: Trail, by: Actor, warehouse: str = MAIN) -> None:
    """Promise pieces to an order so that nobody else can buy them: all of them, or none.

    Ask `queries.short_of` first: it refuses without a lock.

    units    whole pieces by SKU, > 0
    refuses  OutOfStock with what is missing, UnitsNotAllowed; nothing is written
    tells    supply.stock_held, once with all lines
    """
    _check(units)
    skus, pieces = _columns(units)
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [skus, pieces, warehouse, order_number, clock.now()])
        held = {row[0] for row in cursor.fetchall()}
    if missing := {sku: asked for sku, asked in units.items() if sku not in held}:
        raise OutOfStock(shortages=queries.what_is_left(missing, warehouse=warehouse))
    lines, quantity = _lines(units)
    fact = StockHeld(order_number=order_number, lines=lines, quantity=quantity)
    record(fact, by=by, trail=trail, subject=f"order:{order_number}")


@operation
def release(*, order_number: str, trail: Trail, by: Actor) -> None:
    """Put what was promised to an order back on sale; nothing happens if nothing is promised to it any longer.

    tells  supply.stock_released, once with all lines
    """
    released = _end(order_number, kind=rules.Kind.RELEASED)
    if released:
        lines, quantity = _lines(released)
        fact = StockReleased(order_number=order_number, lines=lines, quantity=quantity)
        record(fact, by=by, trail=trail, subject=f"order:{order_number}")


@operation
def ship(*, order_number: str, trail: Trail, by: Actor) -> None:
    """Let what was promised to an order leave the house for good.

    refuses  NothingHeld if nothing is promised to it, or no longer
    tells    supply.stock_shipped, once with all lines
    """
    shipped = _end(order_number, kind=rules.Kind.SHIPPED)
    if not shipped:
        raise NothingHeld(order_number=order_number)
    lines, quantity = _lines(shipped)
    fact = StockShipped(order_number=order_number, lines=lines, quantity=quantity)
    record(fact, by=by, trail=trail, subject=f"order:{order_number}")


def _check(units: Mapping[str, int]) -> None:
    for sku, pieces in units.items():
        if not 0 < pieces <= rules.MOST_UNITS:
            raise UnitsNotAllowed(sku=sku, units=pieces)


def _columns(units: Mapping[str, int]) -> tuple[list[str], list[int]]:
    skus = sorted(units)
    return skus, [units[sku] for sku in skus]


def _end(order_number: str, *, kind: rules.Kind) -> dict[str, int]:
    leaves_house = kind is rules.Kind.SHIPPED
    with connection.cursor() as cursor:
        cursor.execute(_END, [str(kind), clock.now(), order_number, int(leaves_house)])
        return dict(sorted(cursor.fetchall()))


def _lines(units: Mapping[str, int]) -> tuple[tuple[Line, ...], int]:
    lines = tuple(Line(sku=sku, quantity=units[sku], amount_minor=0) for sku in sorted(units))
    return lines, sum(units.values())

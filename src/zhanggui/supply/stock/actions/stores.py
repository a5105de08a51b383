"""What comes into a warehouse, is counted there, is sorted out, and leaves the books without being sold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.stock import BackorderLimited, StockCounted, StockSorted, StockTakenBack, StockWrittenOff
from zhanggui.spine.facts.supply import StockReceived
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import models
from zhanggui.supply.stock.actions.levels import Step, check_units, check_warehouse, locked, move
from zhanggui.supply.stock.errors import AlreadyMoved, PromisedMore, TooFewThere, UnitsNotAllowed
from zhanggui.supply.stock.rules import MAIN, MOST_UNITS, Condition, Kind, Level

# Index supply_stock_level_once; a level waits for its lock in the order of SKUs.
_ADD = """
with arrived as (
    insert into supply_stock_movement (reference, line, sku, warehouse, kind, units, order_number, reason, by, at)
    select %s::varchar, 0, t.sku, %s::varchar, %s::varchar, t.units, '', '', %s::varchar, %s::timestamptz
    from unnest(%s::varchar[], %s::bigint[]) t(sku, units)
    on conflict on constraint supply_stock_movement_once do nothing returning sku, warehouse, units)
insert into supply_stock_level (sku, warehouse, shop, on_hand_units, held_units, defective_units, in_transit_units,
    backorder_units)
select sku, warehouse, %s::varchar, units * %s::int, 0, units * (1 - %s::int), 0, 0 from arrived order by sku
on conflict on constraint supply_stock_level_once
    do update set on_hand_units = supply_stock_level.on_hand_units + excluded.on_hand_units,
        defective_units = supply_stock_level.defective_units + excluded.defective_units
"""


@operation
def receive(*, reference: str, units: Mapping[str, int], trail: Trail, by: Actor, warehouse: str = MAIN) -> None:
    """Take pieces into a warehouse so that they can be sold.

    reference  what they came with, such as a delivery note; taken in once
    units      whole pieces by SKU, > 0
    refuses    UnitsNotAllowed, NoSuchWarehouse, AlreadyMoved if a SKU came with that reference before; nothing is
               written
    tells      supply.stock_received, once per SKU
    """
    _add(reference, units, kind=Kind.RECEIVED, warehouse=warehouse, trail=trail, by=by)
    facts = [StockReceived(sku=sku, quantity=units[sku], warehouse=warehouse) for sku in sorted(units)]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


@operation
def take_back(
    *, reference: str, warehouse: str, units: Mapping[str, int], condition: Condition, trail: Trail, by: Actor
) -> None:
    """Take pieces back from a shopper, to be sold again or to be kept apart. They may always come back.

    reference  the return; taken in once for each condition
    units      whole pieces by SKU, > 0
    refuses    UnitsNotAllowed, NoSuchWarehouse, AlreadyMoved; nothing is written
    tells      supply.stock_taken_back, once with all lines
    """
    kind = Kind.RETURNED if condition is Condition.SELLABLE else Kind.BROUGHT_BACK
    _add(reference, units, kind=kind, warehouse=warehouse, trail=trail, by=by)
    fact = StockTakenBack(
        reference=reference,
        warehouse=warehouse,
        is_sellable=condition is Condition.SELLABLE,
        lines=tuple(Line(sku=sku, quantity=units[sku], amount_minor=0) for sku in sorted(units)),
        quantity=sum(units.values()),
    )
    record(fact, by=by, trail=trail, subject=f"return:{reference}")


@operation
def count(
    *, reference: str, warehouse: str, counted: Mapping[str, int], trail: Trail, by: Actor, reason: str = ""
) -> dict[str, int]:
    """Let the books say what somebody counted on the shelf; by SKU how many more (+) or fewer (-) that is.

    reference  the count; what differs is corrected once
    counted    sellable pieces in the house by SKU, promised ones included, 0 or more
    refuses    UnitsNotAllowed, NoSuchWarehouse, AlreadyMoved, PromisedMore if orders are promised more than there are:
               call some of them off or allow backorders first; nothing is written
    tells      supply.stock_counted, once per SKU
    """
    for sku, units in counted.items():
        if not 0 <= units <= MOST_UNITS:
            raise UnitsNotAllowed(sku=sku, units=units)
    check_warehouse(warehouse, trail=trail)
    levels = locked([(sku, warehouse) for sku in counted], trail=trail)
    differences = {sku: counted[sku] - levels[sku, warehouse].on_hand_units for sku in sorted(counted)}
    steps = []
    for sku, difference in differences.items():
        level = levels[sku, warehouse]
        if level.held_units > counted[sku] + level.backorder_units:
            raise PromisedMore(sku=sku, warehouse=warehouse, held_units=level.held_units, units=counted[sku])
        if difference:
            kind = Kind.FOUND if difference > 0 else Kind.MISSED
            steps.append(Step(kind=kind, sku=sku, warehouse=warehouse, units=abs(difference)))
    move(steps, reference=reference, reason=reason, by=by)
    facts = [
        StockCounted(sku=sku, warehouse=warehouse, quantity=counted[sku], difference_units=difference, reason=reason)
        for sku, difference in differences.items()
    ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])
    return differences


@operation
def sort_out(
    *,
    reference: str,
    warehouse: str,
    units: Mapping[str, int],
    condition: Condition,
    trail: Trail,
    by: Actor,
    reason: str = "",
) -> None:
    """Say of pieces in the house that they cannot be sold, or that they can be after all.

    condition  what they are from now on
    refuses    UnitsNotAllowed, NoSuchWarehouse, AlreadyMoved, TooFewThere: what is promised to orders stays sellable;
               nothing is written
    tells      supply.stock_sorted, once per SKU
    """
    kind = Kind.MENDED if condition is Condition.SELLABLE else Kind.SPOILED
    _take(reference, units, kind=kind, warehouse=warehouse, reason=reason, trail=trail, by=by)
    is_sellable = condition is Condition.SELLABLE
    facts = [
        StockSorted(sku=sku, warehouse=warehouse, quantity=units[sku], is_sellable=is_sellable, reason=reason)
        for sku in sorted(units)
    ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


@operation
def write_off(
    *,
    reference: str,
    warehouse: str,
    units: Mapping[str, int],
    condition: Condition,
    trail: Trail,
    by: Actor,
    reason: str = "",
) -> None:
    """Take pieces out of the books for good that were not sold: destroyed, given back, given away.

    condition  what they were
    refuses    UnitsNotAllowed, NoSuchWarehouse, AlreadyMoved, TooFewThere; nothing is written
    tells      supply.stock_written_off, once per SKU
    """
    was_sellable = condition is Condition.SELLABLE
    kind = Kind.DISCARDED if was_sellable else Kind.SCRAPPED
    _take(reference, units, kind=kind, warehouse=warehouse, reason=reason, trail=trail, by=by)
    facts = [
        StockWrittenOff(sku=sku, warehouse=warehouse, quantity=units[sku], was_sellable=was_sellable, reason=reason)
        for sku in sorted(units)
    ]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"sku:{fact.sku}") for fact in facts])


@operation
def limit_backorder(*, sku: str, warehouse: str, units: int, trail: Trail, by: Actor) -> None:
    """Say how many pieces of a SKU a warehouse may promise beyond those that it has.

    units    0 or more; 0 means that nothing is sold before it is here
    refuses  UnitsNotAllowed, NoSuchWarehouse, PromisedMore if more than that are promised already
    tells    supply.backorder_limited
    """
    if not 0 <= units <= MOST_UNITS:
        raise UnitsNotAllowed(sku=sku, units=units)
    check_warehouse(warehouse, trail=trail)
    level = locked([(sku, warehouse)], trail=trail)[sku, warehouse]
    if level.held_units > level.on_hand_units + units:
        there = level.on_hand_units + units
        raise PromisedMore(sku=sku, warehouse=warehouse, held_units=level.held_units, units=there)
    models.Level.objects.filter(sku=sku, warehouse=warehouse).update(backorder_units=units)
    fact = BackorderLimited(sku=sku, warehouse=warehouse, limit_units=units)
    record(fact, by=by, trail=trail, subject=f"sku:{sku}")


def _take(
    reference: str, units: Mapping[str, int], *, kind: Kind, warehouse: str, reason: str, trail: Trail, by: Actor
) -> None:
    """Take pieces from what is defective, or from what is in the house and promised to nobody."""
    check_units(units.items())
    check_warehouse(warehouse, trail=trail)
    levels = locked([(sku, warehouse) for sku in units], trail=trail)
    for sku, asked in sorted(units.items()):
        has = _can_give(levels[sku, warehouse], kind)
        if has < asked:
            raise TooFewThere(sku=sku, warehouse=warehouse, asked_units=asked, free_units=has)
    steps = [Step(kind=kind, sku=sku, warehouse=warehouse, units=units[sku]) for sku in sorted(units)]
    move(steps, reference=reference, reason=reason, by=by)


def _can_give(level: Level, kind: Kind) -> int:
    return level.defective_units if kind in (Kind.MENDED, Kind.SCRAPPED) else level.there_units


def _add(reference: str, units: Mapping[str, int], *, kind: Kind, warehouse: str, trail: Trail, by: Actor) -> None:
    check_units(units.items())
    check_warehouse(warehouse, trail=trail)
    skus = sorted(units)
    pieces = [units[sku] for sku in skus]
    sells = int(kind is not Kind.BROUGHT_BACK)
    movement: list[Any] = [reference, warehouse, str(kind), str(by), clock.now()]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [*movement, skus, pieces, trail.shop, sells, sells])
        if cursor.rowcount < len(skus):
            raise AlreadyMoved(reference=reference)

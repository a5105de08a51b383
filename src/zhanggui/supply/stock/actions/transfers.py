"""From one warehouse to another, in two steps, because things happen on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.envelope import Line
from zhanggui.spine.facts.stock import StockArrived, StockMoved
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import models
from zhanggui.supply.stock.actions.levels import Step, check_units, check_warehouse, locked, move
from zhanggui.supply.stock.errors import NotOnTheWay, TooFewThere, WarehouseNotAllowed
from zhanggui.supply.stock.rules import Kind


@operation
def send(
    *, reference: str, from_warehouse: str, to_warehouse: str, units: Mapping[str, int], trail: Trail, by: Actor
) -> None:
    """Let pieces leave one warehouse for another; until they arrive nobody can buy them.

    reference  the transfer; sent once
    refuses    UnitsNotAllowed, NoSuchWarehouse, WarehouseNotAllowed if both are the same, AlreadyMoved, TooFewThere:
               what is promised to orders stays; nothing is written
    tells      supply.stock_moved, once with all lines
    """
    check_units(units.items())
    if from_warehouse == to_warehouse:
        raise WarehouseNotAllowed(field="to_warehouse")
    for code in (from_warehouse, to_warehouse):
        check_warehouse(code, trail=trail)
    levels = locked([(sku, code) for sku in units for code in (from_warehouse, to_warehouse)], trail=trail)
    for sku, asked in sorted(units.items()):
        has = levels[sku, from_warehouse].there_units
        if has < asked:
            raise TooFewThere(sku=sku, warehouse=from_warehouse, asked_units=asked, free_units=has)
    steps = [Step(kind=Kind.SENT, sku=sku, warehouse=from_warehouse, units=units[sku]) for sku in sorted(units)]
    steps += [Step(kind=Kind.DUE, sku=sku, warehouse=to_warehouse, units=units[sku]) for sku in sorted(units)]
    move(steps, reference=reference, reason="", by=by)
    way = {"reference": reference, "from_warehouse": from_warehouse, "to_warehouse": to_warehouse, "shop": trail.shop}
    now = clock.now()
    models.Transfer.objects.bulk_create(
        models.Transfer(**way, sku=sku, units=units[sku], sent_at=now) for sku in sorted(units)
    )
    fact = StockMoved(
        reference=reference,
        from_warehouse=from_warehouse,
        to_warehouse=to_warehouse,
        lines=_lines(units),
        quantity=sum(units.values()),
    )
    record(fact, by=by, trail=trail, subject=f"transfer:{reference}")


@operation
def arrive(
    *, reference: str, units: Mapping[str, int], trail: Trail, by: Actor, lost: Mapping[str, int] | None = None
) -> None:
    """Take in what was sent, all of it or a part, and give up what got lost on the way.

    units, lost  whole pieces by SKU, > 0; a SKU may stand in both
    refuses      UnitsNotAllowed, NotOnTheWay if fewer are on their way; nothing is written
    tells        supply.stock_arrived, once with all lines
    """
    given_up = lost or {}
    check_units([*units.items(), *given_up.items()])
    asked = {sku: units.get(sku, 0) + given_up.get(sku, 0) for sku in sorted({*units, *given_up})}
    rows = models.Transfer.objects.select_for_update().filter(shop=trail.shop, reference=reference, sku__in=asked)
    ways = {way.sku: way for way in rows.order_by("sku")}
    for sku, pieces in asked.items():
        if sku not in ways or ways[sku].units - ways[sku].arrived_units - ways[sku].lost_units < pieces:
            raise NotOnTheWay(reference=reference, sku=sku)
    if not asked:
        raise NotOnTheWay(reference=reference, sku="")
    locked([(sku, way.to_warehouse) for sku, way in ways.items()], trail=trail)
    move(_steps(list(ways.values()), units, given_up), reference=reference, reason="", by=by)
    for sku, way in ways.items():
        way.arrived_units += units.get(sku, 0)
        way.lost_units += given_up.get(sku, 0)
    models.Transfer.objects.bulk_update(ways.values(), ["arrived_units", "lost_units"])
    one = next(iter(ways.values()))
    fact = StockArrived(
        reference=reference,
        from_warehouse=one.from_warehouse,
        to_warehouse=one.to_warehouse,
        lines=_lines(units),
        quantity=sum(units.values()),
        lost_units=sum(given_up.values()),
    )
    record(fact, by=by, trail=trail, subject=f"transfer:{reference}")


def _steps(ways: Sequence[models.Transfer], units: Mapping[str, int], lost: Mapping[str, int]) -> list[Step]:
    """How far a transfer had come is the line of its next movements, so that each stands for itself."""
    return [
        Step(
            kind=kind,
            sku=way.sku,
            warehouse=way.to_warehouse,
            units=pieces[way.sku],
            line=way.arrived_units + way.lost_units,
        )
        for way in ways
        for kind, pieces in ((Kind.ARRIVED, units), (Kind.STRAYED, lost))
        if pieces.get(way.sku)
    ]


def _lines(units: Mapping[str, int]) -> tuple[Line, ...]:
    return tuple(Line(sku=sku, quantity=units[sku], amount_minor=0) for sku in sorted(units))

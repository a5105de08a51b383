"""Short ways to stock, promise and look, for the tests of the warehouse."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from zhanggui.base import ids
from zhanggui.base.operation.rules import operator
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions, models, queries
from zhanggui.supply.stock.rules import MAIN, Allocation, Demand, Warehouse, Zone

BY = operator("clerk")
CAUSE = ids.uuid7()
SHOP = "tea"
TRAIL = Trail(shop=SHOP, person="v-1", cause=CAUSE)
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
_numbers = count(1)


def an_order_number() -> str:
    return f"S-{ids.uuid7()}"[:30] + str(next(_numbers))


def received(warehouse: str = MAIN, **units: int) -> None:
    actions.receive(reference=f"delivery-{next(_numbers)}", units=units, warehouse=warehouse, trail=TRAIL, by=BY)


def a_demand(**units: int) -> tuple[Demand, ...]:
    return tuple(Demand(line, sku, wanted) for line, (sku, wanted) in enumerate(units.items(), start=1))


def held(*demand: Demand, until: datetime | None = None, **units: int) -> str:
    number = an_order_number()
    asked = demand or a_demand(**units)
    actions.hold(order_number=number, demand=asked, until=until, trail=TRAIL, by=BY)
    return number


def pieces_of(number: str) -> tuple[Allocation, ...]:
    """All that is still promised to an order, as a parcel would take it."""
    return tuple(
        Allocation(one.line, one.sku, one.warehouse, one.open_units)
        for one in queries.reservations(number)
        if one.open_units
    )


def shipped(number: str, *, parcel: str = "") -> None:
    parcel_id = parcel or f"P-{next(_numbers)}"
    actions.ship(order_number=number, parcel_id=parcel_id, pieces=pieces_of(number), trail=TRAIL, by=BY)


def a_warehouse(code: str, *, days: int | None = None, **said: object) -> str:
    zones = () if days is None else (Zone(days=days),)
    house = Warehouse(code=code, shop=SHOP, name_zh=code, zones=zones, **said)  # type: ignore[arg-type]
    actions.describe(warehouse=house, trail=TRAIL, by=BY)
    return code


def levels(*skus: str, warehouse: str = MAIN) -> list[tuple[int, int]]:
    found = (queries.level(sku, warehouse=warehouse) for sku in skus)
    return [(level.on_hand_units, level.held_units) for level in found]


def told(number: str) -> list[Envelope]:
    return list(log.of_order(shop=SHOP, order_number=number))


def facts_named(name: str) -> list[dict[str, object]]:
    return [dict(row.body) for row in Entry.objects.filter(name=name).order_by("seq")]


def everything() -> list[list[object]]:
    """All rows of the shelf, to see that a refusal has changed nothing."""
    tables = (models.Level, models.Movement, models.Reservation, models.Transfer, models.Warehouse)
    return [list(table.objects.order_by("pk").values_list()) for table in tables] + [[Entry.objects.count()]]

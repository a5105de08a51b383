"""The verbs of the packing table: fetch, count, close, weigh."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import F

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.fulfilment import models, queries, rules
from zhanggui.shop.fulfilment.actions.steps import locked, move
from zhanggui.shop.fulfilment.errors import NotWanted, WeightNotAllowed
from zhanggui.shop.fulfilment.rules import Parcel, Picked, State
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.facts.parcels import ParcelPacked
from zhanggui.spine.log.actions import record


@operation
def pick(*, parcel_id: str, by: Actor) -> None:
    """Say that all pieces of a parcel lie on the packing table. Tells nothing.

    refuses  NoSuchParcel, TransitionRefused
    """
    parcel = locked(parcel_id)
    move(parcel, to=State.PICKED, picked_at=clock.now())
    models.Line.objects.filter(parcel_id=parcel_id).update(picked_units=F("units"))


@operation
def scan(*, parcel_ids: Sequence[str], sku: str, units: int = 1, by: Actor) -> Picked:
    """Say that pieces of a SKU were fetched; into which of these parcels they belong, the most urgent first.

    The last piece makes the parcel picked. Tells nothing.

    refuses  NotWanted if none of them still wants that many pieces of it; nothing is written
    """
    for candidate in queries.wanting(parcel_ids, sku=sku, units=units):
        parcel = locked(candidate)
        line = next((one for one in parcel.lines if _wants(parcel, one, sku, units)), None)
        if line is None:
            continue
        rows = models.Line.objects.filter(parcel_id=parcel.id, position=line.position, sku=sku)
        rows.update(picked_units=F("picked_units") + units)
        left = parcel.units - parcel.picked_units - units
        if not left:
            move(parcel, to=State.PICKED, picked_at=clock.now())
        return Picked(parcel_id=parcel.id, number=parcel.number, sku=sku, units=units, left_units=left)
    raise NotWanted(sku=sku, units=units)


@operation
def pack(*, parcel_id: str, weight_g: int, by: Actor, counted: Mapping[str, int] | None = None) -> None:
    """Close a parcel and weigh it.

    weight_g  of the closed parcel, > 0
    counted   pieces by SKU as they were counted into it; None if nobody counted
    refuses   NoSuchParcel, TransitionRefused, UnitsDiffer, WeightNotAllowed
    tells     shop.parcel_packed
    """
    if not 0 < weight_g <= rules.HEAVIEST_G:
        raise WeightNotAllowed(weight_g=weight_g)
    parcel = locked(parcel_id)
    if counted is not None:
        rules.check_count(parcel, counted)
    fact = ParcelPacked(
        order_number=parcel.order_number,
        parcel_id=parcel.id,
        warehouse=parcel.warehouse,
        weight_g=weight_g,
        lines=rules.told_lines(parcel),
    )
    trail = orders.order_by_number(parcel.order_number).trail.after(parcel.cause)
    id = record(fact, by=by, trail=trail, subject=f"parcel:{parcel.id}")
    move(parcel, to=State.PACKED, packed_at=clock.now(), weight_g=weight_g, cause=id)


def _wants(parcel: Parcel, line: rules.ParcelLine, sku: str, units: int) -> bool:
    is_open = parcel.state is State.PLANNED and line.sku == sku
    return is_open and 0 < units <= line.units - line.picked_units

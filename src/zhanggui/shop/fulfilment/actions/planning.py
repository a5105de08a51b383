"""Planning parcels once an order is paid, and planning them otherwise before they are packed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.fulfilment import models, ports, queries, rules
from zhanggui.shop.fulfilment.actions.steps import locked
from zhanggui.shop.fulfilment.errors import CannotMerge
from zhanggui.shop.fulfilment.rules import Draft, Parcel, ParcelLine, State, Take
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.supply.stock import queries as stock

# Primary key. Waits for whoever plans or calls off the same order, then adds nothing.
_CLAIM = """
insert into shop_fulfilment_plan (order_number, shop, planned_at) values (%s::varchar, %s::varchar, %s::timestamptz)
on conflict (order_number) do nothing returning order_number
"""


@operation
def plan(*, order_number: str, cause: UUID) -> tuple[str, ...]:
    """Plan the parcels of a paid order, one per destination and warehouse, and hand over what needs no shipping.

    Done once per order: a second time, and for an order that was called off, nothing happens. Tells nothing.

    cause    the fact that says it is paid
    returns  the numbers of its parcels
    """
    order = orders.order_by_number(order_number)
    if order.state is not OrderState.PAID or not _claimed(order):
        return ()
    drafts = rules.drafts(order, stock.reservations(order_number))
    numbers = _write(order, drafts, cause=cause)
    deliver_at_once(order=order, positions=[line.position for line in order.lines if not line.needs_shipping])
    return numbers


@operation
def deliver_at_once(*, order: Order, positions: Iterable[int]) -> None:
    """Let the shopper have lines that need no shipping; an order of nothing else is delivered. A part of planning."""
    now = clock.now()
    handovers = [models.Handover(order_number=order.number, position=position, at=now) for position in positions]
    models.Handover.objects.bulk_create(handovers, ignore_conflicts=True)
    if len(handovers) == len(order.lines):
        orders_actions.note_delivered(order_number=order.number, is_all=True)


@operation
def split(*, parcel_id: str, takes: Sequence[Take], by: Actor) -> str:
    """Move some pieces of a parcel to a new one, before it is packed; the id of the new one. Tells nothing.

    refuses  NoSuchParcel, CannotSplit
    """
    parcel = locked(parcel_id)
    stays, moves = rules.split(parcel, takes)
    row = models.Parcel.objects.get(pk=parcel_id)
    nth = max(rules.nth_of(number) for number in _numbers(parcel.order_number)) + 1
    row.pk, row.number = ids.uuid7(), rules.parcel_number(parcel.order_number, nth)
    row.save(force_insert=True)
    _put(str(row.pk), moves)
    _put(parcel_id, stays)
    for changed in (parcel_id, str(row.pk)):
        _settle_picking(changed)
    return str(row.pk)


@operation
def merge(*, parcel_ids: Sequence[str], by: Actor) -> str:
    """Make one parcel of several of an order, before they are packed; the id of the one that stays. Tells nothing.

    refuses  NoSuchParcel, CannotMerge
    """
    first = queries.order_of(parcel_ids[0]) if parcel_ids else ""
    if any(queries.order_of(parcel_id) != first for parcel_id in parcel_ids):
        raise CannotMerge(reason="not_alike")
    parcels = [locked(parcel_id) for parcel_id in sorted(set(parcel_ids))]
    lines = rules.merged(parcels)
    stays = parcels[0]
    _put(stays.id, lines)
    models.Parcel.objects.filter(pk__in=[parcel.id for parcel in parcels[1:]]).delete()
    _settle_picking(stays.id)
    return stays.id


def _claimed(order: Order) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [order.number, order.shop, clock.now()])
        return cursor.fetchone() is not None


def _write(order: Order, drafts: tuple[Draft, ...], *, cause: UUID) -> tuple[str, ...]:
    rows = [_row(order, draft, nth=nth, cause=cause) for nth, draft in enumerate(drafts, start=1)]
    models.Parcel.objects.bulk_create(rows)
    models.Line.objects.bulk_create(
        line for row, draft in zip(rows, drafts, strict=True) for line in _line_rows(str(row.pk), draft.lines)
    )
    return tuple(row.number for row in rows)


def _row(order: Order, draft: Draft, *, nth: int, cause: UUID) -> models.Parcel:
    place = next(place for place in order.destinations if place.position == draft.destination)
    paid_at = order.paid_at or clock.now()
    return models.Parcel(
        id=ids.uuid7(),
        number=rules.parcel_number(order.number, nth),
        shop=order.shop,
        order_number=order.number,
        destination=draft.destination,
        address_id=place.address_id,
        warehouse=draft.warehouse,
        carrier=next(iter(ports.carriers), ""),
        state=State.PLANNED,
        paid_at=paid_at,
        ship_by=paid_at + rules.TIME_TO_SHIP,
        promised_on=place.promised_on,
        cause=cause,
    )


def _line_rows(parcel_id: str, lines: Iterable[ParcelLine]) -> list[models.Line]:
    return [
        models.Line(
            parcel_id=parcel_id,
            position=line.position,
            sku=line.sku,
            units=line.units,
            picked_units=line.picked_units,
            category=line.category,
            amount_minor=line.amount.minor,
            currency=line.amount.currency,
        )
        for line in lines
    ]


def _put(parcel_id: str, lines: Iterable[ParcelLine]) -> None:
    """Let a parcel hold exactly these lines."""
    models.Line.objects.filter(parcel_id=parcel_id).delete()
    models.Line.objects.bulk_create(_line_rows(parcel_id, lines))


def _settle_picking(parcel_id: str) -> None:
    """A parcel whose lines changed is picked if all its pieces are, and else planned."""
    row = models.Parcel.objects.get(pk=parcel_id)
    parcel: Parcel = row.value
    is_picked = parcel.picked_units == parcel.units
    models.Parcel.objects.filter(pk=parcel_id).update(
        state=State.PICKED if is_picked else State.PLANNED,
        picked_at=(row.picked_at or clock.now()) if is_picked else None,
    )


def _numbers(order_number: str) -> list[str]:
    return list(models.Parcel.objects.filter(order_number=order_number).values_list("number", flat=True))

"""How a parcel leaves the house, or does not."""

from __future__ import annotations

import re

from django.db import IntegrityError, connection

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.fulfilment import models, queries, rules
from zhanggui.shop.fulfilment.actions.steps import locked, move
from zhanggui.shop.fulfilment.actions.tracking import catch_up
from zhanggui.shop.fulfilment.errors import (
    AlreadyLeft,
    CarrierRefused,
    TrackingNotAllowed,
    TrackingTaken,
    TransitionRefused,
)
from zhanggui.shop.fulfilment.rules import WAITING, Label, Parcel, Recipient, Shipment, State
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.facts.shop import ParcelShipped
from zhanggui.spine.log.actions import record
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Allocation

_CARRIER = re.compile(r"^[\w .-]{1,40}$")
_TRACKING = re.compile(r"^[A-Za-z0-9-]{1,60}$")

# Primary key. Whether the order was planned before or not, nothing of it is planned from now on.
_CALL_OFF = """
insert into shop_fulfilment_plan (order_number, shop, called_off_at) values (%s::varchar, %s::varchar, %s::timestamptz)
on conflict (order_number) do update
    set called_off_at = coalesce(shop_fulfilment_plan.called_off_at, excluded.called_off_at)
"""


def ship(*, parcel_id: str, by: Actor) -> str:
    """Buy a label for a packed parcel and let it leave; its tracking number.

    First the intent is written, then the carrier is asked, outside a transaction and with the parcel's id as its
    idempotency key, then the outcome is written: two clerks at once get one label, and one of them is refused.

    refuses  NoSuchParcel, TransitionRefused, NoSuchCarrier, CarrierRefused; CarrierUnreachable: try again
    tells    shop.parcel_shipped, supply.stock_shipped
    """
    asked = _ask(parcel_id=parcel_id)
    carrier = queries.carrier(asked.carrier)
    label = carrier.book(_shipment(asked))
    try:
        _leave(parcel_id=parcel_id, carrier=asked.carrier, label=label, by=by)
    except TransitionRefused:
        if queries.parcel_by_id(parcel_id).state is State.CALLED_OFF:
            carrier.cancel(parcel_id)
        raise
    return label.tracking


def hand_over(*, parcel_id: str, carrier: str, tracking: str, by: Actor) -> None:
    """Let a packed parcel leave with a label that came on paper, or from a carrier that is not plugged in.

    refuses  NoSuchParcel, TransitionRefused, TrackingNotAllowed, TrackingTaken
    tells    shop.parcel_shipped, supply.stock_shipped
    """
    if not (_CARRIER.match(carrier) and _TRACKING.match(tracking)):
        raise TrackingNotAllowed(carrier=carrier, tracking=tracking)
    try:
        _leave(parcel_id=parcel_id, carrier=carrier, label=Label(tracking=tracking), by=by)
    except IntegrityError as taken:
        if "shop_fulfilment_parcel_tracking" not in str(taken):
            raise
        raise TrackingTaken(carrier=carrier, tracking=tracking) from taken


@operation
def call_off(*, order_number: str, by: Actor) -> int:
    """Let nothing of an order leave any more; how many parcels were called off by this. Tells nothing.

    A part of `returns.call_off_paid`, and the first of it, because of the order of the locks. Stock and money are the
    business of others. An order that was not planned yet will not be.

    refuses  NoSuchOrder, AlreadyLeft with what has left
    """
    shop = orders.order_by_number(order_number).shop
    with connection.cursor() as cursor:
        cursor.execute(_CALL_OFF, [order_number, shop, clock.now()])
    parcels = queries.parcels(order_number)
    if left := tuple(parcel.number for parcel in parcels if parcel.has_left):
        raise AlreadyLeft(order_number=order_number, parcels=left)
    for parcel in parcels:
        if parcel.label_asked_at and parcel.is_waiting:
            later(give_label_back, parcel_id=parcel.id, carrier=parcel.carrier)
    rows = models.Parcel.objects.filter(order_number=order_number, state__in=WAITING)
    return rows.update(state=State.CALLED_OFF, ended_at=clock.now())


@job(name="fulfilment.give_label_back")
def give_label_back(parcel_id: str, carrier: str) -> None:
    """Tell a carrier that a label will not be used, if it made one."""
    try:
        queries.carrier(carrier).cancel(parcel_id)
    except CarrierRefused:
        # It was never booked, or is beyond recall: the carrier's bill will say, and nobody is worse off for asking.
        return


@operation
def _ask(*, parcel_id: str) -> Parcel:
    """Write down that a label is going to be bought.

    refuses  NoSuchParcel, TransitionRefused, NoSuchCarrier
    """
    parcel = locked(parcel_id)
    if reason := rules.refusal(parcel.state, to=State.SHIPPED):
        raise TransitionRefused(parcel_id=parcel_id, state=parcel.state, to=State.SHIPPED, reason=reason)
    queries.carrier(parcel.carrier)
    models.Parcel.objects.filter(pk=parcel_id, label_asked_at=None).update(label_asked_at=clock.now())
    return parcel


@operation
def _leave(*, parcel_id: str, carrier: str, label: Label, by: Actor) -> None:
    """Let a packed parcel leave with that label.

    tells  shop.parcel_shipped, supply.stock_shipped
    """
    parcel = locked(parcel_id)
    trail = orders.order_by_number(parcel.order_number).trail.after(parcel.cause)
    now = clock.now()
    fact = ParcelShipped(
        order_number=parcel.order_number, parcel_id=parcel.id, carrier=carrier, lines=rules.told_lines(parcel)
    )
    id = record(fact, by=by, trail=trail, subject=f"parcel:{parcel.id}")
    move(
        parcel,
        to=State.SHIPPED,
        shipped_at=now,
        carrier=carrier,
        tracking=label.tracking,
        label_address=label.address,
        cause=id,
    )
    if parcel.label_asked_at and carrier != parcel.carrier:
        later(give_label_back, parcel_id=parcel.id, carrier=parcel.carrier)
    stock.ship(
        order_number=parcel.order_number, parcel_id=parcel.id, pieces=_pieces(parcel), trail=trail.after(id), by=by
    )
    is_all = not models.Parcel.objects.filter(order_number=parcel.order_number, state__in=WAITING).exists()
    orders_actions.note_shipped(order_number=parcel.order_number, is_all=is_all)
    catch_up(carrier=carrier, tracking=label.tracking)


def _pieces(parcel: Parcel) -> tuple[Allocation, ...]:
    return tuple(
        Allocation(line=line.position, sku=line.sku, warehouse=parcel.warehouse, units=line.units)
        for line in parcel.lines
    )


def _shipment(parcel: Parcel) -> Shipment:
    place = customers.address(parcel.address_id)
    return Shipment(
        parcel_id=parcel.id,
        number=parcel.number,
        warehouse=parcel.warehouse,
        weight_g=parcel.weight_g or 0,
        units=parcel.units,
        promised_on=parcel.promised_on,
        recipient=Recipient(
            name=place.recipient,
            phone=place.phone,
            country=place.country,
            region=place.region,
            city=place.city,
            district=place.district,
            street=place.street,
            postcode=place.postcode,
        ),
    )

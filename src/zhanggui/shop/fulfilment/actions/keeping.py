"""Keeping promises in sight, and closing orders whose goods arrived long enough ago."""

from __future__ import annotations

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job
from zhanggui.base.shops import queries as shops
from zhanggui.shop.fulfilment import models, queries, rules
from zhanggui.shop.fulfilment.actions.steps import lock_order
from zhanggui.shop.fulfilment.rules import WAITING, Promise, State
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.facts.parcels import ParcelLate
from zhanggui.spine.log.actions import record


def flag_late() -> int:
    """Tell of every parcel that has broken a promise since this was asked last; how many.

    tells  shop.parcel_late, once per parcel and promise
    """
    told = 0
    for parcel_id in queries.newly_late(at=clock.now()):
        told += _tell(parcel_id=parcel_id, promise=Promise.SHIP)
    for shop in shops.shops():
        today = clock.day_of(clock.now(), shop.zone)
        for parcel_id in queries.newly_overdue(shop.code, today=today):
            told += _tell(parcel_id=parcel_id, promise=Promise.DELIVERY)
    return told


def complete_delivered() -> int:
    """Close the orders whose last parcel arrived so long ago that it is kept; how many.

    An order with a parcel that was lost or came back is not closed by the clock: somebody has to see to its money.
    """
    due = queries.kept_since(at=clock.now() - rules.TIME_TO_RETURN)
    return sum(_complete(order_number=order_number) for order_number in due)


@operation
def _tell(*, parcel_id: str, promise: Promise) -> int:
    rows = models.Parcel.objects.filter(pk=parcel_id)
    if promise is Promise.SHIP:
        told = rows.filter(state__in=WAITING, late_told_at=None).update(late_told_at=clock.now())
    else:
        told = rows.filter(state=State.SHIPPED, overdue_told_at=None).update(overdue_told_at=clock.now())
    if told:
        parcel = queries.parcel_by_id(parcel_id)
        fact = ParcelLate(
            order_number=parcel.order_number,
            parcel_id=parcel_id,
            warehouse=parcel.warehouse,
            carrier=parcel.carrier,
            promise=promise,
        )
        trail = orders.order_by_number(parcel.order_number).trail.after(parcel.cause)
        record(fact, by=job("fulfilment.flag_late"), trail=trail, subject=f"parcel:{parcel_id}")
    return told


@operation
def _complete(*, order_number: str) -> int:
    lock_order(order_number)
    rows = models.Plan.objects.filter(pk=order_number, completed_at=None)
    return rows.update(completed_at=clock.now()) and int(orders_actions.complete(order_number=order_number))

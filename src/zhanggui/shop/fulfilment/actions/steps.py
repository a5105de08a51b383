"""What every verb of a parcel begins with: lock the plan of its order, then the parcel; then move it, or refuse."""

from __future__ import annotations

from typing import Any

from zhanggui.shop.fulfilment import models, queries, rules
from zhanggui.shop.fulfilment.errors import NoSuchParcel, TransitionRefused
from zhanggui.shop.fulfilment.rules import Parcel, State


def locked(parcel_id: str) -> Parcel:
    """A parcel that nobody else changes until this transaction ends, nor any other parcel of its order.

    refuses  NoSuchParcel
    """
    order_number = queries.order_of(parcel_id)
    lock_order(order_number)
    row = models.Parcel.objects.select_for_update().filter(pk=parcel_id).first()
    if row is None:  # merged into another while we waited
        raise NoSuchParcel(parcel_id=parcel_id)
    return row.value


def lock_order(order_number: str) -> None:
    """Let nobody else change the parcels of an order until this transaction ends."""
    models.Plan.objects.select_for_update().get(pk=order_number)


def move(parcel: Parcel, *, to: State, **changed: Any) -> None:
    """Let a parcel go to another state.

    refuses  TransitionRefused, with the reason in words
    """
    rows = models.Parcel.objects.filter(pk=parcel.id, state__in=rules.before(to))
    if not rows.update(state=to, **changed):
        raise TransitionRefused(
            parcel_id=parcel.id, state=parcel.state, to=to, reason=rules.refusal(parcel.state, to=to)
        )

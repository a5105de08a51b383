"""What fulfilment does when an order was paid, and what the clock starts."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.base.jobs.actions import Job, job, later
from zhanggui.shop.fulfilment import actions, ports, queries
from zhanggui.shop.fulfilment.errors import CarrierRefused
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.relay.rules import Reader

BATCH = 50


def plan(facts: Sequence[Envelope]) -> None:
    """Plan the parcels of the orders that these facts say are paid; an order that we do not keep is somebody else's.

    Orders that somebody has wait are left alone.
    """
    known = orders.states({fact.order_number for fact in facts})
    for fact in facts:
        if fact.order_number in known and not any(waits(fact.order_number) for waits in ports.waits):
            actions.plan(order_number=fact.order_number, cause=fact.id)


_PAID = frozenset({"shop.payment_settled", "shop.difference_settled"})
reader = Reader(name="shop.fulfilment.plan", take=plan, names=_PAID, batch=BATCH)


@job(name="fulfilment.flag_late", every="5 * * * *")
def flag_late() -> None:
    """Every hour: tell of broken promises."""
    actions.flag_late()


@job(name="fulfilment.complete_delivered", every="35 3 * * *")
def complete_delivered() -> None:
    """Every night: close orders that were kept."""
    actions.complete_delivered()


@job(name="fulfilment.track_silent", every="*/20 * * * *")
def track_silent() -> None:
    """Ask after parcels of which nothing was heard for a while, each in a job of its own."""
    for parcel_id in queries.silent():
        later(track, parcel_id=parcel_id, once=f"fulfilment.track/{parcel_id}")


@job(name="fulfilment.track")
def track(parcel_id: str) -> None:
    """Ask the carrier about one parcel; one that it does not know is told of as late, in its time."""
    try:
        actions.pull(parcel_id=parcel_id)
    except CarrierRefused:
        return


jobs: tuple[Job, ...] = (flag_late, complete_delivered, track_silent, track, actions.give_label_back)

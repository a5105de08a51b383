"""What carriers saw, kept once, and what parcels become by it; the same verbs for a person who knows better."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor, partner
from zhanggui.shop.fulfilment import models, queries, rules
from zhanggui.shop.fulfilment.actions.steps import locked, move
from zhanggui.shop.fulfilment.errors import NothingToTakeIn
from zhanggui.shop.fulfilment.rules import Heard, Message, Parcel, Scan, State
from zhanggui.shop.orders import actions as orders_actions
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState
from zhanggui.spine.facts.parcels import ParcelLost, ParcelSentBack
from zhanggui.spine.facts.shop import ParcelDelivered
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import actions as stock
from zhanggui.supply.stock.rules import Condition

# Index shop_fulfilment_event_once. Waits for whoever keeps the same event, then adds nothing; in key order, so that two
# messages with the same events never wait for each other.
_KEEP = """
insert into shop_fulfilment_event (carrier, event_id, tracking, kind, place, at, received_at)
select %s::varchar, t.*, %s::timestamptz
from unnest(%s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::timestamptz[]) t(event_id)
order by t.event_id
on conflict on constraint shop_fulfilment_event_once do nothing
"""


def hear(*, carrier: str, message: Message) -> Heard:
    """Believe what a carrier's server says, if it can be believed; told twice, late or out of order, it ends the same.

    refuses  NoSuchCarrier, Forged, Stale, Unreadable; nothing is written
    tells    shop.parcel_delivered, shop.parcel_lost or shop.parcel_sent_back, once per parcel
    """
    return _take(carrier=carrier, scans=queries.carrier(carrier).read(message, at=clock.now()))


def pull(*, parcel_id: str) -> Heard:
    """Ask the carrier what it saw of a parcel on its way, for what it did not tell by itself.

    refuses  NoSuchParcel, NoSuchCarrier, CarrierRefused; CarrierUnreachable
    tells    as `hear`
    """
    parcel = queries.parcel_by_id(parcel_id)
    if parcel.state is not State.SHIPPED:
        return Heard(new=0, moved=())
    return _take(carrier=parcel.carrier, scans=queries.carrier(parcel.carrier).track(parcel.tracking))


@operation
def deliver(*, parcel_id: str, by: Actor, at: datetime | None = None) -> None:
    """Know that a parcel was signed for; the order is delivered once all its parcels are.

    at       when, if not now
    refuses  NoSuchParcel, TransitionRefused
    tells    shop.parcel_delivered
    """
    parcel = locked(parcel_id)
    moment = min(at or clock.now(), clock.now())
    fact = ParcelDelivered(order_number=parcel.order_number, parcel_id=parcel.id)
    _end(parcel, fact, to=State.DELIVERED, by=by, at=moment, delivered_at=moment)
    rest = models.Parcel.objects.filter(order_number=parcel.order_number)
    if not rest.exclude(state__in=(State.DELIVERED, State.CALLED_OFF)).exists():
        _tell_order(parcel.order_number)


@operation
def lose(*, parcel_id: str, by: Actor, at: datetime | None = None) -> None:
    """Know that a carrier lost a parcel for good. The shopper's money goes back through a return, not by this.

    refuses  NoSuchParcel, TransitionRefused
    tells    shop.parcel_lost
    """
    parcel = locked(parcel_id)
    fact = ParcelLost(
        order_number=parcel.order_number,
        parcel_id=parcel.id,
        carrier=parcel.carrier,
        lines=rules.told_lines(parcel),
    )
    _end(parcel, fact, to=State.LOST, by=by, at=at or clock.now())


@operation
def return_to_sender(*, parcel_id: str, by: Actor, at: datetime | None = None) -> None:
    """Know that a parcel could not be handed over and comes back; its goods are put away by `take_in`.

    refuses  NoSuchParcel, TransitionRefused
    tells    shop.parcel_sent_back
    """
    parcel = locked(parcel_id)
    fact = ParcelSentBack(
        order_number=parcel.order_number,
        parcel_id=parcel.id,
        carrier=parcel.carrier,
        lines=rules.told_lines(parcel),
    )
    _end(parcel, fact, to=State.RETURNED_TO_SENDER, by=by, at=at or clock.now())


@operation
def take_in(*, parcel_id: str, condition: Condition, by: Actor) -> None:
    """Put the goods of a parcel that came back away where they came from, once.

    refuses  NoSuchParcel, NothingToTakeIn
    tells    what `stock.take_back` tells
    """
    parcel = locked(parcel_id)
    rows = models.Parcel.objects.filter(pk=parcel_id, state=State.RETURNED_TO_SENDER, taken_in_at=None)
    if not rows.update(taken_in_at=clock.now()):
        raise NothingToTakeIn(parcel_id=parcel_id)
    units: dict[str, int] = {}
    for line in parcel.lines:
        units[line.sku] = units.get(line.sku, 0) + line.units
    stock.take_back(
        reference=f"parcel:{parcel.id}",
        warehouse=parcel.warehouse,
        units=units,
        condition=condition,
        trail=_trail(parcel),
        by=by,
    )


def catch_up(*, carrier: str, tracking: str) -> str:
    """Let a parcel become what its carrier's scans say, all of them in the order they happened; its id if it moved.

    A parcel only goes forward: what comes after its end is kept and changes nothing. A part of hearing and of shipping.
    """
    row = models.Parcel.objects.filter(carrier=carrier, tracking=tracking, state=State.SHIPPED).first()
    word = rules.last_word(queries.scans(carrier, [tracking]).get(tracking, ())) if row else None
    if row is None or word is None:
        return ""
    parcel_id = str(row.pk)
    if locked(parcel_id).state is not State.SHIPPED:
        return ""
    verbs = {State.DELIVERED: deliver, State.LOST: lose, State.RETURNED_TO_SENDER: return_to_sender}
    verbs[rules.ENDS[word.kind]](parcel_id=parcel_id, by=partner(carrier), at=word.at)
    return parcel_id


@operation
def _take(*, carrier: str, scans: Sequence[Scan]) -> Heard:
    """Keep what is new of these scans, and let their parcels become what they say.

    A parcel is brought up to all its scans whether one of these was new or not: the one that matters may have been kept
    in the very moment when the parcel left.
    """
    columns = zip(*((scan.event_id, scan.tracking, scan.kind, scan.place, scan.at) for scan in scans), strict=True)
    args: list[Any] = [list(column) for column in columns]
    if not args:
        return Heard(new=0, moved=())
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [carrier, clock.now(), *args])
        new = cursor.rowcount
    moved = (catch_up(carrier=carrier, tracking=tracking) for tracking in sorted({scan.tracking for scan in scans}))
    return Heard(new=new, moved=tuple(parcel_id for parcel_id in moved if parcel_id))


def _end(parcel: Parcel, fact: object, *, to: State, by: Actor, at: datetime, **changed: Any) -> None:
    at = min(at, clock.now())
    id = record(fact, by=by, trail=_trail(parcel), subject=f"parcel:{parcel.id}", at=at)
    move(parcel, to=to, ended_at=at, cause=id, **changed)


def _trail(parcel: Parcel) -> Trail:
    return orders.order_by_number(parcel.order_number).trail.after(parcel.cause)


def _tell_order(order_number: str) -> None:
    """All of an order arrived; one that was closed otherwise by then stays as it is."""
    if orders.states([order_number])[order_number] is OrderState.SHIPPED:
        orders_actions.note_delivered(order_number=order_number, is_all=True)

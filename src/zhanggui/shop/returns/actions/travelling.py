"""How goods come back: fetched, handed in, sent, received."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.returns import rules
from zhanggui.shop.returns.actions.moving import move, return_for, said, trail_of
from zhanggui.shop.returns.errors import SlotNotOffered
from zhanggui.shop.returns.rules import State, Way
from zhanggui.spine.facts.shop import ReturnReceived
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.supply.stock import queries as stock
from zhanggui.supply.stock.rules import MAIN

_LONGEST_CARRIER, _LONGEST_TRACKING = 40, 60


@operation
def book_drop_off(*, return_number: str, trail: Trail, by: Actor) -> None:
    """Let the shopper hand the goods in at a counter, which reads the return's QR code.

    refuses  NoSuchReturn, StepRefused
    """
    found = return_for(return_number, trail=trail, by=by)
    move(
        found.number,
        to=State.DROP_OFF_BOOKED,
        way=Way.DROP_OFF,
        pickup_on=None,
        pickup_slot="",
        pickup_address_id=None,
    )


@operation
def book_pickup(*, return_number: str, address_id: UUID, on: date, slot: str, trail: Trail, by: Actor) -> None:
    """Let a courier fetch the goods.

    address_id  one that the order went to
    on, slot    a day and a span of it that are offered, on the shop's clock
    refuses     NoSuchReturn, SlotNotOffered, StepRefused
    """
    found = return_for(return_number, trail=trail, by=by)
    today = clock.day_of(clock.now(), shops.shop(found.shop).zone)
    order = orders.order_by_number(found.order_number)
    is_ours = address_id in {there.address_id for there in order.destinations}
    if on not in rules.pickup_days(today) or slot not in rules.PICKUP_SLOTS or not is_ours:
        raise SlotNotOffered(day=on.isoformat(), slot=slot)
    move(
        found.number,
        to=State.PICKUP_BOOKED,
        way=Way.PICKUP,
        pickup_on=on,
        pickup_slot=slot,
        pickup_address_id=address_id,
    )


@operation
def note_sent(*, return_number: str, carrier: str = "", tracking: str = "", trail: Trail, by: Actor) -> None:
    """Know that the goods are on their way: the shopper says so, or the counter that took them.

    carrier, tracking  of a parcel that the shopper sends; empty for what a counter or courier took
    refuses            NoSuchReturn, StepRefused
    """
    found = return_for(return_number, trail=trail, by=by)
    carrier, tracking = said(carrier, needed=False), said(tracking, needed=False)
    way = found.way if found.way is not Way.NONE and not tracking else Way.OWN
    move(
        found.number,
        to=State.IN_TRANSIT,
        way=way,
        carrier=carrier[:_LONGEST_CARRIER],
        tracking=tracking[:_LONGEST_TRACKING],
        sent_at=clock.now(),
    )


@operation
def receive(*, return_number: str, warehouse: str, trail: Trail, by: Actor) -> None:
    """Take the goods in; the clock of the refund starts. Nothing is put on sale before it was inspected.

    warehouse  where they arrived
    refuses    NoSuchReturn, NoSuchWarehouse, StepRefused: also if they were received before
    tells      shop.return_received
    """
    found = return_for(return_number, trail=trail, by=by)
    if warehouse != MAIN:
        stock.warehouse(found.shop, warehouse)
    move(found.number, to=State.RECEIVED, received_at=clock.now(), warehouse=warehouse)
    fact = ReturnReceived(
        order_number=found.order_number,
        return_number=found.number,
        lines=rules.told_lines(found.pieces),
        reason=found.reason,
    )
    record(fact, by=by, trail=trail_of(found), subject=f"return:{found.number}")

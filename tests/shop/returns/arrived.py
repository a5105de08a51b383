"""An order on real tables that was bought, paid, shipped and signed for, and what is asked of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tests.shop import made
from zhanggui.base import ids
from zhanggui.base.operation.rules import customer
from zhanggui.shop.fulfilment import actions as fulfilment
from zhanggui.shop.fulfilment import queries as parcels
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import Order
from zhanggui.shop.payments import actions as payments
from zhanggui.shop.returns import actions, queries, rules
from zhanggui.shop.returns.rules import Finding, Reason, Return, Verdict, Wish
from zhanggui.spine.log.rules import Trail

STAFF = made.CLERK
HERE = Trail(shop=made.SHOP)
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64


def a_paid_order(units: Mapping[str, int] | None = None) -> Order:
    """Bought and paid; nothing has left."""
    placed = made.an_order(units)
    order = orders.order_by_number(placed.order_number)
    payments.settle(shop=made.SHOP, provider="sandbox", message=made.a_message(placed, amount=order.total.minor))
    return orders.order_by_number(order.number)


def sent(order: Order) -> Order:
    """All parcels of an order have left."""
    fulfilment.plan(order_number=order.number, cause=ids.uuid7())
    for parcel in parcels.parcels(order.number):
        fulfilment.pick(parcel_id=parcel.id, by=STAFF)
        fulfilment.pack(parcel_id=parcel.id, weight_g=500, by=STAFF)
        fulfilment.hand_over(parcel_id=parcel.id, carrier="sf", tracking=f"SF{ids.uuid7().int % 10**10}", by=STAFF)
    return orders.order_by_number(order.number)


def an_arrived_order(units: Mapping[str, int] | None = None) -> Order:
    """Bought, paid, shipped and signed for now."""
    order = sent(a_paid_order(units))
    for parcel in parcels.parcels(order.number):
        fulfilment.deliver(parcel_id=parcel.id, by=STAFF)
    return orders.order_by_number(order.number)


def ask(
    order: Order,
    units: Mapping[int, int] | None = None,
    *,
    reason: Reason = Reason.CHANGED_MIND,
    wish: Wish = Wish.REFUND,
    wanted: Mapping[int, str] | None = None,
    key: str = "",
) -> str:
    """What the shopper asks for; one piece of the first line unless it says otherwise."""
    return actions.request(
        order_number=order.number,
        units=units or {1: 1},
        reason=reason,
        wish=wish,
        wanted=wanted,
        idempotency_key=key,
        trail=order.trail,
        by=customer(order.person),
    )


def receive(number: str) -> None:
    actions.receive(return_number=number, warehouse="main", trail=HERE, by=STAFF)


def inspect(number: str, *verdicts: Verdict) -> None:
    """The verdicts on the pieces, in their order; all as good as new if none is given."""
    pieces = queries.return_by_number(number).pieces
    found = verdicts or (Verdict.SELLABLE,) * len(pieces)
    findings = [
        Finding(piece=piece.number, verdict=verdict, found="scratched" if verdict is Verdict.REJECTED else "")
        for piece, verdict in zip(pieces, found, strict=True)
    ]
    actions.inspect(return_number=number, findings=findings, trail=HERE, by=STAFF)


def finish(number: str) -> bool:
    return actions.finish(return_number=number, by=STAFF)


def settled(order: Order, units: Mapping[int, int], *, reason: Reason = Reason.CHANGED_MIND) -> Return:
    """A return from the request to the money."""
    number = ask(order, units, reason=reason)
    receive(number)
    inspect(number)
    finish(number)
    return queries.return_by_number(number)


def state(number: str) -> rules.State:
    return queries.return_by_number(number).state


def body(order_number: str, name: str) -> dict[str, object]:
    """What the only fact of that name about an order says."""
    return dict(msgspec.json.decode(made.only(made.facts_of(order_number), name).body))

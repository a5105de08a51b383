"""How an order may stand, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """How an order stands.

    SHIPPING   some of its parcels have left; SHIPPED: all have
    COMPLETED  delivered, and the time to return it without a reason is over
    CANCELLED  before it was paid, or paid and called off before anything left; its money goes back
    """

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    SHIPPING = "shipping"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# Which state may follow which. A repeated verb is refused like a wrong one.
FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.AWAITING_PAYMENT: frozenset({State.PAID, State.CANCELLED, State.EXPIRED}),
        State.PAID: frozenset({State.SHIPPING, State.SHIPPED, State.DELIVERED, State.CANCELLED}),
        State.SHIPPING: frozenset({State.SHIPPED, State.COMPLETED}),
        State.SHIPPED: frozenset({State.DELIVERED, State.COMPLETED}),
        State.DELIVERED: frozenset({State.COMPLETED}),
        State.COMPLETED: frozenset(),
        State.CANCELLED: frozenset(),
        State.EXPIRED: frozenset(),
    }
)
# Paid for and not called off.
STANDS: Final = frozenset({State.PAID, State.SHIPPING, State.SHIPPED, State.DELIVERED, State.COMPLETED})
# For these pieces may lie aside.
MAY_HOLD: Final = frozenset({State.AWAITING_PAYMENT, State.PAID, State.SHIPPING})
# These end an order's waiting for money, or its life.
ENDS_WAITING: Final = frozenset({State.PAID, State.CANCELLED, State.EXPIRED})
# Why not, in words: how the order stands, then what the other state would need.
STANDING: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.AWAITING_PAYMENT: "This order is waiting for its payment.",
        State.PAID: "This order is paid and has not left yet.",
        State.SHIPPING: "A part of this order is on its way.",
        State.SHIPPED: "This order is on its way.",
        State.DELIVERED: "This order has been delivered.",
        State.COMPLETED: "This order is completed.",
        State.CANCELLED: "This order was called off; money for it goes back.",
        State.EXPIRED: "The time to pay this order is over; money for it goes back.",
    }
)
NEEDS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.AWAITING_PAYMENT: "No order waits for a payment twice; place a new one.",
        State.PAID: "Only an order that waits for its payment can be paid.",
        State.SHIPPING: "Only a paid order can be shipped.",
        State.SHIPPED: "Only a paid order can be shipped.",
        State.DELIVERED: "Only what was shipped can be delivered.",
        State.COMPLETED: "Only what was shipped can be completed.",
        State.CANCELLED: "It can be called off only before it leaves; afterwards it can be returned.",
        State.EXPIRED: "Only an order that waits for its payment runs out of time.",
    }
)


def refusal(state: State, *, to: State) -> str:
    """Why an order does not go from a state to another, in a sentence or two; empty if it may."""
    if to in FOLLOWS[state]:
        return ""
    return STANDING[state] if to is state else f"{STANDING[state]} {NEEDS[to]}"


def before(to: State) -> tuple[State, ...]:
    """The states that another may follow on, for `update ... where state in`."""
    return tuple(state for state in State if to in FOLLOWS[state])

"""Which state of a return may follow which, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """How a return stands.

    APPROVED   the goods may come back, or stay with the shopper if we say so
    REFUSED    we do not want the goods back; said before they were sent
    INSPECTED  every piece was looked at; the refund runs by itself, the replacement waits to be sent
    REJECTED   every piece goes back to the shopper, with a reason
    """

    REQUESTED = "requested"
    APPROVED = "approved"
    DROP_OFF_BOOKED = "drop_off_booked"
    PICKUP_BOOKED = "pickup_booked"
    IN_TRANSIT = "in_transit"
    RECEIVED = "received"
    INSPECTED = "inspected"
    REFUNDED = "refunded"
    EXCHANGED = "exchanged"
    REJECTED = "rejected"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


_COMING: Final = frozenset({State.IN_TRANSIT, State.RECEIVED, State.WITHDRAWN})
# A repeated verb is refused like a wrong one.
FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.REQUESTED: frozenset({State.APPROVED, State.REFUSED, State.WITHDRAWN}),
        State.APPROVED: _COMING | {State.DROP_OFF_BOOKED, State.PICKUP_BOOKED, State.INSPECTED},
        State.DROP_OFF_BOOKED: _COMING | {State.PICKUP_BOOKED},
        State.PICKUP_BOOKED: _COMING | {State.DROP_OFF_BOOKED},
        State.IN_TRANSIT: frozenset({State.RECEIVED, State.WITHDRAWN}),
        State.RECEIVED: frozenset({State.INSPECTED}),
        State.INSPECTED: frozenset({State.REFUNDED, State.EXCHANGED, State.REJECTED}),
        State.REFUNDED: frozenset(),
        State.EXCHANGED: frozenset(),
        State.REJECTED: frozenset(),
        State.REFUSED: frozenset(),
        State.WITHDRAWN: frozenset(),
    }
)
ENDED: Final = frozenset(state for state, after in FOLLOWS.items() if not after)
OPEN: Final = frozenset(State) - ENDED
# Where the next hand is ours.
WAITS_FOR_US: Final = frozenset({State.REQUESTED, State.RECEIVED, State.INSPECTED})
# Why not, in words: how the return stands, then what the other state would need.
STANDING: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.REQUESTED: "This return waits for a person's decision.",
        State.APPROVED: "This return is approved and waits for the goods.",
        State.DROP_OFF_BOOKED: "The goods will be handed in at a counter.",
        State.PICKUP_BOOKED: "A courier will fetch the goods.",
        State.IN_TRANSIT: "The goods are on their way to us.",
        State.RECEIVED: "The goods are with us and wait to be inspected.",
        State.INSPECTED: "The goods were inspected.",
        State.REFUNDED: "The money for this return has gone back.",
        State.EXCHANGED: "The replacement for this return has been sent.",
        State.REJECTED: "This return was rejected; the goods go back to the shopper.",
        State.REFUSED: "This return was refused before the goods were sent.",
        State.WITHDRAWN: "This return was withdrawn.",
    }
)
NEEDS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.REQUESTED: "A return is asked for once; ask for a new one.",
        State.APPROVED: "Only a return that waits for a decision can be approved.",
        State.DROP_OFF_BOOKED: "A drop-off is booked after the approval and before the goods are sent.",
        State.PICKUP_BOOKED: "A pickup is booked after the approval and before the goods are sent.",
        State.IN_TRANSIT: "Goods are sent once, after the approval.",
        State.RECEIVED: "Only approved goods that have not arrived yet can be received.",
        State.INSPECTED: "Only goods that have been received can be inspected, once.",
        State.REFUNDED: "Only an inspected return is refunded, once.",
        State.EXCHANGED: "Only an inspected return is exchanged, once.",
        State.REJECTED: "Only an inspected return is rejected.",
        State.REFUSED: "Only a return that waits for a decision can be refused; received goods are inspected instead.",
        State.WITHDRAWN: "A return can be withdrawn only before the goods have arrived.",
    }
)


def refusal(state: State, *, to: State) -> str:
    """Why a return does not go from a state to another, in two sentences; empty if it may."""
    return "" if to in FOLLOWS[state] else f"{STANDING[state]} {NEEDS[to]}"


def before(to: State) -> tuple[State, ...]:
    """The states that another may follow on, for `update ... where state in`."""
    return tuple(state for state in State if to in FOLLOWS[state])

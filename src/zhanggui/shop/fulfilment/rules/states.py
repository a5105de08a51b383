"""How a parcel stands, which state may follow which, and why not."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """How a parcel stands.

    PLANNED   its pieces lie reserved in the warehouse
    PICKED    they lie on the packing table
    PACKED    closed and weighed
    SHIPPED   labelled and handed to the carrier
    """

    PLANNED = "planned"
    PICKED = "picked"
    PACKED = "packed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    LOST = "lost"
    RETURNED_TO_SENDER = "returned_to_sender"
    CALLED_OFF = "called_off"


FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.PLANNED: frozenset({State.PICKED, State.CALLED_OFF}),
        State.PICKED: frozenset({State.PACKED, State.CALLED_OFF}),
        State.PACKED: frozenset({State.SHIPPED, State.CALLED_OFF}),
        State.SHIPPED: frozenset({State.DELIVERED, State.LOST, State.RETURNED_TO_SENDER}),
        State.DELIVERED: frozenset(),
        State.LOST: frozenset(),
        State.RETURNED_TO_SENDER: frozenset(),
        State.CALLED_OFF: frozenset(),
    }
)
# In the house, and still to leave it.
WAITING: Final = (State.PLANNED, State.PICKED, State.PACKED)
# Out of the house, whatever became of it.
LEFT: Final = (State.SHIPPED, State.DELIVERED, State.LOST, State.RETURNED_TO_SENDER)
# Nothing more will happen to it.
ENDED: Final = (State.DELIVERED, State.LOST, State.RETURNED_TO_SENDER, State.CALLED_OFF)
# Why not, in words: how the parcel stands, then what the other state would need.
STANDING: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.PLANNED: "This parcel has not been picked yet.",
        State.PICKED: "This parcel is picked and not packed yet.",
        State.PACKED: "This parcel is packed and has not left yet.",
        State.SHIPPED: "This parcel has left already.",
        State.DELIVERED: "This parcel has been delivered.",
        State.LOST: "This parcel was lost on the way.",
        State.RETURNED_TO_SENDER: "This parcel came back to us.",
        State.CALLED_OFF: "This parcel was called off.",
    }
)
NEEDS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.PLANNED: "Nothing goes back to being planned.",
        State.PICKED: "Only what is planned can be picked.",
        State.PACKED: "Pick it before you pack it; nothing is packed twice.",
        State.SHIPPED: "Only a packed parcel can be shipped, and only once.",
        State.DELIVERED: "Only what was shipped can be delivered.",
        State.LOST: "Only what was shipped and has not arrived can be lost.",
        State.RETURNED_TO_SENDER: "Only what was shipped and has not arrived can come back.",
        State.CALLED_OFF: "It can be called off only before it leaves.",
    }
)


def refusal(state: State, *, to: State) -> str:
    """Why a parcel does not go from a state to another, in two sentences; empty if it may."""
    return "" if to in FOLLOWS[state] else f"{STANDING[state]} {NEEDS[to]}"


def before(to: State) -> tuple[State, ...]:
    """The states that another may follow on, for `update ... where state in`."""
    return tuple(state for state in State if to in FOLLOWS[state])

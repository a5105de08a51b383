"""How a reservation may stand, and which state may follow which."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class State(StrEnum):
    """How a reservation stands.

    LAPSED            its deposit was never paid, or the deposit's order was called off at once
    BALANCE_PAID      from here on it is an ordinary order
    BALANCE_EXPIRED   the window is over and the balance was not paid; FORFEITED: so the deposit is kept
    SELLER_CANCELLED  we broke the contract: the deposit goes back double
    FORCE_MAJEURE     nobody could keep the contract: the deposit goes back
    """

    DEPOSIT_DUE = "deposit_due"
    DEPOSIT_PAID = "deposit_paid"
    BALANCE_OPEN = "balance_open"
    BALANCE_PAID = "balance_paid"
    BALANCE_EXPIRED = "balance_expired"
    FORFEITED = "forfeited"
    SELLER_CANCELLED = "seller_cancelled"
    FORCE_MAJEURE = "force_majeure"
    LAPSED = "lapsed"


# Which state may follow which. A repeated verb is refused like a wrong one.
FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.DEPOSIT_DUE: frozenset({State.DEPOSIT_PAID, State.LAPSED}),
        State.DEPOSIT_PAID: frozenset({State.BALANCE_OPEN, State.SELLER_CANCELLED, State.FORCE_MAJEURE, State.LAPSED}),
        State.BALANCE_OPEN: frozenset(
            {State.BALANCE_PAID, State.BALANCE_EXPIRED, State.SELLER_CANCELLED, State.FORCE_MAJEURE}
        ),
        State.BALANCE_PAID: frozenset(),
        State.BALANCE_EXPIRED: frozenset({State.FORFEITED, State.SELLER_CANCELLED, State.FORCE_MAJEURE}),
        State.FORFEITED: frozenset(),
        State.SELLER_CANCELLED: frozenset(),
        State.FORCE_MAJEURE: frozenset(),
        State.LAPSED: frozenset(),
    }
)
# The deposit is paid and lies in the books as one.
KEEPS_DEPOSIT: Final = (State.DEPOSIT_PAID, State.BALANCE_OPEN, State.BALANCE_EXPIRED)
# Pieces lie aside for it, but while an order for its balance has them.
HOLDS_STOCK: Final = (State.DEPOSIT_DUE, State.DEPOSIT_PAID, State.BALANCE_OPEN)
# The deposit was paid at some time.
WAS_PAID: Final = tuple(state for state in State if state not in (State.DEPOSIT_DUE, State.LAPSED))
# A person decides on these two.
ENDINGS: Final = (State.SELLER_CANCELLED, State.FORCE_MAJEURE)
# Nothing follows.
ENDS: Final = tuple(state for state in State if not FOLLOWS[state])

# Why not, in words: how the reservation stands, then what the other state would need.
STANDING: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.DEPOSIT_DUE: "The deposit has not been paid yet.",
        State.DEPOSIT_PAID: "The deposit is paid and the balance is not open yet.",
        State.BALANCE_OPEN: "The balance can be paid.",
        State.BALANCE_PAID: "The balance is paid; it is an ordinary order now.",
        State.BALANCE_EXPIRED: "The time to pay the balance is over.",
        State.FORFEITED: "The balance was not paid in time, and the deposit was kept.",
        State.SELLER_CANCELLED: "The shop called it off, and the deposit went back double.",
        State.FORCE_MAJEURE: "It could not be kept by anybody, and the deposit went back.",
        State.LAPSED: "The deposit was not paid, so nothing is reserved any more.",
    }
)
NEEDS: Final[Mapping[State, str]] = MappingProxyType(
    {
        State.DEPOSIT_DUE: "Nobody pays a deposit twice; reserve anew.",
        State.DEPOSIT_PAID: "Only a deposit that is due can be paid.",
        State.BALANCE_OPEN: "A balance opens only once the deposit is paid.",
        State.BALANCE_PAID: "Only an open balance can be paid.",
        State.BALANCE_EXPIRED: "Only an open balance runs out of time.",
        State.FORFEITED: "A deposit is kept only after the time for the balance is over.",
        State.SELLER_CANCELLED: "Only while the balance is unpaid; an order is called off itself.",
        State.FORCE_MAJEURE: "Only while the balance is unpaid; an order is called off itself.",
        State.LAPSED: "Only a reservation without a paid deposit comes to nothing by itself.",
    }
)


def refusal(state: State, *, to: State) -> str:
    """Why a reservation does not go from a state to another, in a sentence or two; empty if it may."""
    if to in FOLLOWS[state]:
        return ""
    return STANDING[state] if to is state else f"{STANDING[state]} {NEEDS[to]}"


def before(to: State) -> tuple[State, ...]:
    """The states that another may follow on, for `update ... where state in`."""
    return tuple(state for state in State if to in FOLLOWS[state])

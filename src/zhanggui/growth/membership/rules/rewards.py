"""The points shop: what points buy, and how far a redemption is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from zhanggui.growth.membership.errors import RewardNotAllowed
from zhanggui.shop.catalogue.rules import NOTHING, Words

# Redemptions promise stock under their own numbers; an order's begins with a figure, a return's with R.
NUMBER_BEGINS: Final = "G"
MOST_POINTS: Final = 100_000_000


class Kind(StrEnum):
    """What a reward is.

    GOODS  a SKU that lies in stock; MERCHANDISE: something that is sent but not sold; CLASS, EVENT: a place
    """

    GOODS = "goods"
    MERCHANDISE = "merchandise"
    CLASS = "class"
    EVENT = "event"

    @property
    def is_sent(self) -> bool:
        """Whether it goes to an address."""
        return self in (Kind.GOODS, Kind.MERCHANDISE)


class State(StrEnum):
    """How far a redemption is. RECEIVED: the parcel arrived, or the place was taken."""

    REDEEMED = "redeemed"
    SENT = "sent"
    RECEIVED = "received"
    CANCELLED = "cancelled"


# Which state may follow which; a place is taken without being sent.
FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.REDEEMED: frozenset({State.SENT, State.RECEIVED, State.CANCELLED}),
        State.SENT: frozenset({State.RECEIVED}),
        State.RECEIVED: frozenset(),
        State.CANCELLED: frozenset(),
    }
)
OPEN: Final = (State.REDEEMED, State.SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reward:
    """Something that points buy.

    sku        of goods; empty for the others
    quota      how many there are in all, taken: how many are gone; None: as many as lie in stock, or as anybody wants
    most_each  how many one member may have; None: any number
    at         when a class or an event is
    """

    id: UUID
    kind: Kind
    title: Words
    words: Words = NOTHING
    sku: str = ""
    points: int
    quota: int | None = None
    taken: int = 0
    most_each: int | None = None
    at: datetime | None = None
    is_offered: bool = True

    @property
    def left(self) -> int | None:
        """How many are left; None if nobody counts."""
        return None if self.quota is None else self.quota - self.taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Redemption:
    """A reward that a member has for points.

    address_id        where it goes; None for a place
    carrier, tracking as it was sent; empty before
    """

    number: str
    shop: str
    person: str
    reward: UUID
    kind: Kind
    title: Words
    sku: str
    points: int
    state: State
    address_id: UUID | None
    carrier: str
    tracking: str
    at: datetime
    ended_at: datetime | None


def before(to: State) -> tuple[State, ...]:
    """The states that another may follow on, for `update ... where state in`."""
    return tuple(state for state in State if to in FOLLOWS[state])


def checked(reward: Reward) -> Reward:
    """The reward itself.

    refuses  RewardNotAllowed
    """
    faults = {
        "title": not reward.title,
        "points": not 0 < reward.points <= MOST_POINTS,
        "sku": (reward.kind is Kind.GOODS) != bool(reward.sku),
        "quota": reward.quota is not None and reward.quota < reward.taken,
        "most_each": reward.most_each is not None and reward.most_each < 1,
        "at": reward.at is not None and reward.kind.is_sent,
    }
    if wrong := [field for field, is_wrong in faults.items() if is_wrong]:
        raise RewardNotAllowed(field=wrong[0])
    return reward

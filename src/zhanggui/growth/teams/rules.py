"""Teams that buy together: what an offer may say, how a team stands, whose faces are shown. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.growth.teams.errors import OfferNotAllowed
from zhanggui.shop.orders.rules import STANDS
from zhanggui.shop.orders.rules import State as OrderState

# Whoever took a seat has so long to order; then it is free for somebody else.
SEAT_HOLDS: Final = timedelta(minutes=15)
# The job looks a moment after the deadline, so that no clock is a hair early.
GRACE: Final = timedelta(seconds=2)
LEAST_SIZE: Final = 2
MOST_SIZE: Final = 50
MOST_HOURS: Final = 24 * 14
MOST_PER_PERSON: Final = 50
MOST_UNITS: Final = 99
SOURCE: Final = "group:"
CODE_BITS: Final = 50
# Crockford's base 32: no letter looks like a digit.
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Sale(StrEnum):
    """How an offer stands."""

    LIVE = "live"
    STOPPED = "stopped"


class State(StrEnum):
    """How a team stands."""

    OPEN = "open"
    FULL = "full"
    FAILED = "failed"


class Sits(StrEnum):
    """How a seat stands.

    TAKEN    its shopper has some minutes to order
    ORDERED  the order waits for its money
    PAID     it counts
    FREED    nobody sits here any longer: not ordered, not paid in time, or called off
    """

    TAKEN = "taken"
    ORDERED = "ordered"
    PAID = "paid"
    FREED = "freed"


class Why(StrEnum):
    """Why a team failed."""

    TIME = "time"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Terms under which shoppers buy a SKU together.

    price       of one piece, for everybody in a full team
    size        people in a team
    hours       from a team's opening until it must be full
    per_person  seats that one shopper may have in all teams of the offer
    most_units  pieces that each seat may buy at the price
    most_teams  that may be opened in all; None: any number
    ends_at     when no team can be opened any longer; None: until it is stopped
    """

    id: UUID
    sku: str
    price: Money
    size: int
    hours: int
    starts_at: datetime
    ends_at: datetime | None = None
    per_person: int = 1
    most_units: int = 1
    most_teams: int | None = None
    opened_teams: int = 0
    state: Sale = Sale.LIVE

    def is_on(self, at: datetime) -> bool:
        """Whether a team can be opened then, as far as the period and the number of teams go."""
        has_ended = self.ends_at is not None and self.ends_at <= at
        is_used_up = self.most_teams is not None and self.opened_teams >= self.most_teams
        return self.state is Sale.LIVE and self.starts_at <= at and not has_ended and not is_used_up

    def ends_for(self, at: datetime) -> datetime:
        """Until when a team that is opened then must be full."""
        return at + timedelta(hours=self.hours)

    def checked(self, *, list_price: Money) -> Offer:
        """The same offer, if it can be like this.

        list_price  of one piece; the group price lies below it, or nobody would need a team
        refuses     OfferNotAllowed with the field
        """
        faults = {
            "price": self.price.currency != list_price.currency or not 0 < self.price.minor < list_price.minor,
            "size": not LEAST_SIZE <= self.size <= MOST_SIZE,
            "hours": not 1 <= self.hours <= MOST_HOURS,
            "per_person": not 1 <= self.per_person <= MOST_PER_PERSON,
            "most_units": not 1 <= self.most_units <= MOST_UNITS,
            "most_teams": self.most_teams is not None and self.most_teams < max(1, self.opened_teams),
            "ends_at": self.ends_at is not None and self.ends_at <= self.starts_at,
        }
        for field, is_wrong in faults.items():
            if is_wrong:
                raise OfferNotAllowed(field=field)
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A place in a team.

    place        from 1; the first one opened the team
    holds_until  when it is free again unless it is ordered; None once it is
    """

    id: UUID
    person: str
    customer_id: UUID
    place: int
    state: Sits
    order_number: str
    taken_at: datetime
    holds_until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether somebody sits there: a seat that was not ordered in its minutes is anybody's."""
        if self.state is Sits.FREED:
            return False
        return self.state is not Sits.TAKEN or (self.holds_until is not None and at < self.holds_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Shoppers who buy together, with those who sit in it by their places.

    code     what its link carries; cannot be guessed
    ends_at  until when every seat must be paid
    """

    id: UUID
    code: str
    offer: Offer
    price: Money
    size: int
    state: State
    opened_at: datetime
    ends_at: datetime
    formed_at: datetime | None = None
    seats: tuple[Seat, ...] = ()

    @property
    def paid_seats(self) -> int:
        """Seats that count."""
        return sum(seat.state is Sits.PAID for seat in self.seats)

    def missing(self) -> int:
        """People whose paid order is still wanted."""
        return max(0, self.size - self.paid_seats)

    def free_seats(self, at: datetime) -> int:
        """Seats that nobody has."""
        return max(0, self.size - sum(seat.holds(at) for seat in self.seats))

    def can_be_joined(self, at: datetime) -> bool:
        """Whether somebody may take a seat then."""
        return self.state is State.OPEN and at < self.ends_at and self.free_seats(at) > 0

    def seat_of(self, person: str, at: datetime) -> Seat | None:
        """Where somebody sits; None if nowhere."""
        return next((seat for seat in self.seats if seat.person == person and seat.holds(at)), None)


def seat_state(order: OrderState) -> Sits:
    """How the seat of an order stands, by how the order does."""
    if order is OrderState.AWAITING_PAYMENT:
        return Sits.ORDERED
    return Sits.PAID if order in STANDS else Sits.FREED


def settled(seats: Iterable[Seat], orders: Mapping[str, OrderState], *, at: datetime) -> dict[UUID, Sits]:
    """What has become of seats since they were last looked at; only those that changed.

    law  looking twice at the same moment finds nothing the second time
    """
    found = {}
    for seat in seats:
        if seat.order_number in orders:
            stands = seat_state(orders[seat.order_number])
        else:
            stands = seat.state if seat.holds(at) else Sits.FREED
        if stands is not seat.state and seat.state is not Sits.FREED:
            found[seat.id] = stands
    return found


def outcome(*, size: int, paid: int, ends_at: datetime, at: datetime, is_stopped: bool = False) -> State:
    """How a team stands with so many seats paid: full beats the clock.

    law  a team with every seat paid is full, whatever the time
    """
    if paid >= size:
        return State.FULL
    return State.FAILED if is_stopped or at >= ends_at else State.OPEN


def first_free(used: Collection[int], *, most: int) -> int | None:
    """The lowest number from 1 that nobody has; None if all up to the last are taken.

    source  {1, 3} of 3 -> 2, {1, 2, 3} of 3 -> None
    """
    return next((number for number in range(1, most + 1) if number not in used), None)


def team_code(noise: int) -> str:
    """The code in a team's link, ten letters.

    noise   50 random bits
    source  0 -> 0000000000, 31 -> 000000000Z
    """
    return "".join(_LETTERS[noise >> shift & 31] for shift in range(CODE_BITS - 5, -5, -5))


def initial(name: str) -> str:
    """The one letter that stands for somebody on a face; a dot for who has no name.

    source  林小满 -> 林, "anna k" -> A, "" -> ·
    """
    plain = name.strip()
    return plain[0].upper() if plain else "·"

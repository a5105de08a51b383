"""What is said about flash sales, presales and buying together."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from zhanggui.doors.api.shapes.common import AddressAsked, Amount, AmountAsked, Asked, Name, Said, Words, words_of
from zhanggui.growth.flash.rules import Stage
from zhanggui.growth.presale.rules import Phase
from zhanggui.growth.presale.rules import State as ReservationState
from zhanggui.growth.teams.rules import State as TeamState

StageWord = Annotated[Stage, words_of(Stage)]
PhaseWord = Annotated[Phase, words_of(Phase)]
ReservationWord = Annotated[ReservationState, words_of(ReservationState)]
TeamWord = Annotated[TeamState, words_of(TeamState)]
TeamCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z]{1,12}$")]


class FlashItem(Said):
    """A SKU in a flash sale.

    list_price     the price of every day
    left_units     pieces that can still be had at the flash price, by all
    taken_percent  how much of them is taken, never rounded up to 100
    """

    sku: str
    title: Words
    variant: Words
    price: Amount
    list_price: Amount
    left_units: int
    taken_percent: int
    per_person: int
    stage: StageWord


class FlashSale(Said):
    """A flash sale; has_line: whoever buys stands in line first.

    now  the shop's clock, for a countdown
    """

    id: str
    name: Words
    starts_at: datetime
    ends_at: datetime
    now: datetime
    stage: StageWord
    has_line: bool
    items: list[FlashItem]


class FlashEntry(Said):
    """A place in the line of a flash sale, the same one however often it is asked for.

    is_open  it is this shopper's turn: what lies in the cart is ordered at the flash price until expires_at
    before   about how many are let in before
    again_s  seconds after which to ask again
    """

    opens_at: datetime
    expires_at: datetime
    now: datetime
    is_open: bool
    before: int
    again_s: int


class Presale(Said):
    """A presale; amounts are for one piece.

    first    what is paid now: deposit (定金, kept if the balance is not paid) and prepayment (订金, always given back)
    credit   what that is worth once the balance is paid; total = first + balance
    """

    id: str
    sku: str
    title: Words
    variant: Words
    phase: PhaseWord
    price: Amount
    first: Amount
    deposit: Amount
    prepayment: Amount
    credit: Amount
    balance: Amount
    total: Amount
    left_units: int
    per_person: int
    deposit_from: datetime
    deposit_until: datetime
    balance_from: datetime
    balance_until: datetime
    ship_by: date
    now: datetime


class ReserveAsked(Asked):
    """Pieces to reserve, and where they are to go.

    first       what is paid now for all of them, as the presale said it
    has_agreed  whether the shopper said to know that a deposit is not paid back
    """

    units: int = Field(1, ge=1, le=100_000)
    first: AmountAsked
    address: AddressAsked
    has_agreed: bool
    provider: Name = Field(examples=["sandbox"])


class Reserved(Said):
    """Pieces that are kept until the deposit's order is paid or runs out; pay it as every order."""

    reservation: str
    order_number: str
    payment_id: str


class Reservation(Said):
    """What a shopper has reserved; amounts are for all pieces.

    can_pay_balance  now, by ordering what was reserved
    balance_order    the order that pays the balance; empty if there is none
    """

    id: str
    presale: str
    sku: str
    units: int
    state: ReservationWord
    phase: PhaseWord
    deposit: Amount
    prepayment: Amount
    balance: Amount
    total: Amount
    can_pay_balance: bool
    deposit_order: str
    balance_order: str
    balance_from: datetime
    balance_until: datetime
    made_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None


class TeamOffer(Said):
    """Terms under which shoppers buy a SKU together.

    size, hours  people in a team, and until when from its opening they must be that many
    most_units   pieces that each of them may buy at the price
    """

    id: UUID
    sku: str
    price: Amount
    size: int
    hours: int
    per_person: int
    most_units: int
    ends_at: datetime | None


class TeamSeat(Said):
    """A seat that somebody has; is_paid: it counts. holds_until: until when one that was not ordered is kept."""

    place: int
    is_paid: bool
    is_mine: bool
    holds_until: datetime | None


class Team(Said):
    """People who buy together; code is what its link carries.

    missing  paid orders that are still wanted; free_seats: seats that nobody has
    """

    code: str
    offer: TeamOffer
    price: Amount
    size: int
    state: TeamWord
    opened_at: datetime
    ends_at: datetime
    formed_at: datetime | None
    missing: int
    free_seats: int
    can_be_joined: bool
    seats: list[TeamSeat]


class Together(Said):
    """How a SKU can be bought together now: the offer, none if there is none, and teams that can be joined."""

    offer: TeamOffer | None
    teams: list[Team]

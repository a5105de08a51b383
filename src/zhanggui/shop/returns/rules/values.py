"""Returns and their pieces, pictures of them, how they travel, and the clock that runs once they are with us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.base.shops.rules import Law
from zhanggui.shop.returns.rules.judging import Payer, Reason, is_fault, payer_of
from zhanggui.shop.returns.rules.money import Slot
from zhanggui.shop.returns.rules.steps import OPEN, State
from zhanggui.spine import envelope

# By our promise, once the goods are with us; Chinese law gives seven days.
REFUND_WITHIN: Final = timedelta(hours=72)
# By European law, once it was asked for and the goods are on their way; no earlier than our promise after they left.
REFUND_BY_LAW: Final = timedelta(days=14)
SEND_BACK_BY_LAW: Final = timedelta(days=14)
# How long before it is due it is watched.
WATCHED_FOR: Final = timedelta(hours=24)
# A courier comes on one of the next days, in one of these spans of the shop's clock.
PICKUP_DAYS: Final = 7
PICKUP_SLOTS: Final = ("09:00-12:00", "12:00-15:00", "15:00-18:00", "18:00-20:00")
MOST_PICTURES: Final = 5
LARGEST_PICTURE: Final = 8 * 1024 * 1024
LONGEST_WORDS: Final = 1000


class Wish(StrEnum):
    """What the shopper wants for the goods."""

    REFUND = "refund"
    EXCHANGE = "exchange"


class Way(StrEnum):
    """How the goods come back; OWN is a carrier of the shopper's choice."""

    NONE = ""
    DROP_OFF = "drop_off"
    PICKUP = "pickup"
    OWN = "own"


class Verdict(StrEnum):
    """What an inspection found: as good as new; ours but not to be sold; not ours, or used beyond trying it."""

    NONE = ""
    SELLABLE = "sellable"
    DEFECTIVE = "defective"
    REJECTED = "rejected"


class Light(StrEnum):
    """How the clock of a refund stands: time enough, a day left, over."""

    GOOD = "good"
    WATCH = "watch"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How long the money may still take, by our promise or by law, whichever ends first.

    left     negative once it is over
    percent  of the time that is used up, 0 to 100
    """

    due_at: datetime
    left: timedelta
    percent: int
    light: Light


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A picture that lies in the home folder.

    digest  SHA-256 of its bytes, its name
    kind    its content type
    """

    digest: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture of a return; `is_ours` if it was taken at the inspection."""

    kept: Kept
    is_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a return.

    number       from 1, within the return
    sku          what it is now: of an exchanged piece, what was sent for it
    wanted_sku   what the shopper wants instead; empty for a refund
    goods, tax, shipping  what goes back for it, or would
    new_goods, new_tax    what it stands for once exchanged at another price; None at the same
    """

    number: int
    slot: Slot
    sku: str
    category: str
    wanted_sku: str
    goods: Money
    tax: Money
    shipping: Money
    verdict: Verdict
    found: str
    new_goods: Money | None = None
    new_tax: Money | None = None

    @property
    def total(self) -> Money:
        """All that goes back for it."""
        return self.goods + self.tax + self.shipping

    @property
    def difference(self) -> Money:
        """What is to be paid for it in an exchange, tax and all; negative: paid back."""
        if self.new_goods is None or self.new_tax is None:
            return Money.zero(self.goods.currency)
        return self.new_goods + self.new_tax - self.goods - self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What an inspection found about one piece; `found` says why in words where it is rejected."""

    piece: int
    verdict: Verdict
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A return as its shopper and the shop see it.

    is_kept       the goods stay with the shopper, or never arrived: nothing has to come back
    expected      what is to go back as things stand; for an exchange what it costs less
    refunded      what went back; 0 before
    refused_why   why we said no, in words
    warehouse     where it was received
    replacement   where the replacement is: carrier and number, empty before it was sent
    escalated_at  when the refund was late and somebody above was told
    requested_fact  the cause of what follows
    pay_by        until when the difference of an exchange can be paid; None if there is none to pay, or before approval
    paid_with     the last order that asks for the difference; empty before
    """

    number: str
    shop: str
    order_number: str
    state: State
    reason: Reason
    wish: Wish
    words: str
    is_kept: bool
    way: Way
    pickup_on: date | None
    pickup_slot: str
    pickup_address_id: UUID | None
    carrier: str
    tracking: str
    warehouse: str
    refused_why: str
    expected: Money
    refunded: Money
    replacement_carrier: str
    replacement_tracking: str
    sent_back_carrier: str
    sent_back_tracking: str
    pieces: tuple[Piece, ...]
    pictures: tuple[Shown, ...]
    requested_at: datetime
    approved_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    ended_at: datetime | None
    escalated_at: datetime | None
    requested_fact: UUID
    pay_by: datetime | None = None
    paid_with: str = ""

    @property
    def difference(self) -> Money:
        """What the exchange costs more than what comes back; negative: less. 0 for a refund."""
        return Money.total((piece.difference for piece in self.accepted), self.expected.currency)

    @property
    def to_pay(self) -> Money:
        """What the shopper has to have paid for the exchange; 0 once it has come to nothing."""
        is_on = self.wish is Wish.EXCHANGE and (self.is_open or self.state is State.EXCHANGED)
        return self.difference if is_on and self.difference.minor > 0 else Money.zero(self.expected.currency)

    @property
    def to_give(self) -> Money:
        """What goes back to the shopper when what they get instead has left."""
        is_on = self.wish is Wish.EXCHANGE and (self.is_open or self.state is State.EXCHANGED)
        return -self.difference if is_on and self.difference.minor < 0 else Money.zero(self.expected.currency)

    @property
    def is_open(self) -> bool:
        """Whether anything can still happen to it."""
        return self.state in OPEN

    @property
    def payer(self) -> Payer:
        """Who pays for the way back."""
        return payer_of(self.reason)

    @property
    def accepted(self) -> tuple[Piece, ...]:
        """The pieces that were not rejected."""
        return tuple(piece for piece in self.pieces if piece.verdict is not Verdict.REJECTED)

    @property
    def units(self) -> dict[int, int]:
        """How many pieces of each line were not rejected, by position."""
        return dict(sorted(Counter(piece.slot.position for piece in self.accepted).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Goodwill:
    """Money that was given without goods."""

    id: str
    order_number: str
    amount: Money
    words: str
    by: str
    at: datetime


def clock_of(begun_at: datetime, *, due_at: datetime, at: datetime) -> Clock:
    """How a clock stands that began and ends then.

    source   received at noon on the 1st, due at noon on the 4th: a warning from noon on the 3rd
    """
    left, whole = due_at - at, due_at - begun_at
    light = Light.LATE if left <= timedelta(0) else Light.WATCH if left <= WATCHED_FOR else Light.GOOD
    percent = min(100, max(0, (at - begun_at) * 100 // whole))
    return Clock(due_at=due_at, left=left, percent=percent, light=light)


def refund_clock(found: Return, *, law: Law, at: datetime) -> Clock | None:
    """How much time is left for what a return brings back; None while no clock runs.

    Within 72 hours of its arrival by our promise. By European law the money for a purchase given up without a reason is
    due 14 days after that was said, unless the goods have not even left: then 72 hours after they do.

    source   asked for on the 1st, sent on the 2nd, not here on the 14th: due on the 15th in Europe, not yet in China
    """
    if not found.is_open:
        return None
    ends = []
    if found.received_at:
        ends.append((found.received_at + REFUND_WITHIN, found.received_at))
    if is_withdrawal(found, law=law) and found.sent_at:
        by_law = max(found.requested_at + REFUND_BY_LAW, found.sent_at + REFUND_WITHIN)
        ends.append((by_law, found.requested_at))
    if not ends:
        return None
    due_at, begun_at = min(ends)
    return clock_of(begun_at, due_at=due_at, at=at)


def is_withdrawal(found: Return, *, law: Law) -> bool:
    """Whether a purchase is given up without a reason by European law."""
    return law is Law.EU and found.wish is Wish.REFUND and not is_fault(found.reason)


def send_by(found: Return, *, law: Law) -> datetime | None:
    """Until when the goods of a withdrawal are to be sent back; None for every other return.

    source  directive 2011/83/EU, article 14: fourteen days after it was said; on the 1st -> on the 15th
    """
    return found.requested_at + SEND_BACK_BY_LAW if is_withdrawal(found, law=law) else None


def saved(pieces: Iterable[Piece]) -> int:
    """What an exchange costs less than what comes back, in minor units; 0 if it costs as much or more."""
    return max(0, -sum(piece.difference.minor for piece in pieces))


def pickup_days(today: date) -> tuple[date, ...]:
    """The days on which a courier can come: tomorrow, and the six after it."""
    return tuple(today + timedelta(days=ahead) for ahead in range(1, PICKUP_DAYS + 1))


def told_lines(pieces: Iterable[Piece]) -> tuple[envelope.Line, ...]:
    """Pieces as facts tell them: one line per SKU, goods only, without shipping and tax."""
    by_sku: dict[str, list[Piece]] = {}
    for piece in pieces:
        by_sku.setdefault(piece.sku, []).append(piece)
    return tuple(
        envelope.Line(
            sku=sku,
            category=of_one[0].category,
            quantity=len(of_one),
            amount_minor=sum(piece.goods.minor for piece in of_one),
        )
        for sku, of_one in sorted(by_sku.items())
    )

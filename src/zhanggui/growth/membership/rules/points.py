"""Points: what is earned, what they pay, and which of them leave first. Earned is rounded down, spent is rounded up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money, exponent
from zhanggui.growth.membership.errors import NotEnoughPoints, SchemeNotAllowed
from zhanggui.shop.checkout import rules as checkout
from zhanggui.shop.checkout.rules import Basket, Draft, Item, Quote
from zhanggui.shop.orders import rules as orders
from zhanggui.shop.orders.rules import Order, State

# The currency under which base/ledger books points: whole, without minor units.
POINTS: Final = "POINTS"
# What comes back lasts at least so long, whenever it would have expired.
RETURNED_FOR: Final = timedelta(days=30)
# Points that are about to expire are told of so many days before; nearest last.
TOLD_BEFORE_DAYS: Final = (30, 7)
MOST_BY_HAND: Final = 1_000_000
STEP: Final = "points"
# Prices that take no points, by the reason of their share.
CLOSED_REASONS: Final = frozenset({"flash", "live"})


class Source(StrEnum):
    """Where points come from."""

    ORDER = "order"
    BIRTHDAY = "birthday"
    RECYCLING = "recycling"
    REFERRAL = "referral"
    BY_HAND = "by_hand"
    RETURNED = "returned"


class Use(StrEnum):
    """What points are spent on; both may give them back."""

    ORDER = "order"
    REWARD = "reward"


class Move(StrEnum):
    """What moved points, as the books name their entries."""

    EARNED = "points_earned"
    BIRTHDAY = "points_birthday"
    RECYCLED = "points_recycled"
    REFERRED = "points_referral"
    GIVEN = "points_given"
    TAKEN = "points_taken"
    PAID_ORDER = "points_paid_order"
    PAID_REWARD = "points_paid_reward"
    BACK_ORDER = "points_back_order"
    BACK_REWARD = "points_back_reward"
    TAKEN_BACK = "points_taken_back"
    MADE_UP = "points_made_up"
    EXPIRED = "points_expired"
    JOINED = "points_joined"


MOVE_OF: Final[Mapping[Source, Move]] = MappingProxyType(
    {
        Source.ORDER: Move.EARNED,
        Source.BIRTHDAY: Move.BIRTHDAY,
        Source.RECYCLING: Move.RECYCLED,
        Source.REFERRAL: Move.REFERRED,
        Source.BY_HAND: Move.GIVEN,
    }
)
PAID: Final[Mapping[Use, Move]] = MappingProxyType({Use.ORDER: Move.PAID_ORDER, Use.REWARD: Move.PAID_REWARD})
BACK: Final[Mapping[Use, Move]] = MappingProxyType({Use.ORDER: Move.BACK_ORDER, Use.REWARD: Move.BACK_REWARD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How points are earned and spent in a shop.

    earn_rate  points for each whole unit of money that is paid for goods and kept, before the tier multiplies them
    worth      points that pay for one whole unit of money: 100 points = 1.00
    cap_rate   share of the goods that points may pay for: 0.5 is half
    step       points are spent in multiples of it
    lasts_days days from earning to expiry
    """

    earn_rate: Decimal = Decimal(1)
    worth: int = 100
    cap_rate: Decimal = Decimal("0.5")
    step: int = 100
    lasts_days: int = 365

    def checked(self) -> Scheme:
        """The scheme itself.

        refuses  SchemeNotAllowed
        """
        faults = {
            "earn_rate": not 0 <= self.earn_rate <= 1000,
            "worth": not 1 <= self.worth <= 1_000_000,
            "cap_rate": not 0 <= self.cap_rate <= 1,
            "step": not 1 <= self.step <= 1_000_000,
            "lasts_days": not 30 <= self.lasts_days <= 3650,
        }
        if wrong := [field for field, is_wrong in faults.items() if is_wrong]:
            raise SchemeNotAllowed(field=wrong[0])
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Lot:
    """Points that came together and expire together."""

    id: UUID
    left: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Points of one lot that something used, and how many of them came back."""

    lot: UUID
    points: int
    expires_at: datetime
    given_back: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """What points pay of a basket.

    points  that leave; money: what they pay; shares: by item, in the order of the basket, 0 or more
    """

    points: int
    money: Money
    shares: tuple[Money, ...]


def expires_at(at: datetime, *, lasts_days: int) -> datetime:
    """When points that are earned now expire."""
    return at + timedelta(days=lasts_days)


def earned(amount: Money, *, rate: Decimal, multiplier: Decimal) -> int:
    """Points for what a line paid and kept, rounded down.

    source  59.90 yuan at 1 a yuan -> 59, in a tier that multiplies by 1.5 -> 89
    """
    return max(0, int((amount.major * rate * multiplier).to_integral_value(ROUND_FLOOR)))


def money_of(points: int, *, worth: int, currency: str) -> Money:
    """What points pay, down to the minor unit.

    source  1000 points at 100 a yuan -> 10.00; 100 points at 30 a yuan -> 3.33
    """
    minor = Decimal(points).scaleb(exponent(currency)) / worth
    return Money(int(minor.to_integral_value(ROUND_FLOOR)), currency)


def points_of(money: Money, *, worth: int) -> int:
    """Points that it takes to pay an amount, rounded up.

    source  3.33 yuan at 30 a yuan -> 100 (99.9)
    """
    return int((money.major * worth).to_integral_value(ROUND_CEILING))


def spendable(wanted: int | None, *, has: int, room: Money, scheme: Scheme) -> int:
    """How many points may be used: no more than wanted, there, and under the cap, in whole steps.

    wanted  None: as many as may be
    room    the most that they may pay
    source  has 2,345, room 50.00, 100 a yuan in steps of 100 -> 2300; room 10.00 -> 1000
    """
    at_most = int((room.major * scheme.worth).to_integral_value(ROUND_FLOOR))
    usable = min(has, at_most, has if wanted is None else max(0, wanted))
    return usable // scheme.step * scheme.step


def room_of(draft: Draft, *, cap_rate: Decimal) -> tuple[Money, tuple[int, ...]]:
    """The most that points may pay of a basket, and of each of its items in minor units.

    Lines at a flash or live price take none; every piece still costs at least one minor unit.
    """
    closed = {
        position
        for adjustment in draft.adjustments
        if adjustment.part is checkout.Part.GOODS and adjustment.reason in CLOSED_REASONS
        for position, share in enumerate(adjustment.shares)
        if share
    }
    rooms = tuple(
        0 if position in closed else max(0, amount.minor - item.quantity)
        for position, (item, amount) in enumerate(zip(draft.basket.items, draft.amounts, strict=True))
    )
    open_minor = sum(
        amount.minor for position, amount in enumerate(draft.amounts) if position not in closed and amount.minor > 0
    )
    capped = int((Decimal(open_minor) * cap_rate).to_integral_value(ROUND_FLOOR))
    return Money(min(capped, sum(rooms)), draft.basket.currency), rooms


def spent_on(draft: Draft, *, wanted: int | None, has: int, scheme: Scheme) -> Spent | None:
    """What points pay of a basket, shared out among its items by what points may pay of each; None if nothing.

    law     no share is more than its item's room, they sum to the money, and the points are worth at least as much
    source  goods 100.00, 2,345 points, half at most -> 2,300 points pay 23.00
    """
    room, rooms = room_of(draft, cap_rate=scheme.cap_rate)
    points = spendable(wanted, has=has, room=room, scheme=scheme)
    money = money_of(points, worth=scheme.worth, currency=room.currency)
    if money.minor <= 0:
        return None
    # A share by largest remainder exceeds its room nowhere, because together they are no more than all rooms.
    shares = money.split(rooms)
    return Spent(points=points_of(money, worth=scheme.worth), money=money, shares=shares)


def usable(quote: Quote, *, has: int, scheme: Scheme) -> Spent | None:
    """What all the points of somebody would pay of a basket that was priced, whatever was chosen; None if nothing."""
    offers = tuple(a for a in quote.adjustments if a.step != STEP and a.part is checkout.Part.GOODS)
    amounts = tuple(
        Money.total((offer.shares[position] for offer in offers), quote.total.currency)
        for position in range(len(quote.lines))
    )
    items = tuple(Item(sku=line.sku, quantity=line.quantity, list_price=line.list_price) for line in quote.lines)
    basket = Basket(shop="", person="", currency=quote.total.currency, items=items, stops=())
    draft = Draft(basket=basket, amounts=amounts, adjustments=offers)
    return spent_on(draft, wanted=None, has=has, scheme=scheme)


def taken(lots: Sequence[Lot], points: int) -> tuple[Piece, ...]:
    """Which points leave: those that expire first, in the order in which the lots stand.

    lots     in the order of their expiry, then of their ids
    refuses  NotEnoughPoints
    source   lots of 30, 50 and 20, take 60 -> 30 of the first, 30 of the second
    """
    pieces, left = [], points
    for lot in lots:
        if left and lot.left:
            part = min(left, lot.left)
            pieces.append(Piece(lot=lot.id, points=part, expires_at=lot.expires_at))
            left -= part
    if left:
        raise NotEnoughPoints(points=points, has=points - left)
    return tuple(pieces)


def given_back(pieces: Sequence[Piece], points: int) -> tuple[Piece, ...]:
    """Which points come back: those that would have left last, so that what stays spent is what had to leave first.

    pieces  as they were taken; the answer says how many of each come back now, in `given_back`
    source  30 of A and 30 of B taken, 40 back -> 30 of B, 10 of A
    """
    back, left = [], points
    for piece in reversed(pieces):
        part = min(left, piece.points - piece.given_back)
        if part:
            back.append(Piece(lot=piece.lot, points=piece.points, expires_at=piece.expires_at, given_back=part))
            left -= part
    if left:
        raise NotEnoughPoints(points=points, has=points - left)
    return tuple(back)


def owed_back(order: Order, spent: int) -> int:
    """How many of the points that paid for an order belong back with the shopper by now.

    Points share themselves out as the money they paid did: to lines, then to units; an order that was called off or
    ran out of time gives all of them back.

    law     giving back every unit comes to exactly what was spent, whatever the parts
    source  700 points on two lines of 5.00 and 2.00, one of two units of the first back -> 250
    """
    if order.state in (State.CANCELLED, State.EXPIRED):
        return spent
    weights = [_paid_by_points(line) for line in order.lines]
    if not any(weights):
        return 0
    shares = Money(spent, POINTS).split(weights)
    return sum(
        unit.minor
        for line, share in zip(order.lines, shares, strict=True)
        for unit in share.split([1] * line.quantity)[: line.returned_units]
    )


def kept_amounts(order: Order) -> tuple[Money, ...]:
    """What each line of an order paid for goods that were kept, less money that went back without goods.

    source  two lines of 60.00 and 40.00, 10.00 back for a scratch -> 54.00 and 36.00
    """
    kept = [Money.total(orders.unit_amounts(line)[line.returned_units :], order.total.currency) for line in order.lines]
    with_goods = sum(
        amount.minor
        for line in order.lines
        for whole in (line.amount, line.shipping, line.tax)
        for amount in whole.split([1] * line.quantity)[: line.returned_units]
    )
    loose = min(max(0, order.refunded.minor - with_goods), sum(amount.minor for amount in kept))
    if not loose:
        return tuple(kept)
    parts = Money(loose, order.total.currency).split([amount.minor for amount in kept])
    return tuple(amount - part for amount, part in zip(kept, parts, strict=True))


def entitled(order: Order, *, rate: Decimal, multiplier: Decimal) -> int:
    """Points that an order earns for what is kept of it, line by line, as its books keep it.

    source  two lines of 59.90 and 0.90 at 1 a yuan -> 59 + 0
    """
    return sum(
        earned(orders.in_books(amount, order.booked), rate=rate, multiplier=multiplier)
        for amount in kept_amounts(order)
    )


def kept_in_books(order: Order) -> Money:
    """What an order's kept goods come to in the books; growth is reckoned from it."""
    return orders.in_books(Money.total(kept_amounts(order), order.total.currency), order.booked)


def birthday_in(month: int, day: int, *, year: int) -> date:
    """The day on which a birthday is kept in a year; who was born on 29 February has 28 February in other years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)


def _paid_by_points(line: orders.Line) -> int:
    return -sum(share.amount.minor for share in line.shares if share.step == STEP)

"""Orders, as values, and which state may follow which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID

from zhanggui.base.money import Money
from zhanggui.spine import envelope
from zhanggui.spine.log.rules import Trail

TIME_TO_PAY = timedelta(minutes=30)
# The job looks a moment later than the deadline, so that no clock is a hair early.
GRACE = timedelta(seconds=1)


class State(StrEnum):
    """How an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"
    PAID = "paid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One SKU of an order with its shares as they were frozen when it was placed; a refund gives these back.

    list_price  of one piece; the other amounts are for all pieces of the line
    discount    0 or negative
    amount      what the goods cost: listed + discount
    """

    sku: str
    category: str
    title_zh: str
    title_en: str
    quantity: int
    list_price: Money
    listed: Money
    discount: Money
    amount: Money
    shipping: Money
    tax: Money

    def title(self, language: str) -> str:
        """What the product was called when it was ordered."""
        return (self.title_en or self.title_zh) if language.startswith("en") else (self.title_zh or self.title_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """What it takes to write an order down; whose it is says the trail."""

    customer_id: UUID
    address_id: UUID
    lines: tuple[Line, ...]
    discount: Money
    goods: Money
    shipping: Money
    tax: Money
    total: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An order that was just written down.

    fact_id  of its OrderPlaced, the cause of what follows
    """

    number: str
    fact_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as its shopper and the shop see it.

    number      what a person reads out on the phone, such as 261121-7K3MX-9QDT2
    expires_at  when it is given up if it has not been paid
    ended_at    when it was paid, cancelled or expired
    total       goods + shipping + tax
    trail       the walk that led to the order, caused by its OrderPlaced: where later facts about it belong
    """

    number: str
    shop: str
    person: str
    trail: Trail
    customer_id: UUID
    address_id: UUID
    state: State
    lines: tuple[Line, ...]
    discount: Money
    goods: Money
    shipping: Money
    tax: Money
    total: Money
    placed_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @property
    def is_paid(self) -> bool:
        """Whether the money has come in."""
        return self.state is State.PAID

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid or called off."""
        return self.state is State.AWAITING_PAYMENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that has happened to an order.

    name  wire name of the fact, such as shop.order_placed
    """

    name: str
    at: datetime


# Which state may follow which, and in words why any other may not. A repeated verb is refused like a wrong one.
FOLLOWS: Final[Mapping[State, frozenset[State]]] = MappingProxyType(
    {
        State.AWAITING_PAYMENT: frozenset({State.PAID, State.CANCELLED, State.EXPIRED}),
        State.PAID: frozenset(),
        State.CANCELLED: frozenset(),
        State.EXPIRED: frozenset(),
    }
)
_REFUSALS: Final[Mapping[tuple[State, State], str]] = MappingProxyType(
    {
        (State.AWAITING_PAYMENT, State.AWAITING_PAYMENT): "This order is waiting for its payment already.",
        (State.PAID, State.AWAITING_PAYMENT): "This order is paid; it cannot wait for a payment again.",
        (State.PAID, State.PAID): "This order is paid already.",
        (State.PAID, State.CANCELLED): "This order is paid; it can be returned, not called off.",
        (State.PAID, State.EXPIRED): "This order was paid in time.",
        (State.CANCELLED, State.AWAITING_PAYMENT): "This order was called off; place a new one.",
        (State.CANCELLED, State.PAID): "This order was called off; money for it goes back.",
        (State.CANCELLED, State.CANCELLED): "This order was called off already.",
        (State.CANCELLED, State.EXPIRED): "This order was called off before its time ran out.",
        (State.EXPIRED, State.AWAITING_PAYMENT): "The time to pay this order is over; place a new one.",
        (State.EXPIRED, State.PAID): "The time to pay this order is over; money for it goes back.",
        (State.EXPIRED, State.CANCELLED): "The time to pay this order is over; there is nothing to call off.",
        (State.EXPIRED, State.EXPIRED): "The time to pay this order is over already.",
    }
)
_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOISE_BITS = 50


def told_lines(lines: Iterable[Line]) -> tuple[envelope.Line, ...]:
    """Order lines as facts tell them: amounts after every share of discount, without shipping and tax."""
    return tuple(
        envelope.Line(sku=line.sku, category=line.category, quantity=line.quantity, amount_minor=line.amount.minor)
        for line in lines
    )


def refusal(state: State, *, to: State) -> str:
    """Why an order does not go from a state to another, in a sentence; empty if it may."""
    return "" if to in FOLLOWS[state] else _REFUSALS[state, to]


def before(to: State) -> tuple[State, ...]:
    """The states that another may follow on, for `update ... where state in`."""
    return tuple(state for state in State if to in FOLLOWS[state])


def order_number(day: date, *, noise: int) -> str:
    """A number that can be read out on the phone and not be guessed from another.

    day     business day in the shop's zone
    noise   50 random bits; letters that look like digits are left out (Crockford's base 32)
    source  2026-11-22 and 0 -> 261122-00000-00000
    """
    digits = "".join(_BASE32[noise >> shift & 31] for shift in range(NOISE_BITS - 5, -5, -5))
    return f"{day:%y%m%d}-{digits[:5]}-{digits[5:]}"

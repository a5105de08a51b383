"""Presales as shoppers see them: the steps drawn, the sums, and the block on a product's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from zhanggui.base import clock
from zhanggui.base.money import Money
from zhanggui.doors.storefront import flashing
from zhanggui.doors.storefront import presale_words as words
from zhanggui.doors.storefront.visit import ShopRequest
from zhanggui.growth.presale import queries
from zhanggui.growth.presale.queries import Mine, Shown
from zhanggui.growth.presale.rules import Phase, State, Terms
from zhanggui.shop.catalogue.rules import Card

_MOST_CHOICES: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What so many pieces cost; see `rules.Terms`."""

    price: Money
    first: Money
    credit: Money
    deposit: Money
    prepayment: Money
    balance: Money
    inflation: Money
    total: Money

    @classmethod
    def of(cls, terms: Terms, units: int) -> Sums:
        """The sums for so many pieces."""
        return cls(**{name: getattr(terms, name) * units for name in cls.__dataclass_fields__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A presale on a page.

    clock_at  the moment that is counted down to
    """

    presale: Shown
    card: Card
    phase: Phase
    sums: Sums
    clock_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether a deposit can be paid now."""
        return self.phase is Phase.DEPOSIT and self.presale.left_units > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A reservation among a shopper's own.

    step      which of the three steps it has come to, from 1; 0 once it has ended without an order
    clock_at  the moment that the next step begins or ends; None if nothing is to be waited for
    """

    one: Mine
    card: Card | None
    state: str
    tone: str
    next: str
    step: int
    clock_at: datetime | None
    can_pay: bool


def offer(presale: Shown, card: Card, *, at: datetime, units: int = 1) -> Offer:
    """How a presale stands at a moment, for so many pieces."""
    phase = presale.phase(at)
    return Offer(
        presale=presale,
        card=card,
        phase=phase,
        sums=Sums.of(presale.terms, units),
        clock_at=presale.terms.deposit_from if phase is Phase.SOON else presale.terms.deposit_until,
    )


def choices(presale: Shown, *, taken: int) -> range:
    """How many pieces a person may still reserve."""
    return range(1, min(presale.terms.per_person - taken, presale.left_units, _MOST_CHOICES) + 1)


def row(one: Mine, card: Card | None, *, at: datetime) -> Row:
    """How a reservation stands at a moment."""
    can_pay = one.can_pay_balance(at)
    return Row(
        one=one,
        card=card,
        state=str(words.STATES[State.BALANCE_OPEN]) if can_pay else words.state(one),
        tone="watch" if can_pay else words.TONES.get(one.state, ""),
        next=words.next_step(one, at=at),
        step=_step(one, can_pay=can_pay),
        clock_at=_clock_at(one, can_pay=can_pay, at=at),
        can_pay=can_pay,
    )


def block(request: ShopRequest, sku: str) -> str:
    """The part of a product's page that speaks of its presale; empty if there is none near. Kept answers only."""
    at = clock.now()
    shop = request.visit.shop.code
    presale = queries.of_sku(shop, sku, at=at)
    if presale is None:
        return ""
    terms = presale.terms
    context = {
        "presale": presale,
        "sums": Sums.of(terms, 1),
        "is_soon": presale.phase(at) is Phase.SOON,
        "clock_at": terms.deposit_from if presale.phase(at) is Phase.SOON else terms.deposit_until,
        "now_ms": flashing.millis(at),
    }
    return render_to_string("storefront/presale/block.html", context)


def address_of(reservation: UUID) -> str:
    """Where a shopper finds a reservation, as a whole address for a message."""
    return settings.PUBLIC_URL + reverse("storefront:presale_mine", args=[reservation])


def _step(one: Mine, *, can_pay: bool) -> int:
    if one.state is State.DEPOSIT_DUE:
        return 1
    if one.state is State.BALANCE_PAID:
        return 3
    return 2 if can_pay or one.state in (State.DEPOSIT_PAID, State.BALANCE_OPEN) else 0


def _clock_at(one: Mine, *, can_pay: bool, at: datetime) -> datetime | None:
    terms = one.presale.terms
    if can_pay:
        return terms.balance_until
    if one.state is State.DEPOSIT_PAID and at < terms.balance_from:
        return terms.balance_from
    return None

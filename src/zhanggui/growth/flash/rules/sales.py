"""What is on sale, for how much, for how many and how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.growth.flash.errors import SaleNotAllowed
from zhanggui.shop.catalogue.rules import Card, Kind, Words

SOURCE: Final = "flash:"
MOST_PICKS: Final = 40
MOST_UNITS: Final = 100_000
MOST_ENTRIES: Final = 10_000
LONGEST: Final = timedelta(days=7)
_LONGEST_NAME: Final = 80


class State(StrEnum):
    """How far the books of a sale are; whether one can buy is said by the clock."""

    SET = "set"
    ON = "on"
    ENDED = "ended"


class Ended(StrEnum):
    """Why a sale ended."""

    OVER = "over"
    STOPPED = "stopped"


class Stage(StrEnum):
    """What shoppers see of a sale at a moment."""

    COMING = "coming"
    ON = "on"
    SOLD_OUT = "sold_out"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A SKU that is to be sold in a flash sale.

    price       of one piece
    units       how many are set aside
    per_person  how many of them one person may have
    """

    sku: str
    price: Money
    units: int
    per_person: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A flash sale as somebody wants it.

    entries_per_second  how many shoppers are let in each second; None: everybody at once, without a line
    """

    name: Words
    starts_at: datetime
    ends_at: datetime
    entries_per_second: int | None = None
    picks: tuple[Pick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A SKU in a flash sale, with its quota.

    quota_units  pieces set aside; fewer once pieces that came back had been sold otherwise
    taken_units  pieces of them that orders have taken
    """

    id: str
    sale_id: str
    sku: str
    price: Money
    quota_units: int
    taken_units: int
    per_person: int

    @property
    def left_units(self) -> int:
        """Pieces that can still be had at the flash price."""
        return self.quota_units - self.taken_units

    @property
    def taken_percent(self) -> int:
        """How much of the quota is taken, in whole hundredths, never rounded up to 100.

        source  36 of 50 -> 72, 199 of 200 -> 99
        """
        return self.taken_units * 100 // self.quota_units if self.quota_units else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A flash sale with its SKUs, in the order in which they were written down.

    ended_at, reason  None and empty until its books are closed
    returned_units    pieces that went back into the stock when it ended
    """

    id: str
    shop: str
    name: Words
    starts_at: datetime
    ends_at: datetime
    entries_per_second: int | None
    state: State
    items: tuple[Item, ...]
    ended_at: datetime | None = None
    reason: str = ""
    returned_units: int = 0

    @property
    def quota_units(self) -> int:
        """Pieces of all its SKUs."""
        return sum(item.quota_units for item in self.items)

    @property
    def taken_units(self) -> int:
        """Pieces of all its SKUs that orders have taken."""
        return sum(item.taken_units for item in self.items)

    def is_on(self, at: datetime) -> bool:
        """Whether one can buy, as far as the clock and the operator say."""
        return self.state is not State.ENDED and self.starts_at <= at < self.ends_at

    def stage(self, at: datetime, *, item: Item | None = None) -> Stage:
        """What shoppers see of it, or of one of its SKUs."""
        if self.state is State.ENDED or at >= self.ends_at:
            return Stage.OVER
        if at < self.starts_at:
            return Stage.COMING
        left = item.left_units if item else self.quota_units - self.taken_units
        return Stage.ON if left > 0 else Stage.SOLD_OUT


def quota_of(sale_id: str) -> str:
    """The name under which the stock keeps what is set aside for a sale."""
    return f"flash/{sale_id.replace('-', '')}"


def checked(plan: Plan, cards: Mapping[str, Card], *, shop: str, currency: str, at: datetime) -> None:
    """Look at a plan before anything is set aside for it.

    cards    the products of its SKUs
    refuses  SaleNotAllowed with what is wrong: a period that is over, backwards or longer than a week; a SKU that is
             not sold, named twice, or does not lie in stock by itself; a price that is not below the list price
    """
    if not 0 < len(plan.name.zh) <= _LONGEST_NAME or len(plan.name.en) > _LONGEST_NAME:
        raise SaleNotAllowed(field="name", sku="")
    if not max(at, plan.starts_at) < plan.ends_at <= plan.starts_at + LONGEST:
        raise SaleNotAllowed(field="period", sku="")
    if plan.entries_per_second is not None and not 1 <= plan.entries_per_second <= MOST_ENTRIES:
        raise SaleNotAllowed(field="entries", sku="")
    if not 1 <= len(plan.picks) <= MOST_PICKS:
        raise SaleNotAllowed(field="picks", sku="")
    seen: set[str] = set()
    for pick in plan.picks:
        if field := "twice" if pick.sku in seen else _wrong(pick, cards.get(pick.sku), shop=shop, currency=currency):
            raise SaleNotAllowed(field=field, sku=pick.sku)
        seen.add(pick.sku)


def units_at(saved: Money, *, list_price: Money, price: Money, floor: Money | None) -> int:
    """How many pieces stand at a price, by what it saves on their line; 0 if that is no whole number of pieces.

    floor   of one piece; the price is never below it
    source  -80.00 saved, list price 99.00, flash price 59.00 -> 2
    """
    lowest = max(price, floor) if floor else price
    each = list_price.minor - lowest.minor
    if each <= 0 or saved.minor % each:
        return 0
    return -saved.minor // each


def _wrong(pick: Pick, card: Card | None, *, shop: str, currency: str) -> str:
    if card is None or card.shop != shop or not card.is_listed:
        return "sku"
    if card.kind is not Kind.PHYSICAL or card.parts or not card.needs_shipping:
        return "kind"
    if not 1 <= pick.units <= MOST_UNITS:
        return "units"
    if not 1 <= pick.per_person <= pick.units:
        return "per_person"
    if pick.price.currency != currency or not 0 < pick.price.minor < card.price.minor:
        return "price"
    return ""

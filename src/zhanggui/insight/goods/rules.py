"""Goods by what they bring, categories by what they add, regions by orders and postage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import Period

# Up to which share of the money a class reaches, in hundredths.
A_UP_TO, B_UP_TO = 80, 95
LEAST_VIEWS: Final = 30


class Grade(StrEnum):
    """A: the goods that bring the first 80 % of the money; B: those up to 95 %; C: the rest, nothing sold included."""

    A = "a"
    B = "b"
    C = "c"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sku:
    """A SKU in a period, as it was counted.

    amount  paid for it, without postage
    """

    sku: str
    category: str
    amount: Money
    units: int
    orders: int
    views: int
    adds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """A SKU with its class.

    up_to  the share of all money that it and those before it bring
    """

    sku: Sku
    grade: Grade
    up_to: Decimal | None

    @property
    def yield_rate(self) -> Decimal | None:
        """Orders with it over views of it."""
        return Decimal(self.sku.orders) / self.sku.views if self.sku.views else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category in a period and in the one it is held against.

    adds  its part of the change of all money; None without a comparison
    """

    category: str
    skus: int
    amount: Money
    before: Money | None

    @property
    def adds(self) -> Money | None:
        """By how much it is more than before: over all categories these sum to the whole change."""
        return None if self.before is None else self.amount - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A region in a period.

    orders, amount    paid
    visits            from there
    placed, postage   of the orders placed: all, and what was asked for bringing them
    """

    region: str
    orders: int
    amount: Money
    visits: int
    placed: Money
    postage: Money

    @property
    def density(self) -> Decimal | None:
        """Paid orders for every hundred visits."""
        return Decimal(100 * self.orders) / self.visits if self.visits else None

    @property
    def postage_rate(self) -> Decimal | None:
        """Postage over all that was asked for."""
        return Decimal(self.postage.minor) / self.placed.minor if self.placed else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assortment:
    """All goods of a period: the most money first, then in the order of SKUs."""

    period: Period
    currency: str
    goods: tuple[Graded, ...]
    categories: tuple[Category, ...]
    regions: tuple[Region, ...]

    @property
    def amount(self) -> Money:
        """Paid for all of them."""
        return Money.total((one.sku.amount for one in self.goods), self.currency)

    def of(self, grade: Grade) -> tuple[Graded, ...]:
        """The goods of a class."""
        return tuple(one for one in self.goods if one.grade is grade)

    def amount_of(self, grade: Grade) -> Money:
        """Paid for the goods of a class."""
        return Money.total((one.sku.amount for one in self.of(grade)), self.currency)

    def idle(self) -> tuple[Graded, ...]:
        """Goods that were often looked at and never bought, the most looked at first."""
        found = (one for one in self.goods if one.sku.views >= LEAST_VIEWS and not one.sku.orders)
        return tuple(sorted(found, key=lambda one: (-one.sku.views, one.sku.sku)))

    def only(self, *, categories: Collection[str], skus: Collection[str]) -> Assortment:
        """The same of some goods alone, which are classed anew among themselves; nothing named means all.

        Regions stay as they are: what was sold there is not told by goods.
        """
        kept = [
            one.sku
            for one in self.goods
            if (not categories or one.sku.category in categories) and (not skus or one.sku.sku in skus)
        ]
        named = {one.category for one in kept}
        return replace(
            self,
            goods=graded(kept),
            categories=tuple(one for one in self.categories if one.category in (categories or named)),
        )


def graded(goods: Sequence[Sku]) -> tuple[Graded, ...]:
    """Goods by what they bring, the most first, each in its class: what begins before 80 % of the money is A, before
    95 % B.

    source   700, 200, 60, 40, 0 -> A A B C C: they begin at 0, 70, 90, 96 and 100 %
    """
    ordered = sorted(goods, key=lambda one: (-one.amount.minor, one.sku))
    whole = sum(one.amount.minor for one in ordered)
    found, before = [], 0
    for one in ordered:
        after = before + one.amount.minor
        if not one.amount.minor or not whole or 100 * before >= B_UP_TO * whole:
            grade = Grade.C
        else:
            grade = Grade.A if 100 * before < A_UP_TO * whole else Grade.B
        found.append(Graded(sku=one, grade=grade, up_to=Decimal(after) / whole if whole else None))
        before = after
    return tuple(found)

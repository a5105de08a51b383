"""What a presale costs, and when what is paid. Sums are for one piece unless they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.growth.presale.errors import PresaleNotAllowed

# Law: Civil Code art. 586: a deposit is at most a fifth of the contract's price; what is beyond has no such effect.
LARGEST_PART: Final = 5
MOST_UNITS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is agreed with whoever reserves one piece.

    price    of the goods, P
    first    what is paid now, d
    credit   what that is worth once the balance is paid, c
    quantity, per_person           pieces that can be reserved, by all and by one
    deposit_from, deposit_until    when deposits are taken, half open
    balance_from, balance_until    when balances are taken, half open
    ship_by  the day by which it leaves, in the shop's zone
    """

    sku: str
    price: Money
    first: Money
    credit: Money
    quantity: int
    per_person: int
    deposit_from: datetime
    deposit_until: datetime
    balance_from: datetime
    balance_until: datetime
    ship_by: date

    @property
    def balance(self) -> Money:
        """What is paid later.

        source  500 with 50 worth 100 -> 400
        """
        return self.price - self.credit

    @property
    def total(self) -> Money:
        """What it costs in all: P - (c - d).

        source  500 with 50 worth 100 -> 450
        """
        return self.price - self.inflation

    @property
    def inflation(self) -> Money:
        """What the first payment is worth beyond itself: a discount of the price layer, c - d.

        source  50 worth 100 -> 50
        """
        return self.credit - self.first

    @property
    def guard(self) -> Money:
        """The most that can be a deposit by law: a fifth of the total, rounded down.

        source  500 with 50 worth 100: a fifth of 450 -> 90
        """
        return Money(self.total.minor // LARGEST_PART, self.total.currency)

    @property
    def deposit(self) -> Money:
        """What of the first payment is a deposit (定金): kept if the payer breaks the contract, double if we do.

        source  100 worth 150 on 500: of a total of 450 a fifth -> 90
        """
        return min(self.first, self.guard)

    @property
    def prepayment(self) -> Money:
        """What of the first payment is a prepayment (订金): it comes back in any case.

        source  100 worth 150 on 500 -> 10
        """
        return self.first - self.deposit

    def checked(self, *, currency: str) -> Terms:
        """The terms themselves.

        refuses  PresaleNotAllowed with the first field that cannot be right
        """
        if fault := _fault(self, currency):
            raise PresaleNotAllowed(field=fault)
        return self


class Phase(StrEnum):
    """Where a presale stands by the clock."""

    SOON = "soon"
    DEPOSIT = "deposit"
    BETWEEN = "between"
    BALANCE = "balance"
    OVER = "over"


def phase(terms: Terms, *, at: datetime) -> Phase:
    """Where a presale stands at a moment; every window is half open."""
    if at < terms.deposit_from:
        return Phase.SOON
    if at < terms.deposit_until:
        return Phase.DEPOSIT
    if at < terms.balance_from:
        return Phase.BETWEEN
    return Phase.BALANCE if at < terms.balance_until else Phase.OVER


def _fault(terms: Terms, currency: str) -> str:
    """The first field that cannot be right; empty if all can."""
    same = {each.currency for each in (terms.price, terms.first, terms.credit)}
    wrong = {
        "sku": not terms.sku,
        "price": same != {currency} or terms.price.minor <= 0,
        "first": terms.first.minor <= 0,
        "credit": not terms.first <= terms.credit < terms.price if len(same) == 1 else True,
        "quantity": not 0 < terms.quantity <= MOST_UNITS,
        "per_person": not 0 < terms.per_person <= terms.quantity,
        "deposit_until": not terms.deposit_from < terms.deposit_until,
        "balance_from": not terms.deposit_until <= terms.balance_from,
        "balance_until": not terms.balance_from < terms.balance_until,
    }
    return next((field for field, is_wrong in wrong.items() if is_wrong), "")

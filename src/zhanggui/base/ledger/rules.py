"""Entries and postings, as values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zhanggui.base.ledger.errors import Unbalanced
from zhanggui.base.money import Money


class Side(StrEnum):
    """On which side an account grows: what we own and spend by debit, what we owe and earn by credit."""

    DEBIT = "debit"
    CREDIT = "credit"


class Account(StrEnum):
    """The chart of accounts. A holder (customer, provider, seller) divides an account where it says so."""

    CASH = "cash"  # at a payment provider; holder: provider
    RECEIVABLE = "receivable"  # orders placed and not yet paid; holder: order
    SALES = "sales"
    SHIPPING_INCOME = "shipping_income"
    TAX_DUE = "tax_due"
    REFUNDS = "refunds"  # sales given back
    REFUNDS_DUE = "refunds_due"  # money that came too late or twice and must go back; holder: order
    WALLET = "wallet"  # holder: customer
    GIFT_CARDS = "gift_cards"  # holder: card
    DEPOSITS = "deposits"  # 定金, kept if the payer breaks the contract; holder: order or reservation
    PREPAYMENTS = "prepayments"  # 订金, paid ahead beyond what may be a deposit, always refundable; holder: reservation
    HELD = "held"  # taken from wallets and cards for orders that are not paid yet; holder: order
    GOODWILL = "goodwill"  # wallet money and cards that the shop gave away
    EXCHANGE = "exchange"  # between the currency that was paid and the currency of the books; either sign
    POINTS_GRANTED = "points_granted"
    POINTS_OWED = "points_owed"  # holder: customer

    @property
    def side(self) -> Side:
        """On which side it grows."""
        return Side.DEBIT if self in _DEBIT else Side.CREDIT

    @property
    def is_exact(self) -> bool:
        """Whether a holder's balance is kept with every posting and may never fall below nothing.

        The others are posted to by everybody at once: their balance is added up when it is asked for.
        """
        return self in _EXACT


_DEBIT = frozenset(
    {
        Account.CASH,
        Account.RECEIVABLE,
        Account.REFUNDS,
        Account.POINTS_GRANTED,
        Account.GOODWILL,
        Account.EXCHANGE,
    }
)
_EXACT = frozenset(
    {
        Account.RECEIVABLE,
        Account.REFUNDS_DUE,
        Account.WALLET,
        Account.GIFT_CARDS,
        Account.DEPOSITS,
        Account.PREPAYMENTS,
        Account.HELD,
        Account.POINTS_OWED,
    }
)
# In the order of the chart, for the database.
EXACT: Final = tuple(account for account in Account if account.is_exact)
FLOWING: Final = tuple(account for account in Account if not account.is_exact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """One line of an entry: a debit if the amount is above zero, a credit if it is below.

    holder  whose part of the account, empty if it is not divided
    """

    account: Account
    amount: Money
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is booked together.

    kind, reference  what happened and to what; booked once, so the same entry twice is one entry
    """

    shop: str
    kind: str
    reference: str
    postings: tuple[Posting, ...]

    def balanced(self) -> Entry:
        """The entry itself.

        refuses  Unbalanced if a currency's debits and credits differ, or nothing is posted
        """
        sums: Counter[str] = Counter()
        for posting in self.postings:
            sums[posting.amount.currency] += posting.amount.minor
        if not self.postings:
            raise Unbalanced(currency="", difference_minor=0)
        for currency, minor in sorted(sums.items()):
            if minor:
                raise Unbalanced(currency=currency, difference_minor=minor)
        return self


def debit(account: Account, amount: Money, *, holder: str = "") -> Posting:
    """Add to what we own or spend, or take from what we owe or earn."""
    return Posting(account=account, amount=amount, holder=holder)


def credit(account: Account, amount: Money, *, holder: str = "") -> Posting:
    """Add to what we owe or earn, or take from what we own or spend."""
    return Posting(account=account, amount=-amount, holder=holder)

"""Balances of presales that are still to be paid when their time runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from zhanggui.insight.metrics.rules.intervals import wilson

# The kind of segment that the people of `OwingAsked` are.
OWING: Final = "balances_due"
# So long before the end somebody does something about who has not paid; letters go out by themselves.
SOON: Final = timedelta(days=3)
# Of those who are asked in the last days so many pay after all, as other shops see it.
_USUALLY_PAID: Final = 0.65


@dataclass(frozen=True, slots=True, kw_only=True)
class OwingAsked:
    """People who reserved in a presale and have not paid the balance."""

    presale: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """How the balances of one presale stand.

    deposits, paid  people who paid the first part, and the second
    open            who can still pay;  open_minor what they owe
    opens_at, until when the balance can be paid
    """

    sku: str
    deposits: int
    paid: int
    open: int
    open_minor: int
    opens_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What may not come in, in minor units."""

    low_minor: int
    expected_minor: int
    high_minor: int


def is_pressing(owed: Owed, *, at: datetime) -> bool:
    """Whether balances are open and their time is over soon, or is over."""
    return owed.open > 0 and owed.opens_at <= at and owed.until - at <= SOON


def confidence(owed: Owed) -> float:
    """How sure it is that not everybody pays by themselves, each like those so far: 13 of 20, 7 open -> 0.951."""
    return 1.0 - _paid_share(owed) ** owed.open


def risk(owed: Owed) -> Risk:
    """What of the open balances is not paid if nobody does anything.

    The share that is still paid is taken for that of those who could pay so far, 65 % weighing as one person's; at the
    most nothing more comes.

    source  Wilson as in `metrics.rules.intervals`; 20 deposits, 13 paid, 7 open at 10.00 each -> 24.50 expected,
            between 12.68 and 70.00
    """
    best = wilson((owed.paid, owed.deposits)).high if owed.deposits else 1.0
    return Risk(
        low_minor=round(owed.open_minor * (1 - best)),
        expected_minor=round(owed.open_minor * (1 - _paid_share(owed))),
        high_minor=owed.open_minor,
    )


def _paid_share(owed: Owed) -> float:
    return (owed.paid + _USUALLY_PAID) / (owed.deposits + 1)

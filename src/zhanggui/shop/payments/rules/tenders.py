"""Wallet and gift card beside a provider's money, and how a refund is shared out over them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money

# Money that goes back to a card that is about to end can be spent for so long at least.
SPENDABLE_AFTER_REFUND: Final = timedelta(days=90)
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE: Final = str.maketrans("OIL", "011")
CODE_BITS: Final = 80
_CODE_LETTERS: Final = CODE_BITS // 5


class TenderKind(StrEnum):
    """Balances of the house that pay like money."""

    WALLET = "wallet"
    GIFT_CARD = "gift_card"


class TenderState(StrEnum):
    """How a tender stands: HELD for an order that is not paid yet, TAKEN by a paid one, RETURNED to its holder."""

    HELD = "held"
    TAKEN = "taken"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tender:
    """A part of an order that a balance of the house pays.

    holder  the customer's id for a wallet, the card's id for a gift card
    """

    kind: TenderKind
    holder: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A tender of an order and what has gone back of it."""

    id: str
    order_number: str
    tender: Tender
    state: TenderState
    refunded: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """A gift card.

    ending   the last four letters of its code; the code itself is not kept
    balance  what can still be spent
    is_sold  somebody paid for it at the counter; else the shop gave it away
    note     what it was issued for
    """

    id: str
    shop: str
    ending: str
    balance: Money
    value: Money
    issued_at: datetime
    expires_at: datetime
    is_blocked: bool
    is_sold: bool
    note: str

    def is_good(self, *, at: datetime) -> bool:
        """Whether it can be spent."""
        return not self.is_blocked and at < self.expires_at


def shares(amount: Money, *, left: Sequence[Money]) -> tuple[Money, ...]:
    """What of a refund goes back to each tender: in proportion to what each has left, by largest remainder.

    left    what each tender paid less what went back already, in a fixed order; together at least the amount
    law     no share exceeds what is left; once all is refunded, in whatever parts, each tender has exactly what it
            paid. Shares of growing sums would not do: a larger sum may give a tender less (Alabama paradox)
    source  10.00 of wallet 30.00 and card 70.01 -> 3.00 and 7.00
    """
    return amount.split([one.minor for one in left]) if amount else tuple(amount for _ in left)


def gift_code(noise: int) -> str:
    """The code of a card as it is shown once: four groups of four that are easy to read out.

    noise   80 random bits
    source  0 -> 0000-0000-0000-0000
    """
    letters = "".join(_ALPHABET[noise >> shift & 31] for shift in range(CODE_BITS - 5, -5, -5))
    return "-".join(letters[at : at + 4] for at in range(0, _CODE_LETTERS, 4))


def tidy_code(typed: str) -> str:
    """A code as somebody typed it, as it was meant: without gaps, O read as 0, I and L as 1; empty if it is none."""
    letters = "".join(typed.upper().split()).replace("-", "").translate(_LOOK_ALIKE)
    fits = len(letters) == _CODE_LETTERS and all(letter in _ALPHABET for letter in letters)
    return letters if fits else ""


def code_digest(code: str) -> bytes:
    """What is kept of a code: 80 random bits need no salt, and nobody reads them back out of SHA-256."""
    return hashlib.sha256(tidy_code(code).encode()).digest()

"""A wish, as a value, and what has become cheaper since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from zhanggui.base.money import Money

MOST_WISHES: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A SKU that somebody likes; price is what it cost on that day."""

    sku: str
    price: Money
    at: datetime


def cheaper_by(wish: Wish, *, now: Money) -> Money | None:
    """How much less a SKU costs than when it was wished for; None if it does not, or is sold in another currency.

    source   59.90 then, 49.90 now -> 10.00
    """
    if now.currency != wish.price.currency or now.minor >= wish.price.minor:
        return None
    return wish.price - now

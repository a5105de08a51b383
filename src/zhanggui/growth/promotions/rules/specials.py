"""A price that whoever takes part pays: who buys in a flash sale, in a team, or reserves in a presale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhanggui.base.money import Money
from zhanggui.growth.promotions.rules.values import PriceSource


@dataclass(frozen=True, slots=True, kw_only=True)
class Special:
    """Such a price of one piece of a SKU, as a page speaks of it; it can be had while it stands there.

    price    all that is paid for one piece in the end
    ends_at  when nobody can begin to take part any longer; None: when somebody stops it
    people   how many have to buy together; 1 for whoever comes
    """

    sku: str
    source: PriceSource
    price: Money
    starts_at: datetime
    ends_at: datetime | None = None
    people: int = 1

    def is_on(self, at: datetime) -> bool:
        """Whether it can be had at a moment."""
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)

"""What goods cost on which day: the catalogue's prices, and what plants make of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhanggui.doors.rehearsal.simulator.plan import Bools, Ints, Small


@dataclass(frozen=True, slots=True, kw_only=True)
class Repriced:
    """Another list price of one of the goods, on days counted from 0, half open."""

    goods: int
    start: int
    end: int
    price_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is taken off some goods on days counted from 0, half open; of two discounts the larger one counts.

    is_offered   for each of the plan's goods
    discount_bp  1/10,000 of the list price
    """

    is_offered: Bools
    start: int
    end: int
    discount_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """List prices by tag: a tag below the number of goods is the goods at its usual price, those above are changes."""

    usual_minor: Ints
    changes: tuple[Repriced, ...] = ()
    offers: tuple[Offer, ...] = ()

    @property
    def by_tag_minor(self) -> Ints:
        """What each tag costs."""
        return np.concatenate([self.usual_minor, [one.price_minor for one in self.changes]]).astype(np.int64)

    def tags(self, goods: Small, day: Small) -> Small:
        """The tag that each goods carries on a day."""
        tag = goods.copy()
        for nth, one in enumerate(self.changes):
            tag[(goods == one.goods) & (day >= one.start) & (day < one.end)] = len(self.usual_minor) + nth
        return tag

    def price_minor(self, goods: Small, day: Small) -> Ints:
        """What one piece costs on a day, before any discount."""
        price: Ints = self.by_tag_minor[self.tags(goods, day)]
        return price

    def discount_bp(self, goods: Small, day: Small, *, usual_bp: Small) -> Small:
        """What is taken off on a day.

        usual_bp  what is taken off everything
        """
        found = usual_bp
        for one in self.offers:
            is_off = one.is_offered[goods] & (day >= one.start) & (day < one.end)
            found = np.where(is_off, np.maximum(found, one.discount_bp), found).astype(np.int32)
        return found

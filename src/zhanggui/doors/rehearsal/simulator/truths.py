"""What a plant changed, counted by the simulator from its own draws, with it and without it, never from the lake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from zhanggui.doors.rehearsal.simulator import baskets
from zhanggui.doors.rehearsal.simulator.baskets import Fate, Lines
from zhanggui.doors.rehearsal.simulator.drafts import Standing
from zhanggui.doors.rehearsal.simulator.extras import Added, paid_day
from zhanggui.doors.rehearsal.simulator.plan import Bools, Ints, Plan, Small
from zhanggui.doors.rehearsal.simulator.plants import Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many of so many: what they are is said by the kind of plant, in `Truth`."""

    count: int
    of: int

    @property
    def rate(self) -> float:
        """The share; 0 of none."""
        return self.count / self.of if self.of else 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(count=self.count + other.count, of=self.of + other.of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a day has more (+) or less (-) because of a plant.

    orders        placed;  lines of orders, paid
    goods_minor   paid for goods;  amount_minor paid, postage included
    """

    day: date
    orders: int
    lines: int
    goods_minor: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A plant's size. Without it, and with it, on the same days:

    funnel-break     visits with an order, of those on that device that began the checkout
    channel-quality  visits with an order, of all from that channel
    price-response   orders with that SKU, of all
    churn-wave       orders of people who had ordered before, of all from that region
    fake-ring        orders with that SKU, of all
    stock-out        days that ended without a free piece, of all
    promotion-lift   orders with that category, of all, while it lasts
    search-gaps      searches without result, of all
    late-parcels     orders that left more than two days after they were paid, of all that were paid
    return-spike     orders with that SKU that sent it back, of all
    coupon-leak      orders with that SKU, of all
    coupon-heap      orders with that SKU, of all
    dead-stock       orders with that SKU, of all

    changes  the days on which orders or money are others, oldest first
    stakes   what a trouble that changes no order touches on a day, in minor units: of late-parcels, what was paid for
             the orders that would have left by its end; of return-spike, what was asked back; of coupon-leak, what was
             given; of coupon-heap, what the second coupon gave; of dead-stock, the price of what lies there at its end
    begins   the day from which the draws say that it is a trouble, where that is not the plant's first: of dead-stock
             the first on which nobody pays, for who ordered before midnight may pay after it
    parts    the changes by what of the plant made them: of search-gaps by word
    """

    plant: Plant
    without: Tally
    planted: Tally
    changes: tuple[Change, ...]
    stakes: Mapping[date, int] = field(default_factory=dict)
    parts: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    begins: int | None = None

    @property
    def orders(self) -> int:
        """Orders more or fewer, all days together."""
        return sum(one.orders for one in self.changes)

    @property
    def lines(self) -> int:
        """Paid lines of orders more or fewer."""
        return sum(one.lines for one in self.changes)

    @property
    def goods_minor(self) -> int:
        """Money for goods more or less."""
        return sum(one.goods_minor for one in self.changes)

    @property
    def amount_minor(self) -> int:
        """Money more or less, postage included."""
        return sum(one.amount_minor for one in self.changes)

    def on(self, day: date) -> Change:
        """What a day has more or less; nothing on days that are as they would have been."""
        nothing = Change(day=day, orders=0, lines=0, goods_minor=0, amount_minor=0)
        return next((one for one in self.changes if one.day == day), nothing)


class Reckoning:
    """Adds a plant's months up."""

    def __init__(self, plan: Plan, plant: Plant) -> None:
        self._plan = plan
        self._plant = plant
        self._orders = np.zeros(plan.days, np.int64)
        self._lines = np.zeros(plan.days, np.int64)
        self._goods_minor = np.zeros(plan.days, np.int64)
        self._amount_minor = np.zeros(plan.days, np.int64)
        self.without = Tally(count=0, of=0)
        self.planted = Tally(count=0, of=0)
        self._stakes = np.zeros(plan.days, np.int64)

    def stake(self, day: Ints, minor: Ints) -> None:
        """Count money that is touched on days, counted from 0; what lies beyond the plan is left out."""
        kept = (day >= 0) & (day < self._plan.days)
        np.add.at(self._stakes, day[kept], minor[kept])

    def count(self, without: Tally, planted: Tally) -> None:
        """Count a month's tallies."""
        self.without += without
        self.planted += planted

    def compare(
        self, before: Standing, after: Standing, lines: Lines, *, plain: Lines, order_day: Small, fate: Fate
    ) -> None:
        """Count what a month's orders came to before the plant, and after it.

        plain  the lines as they would have cost without the plant
        """
        changed = after.is_placed.astype(np.int64) - before.is_placed
        self._orders += np.bincount(order_day, weights=changed, minlength=self._plan.days).astype(np.int64)
        count = len(order_day)
        was, now = _goods(plain, before, count), _goods(lines, after, count)
        bought = after.is_bought.astype(np.int64) - before.is_bought
        self._pay(
            fate.ended_us,
            fate.is_paid,
            lines=np.bincount(lines.order, weights=bought, minlength=count).astype(np.int64),
            goods_minor=now - was,
            amount_minor=now - was + _postage(now, after) - _postage(was, before),
        )

    def gain(self, added: Added, *, day: Small) -> None:
        """Count orders that the plant added."""
        self._orders += np.bincount(day, minlength=self._plan.days)
        self.count(Tally(count=0, of=0), Tally(count=len(day), of=len(day)))
        goods = added.goods_minor
        self._pay(
            added.ended_us,
            added.is_paid,
            lines=np.ones_like(goods),
            goods_minor=goods,
            amount_minor=goods + baskets.shipping_minor(goods),
        )

    def truth(self) -> Truth:
        """All months together."""
        counted = (self._orders, self._lines, self._goods_minor, self._amount_minor)
        found = zip(self._plan.calendar, *(column.tolist() for column in counted), strict=True)
        changes = tuple(
            Change(day=day, orders=orders, lines=lines, goods_minor=goods, amount_minor=amount)
            for day, orders, lines, goods, amount in found
            if orders or lines or goods or amount
        )
        touched = zip(self._plan.calendar, self._stakes.tolist(), strict=True)
        return Truth(
            plant=self._plant,
            without=self.without,
            planted=self.planted,
            changes=changes,
            stakes={day: minor for day, minor in touched if minor},
        )

    def _pay(self, ended_us: Ints, is_paid: Bools, *, lines: Ints, goods_minor: Ints, amount_minor: Ints) -> None:
        place = paid_day(self._plan, ended_us)
        kept = is_paid & (place < self._plan.days)
        np.add.at(self._lines, place[kept], lines[kept])
        np.add.at(self._goods_minor, place[kept], goods_minor[kept])
        np.add.at(self._amount_minor, place[kept], amount_minor[kept])


def _goods(lines: Lines, standing: Standing, count: int) -> Ints:
    bought = np.where(standing.is_bought, lines.amount_minor, 0)
    return np.bincount(lines.order, weights=bought, minlength=count).astype(np.int64)


def _postage(goods_minor: Ints, standing: Standing) -> Ints:
    return np.where(standing.is_placed, baskets.shipping_minor(goods_minor), 0)

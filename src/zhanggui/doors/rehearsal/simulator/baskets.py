"""What people look at and buy, for how much, and what becomes of an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.simulator.people import FAR, REGIONS, chosen
from zhanggui.doors.rehearsal.simulator.plan import (
    DAY_US,
    FREE_FROM_MINOR,
    OFFSET_US,
    SECOND_US,
    SHIPPING_MINOR,
    Bools,
    Floats,
    Ints,
    Plan,
    Shelf,
    Small,
)
from zhanggui.doors.rehearsal.simulator.prices import Prices
from zhanggui.doors.rehearsal.simulator.seasons import Calendar

MOST_LINES: Final = 5
_MORE_LINES: Final = 0.55
_PROMOTED_LINES: Final = 0.25
_TAIL: Final = 0.85
_CHEAP_MINOR: Final = 10_000

# What a line says in numbers that may be none.
_AMOUNTS: Final = ("quantity", "amount_minor", "discount_minor")

_PAID: Final = 0.92
_EXPIRES: Final = 0.6
_TIME_TO_PAY_US: Final = 1801 * SECOND_US
_HOUR_US: Final = 3600 * SECOND_US
_IS_FAR: Final = np.array([region in FAR for region in REGIONS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """How much each goods draws people, by calendar month.

    edges   shape (12, goods + 1): running sum of the goods' weights, each month's from 0
    months  demand of the whole shop by calendar month, 1 on average
    shares  demand by category over the year, summing to 1
    """

    shelf: Shelf
    edges: Floats
    months: Floats
    shares: Floats

    def pick(self, month: int, category: Small, rng: np.random.Generator) -> Small:
        """One goods of each wanted category, in a calendar month, as an index into the plan's goods."""
        edges = self.edges[month]
        lower, upper = edges[self.shelf.starts[category]], edges[self.shelf.starts[category + 1]]
        found = np.searchsorted(edges, lower + rng.random(len(category)) * (upper - lower), side="right")
        first, last = self.shelf.starts[category], self.shelf.starts[category + 1] - 1
        goods: Small = np.clip(found.astype(np.int32) - 1, first, last)
        return goods

    def categories(self, month: int, count: int, rng: np.random.Generator) -> Small:
        """So many categories, as they are wanted in a calendar month."""
        return chosen(np.diff(self.edges[month][self.shelf.starts]), count, rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Lines of orders, in the order of the orders.

    order         index of the order;  goods index into the plan's goods
    amount_minor  for all pieces, after the discount
    """

    order: Small
    goods: Small
    quantity: Small
    amount_minor: Ints
    discount_minor: Ints

    def only(self, is_bought: Bools) -> Lines:
        """The same lines, without pieces and money where nothing was bought after all."""
        numbers = {name: np.where(is_bought, getattr(self, name), 0) for name in _AMOUNTS}
        return replace(self, **{name: column.astype(getattr(self, name).dtype) for name, column in numbers.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of each order, and when, microseconds since 1970, UTC.

    An order is paid, or ends without payment: `is_expired` says by which of the two ways.
    """

    is_paid: Bools
    is_expired: Bools
    ended_us: Ints
    shipped_us: Ints
    delivered_us: Ints


def appeal_of(plan: Plan, shelf: Shelf, rng: np.random.Generator) -> Appeal:
    """A long tail of demand in each category, cheaper goods a little ahead, moved by the months."""
    weights = np.array([item.month_weights for item in plan.goods], np.float64)
    draw = np.empty(len(plan.goods))
    for place, category in enumerate(shelf.categories):
        start, end = shelf.starts[place], shelf.starts[place + 1]
        rank = rng.permutation(end - start) + 2
        cheap = shelf.price_minor[start:end].astype(np.float64) ** -0.25
        tail = rank**-_TAIL * cheap
        draw[start:end] = tail / tail.sum() * category.demand_share
    by_month = (weights * draw[:, None]).T
    edges = np.concatenate([np.zeros((12, 1)), np.cumsum(by_month, axis=1)], axis=1)
    months = edges[:, -1] / edges[:, -1].mean()
    shares = np.array([category.demand_share for category in shelf.categories])
    return Appeal(shelf=shelf, edges=edges, months=months, shares=shares / shares.sum())


def sizes(day: Small, calendar: Calendar, rng: np.random.Generator) -> Small:
    """How many different goods each order of these days holds: more when there is something off."""
    more = _MORE_LINES + _PROMOTED_LINES * (calendar.discount_bp[day] > 0)
    return np.minimum(1 + rng.poisson(more), MOST_LINES).astype(np.int32)


def fill(
    *,
    size: Small,
    favourite: Small,
    month: int,
    day: Small,
    discount_bp: Small,
    appeal: Appeal,
    prices: Prices,
    rng: np.random.Generator,
) -> Lines:
    """What lies in each basket of a calendar month.

    size         different goods per order
    favourite    category that the buyer mostly buys from
    day          of the order;  discount_bp what is off everything then
    """
    order = np.repeat(np.arange(len(size), dtype=np.int32), size)
    anything = appeal.categories(month, len(order), rng)
    category = np.where(rng.random(len(order)) < 0.5, favourite[order], anything).astype(np.int32)
    goods = _apart(order, appeal.pick(month, category, rng), count=len(appeal.shelf.price_minor))
    quantity = quantities(appeal.shelf.price_minor[goods], rng)
    return lines_at(order, goods, quantity, day=day[order], discount_bp=discount_bp[order], prices=prices)


def lines_at(order: Small, goods: Small, quantity: Small, *, day: Small, discount_bp: Small, prices: Prices) -> Lines:
    """Lines at the prices of their days.

    day, discount_bp  of each line
    """
    listed = prices.price_minor(goods, day) * quantity
    discount = (listed * prices.discount_bp(goods, day, usual_bp=discount_bp) + 5_000) // 10_000
    return Lines(order=order, goods=goods, quantity=quantity, amount_minor=listed - discount, discount_minor=discount)


def shipping_minor(goods_minor: Ints) -> Ints:
    """What delivery costs for goods of that total."""
    return np.where(goods_minor >= FREE_FROM_MINOR, 0, SHIPPING_MINOR).astype(np.int64)


def fate_of(placed_us: Ints, region: Small, rng: np.random.Generator) -> Fate:
    """Whether and when orders are paid, shipped and delivered, or given up."""
    count = len(placed_us)
    is_paid = rng.random(count) < _PAID
    is_expired = ~is_paid & (rng.random(count) < _EXPIRES)
    hesitates_us = (np.minimum(rng.lognormal(3.2, 0.8, count), 1500) * SECOND_US).astype(np.int64)
    cancels_us = (rng.uniform(60, 1500, count) * SECOND_US).astype(np.int64)
    ended_us = placed_us + np.where(is_paid, hesitates_us, np.where(is_expired, _TIME_TO_PAY_US, cancels_us))
    return replace(delivered_from(ended_us, region, rng), is_paid=is_paid, is_expired=is_expired)


def delivered_from(paid_us: Ints, region: Small, rng: np.random.Generator) -> Fate:
    """How orders go on that are paid at these moments."""
    count = len(paid_us)
    shipped_us = _shipped(paid_us, rng)
    nights = 1 + rng.binomial(2, 0.35, count) + np.where(_IS_FAR[region], 2, 0)
    arrives_us = (shipped_us + OFFSET_US) // DAY_US * DAY_US + nights * DAY_US - OFFSET_US
    at_door_us = (rng.triangular(9, 12, 20.5, count) * _HOUR_US).astype(np.int64)
    return Fate(
        is_paid=np.ones(count, bool),
        is_expired=np.zeros(count, bool),
        ended_us=paid_us,
        shipped_us=shipped_us,
        delivered_us=arrives_us + at_door_us,
    )


def returned(lines: Lines, shelf: Shelf, *, is_paid: Bools, rng: np.random.Generator) -> Small:
    """How many pieces of each line come back; 0 for most."""
    comes_back = is_paid[lines.order] & (rng.random(len(lines.order)) < shelf.return_rate[lines.goods])
    pieces = 1 + (rng.random(len(lines.order)) * lines.quantity).astype(np.int32)
    return np.where(comes_back, np.minimum(pieces, lines.quantity), 0).astype(np.int32)


def _apart(order: Small, goods: Small, *, count: int) -> Small:
    """The same goods, but never one twice in an order: a repeated one gives way to its neighbour on the shelf."""
    goods = goods.copy()
    for _ in range(count):
        by_goods = np.lexsort((goods, order))
        is_twice = np.zeros(len(order), bool)
        is_twice[1:] = (np.diff(order[by_goods]) == 0) & (np.diff(goods[by_goods]) == 0)
        if not is_twice.any():
            return goods
        where = by_goods[is_twice]
        goods[where] = (goods[where] + 1) % count
    raise ValueError(f"{count} goods are too few for such baskets")


def quantities(price_minor: Ints, rng: np.random.Generator) -> Small:
    """How many pieces of a line are taken: of what is cheap, more."""
    chance = rng.random(len(price_minor))
    cheap = np.where(chance < 0.80, 1, np.where(chance < 0.95, 2, 3))
    return np.where(price_minor < _CHEAP_MINOR, cheap, np.where(chance < 0.95, 1, 2)).astype(np.int32)


def _shipped(paid_us: Ints, rng: np.random.Generator) -> Ints:
    """What is paid before four in the afternoon leaves the same day, the rest the next; some wait a day longer."""
    count = len(paid_us)
    local = paid_us + OFFSET_US
    midnight, passed = local // DAY_US * DAY_US, local % DAY_US
    is_early = passed < 16 * _HOUR_US
    today_us = np.maximum((rng.uniform(13, 20, count) * _HOUR_US).astype(np.int64), passed + _HOUR_US)
    tomorrow_us = DAY_US + (rng.uniform(9.5, 19, count) * _HOUR_US).astype(np.int64)
    waits_us = np.where(rng.random(count) < 0.04, DAY_US, 0)
    return midnight + np.where(is_early, today_us, tomorrow_us) + waits_us - OFFSET_US

"""Which rows the visits of a month consist of, in which order, and which row led to which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.simulator.baskets import Appeal, Lines
from zhanggui.doors.rehearsal.simulator.plan import Ints, Small
from zhanggui.doors.rehearsal.simulator.visits import People, Visits

# Kinds of rows, in the order in which a visit may come to them.
HOME, SHELF, SEARCH, SEARCHED, GOODS, VIEWED, ADDED, CART, CART_VIEWED, CHECKOUT, STARTED, STEP = range(12)
_OWN_SHELF: Final = 0.4
_WANDERS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The month's rows as numbers, one entry per row; what does not concern a row is 0.

    visit    index of the visit;  cause  place of the row that led here, -1 if none did
    left_on  per visit: place of the last page view
    """

    visit: Small
    kind: Small
    cause: Ints
    goods: Small
    quantity: Small
    step: Small
    category: Small
    left_on: Ints


def laid_out(
    visits: Visits, everybody: People, *, month: int, lines: Lines, appeal: Appeal, rng: np.random.Generator
) -> Sheet:
    """Every row of these visits in its place.

    lines  what the visits with an order buy, in the order of these visits
    """
    count = len(visits.person)
    favourite = everybody.traits.category[visits.person]
    category = np.where(rng.random(count) < _OWN_SHELF, favourite, appeal.categories(month, count, rng)).astype(
        np.int32
    )
    seen = np.repeat(category, visits.products)
    wanders = rng.random(len(seen)) < _WANDERS
    seen = np.where(wanders, appeal.categories(month, len(seen), rng), seen).astype(np.int32)
    layout = _Layout(visits)
    layout.open_page(np.flatnonzero(visits.home), HOME)
    layout.open_page(np.flatnonzero(visits.shelf), SHELF)
    layout.open_page(np.flatnonzero(visits.search), SEARCH, then=SEARCHED)
    layout.open_goods(visits, appeal.pick(month, seen, rng), bought=lines)
    layout.open_page(np.flatnonzero(visits.cart), CART, then=CART_VIEWED)
    layout.open_page(np.flatnonzero(visits.checkout), CHECKOUT, then=STARTED)
    layout.do_steps(visits)
    return Sheet(
        visit=layout.visit,
        kind=layout.kind,
        cause=layout.cause,
        goods=layout.goods,
        quantity=layout.quantity,
        step=layout.step,
        category=category,
        left_on=layout.page,
    )


class _Layout:
    """Puts the rows of all visits into place, one kind after the other.

    next  per visit: the first free row;  page  the last page view, -1 before any;  act  what leads to the next page
    """

    def __init__(self, visits: Visits) -> None:
        self.starts = np.concatenate([[0], np.cumsum(visits.rows)])
        rows = int(self.starts[-1])
        self.visit = np.repeat(np.arange(len(visits.person), dtype=np.int32), visits.rows)
        self.kind = np.zeros(rows, np.int32)
        self.cause = np.full(rows, -1, np.int64)
        self.goods = np.zeros(rows, np.int32)
        self.quantity = np.zeros(rows, np.int32)
        self.step = np.zeros(rows, np.int32)
        self.next = self.starts[:-1].copy()
        self.page = np.full(len(visits.person), -1, np.int64)
        self.act = self.page.copy()

    def open_page(self, chosen: Ints, kind: int, *, then: int | None = None) -> None:
        """These visits open a page, and something is seen on it."""
        at = self.next[chosen]
        self._put(at, kind, self.act[chosen])
        self.page[chosen] = self.act[chosen] = at
        self.next[chosen] += 1
        if then is not None:
            self._put(at + 1, then, at)
            self.next[chosen] += 1

    def open_goods(self, visits: Visits, goods: Small, *, bought: Lines) -> None:
        """All visits look at their goods, and put the last of them into the cart."""
        visit = np.repeat(np.arange(len(visits.person)), visits.products)
        nth = np.arange(len(visit)) - (np.cumsum(visits.products) - visits.products)[visit]
        adds_before = np.maximum(0, nth - (visits.products - visits.adds)[visit])
        at = self.next[visit] + 2 * nth + adds_before
        is_added = nth >= (visits.products - visits.adds)[visit]
        is_bought = is_added & (visits.order[visit] >= 0)
        goods = goods.copy()
        goods[is_bought] = bought.goods
        self._put(at, GOODS, np.where(nth > 0, np.roll(at, 1), self.act[visit]))
        self._put(at + 1, VIEWED, at)
        self._put(at[is_added] + 2, ADDED, at[is_added] + 1)
        self.goods[at], self.goods[at + 1], self.goods[at[is_added] + 2] = goods, goods, goods[is_added]
        self.quantity[at[is_added] + 2] = 1
        self.quantity[at[is_bought] + 2] = bought.quantity
        is_last = nth == visits.products[visit] - 1
        self.page[visit[is_last]] = at[is_last]
        self.act[visit[is_last]] = at[is_last] + np.where(is_added[is_last], 2, 0)
        self.next += 2 * visits.products + visits.adds

    def do_steps(self, visits: Visits) -> None:
        """Visits at the checkout do their steps; whoever is known there only says how to pay."""
        is_known = (visits.order >= 0) & ~visits.is_new
        for nth in range(1, int(visits.steps.max(initial=0)) + 1):
            chosen = np.flatnonzero(visits.steps >= nth)
            at = self.next[chosen]
            self._put(at, STEP, at - 1)
            self.step[at] = np.where(is_known[chosen], 3, nth)
            self.next[chosen] += 1

    def _put(self, at: Ints, kind: int, cause: Ints) -> None:
        self.kind[at] = kind
        self.cause[at] = cause

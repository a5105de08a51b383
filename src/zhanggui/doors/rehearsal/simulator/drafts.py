"""A month as it was drawn, before it is told, and what plants have made of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhanggui.doors.rehearsal.simulator.baskets import Lines
from zhanggui.doors.rehearsal.simulator.layout import ADDED, STEP, VIEWED, Sheet
from zhanggui.doors.rehearsal.simulator.plan import Bools, Ints, Small
from zhanggui.doors.rehearsal.simulator.visits import Visits

NOT_AT_ALL = -1
NO_WORD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What of a month's orders and their lines stands."""

    is_placed: Bools
    is_bought: Bools


@dataclass(slots=True, kw_only=True)
class Draft:
    """Visits of a month with what they buy.

    buying     places of the visits that end with an order, in the order of the orders
    region     of each visit's person
    last_row   per visit: the last kind of row, as `layout` numbers them, that still happens; NOT_AT_ALL for none
    word       per visit: which word without results is looked for instead, counted over all plants; NO_WORD for none
    is_placed  per order;  is_bought per line
    sold_out   goods that cannot be put into a cart, with their days, half open
    """

    visits: Visits
    lines: Lines
    region: Small
    buying: Ints
    last_row: Small
    word: Small
    is_placed: Bools
    is_bought: Bools
    sold_out: list[tuple[int, int, int]] = field(default_factory=list)

    @property
    def order_day(self) -> Small:
        """The day of each order."""
        return self.visits.day[self.buying]

    @property
    def line_day(self) -> Small:
        """The day of each line."""
        return self.order_day[self.lines.order]

    def standing(self) -> Standing:
        """What stands now, to be compared with later."""
        return Standing(is_placed=self.is_placed.copy(), is_bought=self.is_bought.copy())

    def stop(self, is_stopped: Bools, *, after: int) -> None:
        """These visits go no further than a kind of row, and end without an order.

        is_stopped  per visit
        """
        self.last_row[is_stopped] = np.minimum(self.last_row[is_stopped], after)
        self._withdraw(is_stopped[self.buying])

    def leave(self, is_left: Bools) -> None:
        """These lines are not bought; whoever wanted nothing else looks at the goods and goes.

        is_left  per line
        """
        self.is_bought[is_left] = False
        some = np.bincount(self.lines.order[self.is_bought], minlength=len(self.buying)) > 0
        empty = np.zeros(len(self.last_row), bool)
        empty[self.buying[~some & self.is_placed]] = True
        self.stop(empty, after=VIEWED)

    def happens(self, sheet: Sheet) -> Bools:
        """Which of the month's rows happen."""
        happens: Bools = sheet.kind <= self.last_row[sheet.visit]
        is_line = (sheet.kind == ADDED) & (self.visits.order[sheet.visit] >= 0)
        happens[is_line] &= self.is_bought
        for goods, start, end in self.sold_out:
            day = self.visits.day[sheet.visit]
            happens &= ~((sheet.kind == ADDED) & (sheet.goods == goods) & (day >= start) & (day < end))
        return happens

    def _withdraw(self, is_withdrawn: Bools) -> None:
        self.is_placed[is_withdrawn] = False
        self.is_bought[is_withdrawn[self.lines.order]] = False


def draft_of(visits: Visits, lines: Lines, *, region: Small) -> Draft:
    """A month in which nothing is planted.

    region  of each visit's person
    """
    buying = np.flatnonzero(visits.order >= 0)
    count = len(visits.person)
    return Draft(
        visits=visits,
        lines=lines,
        region=region,
        buying=buying,
        last_row=np.full(count, STEP, np.int32),
        word=np.full(count, NO_WORD, np.int32),
        is_placed=np.ones(len(buying), bool),
        is_bought=np.ones(len(lines.order), bool),
    )

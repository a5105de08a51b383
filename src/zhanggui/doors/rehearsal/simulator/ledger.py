"""The free pieces of a SKU over time, so that it can be taken away to the last one."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from zhanggui.doors.rehearsal.simulator.baskets import Fate, Lines
from zhanggui.doors.rehearsal.simulator.plan import DAY_US, Bools, Ints, Plan


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What changed the free pieces of one of the goods, as (moments, pieces); and when orders with it were paid."""

    plan: Plan
    goods: int
    moves: list[tuple[Ints, Ints]] = field(default_factory=list)
    paid_us: list[Ints] = field(default_factory=list)

    def arrive(self, at_us: int, units: int) -> None:
        """Pieces come in, or go away."""
        self.moves.append((np.array([at_us], np.int64), np.array([units], np.int64)))

    def sell(self, lines: Lines, *, placed_us: Ints, fate: Fate, is_bought: Bools) -> None:
        """Orders hold pieces; those that are not paid give them back."""
        own = is_bought & (lines.goods == self.goods)
        order, units = lines.order[own], lines.quantity[own].astype(np.int64)
        self.moves.append((placed_us[order], -units))
        back = ~fate.is_paid[order]
        self.moves.append((fate.ended_us[order][back], units[back]))
        self.paid_us.append(fate.ended_us[order][~back])

    def free_at(self, at_us: int) -> int:
        """How many pieces can be bought at a moment."""
        return int(sum(units[moments < at_us].sum() for moments, units in self.moves))

    def days_out(self, start: int, end: int) -> int:
        """How many of these days, half open, end without a free piece."""
        ends = (self.plan.start_us + (day + 1) * DAY_US for day in range(start, end))
        return sum(self.free_at(at_us) <= 0 for at_us in ends)

    def unsold_from(self, day: int) -> int:
        """The first day from this one on, counted from 0, on which nobody pays for it."""
        paid = {int(at) for moments in self.paid_us for at in (moments - self.plan.start_us) // DAY_US}
        return next(one for one in range(day, self.plan.days + 1) if one not in paid)

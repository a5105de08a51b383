"""Parcels that leave later than they would have, and what that touches."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.simulator import baskets
from zhanggui.doors.rehearsal.simulator.baskets import Fate
from zhanggui.doors.rehearsal.simulator.drafts import Draft
from zhanggui.doors.rehearsal.simulator.extras import paid_day
from zhanggui.doors.rehearsal.simulator.plan import DAY_US, Bools, Plan
from zhanggui.doors.rehearsal.simulator.plants import LateParcels
from zhanggui.doors.rehearsal.simulator.truths import Reckoning, Tally

PROMISE_US: Final = 2 * DAY_US


def delayed(plan: Plan, plant: LateParcels, fate: Fate) -> Fate:
    """The same fates, with what is paid while the plant lasts under way so many days later."""
    later_us = np.where(_is_theirs(plan, plant, fate), plant.days_late * DAY_US, 0)
    return replace(fate, shipped_us=fate.shipped_us + later_us, delivered_us=fate.delivered_us + later_us)


def reckon(plan: Plan, plant: LateParcels, reckoning: Reckoning, draft: Draft, *, before: Fate, after: Fate) -> None:
    """Count the late ones of a month, and what was paid for those that would have left by the end of each day."""
    theirs = _is_theirs(plan, plant, after) & draft.is_placed
    tallies = (
        Tally(count=int((theirs & (fate.shipped_us - fate.ended_us > PROMISE_US)).sum()), of=int(theirs.sum()))
        for fate in (before, after)
    )
    reckoning.count(*tallies)
    bought = np.where(draft.is_bought, draft.lines.amount_minor, 0)
    goods = np.bincount(draft.lines.order, weights=bought, minlength=len(theirs)).astype(np.int64)
    paid = goods + baskets.shipping_minor(goods)
    for day in range(plan.days):
        end_us = plan.start_us + (day + 1) * DAY_US
        is_held_up = theirs & (before.shipped_us <= end_us) & (end_us < after.shipped_us)
        reckoning.stake(np.full(int(is_held_up.sum()), day, np.int64), paid[is_held_up])


def _is_theirs(plan: Plan, plant: LateParcels, fate: Fate) -> Bools:
    day = paid_day(plan, fate.ended_us)
    found: Bools = fate.is_paid & (day >= plant.start) & (day < plant.end)
    return found

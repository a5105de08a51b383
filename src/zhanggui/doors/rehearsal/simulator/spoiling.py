"""Goods that are sent back though they would have been kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc

from zhanggui.doors.rehearsal.simulator.columns import Rows
from zhanggui.doors.rehearsal.simulator.extras import paid_day
from zhanggui.doors.rehearsal.simulator.plan import Bools, Plan
from zhanggui.doors.rehearsal.simulator.plants import ReturnSpike
from zhanggui.doors.rehearsal.simulator.telling import Orders
from zhanggui.doors.rehearsal.simulator.truths import Reckoning, Tally


def spoilt(plan: Plan, plant: ReturnSpike, orders: Orders, *, goods: int, rng: np.random.Generator) -> Orders:
    """A month's orders, with those pieces alone as returned that come back because of the plant: whole lines."""
    lines = orders.lines
    kept = _theirs(plan, plant, orders, goods) & (orders.returned == 0)
    back = kept & (rng.random(len(lines.order)) < plant.share)
    return replace(orders, returned=np.where(back, lines.quantity, 0).astype(np.int32))


def reckon(
    plan: Plan, plant: ReturnSpike, reckoning: Reckoning, orders: Orders, *, goods: int, more: Orders, rows: Rows
) -> None:
    """Count a month's orders that send it back, and what was asked back besides, on the days when it was."""
    theirs = _theirs(plan, plant, orders, goods)
    usual = int((theirs & (orders.returned > 0)).sum())
    own, besides = int(theirs.sum()), int((more.returned > 0).sum())
    reckoning.count(Tally(count=usual, of=own), Tally(count=usual + besides, of=own))
    asked = rows.events.filter(pc.equal(rows.events["name"], "shop.return_requested"))
    first = plan.first_day.toordinal()
    days = np.array([one.toordinal() - first for one in asked["day"].to_pylist()], np.int64)
    reckoning.stake(days, asked["amount_minor"].to_numpy().astype(np.int64))


def _theirs(plan: Plan, plant: ReturnSpike, orders: Orders, goods: int) -> Bools:
    """Lines of that SKU that were paid while the plant lasts."""
    lines, fate = orders.lines, orders.fate
    day = paid_day(plan, fate.ended_us)
    is_now = orders.is_placed & fate.is_paid & (day >= plant.start) & (day < plant.end)
    found: Bools = is_now[lines.order] & (lines.goods == goods) & (lines.quantity > 0)
    return found

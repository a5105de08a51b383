"""Who writes a review, of what, and how many stars it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from zhanggui.doors.rehearsal.simulator import people
from zhanggui.doors.rehearsal.simulator.baskets import Appeal, Fate, Lines
from zhanggui.doors.rehearsal.simulator.plan import DAY_US, OFFSET_US, Floats, Ints, Plan, Small

MOST_PER_GOODS: Final = 30
_WANTED: Final = (10, 21)
_LINES_PER_ORDER: Final = 1.6
_DELIVERED: Final = 0.9
# One star to five; somebody who sends pieces back is harder to please.
_STARS: Final = np.array([0.012, 0.018, 0.065, 0.245, 0.66])
_STARS_AFTER_RETURN: Final = np.array([0.16, 0.24, 0.32, 0.20, 0.08])
_SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinions:
    """Reviews of lines of orders.

    line    index of the line;  goods index into the plan's goods
    rating  1 to 5
    at_us   when it was published, microseconds since 1970, UTC
    """

    line: Ints
    goods: Small
    rating: Small
    at_us: Ints


def willingness(plan: Plan, appeal: Appeal, rng: np.random.Generator) -> Floats:
    """How likely a delivered line of each goods is to be reviewed, so that all have some reviews and none too many."""
    wanted = rng.uniform(*_WANTED, len(plan.goods))
    drawn = np.diff(appeal.edges, axis=1).mean(axis=0)
    expected = plan.orders * _LINES_PER_ORDER * _DELIVERED * drawn / drawn.sum()
    likely: Floats = np.minimum(1.0, wanted / np.maximum(expected, 1e-9))
    return likely


def opinions_on(
    lines: Lines, fate: Fate, returned: Small, *, willing: Floats, room: Small, rng: np.random.Generator
) -> Opinions:
    """The reviews that some orders lead to.

    willing  see `willingness`
    room     how many more reviews each goods may get
    """
    is_written = fate.is_paid[lines.order] & (rng.random(len(lines.order)) < willing[lines.goods])
    line = np.flatnonzero(is_written)
    line = line[_nth(lines.goods[line]) < room[lines.goods[line]]]
    count = len(line)
    rating = 1 + np.where(
        returned[line] > 0, people.chosen(_STARS_AFTER_RETURN, count, rng), people.chosen(_STARS, count, rng)
    )
    delivered_us = fate.delivered_us[lines.order[line]]
    midnight_us = (delivered_us + OFFSET_US) // DAY_US * DAY_US - OFFSET_US
    waits_us = (1 + rng.integers(0, 11, count)) * DAY_US + (rng.uniform(9, 23, count) * 3600).astype(
        np.int64
    ) * _SECOND_US
    return Opinions(line=line, goods=lines.goods[line], rating=rating.astype(np.int32), at_us=midnight_us + waits_us)


def _nth(goods: Small) -> Ints:
    """How many of the same goods stand before each."""
    order = np.argsort(goods, kind="stable")
    ordered = goods[order]
    first = np.searchsorted(ordered, ordered, side="left")
    nth = np.empty(len(goods), np.int64)
    nth[order] = np.arange(len(goods)) - first
    return nth

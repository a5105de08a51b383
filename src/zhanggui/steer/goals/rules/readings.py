"""What an analysis says of a number day by day, and what its days come to together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhanggui.steer.goals.rules.season import MOST_WEEKS, WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A number of each day from `first` on, of days that are over.

    days      of a share how many and of how many; of a time the time of each case of the day
    quantile  which of the times is meant; None for a share
    scale     how many units one of the number is kept in
    """

    first: date
    days: tuple[tuple[float, ...], ...]
    quantile: float | None
    scale: int

    def of(self, start: date, end: date) -> float | None:
        """Of several days together, in units; None if nothing was there to count.

        source   3 of 10 and 1 of 10 came back -> 0.2; waits of 10, 20 and 30 hours, nine of ten -> 28 hours
        """
        size = self._size(self.days[max(0, (start - self.first).days) : max(0, (end - self.first).days)])
        return None if size is None else size * self.scale

    def cases(self) -> tuple[float, int]:
        """Of a share of how many it is read in all, and of how many days."""
        return sum(day[1] for day in self.days), len(self.days)

    def weekly(self, until: date) -> list[float]:
        """Of whole weeks back from a day, oldest first; weeks with nothing to count say nothing."""
        ends = range(min(len(self.days), (until - self.first).days), WEEK - 1, -WEEK)
        sizes = [size for end in ends if (size := self._size(self.days[end - WEEK : end])) is not None]
        return [size * self.scale for size in sizes[:MOST_WEEKS]][::-1]

    def _size(self, days: Sequence[tuple[float, ...]]) -> float | None:
        if self.quantile is not None:
            return quantile([one for day in days for one in day], self.quantile)
        over = sum(day[1] for day in days)
        return sum(day[0] for day in days) / over if over else None


def quantile(cases: Sequence[float], share: float) -> float | None:
    """Within what that share of the cases lies, straight between two neighbours; None of no cases.

    source   Hyndman and Fan, The American Statistician 50 (1996) 361-365, definition 7; of 1, 2, 3, 4 nine of ten ->
             3.7
    """
    if not cases:
        return None
    ordered = sorted(cases)
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)

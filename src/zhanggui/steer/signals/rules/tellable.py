"""How small a trouble one day can tell, by how much of what it takes away usually comes."""

from __future__ import annotations

from math import ceil
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE

# A trouble of that size is told on its first day in four of five cases.
POWER: Final = 0.8
_STEPS: Final = 60


def smallest_loss(due: float, *, tests: int, power: float = POWER) -> float | None:
    """The smallest part that is missing of what is due on a day so that the day tells it; None if no part is.

    due     orders, visits or whatever is counted, that usually come on a day
    tests   among how many cells or goods it is looked for
    power   in how many of such days it is told
    source  Poisson tails: as few come by chance on at most DAILY_FALSE / tests of days, and of the days with the
            trouble so many bring no more; 100 due, one test -> 0.324, of 40 cells 0.409; 5 due, of 40 cells -> None
    """
    told = np.flatnonzero(_at_most(due) <= DAILY_FALSE / tests)
    if not len(told):
        return None
    most = int(told[-1])
    low, high = 0.0, due
    for _ in range(_STEPS):
        left = (low + high) / 2
        low, high = (left, high) if _at_most(left, least=most)[most] >= power else (low, left)
    return 1 - low / due


def _at_most(mean: float, *, least: int = 0) -> npt.NDArray[np.float64]:
    """The chance of each count or fewer where so many come on average; of counts up to `least` at least."""
    counts = np.arange(1, max(least, ceil(mean)) + 1)
    logs = np.concatenate([[0.0], np.cumsum(np.log(mean / counts))])
    chances: npt.NDArray[np.float64] = np.cumsum(np.exp(logs - mean))
    return chances

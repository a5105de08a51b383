"""How likely a count is after what was counted before; floats, as all that is estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.floating[Any]]
# Jeffreys: what is known before anything was counted is worth half an event.
_HALF: Final = 0.5
# Counts further than so many standard deviations above the mean do not happen.
_FAR: Final = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How likely each count is: `chances[n]` is the chance of n."""

    chances: _Floats

    @property
    def mean(self) -> float:
        """What is expected."""
        return float(self.chances @ np.arange(len(self.chances)))

    def at_least(self, count: int) -> float:
        """The chance of so many or more."""
        return min(1.0, float(self.chances[max(count, 0) :].sum()))

    def at_most(self, count: int) -> float:
        """The chance of so many or fewer."""
        return min(1.0, float(self.chances[: max(count + 1, 0)].sum()))

    def bound(self, share: float) -> int:
        """The least count that is not exceeded with this chance."""
        place = int(np.searchsorted(np.cumsum(self.chances), share))
        return min(place, len(self.chances) - 1)

    def beyond(self, count: int) -> float:
        """How many more than so many are expected, where fewer is none."""
        over = np.arange(len(self.chances)) - count
        return float(self.chances @ np.maximum(over, 0))


def next_count(seen: float, *, over: float, ahead: float) -> Spread:
    """How many events come in some days after so many came in others, each at its own moment.

    over    how long they were seen, in days or whatever else they come with, above 0; ahead the same of what comes
    source  the posterior predictive of a Poisson rate under Jeffreys' prior, a negative binomial: Gelman et al.,
            Bayesian Data Analysis, 3rd ed., section 2.6; 20 in 10 days, 5 ahead -> 10.25 expected, 4 to 19 with 95 %
    """
    shape, less = seen + _HALF, ahead / (over + ahead)
    mean = shape * ahead / over
    top = math.ceil(mean + _FAR * math.sqrt(mean * (1 + ahead / over)) + _FAR)
    steps = np.arange(top)
    grows = np.log((shape + steps) / (steps + 1) * less) if less else np.full(top, -np.inf)
    return _spread(grows)


def next_share(seen: tuple[float, float], *, of: int) -> Spread:
    """How many of so many have a property, after so many of others had it.

    seen    (count, of), need not be whole where others were weighed in
    source  the posterior predictive of a binomial share under Jeffreys' prior, a beta-binomial: Gelman et al., as
            above, section 2.4; 10 of 100, 50 ahead -> 5.2 expected, 1 to 11 with 95 %
    """
    alpha, beta = seen[0] + _HALF, seen[1] - seen[0] + _HALF
    steps = np.arange(of)
    return _spread(np.log((of - steps) / (steps + 1)) + np.log((steps + alpha) / (of - steps - 1 + beta)))


def _spread(grows: _Floats) -> Spread:
    """Chances from the logarithms of each one over the one before."""
    sizes = np.concatenate([[0.0], np.cumsum(grows)])
    chances = np.exp(sizes - sizes.max())
    return Spread(chances=chances / chances.sum())

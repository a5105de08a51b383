"""What an order of a buyer is worth: the Gamma-Gamma model; floats.

A buyer's orders vary around a mean of their own; the means differ between buyers. How often one orders and how much an
order is worth are taken to be independent.

source  Fader & Hardie, The Gamma-Gamma model of monetary value (2013)
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from zhanggui.insight.value.rules.search import lowest
from zhanggui.insight.value.rules.special import Floats, log_gamma

# Beyond a thousand a parameter only says that all buyers are alike.
_LEAST_LOG, _MOST_LOG = -9.0, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The fitted parameters; amounts in the unit in which the means were given.

    q  above 1, so that the mean of all buyers exists
    """

    p: float
    q: float
    v: float
    log_likelihood: float = 0.0
    is_settled: bool = True

    @property
    def mean(self) -> float:
        """What an order is worth on average over all buyers."""
        return self.p * self.v / (self.q - 1)


def fit_spending(repeats: Floats, means: Floats) -> Spending:
    """The parameters under which these buyers' means are likeliest.

    repeats  how many orders each mean is of, at least 1
    means    above zero
    source   CDNOW, 946 repeat buyers: 6.2488, 3.7446, 15.4478, mean 35.17
    """

    def read(logs: Floats) -> Spending:
        p, above, v = (float(one) for one in np.exp(np.clip(logs, _LEAST_LOG, _MOST_LOG)))
        return Spending(p=p, q=1 + above, v=v * scale)

    def cost(logs: Floats) -> float:
        return -log_likelihood(read(logs), repeats, means)

    scale = float(np.mean(means))
    found, least, is_settled = lowest(cost, np.zeros(3))
    return replace(read(found), log_likelihood=-least, is_settled=is_settled)


def log_likelihood(of: Spending, repeats: Floats, means: Floats) -> float:
    """How likely the means are, as a logarithm."""
    shape = of.p * repeats
    # log gamma of few different whole numbers, spread over all who have them
    each, where = np.unique(repeats, return_inverse=True)
    spread = (log_gamma(of.p * each + of.q) - log_gamma(of.p * each) - log_gamma(of.q))[where]
    rest = of.q * np.log(of.v) + (shape - 1) * np.log(means) + shape * np.log(repeats)
    return float(np.sum(spread + rest - (shape + of.q) * np.log(repeats * means + of.v)))


def expected_mean(of: Spending, repeats: Floats, means: Floats) -> Floats:
    """What an order of each buyer is worth: their own mean, drawn to that of all the more the less is known of them.

    repeats  0 where nothing is known; the mean is then not looked at
    source   Fader & Hardie 2013, equation 5: (q - 1) / (p x + q - 1) of the mean of all, the rest the buyer's own
    """
    weight = (of.q - 1) / (of.p * repeats + of.q - 1)
    return np.asarray(weight * of.mean + (1 - weight) * np.where(repeats > 0, means, 0.0))

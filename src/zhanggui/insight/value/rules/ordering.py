"""How often buyers order again, and whether they still do: the BG/NBD model; floats.

While interested a buyer orders at a steady rate of their own; after each order they may lose interest for good. Rates
differ between buyers as a gamma distribution (r, alpha), the chance to lose interest as a beta distribution (a, b).

source  Fader, Hardie & Lee, "Counting your customers" the easy way, Marketing Science 24 (2005)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from zhanggui.insight.value.rules.search import lowest
from zhanggui.insight.value.rules.special import Floats, log_beta, log_gamma, tail_series

_FAR: Final = 700.0
_LEAST_LOG, _MOST_LOG = -9.0, 7.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Histories:
    """What is known of buyers' orders, one place each; time in one unit, such as weeks.

    repeats  x: days with an order after the first one
    recency  t_x: from the first order to the last one; 0 without repeats
    age      T: from the first order to the moment of asking
    count    so many buyers have this history
    """

    repeats: Floats
    recency: Floats
    age: Floats
    count: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """The fitted parameters. Rates are per unit of time in which the histories were given.

    log_likelihood  of what happened under them
    is_settled      whether the search came to rest
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = 0.0
    is_settled: bool = True


def fit_ordering(known: Histories) -> Ordering:
    """The parameters under which these histories are likeliest.

    source   CDNOW, 2,357 buyers, weeks: 0.24259, 4.41353, 0.79289, 2.42575, log likelihood -9582.4256
    """

    def cost(logs: Floats) -> float:
        return -log_likelihood(_read(logs), known)

    usual_age = max(float(np.average(known.age, weights=known.count)), 1e-6)
    found, least, is_settled = lowest(cost, np.array([0.0, np.log(usual_age), 0.0, 0.5]))
    return replace(_read(found), log_likelihood=-least, is_settled=is_settled)


def log_likelihood(of: Ordering, known: Histories) -> float:
    """How likely the histories are, as a logarithm; no power is taken, so many repeats do no harm.

    source   Fader, Hardie & Lee 2005, equation 6
    """
    # log gamma of few different whole numbers, spread over all who have them
    repeats, where = np.unique(known.repeats, return_inverse=True)
    spread = (
        log_gamma(of.r + repeats)
        - log_gamma(of.r)
        + log_beta(of.a, of.b + repeats)
        - log_beta(of.a, of.b)
        + of.r * np.log(of.alpha)
    )[where]
    power = of.r + known.repeats
    still = -power * np.log(of.alpha + known.age)
    has_repeats = known.repeats > 0
    safe = np.where(has_repeats, of.b + known.repeats - 1, 1.0)
    gone = np.log(of.a) - np.log(safe) - power * np.log(of.alpha + known.recency)
    both = np.where(has_repeats, np.logaddexp(still, np.where(has_repeats, gone, 0.0)), still)
    return float(np.sum(known.count * (spread + both)))


def still_there(of: Ordering, known: Histories) -> Floats:
    """The chance that each buyer will ever order again; 1 for who has ordered once only.

    source   CDNOW, x = 2, t_x = 30.43, T = 38.86 -> 0.7266
    """
    has_repeats = known.repeats > 0
    odds = np.log(of.a / np.where(has_repeats, of.b + known.repeats - 1, 1.0))
    odds = odds + (of.r + known.repeats) * (np.log(of.alpha + known.age) - np.log(of.alpha + known.recency))
    gone = np.where(has_repeats, np.clip(odds, -_FAR, _FAR), -_FAR)
    return np.asarray(1.0 / (1.0 + np.exp(gone)))


def expected_orders(of: Ordering, known: Histories, *, ahead: float) -> Floats:
    """How many orders each buyer is expected to place in the time ahead.

    source   Fader, Hardie & Lee 2005, equation 10, its series turned by Euler's transformation so that nothing grows
             with the number of repeats; CDNOW, x = 2, t_x = 30.43, T = 38.86, 39 weeks ahead -> 1.226
    """
    pairs, where = np.unique(np.stack([known.repeats, known.age]), axis=1, return_inverse=True)
    if_there = _orders_if_there(of, pairs[0], pairs[1], ahead=ahead)[where.reshape(-1)]
    return np.asarray(still_there(of, known) * if_there)


def expected_of_newcomer(of: Ordering, *, ahead: float) -> float:
    """How many orders after the first one a new buyer is expected to place in the time ahead.

    source   Fader, Hardie & Lee 2005, equation 9; CDNOW, 1 week -> 0.0532, 32 weeks -> 1.0437
    """
    nothing = np.zeros(1)
    return float(_orders_if_there(of, nothing, nothing, ahead=ahead)[0])


def _read(logs: Floats) -> Ordering:
    """Parameters from their logarithms. Beyond a thousand a parameter only says that all buyers are alike."""
    r, alpha, a, b = (float(one) for one in np.exp(np.clip(logs, _LEAST_LOG, _MOST_LOG)))
    return Ordering(r=r, alpha=alpha, a=a, b=b)


def _orders_if_there(of: Ordering, repeats: Floats, age: Floats, *, ahead: float) -> Floats:
    """With c = a + b + x - 1: c / (a - 1) * (1 - (1 - z)^(a - 1) * 2F1(a + b - 1 - r, a - 1; c; z)), multiplied out."""
    z = ahead / (of.alpha + age + ahead)
    c = of.a + of.b + repeats - 1
    slip = np.log1p(-z)
    above = of.a - 1
    shrunk = -np.expm1(above * slip) / above if above else -slip
    series = tail_series(of.a + of.b - 1 - of.r, of.a, c, z, log_factor=above * slip)
    found: Floats = c * shrunk - series
    return found

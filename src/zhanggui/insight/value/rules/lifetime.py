"""What buyers were and will be worth: what a fit stands on, how well it foretells, and the sums by cohort and channel.

Floats live in the fitted models only; what comes out is rounded to whole minor units, once, per cohort and channel, so
that every sum of them is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

import numpy as np

from zhanggui.base.money import Money
from zhanggui.insight.value.rules.ordering import Histories, Ordering, expected_orders, fit_ordering, still_there
from zhanggui.insight.value.rules.special import Floats
from zhanggui.insight.value.rules.spending import Spending, expected_mean, fit_spending

AHEAD_DAYS: Final = 365
LEAST_BUYERS: Final = 200
LEAST_REPEAT_BUYERS: Final = 50
LEAST_DAYS: Final = 56
# Buyers with so many repeats and more stand in one bin of the calibration.
MOST_REPEATS_SHOWN: Final = 7
_DAYS_A_WEEK: Final = 7.0


class Lack(StrEnum):
    """Why nothing can be foretold yet."""

    BUYERS = "buyers"
    REPEAT_BUYERS = "repeat_buyers"
    DAYS = "days"
    NOT_SETTLED = "not_settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a fit stands on.

    as_of       orders of this day and later do not count
    order_days  days with an order, added up over buyers
    """

    as_of: date
    buyers: int
    repeat_buyers: int
    order_days: int
    first_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Buyers with as many repeats before the held-out days: what was foretold for those days, and what came.

    repeats   MOST_REPEATS_SHOWN stands for that many and more
    expected  order days of all of them together, in tenths
    """

    repeats: int
    people: int
    expected_tenths: int
    came: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """The models of a shop as they were fitted on a day, in weeks and minor units, or why they were not.

    held_from  the first held-out day: `bins` compares the days from here to as_of with what was foretold from before
    """

    inputs: Inputs
    made_at: datetime
    lack: Lack | None = None
    ordering: Ordering | None = None
    spending: Spending | None = None
    held_from: date | None = None
    bins: tuple[Bin, ...] = ()

    @property
    def hit_rate(self) -> Decimal | None:
        """Order days foretold for the held-out days over those that came; 1 is right on the whole."""
        came = sum(one.came for one in self.bins)
        return Decimal(sum(one.expected_tenths for one in self.bins)) / (10 * came) if came else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Buyers one place each, as arrays.

    repeats, recency_days, age_days  as in `Histories`, in days
    net_minor         paid less given back, all orders
    repeat_net_minor  of the orders after the first day
    """

    repeats: Floats
    recency_days: Floats
    age_days: Floats
    net_minor: Floats
    repeat_net_minor: Floats

    def histories(self) -> Histories:
        """The same in weeks, for the model."""
        return Histories(
            repeats=self.repeats,
            recency=self.recency_days / _DAYS_A_WEEK,
            age=self.age_days / _DAYS_A_WEEK,
            count=np.ones_like(self.repeats),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Buyers of one cohort and channel.

    cohort     the first day of the month of their first paid order
    channel    of that order
    history    paid less given back so far
    ahead      expected of the next 365 days
    alive_tenths  how many of them are expected to order ever again, in tenths of a person
    orders_tenths  orders expected of them in the next 365 days, in tenths
    """

    cohort: date
    channel: str
    people: int
    history: Money
    ahead: Money
    alive_tenths: int
    orders_tenths: int


def lack_of(inputs: Inputs) -> Lack | None:
    """Why a fit on this would say nothing; None if it is enough."""
    if inputs.buyers < LEAST_BUYERS:
        return Lack.BUYERS
    if inputs.repeat_buyers < LEAST_REPEAT_BUYERS:
        return Lack.REPEAT_BUYERS
    if inputs.first_day is None or (inputs.as_of - inputs.first_day).days < LEAST_DAYS:
        return Lack.DAYS
    return None


def held_from(inputs: Inputs) -> date | None:
    """The first held-out day: the last third of the days known."""
    if inputs.first_day is None:
        return None
    return inputs.as_of - (inputs.as_of - inputs.first_day) // 3


def fitted(inputs: Inputs, buyers: Buyer, *, before: Buyer, came: Floats, made_at: datetime) -> Fit:
    """The models of a shop, and how the same models, fitted before the held-out days, foretold them.

    before  the buyers as they were known on the first held-out day
    came    order days of each of `before` in the held-out days
    """
    lack = lack_of(inputs)
    if lack:
        return Fit(inputs=inputs, made_at=made_at, lack=lack)
    ordering = fit_ordering(grouped(buyers.histories()))
    spends = (buyers.repeats > 0) & (buyers.repeat_net_minor > 0)
    spending = fit_spending(buyers.repeats[spends], (buyers.repeat_net_minor / np.maximum(buyers.repeats, 1))[spends])
    if not (ordering.is_settled and spending.is_settled):
        return Fit(inputs=inputs, made_at=made_at, lack=Lack.NOT_SETTLED)
    start = held_from(inputs)
    return Fit(
        inputs=inputs,
        made_at=made_at,
        ordering=ordering,
        spending=spending,
        held_from=start,
        bins=bins_of(before, came, ahead_days=(inputs.as_of - start).days) if start else (),
    )


def grouped(known: Histories) -> Histories:
    """The same histories, equal ones as one with their count."""
    rows, places = np.unique(np.stack([known.repeats, known.recency, known.age]), axis=1, return_inverse=True)
    count = np.bincount(places.reshape(-1), weights=known.count).astype(np.float64)
    return Histories(repeats=rows[0], recency=rows[1], age=rows[2], count=count)


def bins_of(before: Buyer, came: Floats, *, ahead_days: int) -> tuple[Bin, ...]:
    """What a model fitted on some days foretold for the days after them, by the number of repeats, and what came."""
    known = before.histories()
    if not len(known.repeats) or not np.any(known.repeats > 0):
        return ()
    model = fit_ordering(grouped(known))
    expected = expected_orders(model, known, ahead=ahead_days / _DAYS_A_WEEK)
    shown = np.minimum(known.repeats, MOST_REPEATS_SHOWN)
    return tuple(
        Bin(
            repeats=int(repeats),
            people=int(np.count_nonzero(where)),
            expected_tenths=round(10 * float(np.sum(expected[where]))),
            came=int(np.sum(came[where])),
        )
        for repeats in np.unique(shown)
        for where in (shown == repeats,)
    )


def foretold(fit: Fit, buyers: Buyer) -> tuple[Floats, Floats, Floats]:
    """Of each buyer: the chance to order ever again, orders and minor units expected in the next 365 days.

    refuses  nothing: ask only a fit without a lack
    """
    if fit.ordering is None or fit.spending is None:
        raise ValueError("a fit that was refused foretells nothing")
    known = buyers.histories()
    alive = still_there(fit.ordering, known)
    orders = expected_orders(fit.ordering, known, ahead=AHEAD_DAYS / _DAYS_A_WEEK)
    is_known = (buyers.repeats > 0) & (buyers.repeat_net_minor > 0)
    counted = np.where(is_known, buyers.repeats, 0.0)
    means = np.where(is_known, buyers.repeat_net_minor / np.maximum(buyers.repeats, 1), 0.0)
    return alive, orders, np.asarray(orders * expected_mean(fit.spending, counted, means))

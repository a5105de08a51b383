"""Goods that run out before more of them can be here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from zhanggui.steer.signals.rules.chances import next_count

HISTORY_DAYS: Final = 112
# Of these the last so many are taken on which it could be bought: who is sold out for weeks is missed as before.
USUAL_DAYS: Final = 56
LEAST_DAYS: Final = 28
# What sells less often is not worth a forecast.
LEAST_ORDERS: Final = 8
USUAL_LEAD_DAYS: Final = 7
_WEEK: Final = 7
_LOW, _HIGH = 0.025, 0.975
# How many standard deviations hold 95 % where these are known of so many weeks and one, instead of the 1.96 for ever.
_STUDENT: Final = {3: 3.182, 4: 2.776, 5: 2.571, 6: 2.447, 7: 2.365}
_NORMAL: Final = 1.960


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What a SKU sold on a day, and whether it could be bought."""

    orders: int
    units: int
    minor: int
    is_to_be_had: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What will not be sold before the next delivery can be here.

    wanted_units  expected to be asked for by then;  lead_days until then
    chance        that more is asked for than there is
    """

    free_units: int
    wanted_units: int
    lead_days: int
    low_minor: int
    expected_minor: int
    high_minor: int
    chance: float


def weekdays(sold: Sequence[int], *, first: date) -> tuple[float, ...]:
    """How busy each weekday is, Monday first, 1 on average; all alike before the first sale.

    sold    by day, oldest first
    source  our own: sums by weekday over their mean; 10 on each Monday and 4 on six others -> 2.059 and 0.824
    """
    sums, often = [0.0] * _WEEK, [0] * _WEEK
    for n, count in enumerate(sold):
        weekday = (first + timedelta(days=n)).weekday()
        sums[weekday] += count
        often[weekday] += 1
    rates = [total / times if times else 0.0 for total, times in zip(sums, often, strict=True)]
    mean = sum(rates) / _WEEK
    return tuple(rate / mean if mean else 1.0 for rate in rates)


def shortage(
    days: Sequence[Sold], *, first: date, free_units: int, lead_days: int, busy: Sequence[float]
) -> Shortage | None:
    """What is lost of a SKU between a day's end and the next delivery; None if too little is known of it.

    Orders come by chance at the rate of the days on which it could be bought, busier on busy weekdays; an order takes
    as many pieces as usual. Where weeks differ by more than chance, orders come in bundles as large as that says.

    days        oldest first, the last one is the day that has just ended
    first       of them;  busy as `weekdays` gives it
    free_units  that can be sold now
    source      `chances.next_count`, of bundles as quasi-Poisson counts are (McCullagh and Nelder, Generalized Linear
                Models, 2nd ed., section 6.2); 2 orders a day of one piece at 10.00 over 28 days, none free, 7 days ->
                14 pieces, 141.25 lost, between 70.00 and 230.00, chance 1.0
    """
    had = [(sold, busy[(first + timedelta(days=n)).weekday()]) for n, sold in enumerate(days) if sold.is_to_be_had]
    known = had[-USUAL_DAYS:]
    orders = sum(sold.orders for sold, _ in known)
    if len(known) < LEAST_DAYS or orders < LEAST_ORDERS:
        return None
    units, minor = sum(sold.units for sold, _ in known), sum(sold.minor for sold, _ in known)
    size = bundle(known)
    each_units, each_minor = size * units / orders, size * minor / orders
    last = first + timedelta(days=len(days) - 1)
    ahead = sum(busy[(last + timedelta(days=n)).weekday()] for n in range(1, lead_days + 1))
    spread = next_count(orders / size, over=sum(often for _, often in known), ahead=ahead)
    enough = math.floor(max(free_units, 0) / each_units)
    return Shortage(
        free_units=max(free_units, 0),
        wanted_units=round(spread.mean * each_units),
        lead_days=lead_days,
        low_minor=round(max(0, spread.bound(_LOW) - enough) * each_minor),
        expected_minor=round(spread.beyond(enough) * each_minor),
        high_minor=round(max(0, spread.bound(_HIGH) - enough) * each_minor),
        chance=spread.at_least(enough + 1),
    )


def bundle(known: Sequence[tuple[Sold, float]]) -> float:
    """How many times as much weeks differ as chance alone lets them, at least 1; each day with how busy it is.

    A few weeks may be alike by luck, so they are taken to differ by as much more as makes Student's interval of
    the normal one.

    known   four weeks at least and eight at most, the newest last
    source  Pearson's chi-square over its degrees of freedom, McCullagh and Nelder as above, times (t / z)²;
            weeks of 140 and of 280 orders, two each -> 31.1 by 2.636 -> 82.0
    """
    orders = sum(sold.orders for sold, _ in known)
    rate = orders / sum(often for _, often in known)
    ends = range(len(known), _WEEK - 1, -_WEEK)
    weeks = [known[end - _WEEK : end] for end in ends]
    due = [rate * sum(often for _, often in week) for week in weeks]
    came = [sum(sold.orders for sold, _ in week) for week in weeks]
    freedom = len(weeks) - 1
    differ = sum((one - of) ** 2 / of for one, of in zip(came, due, strict=True)) / freedom
    return max(1.0, differ * (_STUDENT[freedom] / _NORMAL) ** 2)

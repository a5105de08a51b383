"""Requests that failed or were slow, visits that met an error, and the orders that they cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from zhanggui.steer.signals.rules.broken_steps import scatter
from zhanggui.steer.signals.rules.chances import next_share
from zhanggui.steer.signals.rules.multiplicity import DAILY_FALSE

LEAST_DAYS: Final = 14
LEAST_REQUESTS: Final = 200
# Counted as they come, arrays of chances would be as long as the requests of a day.
_MOST_COUNTED: Final = 20_000
_LOW, _HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A day on which more was spoilt than usual.

    spoilt, of    requests (or visits) of the day;  usual the share that was to be expected
    share         of all of the day, so much is spoilt beyond what is usual; low and high with 95 %
    chance        that so many are by chance, corrected for all kinds of trouble that were looked at
    """

    spoilt: int
    of: int
    usual: float
    low: float
    share: float
    high: float
    chance: float


def outage(days: Sequence[tuple[int, int]], *, tests: int) -> Outage | None:
    """What is spoilt beyond the usual on the last of these days; None if nothing is, or too little is known.

    days    spoilt and all of each day, the oldest first
    tests   how many kinds of trouble are looked at
    source  `chances.next_share`, `broken_steps.scatter`; 14 days of 10 in 1,000, then 60 of 1,000 -> 0.05 beyond,
            between 0.043 and 0.056
    """
    *past, (spoilt, of) = days if days else [(0, 0)]
    usually, usually_of = sum(count for count, _ in past), sum(all_of for _, all_of in past)
    known = sum(1 for _, all_of in past if all_of)
    if known < LEAST_DAYS or of < LEAST_REQUESTS or not usually_of:
        return None
    scale = max(scatter(past), of / _MOST_COUNTED)
    spread = next_share((usually / scale, usually_of / scale), of=max(1, round(of / scale)))
    chance = min(1.0, tests * spread.at_least(round(spoilt / scale)))
    if chance > DAILY_FALSE:
        return None
    low, middle, high = (
        max(0.0, (spoilt - number * scale) / of) for number in (spread.bound(_HIGH), spread.mean, spread.bound(_LOW))
    )
    return Outage(
        spoilt=spoilt,
        of=of,
        usual=usually / usually_of,
        low=min(low, middle),
        share=middle,
        high=max(middle, high),
        chance=chance,
    )

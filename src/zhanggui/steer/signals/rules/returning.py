"""Who comes back and who does not: buyers fallen asleep, and the window in which a second order comes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from zhanggui.insight.metrics.rules.intervals import wilson

# Kinds of segments that are these people.
SLEEPERS: Final = "sleepers"
SECOND_PURCHASE: Final = "second_purchase"
# A buyer sleeps after three of the gaps that lay between their orders: of those who still buy at their old pace,
# e^-3 = 5 of 100 are silent as long. Longer ago than that and two months, they are lost and not asleep.
ASLEEP_AFTER_GAPS: Final = 3
LEAST_SILENT_DAYS: Final = 14
ASLEEP_FOR_DAYS: Final = 60
LEAST_ORDER_DAYS: Final = 3
HIGH_VALUE_SHARE: Final = 0.2
AHEAD_DAYS: Final = 90
LEAST_SLEEPERS: Final = 5
# A second order that has not come half a year after the first comes from elsewhere.
LONGEST_WINDOW_DAYS: Final = 180
# The window closes when four of five second orders have come; who is within a week of it is told.
CLOSES_AT: Final = 0.8
CLOSING_DAYS: Final = 7
LEAST_SECONDS: Final = 30
_SURE_Z: Final = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class SleepersAsked:
    """The terms of a segment: buyers who slept before a day; before that of asking if none is said."""

    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAsked:
    """The terms of a segment: buyers of one order, so many days before a day; before that of asking if none is said."""

    opens_days: int
    closes_days: int
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleeper:
    """A buyer of high value who is silent for longer than usual.

    gap_days     between their orders on average;  silent_days since the last
    order_minor  of their orders on average
    """

    gap_days: float
    silent_days: int
    order_minor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sleep:
    """What it costs that buyers sleep.

    people        how many there are
    back_share    of earlier sleepers, who came back within the days ahead by themselves
    lost          money of the days ahead that does not come, minor units, with 95 %
    confidence    how sure it is that they sleep, and are not merely late
    """

    people: int
    back_share: float
    low_minor: int
    expected_minor: int
    high_minor: int
    confidence: float


def sleep(sleepers: Sequence[Sleeper], *, came_back: int, of: int) -> Sleep | None:
    """What the buyers who sleep would have bought in the days ahead, less what of it comes by itself; None if few do.

    came_back, of  of those who slept so many days ago by the same rule, who has bought since
    source         orders of a buyer come as a Poisson process (Schmittlein, Morrison and Colombo, Management Science 33
                   (1987) 1-24); Wilson as in metrics.rules.intervals; 10 who bought for 50.00 every 10 days and are
                   silent for 40, 20 of 100 earlier ones came back -> 4,500.00 over 90 days, 3,600.00 of it lost
    """
    if len(sleepers) < LEAST_SLEEPERS:
        return None
    ahead = [one.order_minor * AHEAD_DAYS / max(one.gap_days, 1.0) for one in sleepers]
    share = (came_back + 1) / (of + 2) if not of else came_back / of
    bounds = wilson((came_back, of))
    chance = math.sqrt(share * (1 - share) * sum(one * one for one in ahead)) * _SURE_Z
    whole = sum(ahead)
    expected = whole * (1 - share)
    low = max(0.0, min(whole * (1 - bounds.high), expected - chance))
    high = min(whole, max(whole * (1 - bounds.low), expected + chance))
    late = [math.exp(-one.silent_days / max(one.gap_days, 1.0)) for one in sleepers]
    return Sleep(
        people=len(sleepers),
        back_share=share,
        low_minor=round(low),
        expected_minor=round(expected),
        high_minor=round(high),
        confidence=1 - sum(late) / len(late),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When second orders come.

    closes_after_days  since the first order: four of five second orders have come by then
    share              of all first-time buyers who ever order again within half a year
    later              of those who have not yet, a week before it closes, so many of so many still did
    """

    closes_after_days: int
    share: float
    later: tuple[int, int]

    @property
    def opens_days(self) -> int:
        """Since the first order: from here on it closes within the week."""
        return max(1, self.closes_after_days - CLOSING_DAYS)


def window(seconds: Mapping[int, int], waiting: Mapping[int, int]) -> Window | None:
    """The window in which a second order comes, from the shop's own buyers; None if too few are known.

    seconds  by days from the first order to the second: how many buyers
    waiting  by days since the first order: how many have not ordered again; they leave the count on that day
    source   Kaplan and Meier, Journal of the American Statistical Association 53 (1958) 457-481; 40 second orders on
             day 10, 10 on day 30, 50 who wait for 180 days -> closes after 10 days, 0.5 of all
    """
    days = range(1, LONGEST_WINDOW_DAYS + 1)
    if sum(seconds.get(day, 0) for day in days) < LEAST_SECONDS:
        return None
    at_risk = sum(seconds.values()) + sum(waiting.values())
    stays, course, risks = 1.0, [0.0], [at_risk]
    at_risk -= seconds.get(0, 0) + waiting.get(0, 0)
    for day in days:
        risks.append(at_risk)
        stays *= 1 - seconds.get(day, 0) / at_risk if at_risk else 1.0
        course.append(1 - stays)
        at_risk -= seconds.get(day, 0) + waiting.get(day, 0)
    closes = next(day for day, share in enumerate(course) if share >= CLOSES_AT * course[-1])
    opens = max(1, closes - CLOSING_DAYS)
    left = risks[opens]
    still = (course[-1] - course[opens - 1]) / (1 - course[opens - 1])
    return Window(closes_after_days=closes, share=course[-1], later=(round(still * left), left))


def how_exactly(share: tuple[int, int]) -> float:
    """How exactly a share is known: 1 less half the width of its interval over itself, 0 to 1.

    source   Wilson as above; 100 of 1,000 -> 0.81
    """
    if not (share[0] and share[1]):
        return 0.0
    bounds = wilson(share)
    return min(1.0, max(0.0, 1 - (bounds.high - bounds.low) / 2 * share[1] / share[0]))

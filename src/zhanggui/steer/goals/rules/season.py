"""What share of a number belongs to which day, by the shop's own earlier days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from zhanggui.steer.goals.rules.standing import Shape

_DAY: Final = timedelta(days=1)
WEEK: Final = 7
# Weekdays are told apart from four whole weeks on, and by at most half a year.
LEAST_WEEKS: Final = 4
MOST_WEEKS: Final = 26
# A day of the year is what the two weeks around it a year before were, unless it stood out.
_AROUND: Final = 7
# So many times the usual scatter, and so much larger than what is around it: then a day is one of its own, such as the
# eleventh of November, and is expected again.
_STANDS_OUT: Final = 5.0
_AND_TIMES: Final = 1.5
# What the largest and the smallest of ten weeks say of a weekday is left out.
_CUT: Final = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What each day weighs against others, from `first` on; a day like any other weighs about 1."""

    shape: Shape
    first: date
    weights: tuple[float, ...]

    def of(self, start: date, end: date) -> float:
        """What the days from one up to and without another weigh together."""
        return sum(self.days(start, end))

    def days(self, start: date, end: date) -> tuple[float, ...]:
        """What each of them weighs."""
        return self.weights[max(0, (start - self.first).days) : max(0, (end - self.first).days)]


def season(known: Sequence[float], *, first: date, start: date, end: date) -> Season:
    """What the days up to `end` weigh, learnt from the days that are over.

    With a year before each day of the period, and before the last four weeks, a day weighs what the weeks around its
    month-day a year ago came to, or what the day itself came to if it stood out, times its weekday; else its weekday
    alone; with less than four weeks all days weigh the same. A feast that moves by the moon stays where it was.

    known       of each day from `first` on, oldest first, gaps as 0; the last one is the day before today
    start, end  of the period
    source      classical multiplicative decomposition, trimmed (Makridakis, Wheelwright and Hyndman, Forecasting, 3rd
                ed., ch. 3); four weeks of 10 on weekdays and 35 on Sundays -> Sundays weigh 2.58, others 0.74
    """
    today = first + len(known) * _DAY
    last = max(end, today)
    weekdays = _weekdays(known, first)
    if weekdays is None:
        return Season(shape=Shape.STRAIGHT, first=first, weights=(1.0,) * (last - first).days)
    plain = [weekdays[(first + n * _DAY).weekday()] for n in range((last - first).days)]
    year = _year(known, plain, first=first, begins=min(start, today - LEAST_WEEKS * WEEK * _DAY), last=last)
    if year is None:
        return Season(shape=Shape.WEEKDAYS, first=first, weights=tuple(plain))
    begins, weights = year
    return Season(shape=Shape.YEAR, first=begins, weights=weights)


def _weekdays(known: Sequence[float], first: date) -> tuple[float, ...] | None:
    """What each weekday weighs, Monday first, from what it had of each of the last whole weeks."""
    weeks = [known[n : n + WEEK] for n in range(len(known) - WEEK, -1, -WEEK)][:MOST_WEEKS]
    lived = [week for week in weeks if sum(week) > 0]
    if len(lived) < LEAST_WEEKS:
        return None
    begins = (first + len(known) * _DAY).weekday()  # a week back from any day begins on the same weekday
    shares = [_trimmed([week[n] / sum(week) for week in lived]) for n in range(WEEK)]
    whole = sum(shares)
    if whole <= 0:
        return None
    return tuple(WEEK * shares[(weekday - begins) % WEEK] / whole for weekday in range(WEEK))


def _trimmed(numbers: Sequence[float]) -> float:
    cut = int(len(numbers) * _CUT)
    kept = sorted(numbers)[cut : len(numbers) - cut]
    return sum(kept) / len(kept)


def _year(
    known: Sequence[float], plain: Sequence[float], *, first: date, begins: date, last: date
) -> tuple[date, tuple[float, ...]] | None:
    """Days from the first one of whose year before something is known, and what they weigh; None if too few are."""
    if _year_before(begins) < first:
        return None
    # Without its weekday a day says what time of the year it is; where the weekday never sells, nothing.
    bare = [size / weight if weight > 0 else None for size, weight in zip(known, plain, strict=False)]
    levels = _levels(bare)
    earliest = max(begins - MOST_WEEKS * WEEK * _DAY, first)
    while _year_before(earliest) < first:
        earliest += _DAY
    weights = []
    for n in range((last - earliest).days):
        day = earliest + n * _DAY
        before = (_year_before(day) - first).days
        if before >= len(levels):
            return None  # a period of more than a year: nobody has seen its end's year before
        weights.append(levels[before] * plain[(day - first).days])
    whole = sum(weights)
    if whole <= 0:
        return None
    return earliest, tuple(len(weights) * one / whole for one in weights)


def _levels(bare: Sequence[float | None]) -> list[float]:
    """What is usual around each day; the day itself where it stood out."""
    smooth = [_around(bare, n) for n in range(len(bare))]
    off = [abs(one - level) for one, level in zip(bare, smooth, strict=True) if one is not None]
    scatter = median(off) if off else 0.0
    found = []
    for one, level in zip(bare, smooth, strict=True):
        is_own = one is not None and one > level * _AND_TIMES and one - level > _STANDS_OUT * scatter
        found.append(one if is_own and one is not None else level)
    return found


def _around(bare: Sequence[float | None], n: int) -> float:
    """The average of the days around, without a day that is far beyond the middle one of them."""
    near = [one for one in bare[max(0, n - _AROUND) : n + _AROUND + 1] if one is not None]
    if not near:
        return 0.0
    most = 3 * median(near)
    usual = [one for one in near if one <= most] if most else near
    return sum(usual) / len(usual)


def _year_before(day: date) -> date:
    """The same month and day a year ago; 28 February for the 29th."""
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)

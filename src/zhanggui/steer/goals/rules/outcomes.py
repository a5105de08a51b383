"""How a goal stands, from what the days before and the days so far brought."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from zhanggui.insight.alerts.rules import FACTORS
from zhanggui.insight.metrics.rules import Better, Unit, named
from zhanggui.steer.goals.rules.forecast import Outlook, ahead, outlook, t_reach, weeks
from zhanggui.steer.goals.rules.season import MOST_WEEKS, WEEK, Season, season
from zhanggui.steer.goals.rules.standing import AT_RISK, SURE, Point, Progress, Shape
from zhanggui.steer.goals.rules.values import Course, Goal, course_of

_DAY: Final = timedelta(days=1)
# Parts of the money that was taken: a point of them is worth a hundredth of it.
_OF_MONEY: Final = frozenset({"gross_margin_rate", "marketing_rate", "refund_amount_rate"})
_MILLION: Final = 1_000_000
# Shares whose cases have a price of their own.
REFUNDED: Final = "refund_rate"
# Shares of pieces: one that comes back is taken to have cost what pieces do on average.
RETURNED: Final = frozenset({"return_rate", "return_rate_by_date"})
_PRICED: Final = frozenset({*FACTORS, *_OF_MONEY, *RETURNED, REFUNDED})


class NoPrice(StrEnum):
    """Why what a goal falls short by is not said in money.

    TIME       nobody knows what an hour costs
    SHARE      nobody knows what a point of it brings
    NOT_KNOWN  it has a price, and too little is known yet to say it
    """

    TIME = "time"
    SHARE = "share"
    NOT_KNOWN = "not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What each day from `first` on brought, oldest first; the last one is the day before `until`."""

    first: date
    numbers: tuple[float, ...]

    @property
    def until(self) -> date:
        """The first day of which nothing is known."""
        return self.first + len(self.numbers) * _DAY

    def cut(self, until: date) -> Days:
        """The days before another one."""
        return Days(first=self.first, numbers=self.numbers[: max(0, (until - self.first).days)])

    def since(self, start: date) -> tuple[float, ...]:
        """The days from one on."""
        return self.numbers[max(0, (start - self.first).days) :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A period of the same length before: what it had come to after as many days, and in the end."""

    then: float
    whole: float


def of_sum(goal: Goal, days: Days) -> tuple[Progress, Season]:
    """Of a number whose days add up.

    days  those before the period too, the more the better; up to today, or the period's end
    """
    weighed = season(days.numbers, first=days.first, start=goal.period.start, end=goal.period.end)
    actual = sum(days.since(goal.period.start))
    whole = weighed.of(goal.period.start, goal.period.end)
    due = goal.target * weighed.of(goal.period.start, days.until) / whole if whole else 0.0
    expected = outlook_of(days, weighed, start=goal.period.start, end=goal.period.end)
    return _standing(goal, days.until, actual=actual, due=due, rest=expected, shape=weighed.shape), weighed


def of_level(goal: Goal, until: date, *, actual: float | None, weekly: Sequence[float]) -> Progress:
    """Of a rate, an average, a time that something takes: what was is weighed with what is to come by their days.

    actual  of the days of the period that are over; None if there is nothing to divide by
    weekly  of each whole week up to now, oldest first, those before the period too
    """
    over, left = (until - goal.period.start).days, (goal.period.end - until).days
    over = max(0, over)
    mean = outlook(weekly, ahead([1.0] * left), is_year_known=True) if left else None
    rest = None
    if mean is not None:
        share = 1 / (over + left) if actual is not None else 1 / left
        rest = Outlook(expected=mean.expected * share, spread=mean.spread * share, freedom=mean.freedom)
    base = (actual or 0.0) * over / (over + left) if left else actual or 0.0
    return _standing(goal, until, actual=actual, due=float(goal.target), rest=rest, shape=Shape.LEVEL, base=base)


def of_people(goal: Goal, until: date, *, actual: float | None, earlier: Sequence[Earlier]) -> Progress:
    """Of a number of people, or what is counted over them: as earlier periods grew from the same day on.

    source   three periods that doubled from this day on, or grew by 90 % or 110 %; 1,000 so far -> 2,000 expected
    """
    grown = [one for one in earlier if one.then > 0 and one.whole > 0]
    if until <= goal.period.start:
        due, rest = 0.0, _mean_of([one.whole for one in earlier])
    elif grown:
        due = goal.target * sum(one.then / one.whole for one in grown) / len(grown)
        rest = _mean_of([(actual or 0.0) * (one.whole / one.then - 1) for one in grown])
    else:
        due, rest = goal.target * (until - goal.period.start).days / goal.period.days, None
    shape = Shape.EARLIER if grown else Shape.STRAIGHT
    return _standing(goal, until, actual=actual, due=due, rest=rest, shape=shape)


def unknown(goal: Goal, until: date) -> Progress:
    """Of a number whose facts nobody tells the shop, or that has nothing to count yet."""
    return _standing(goal, until, actual=None, due=0.0, rest=None, shape=Shape.STRAIGHT, is_known=False)


def at_stake(goal: Goal, seen: Progress, *, money: float | None, whole: float | None = None) -> int | None:
    """What a goal falls short by, in minor units; 0 if it does not, None where the number has no price.

    money   what is expected to be taken in the whole period
    whole   of a share whose cases have a price: what it is worth that it is all of them instead of none
    source  of 2,000 visitors 1,800 are expected, and 9,000.00 to be taken: 200 / 1,800 of it, 1,000.00. Of 400 orders
            that give 50.00 back each if they give anything back 6 % do instead of 4 %: 2 % of 20,000.00, 400.00. Of
            pieces that bring 10,000.00 together 4 % come back instead of 3 %: 100.00
    """
    foreseen = seen.forecast if seen.forecast is not None else seen.actual
    if foreseen is None or not seen.is_known:
        return None
    short = goal.shortfall(foreseen)
    if named(goal.metric).unit is Unit.MONEY and course_of(goal.metric) is Course.SUM:
        return round(short)
    if whole is not None:
        return round(whole * short / _MILLION)
    if money is None:
        return None if short else 0
    if goal.metric in FACTORS and foreseen > 0:
        return round(money * short / foreseen)
    if goal.metric in _OF_MONEY:
        return round(money * short / _MILLION)
    return None if short else 0


def whole_of_refunds(money: float, *, refunded_rate: float, refunded_amount_rate: float) -> float | None:
    """What would go back if of every order something did, in minor units; None where nothing ever went back.

    money                 what is expected to be taken
    refunded_rate         of which share of orders something went back; refunded_amount_rate: of which share of money
    source                of 10 % of orders 5 % of the money went back, half an order each: of 8,000.00 -> 4,000.00
    """
    return money * refunded_amount_rate / refunded_rate if refunded_rate > 0 else None


def whole_of_cohorts(newcomers: float, *, known_days: int, days: int, each: float) -> float | None:
    """What it is worth that all who come for the first time come again, in minor units; None before the first day.

    newcomers  of the days that are known;  days: of the goal's whole period
    each       what somebody who is there pays on average in 90 days
    source     40 newcomers in 10 days, 31 days in all, 12.00 each -> 124 people, 1,488.00
    """
    return newcomers / known_days * days * each if known_days else None


def no_price(goal: Goal, seen: Progress) -> NoPrice | None:
    """Why it is not said in money what a goal falls short by; None where it is, or where it does not."""
    foreseen = seen.forecast if seen.forecast is not None else seen.actual
    if seen.money_at_stake_minor is not None or foreseen is None or not goal.shortfall(foreseen):
        return None
    if named(goal.metric).unit in (Unit.SECONDS, Unit.HOURS, Unit.DAYS):
        return NoPrice.TIME
    return NoPrice.NOT_KNOWN if goal.metric in _PRICED else NoPrice.SHARE


def is_out_of_reach(goal: Goal, seen: Progress) -> bool:
    """Whether even the better end of the forecast falls short."""
    best = seen.high if goal.better is Better.UP else seen.low
    return best is not None and not goal.is_reached_by(best)


def outlook_of(days: Days, weighed: Season, *, start: date, end: date) -> Outlook | None:
    """What the days of a period that are not over bring together; None where too little is known."""
    begins = max(days.first, weighed.first)
    own = weighed.days(begins, days.until)
    gap = max(0, (start - days.until).days)
    coming = [0.0] * gap + list(weighed.days(max(start, days.until), end))
    if not coming:
        return Outlook(expected=0.0, spread=0.0, freedom=1)
    ratios = weeks(days.since(begins), own, most=MOST_WEEKS)
    return outlook(ratios, ahead(coming), is_year_known=weighed.shape is Shape.YEAR)


def course(goal: Goal, days: Days, weighed: Season) -> tuple[Point, ...]:
    """A sum's days: what was due, what came, and week by week what is to be expected, all since the period began."""
    whole = weighed.of(goal.period.start, goal.period.end)
    rate = goal.target / whole if whole else 0.0
    points, came = [], 0.0
    for n in range(goal.period.days):
        day = goal.period.start + n * _DAY
        due = rate * weighed.of(goal.period.start, day + _DAY)
        if day < days.until:
            came += days.numbers[(day - days.first).days] if day >= days.first else 0.0
            points.append(Point(day=day, due=due, actual=came))
        else:
            is_told = (day - days.until).days % WEEK == WEEK - 1 or day == goal.period.last
            seen = outlook_of(days, weighed, start=goal.period.start, end=day + _DAY) if is_told else None
            points.append(_ahead(day, due, came, seen))
    return tuple(points)


def _ahead(day: date, due: float, came: float, seen: Outlook | None) -> Point:
    if seen is None:
        return Point(day=day, due=due)
    middle, half = came + seen.expected, seen.bound()
    return Point(day=day, due=due, forecast=middle, low=max(came, middle - half), high=middle + half)


def _mean_of(numbers: Sequence[float]) -> Outlook | None:
    """What one more like these comes to; without a spread where there is only one, and so without an interval."""
    if not numbers:
        return None
    many = len(numbers)
    mean = sum(numbers) / many
    if many == 1:
        return Outlook(expected=mean, spread=math.inf, freedom=1)
    scatter = math.sqrt(sum((one - mean) ** 2 for one in numbers) / (many - 1) * (1 + 1 / many))
    return Outlook(expected=mean, spread=scatter, freedom=many - 1)


def _standing(
    goal: Goal,
    until: date,
    *,
    actual: float | None,
    due: float,
    rest: Outlook | None,
    shape: Shape,
    base: float | None = None,
    is_known: bool = True,
) -> Progress:
    """Put together.

    base  what of the whole is certain already; the actual if not given
    """
    is_over = until >= goal.period.end
    certain = (actual or 0.0) if base is None else base
    seen = Outlook(expected=0.0, spread=0.0, freedom=1) if is_over and actual is not None else rest
    forecast, low, high, chance = _foreseen(goal, certain, seen)
    is_reached = is_over and actual is not None and goal.is_reached_by(round(actual))
    at_risk = is_known and (actual is not None and not is_reached if is_over else (chance or 0.0) < AT_RISK)
    return Progress(
        actual=None if actual is None else round(actual),
        due_by_now=round(due),
        pace=None if actual is None or round(due) <= 0 else Decimal(round(actual)) / Decimal(round(due)),
        forecast=forecast,
        low=low,
        high=high,
        chance=chance,
        is_at_risk=at_risk and (is_over or chance is not None),
        money_at_stake_minor=None,
        shape=shape,
        until=min(until, goal.period.end),
        is_over=is_over,
        is_reached=is_reached,
        is_known=is_known,
    )


def _foreseen(
    goal: Goal, certain: float, seen: Outlook | None
) -> tuple[int | None, int | None, int | None, float | None]:
    if seen is None:
        return None, None, None, None
    middle = certain + seen.expected
    if math.isinf(seen.spread):
        return round(middle), None, None, None
    half = seen.spread * t_reach(SURE, seen.freedom) if seen.spread else 0.0
    low = max(min(certain, middle), middle - half)
    below = seen.chance_below(goal.target - certain)
    chance = 1 - below if goal.better is Better.UP else below
    if not seen.spread:
        chance = 1.0 if goal.is_reached_by(round(middle)) else 0.0
    return round(middle), round(low), round(middle + half), chance

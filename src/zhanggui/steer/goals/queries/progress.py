"""How goals stand, read from the metrics at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.alerts.rules import in_units
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Cut, Figure, Filters, Period, can_answer
from zhanggui.steer.goals import rules
from zhanggui.steer.goals.queries import elsewhere
from zhanggui.steer.goals.rules import (
    MOST_WEEKS,
    READ_ELSEWHERE,
    Course,
    Days,
    Earlier,
    Goal,
    Point,
    Progress,
    Reading,
    course_of,
    place_of,
)

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
# A year before the half year that the level is learnt from, and the days around its first day.
_BEFORE: Final = timedelta(days=366 + 7 * MOST_WEEKS + 11)
# What a refund takes and what a visitor pays is what it was in so many days.
_PRICED_BY: Final = timedelta(days=90)
_REFUNDED_MONEY: Final = "refund_amount_rate"
# Earlier periods of the same length that say how a number of people grows.
_EARLIER: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """Days of metrics in a place, as far as they are over and known.

    figures  of each metric by day, from `first` on
    """

    first: date
    figures: Mapping[str, tuple[Figure, ...]]

    def days(self, key: str) -> Days:
        """The days of a sum."""
        return Days(first=self.first, numbers=tuple(float(one.numerator) for one in self.figures[key]))

    def weekly(self, key: str, until: date) -> list[float]:
        """A rate or an average by whole weeks back from a day, oldest first; weeks with nothing to divide by say
        nothing. In units.
        """
        known = self.figures[key][: (until - self.first).days]
        found = []
        for end in range(len(known), _WEEK - 1, -_WEEK):
            week = known[end - _WEEK : end]
            over = sum(one.denominator or 0 for one in week)
            if over:
                found.append(float(in_units(key, sum(one.numerator for one in week) / over)))
        return found[MOST_WEEKS - 1 :: -1] if len(found) >= MOST_WEEKS else found[::-1]


def progress(goal: Goal, *, at: datetime) -> Progress:
    """How a goal stands at a moment: days that are over, what was due in them, and what is to be expected at the end.

    refuses  NoSuchShop
    """
    return progresses([goal], at=at)[goal.id]


def progresses(goals: Iterable[Goal], *, at: datetime) -> dict[UUID, Progress]:
    """The same of many goals of one shop, by id. One question to the metrics for all goals of a place, and one more for
    each that is no sum; of people, up to nine; of what the tables of days do not answer, one to what does.
    """
    found: dict[UUID, Progress] = {}
    by_place = sorted(goals, key=lambda goal: (goal.shop, place_of(goal.where)))
    for (shop, _place), alike in groupby(by_place, key=lambda goal: (goal.shop, place_of(goal.where))):
        found |= _of_place(shop, tuple(alike), at=at)
    return found


def course(goal: Goal, *, at: datetime) -> tuple[Point, ...]:
    """The days of a goal that is a sum: what was due, what came, what is to be expected; empty for others."""
    if course_of(goal.metric) is not Course.SUM:
        return ()
    told = _told(goal.shop, (goal,), at=at)
    if told is None:
        return ()
    days = told.days(goal.metric).cut(goal.period.end)
    weighed = rules.season(days.numbers, first=days.first, start=goal.period.start, end=goal.period.end)
    return rules.course(goal, days, weighed)


def baseline(shop: str, metric: str, where: Filters, period: Period, *, at: datetime) -> tuple[int, Period] | None:
    """What a number was in the same days a year before, or in as many days right before, in units, and in which; None
    if neither was whole. For a period in the future the days right before are those that are over.
    """
    ends = metrics.days(shop)
    if ends is None:
        return None
    today = clock.day_of(at, shops.shop(shop).zone)
    recent = Period(min(period.start, today) - timedelta(days=period.days), min(period.start, today))
    for before in (period.year_before(), recent):
        if before.start >= ends[0] and before.end <= today:
            size = _size(shop, metric, where, before, at=at)
            if size is not None:
                return round(size), before
    return None


def baselines(
    shop: str, metric: str, places: Sequence[tuple[Filters, Period]], *, at: datetime
) -> tuple[int | None, ...]:
    """What a number was in each of some places and periods, as `baseline`; None where nobody knows."""
    found = (baseline(shop, metric, where, period, at=at) for where, period in places)
    return tuple(one[0] if one else None for one in found)


def first_known(goal: Goal, *, at: datetime) -> tuple[int, Period] | None:
    """What a number without a baseline was in the first whole four weeks that anything was counted in, or in as many
    days as the goal has if those are fewer, and in which; None while they are not over.

    They begin no earlier than so many days before the goal was set. Two questions.
    """
    zone = shops.shop(goal.shop).zone
    today, span = clock.day_of(at, zone), min(goal.period.days, 4 * _WEEK) * _DAY
    first = _first_day(goal, Period(clock.day_of(goal.set_at, zone) - span, today), at=at)
    if first is None or first + span > today:
        return None
    days = Period(first, first + span)
    size = _size(goal.shop, goal.metric, goal.where, days, at=at)
    return (round(size), days) if size is not None else None


def cells(shop: str, metric: str, where: Filters, cut: Cut, *, at: datetime, limit: int) -> tuple[str, ...]:
    """In which categories or channels there was anything in the last year, the most first; those without a name are
    left out, for nobody can answer for them.

    refuses  CutRefused where the number is not counted by that
    """
    today = clock.day_of(at, shops.shop(shop).zone)
    answer = metrics.query(
        shop, [metric], Period(today - timedelta(days=365), today), by=cut, where=where, at=at, limit=limit
    )
    return tuple(str(row.key) for row in answer.rows if row.key)


def _of_place(shop: str, goals: tuple[Goal, ...], *, at: datetime) -> dict[UUID, Progress]:
    told = _told(shop, goals, at=at)
    silent = metrics.silent(shop) if any(course_of(goal.metric) is not Course.SUM for goal in goals) else frozenset()
    found = {}
    for goal in goals:
        today = clock.day_of(at, shops.shop(shop).zone)
        if told is None or goal.metric in silent:
            found[goal.id] = rules.unknown(goal, today)
            continue
        seen = _of_one(goal, told, today, at=at)
        money = _money(goal, told)
        stake = rules.at_stake(goal, seen, money=money, whole=_whole(goal, seen, money, today, at=at))
        found[goal.id] = replace(seen, money_at_stake_minor=stake)
    return found


def _whole(goal: Goal, seen: Progress, money: float | None, today: date, *, at: datetime) -> float | None:
    """What the whole of a share is worth whose cases have a price, asked only where the goal falls short; None of other
    numbers, and where nothing is known. A case is priced by the last 90 days. At most two questions.
    """
    foreseen = seen.forecast if seen.forecast is not None else seen.actual
    if foreseen is None or not goal.shortfall(foreseen):
        return None
    if goal.metric in rules.RETURNED:
        return money
    lately = Period(today - _PRICED_BY, today)
    if goal.metric == rules.REFUNDED and money is not None:
        told = metrics.query(goal.shop, [rules.REFUNDED, _REFUNDED_MONEY], lately, where=goal.where, at=at).whole
        rates = [told.of(key).size for key in (rules.REFUNDED, _REFUNDED_MONEY)]
        orders, amounts = (0.0 if rate is None else float(rate) for rate in rates)
        return rules.whole_of_refunds(money, refunded_rate=orders, refunded_amount_rate=amounts)
    if goal.metric in READ_ELSEWHERE and rules.is_of_cohorts(goal.metric):
        each = metrics.query(goal.shop, ["arpu"], lately, where=goal.where, at=at).whole.of("arpu").size
        people, known_days = _read(goal, min(today, goal.period.end), at=at).cases()
        if each is None:
            return None
        return rules.whole_of_cohorts(people, known_days=known_days, days=goal.period.days, each=float(each))
    return None


def _of_one(goal: Goal, told: _Told, today: date, *, at: datetime) -> Progress:
    until = min(today, goal.period.end)
    if goal.metric in READ_ELSEWHERE:
        read = _read(goal, until, at=at)
        actual = read.of(goal.period.start, until)
        return rules.of_level(goal, until, actual=actual, weekly=read.weekly(until))
    match course_of(goal.metric):
        case Course.SUM:
            return rules.of_sum(goal, told.days(goal.metric).cut(until))[0]
        case Course.LEVEL:
            actual = _asked(goal, goal.period.start, until, at=at)
            return rules.of_level(goal, until, actual=actual, weekly=told.weekly(goal.metric, until))
        case Course.PEOPLE:
            actual = _asked(goal, goal.period.start, until, at=at)
            return rules.of_people(goal, until, actual=actual, earlier=_earlier(goal, told.first, until, at=at))


def _told(shop: str, goals: Sequence[Goal], *, at: datetime) -> _Told | None:
    """What the days say of all metrics of a place; None before the first day with anything to count."""
    today = clock.day_of(at, shops.shop(shop).zone)
    ends = metrics.days(shop)
    if ends is None or ends[0] >= today:
        return None
    first = max(ends[0], min(min(goal.period.start for goal in goals), today) - _BEFORE)
    last = min(today, max(max(goal.period.end for goal in goals), first + _DAY))
    where = goals[0].where
    told = [goal.metric for goal in goals if goal.metric not in READ_ELSEWHERE]
    keys = dict.fromkeys(key for key in told if course_of(key) is not Course.PEOPLE)
    keys |= dict.fromkeys([_money_key(where)])
    asked = [key for key in keys if can_answer(key, by=Cut.DAY, where=where)]
    answer = metrics.query(shop, asked, Period(first, last), by=Cut.DAY, where=where, at=at)
    return _Told(first=first, figures={key: tuple(row.of(key) for row in answer.rows) for key in asked})


def _money_key(where: Filters) -> str:
    """What is taken in a place: payments, or of goods what they cost."""
    return "gmv_paid" if can_answer("gmv_paid", by=Cut.DAY, where=where) else "goods_paid"


def _money(goal: Goal, told: _Told) -> float | None:
    """What is expected to be taken in a goal's whole period, in minor units."""
    days = told.days(_money_key(goal.where)).cut(goal.period.end)
    weighed = rules.season(days.numbers, first=days.first, start=goal.period.start, end=goal.period.end)
    rest = rules.outlook_of(days, weighed, start=goal.period.start, end=goal.period.end)
    return sum(days.since(goal.period.start)) + rest.expected if rest else None


def _asked(goal: Goal, start: date, end: date, *, at: datetime) -> float | None:
    """A number of whole days, in units; None without a day, or with nothing to divide by."""
    return _size(goal.shop, goal.metric, goal.where, Period(start, end), at=at) if end > start else None


def _size(shop: str, metric: str, where: Filters, period: Period, *, at: datetime) -> float | None:
    """The same of any number and place."""
    if metric in READ_ELSEWHERE:
        return elsewhere.reading(shop, metric, where, period, at=at).of(period.start, period.end)
    size = metrics.query(shop, [metric], period, where=where, at=at).whole.of(metric).size
    return None if size is None else float(in_units(metric, float(size)))


def _first_day(goal: Goal, days: Period, *, at: datetime) -> date | None:
    """The first of some days of which a number can be said."""
    if goal.metric in READ_ELSEWHERE:
        read = elsewhere.reading(goal.shop, goal.metric, goal.where, days, at=at)
        each = (days.start + n * _DAY for n in range(days.days))
        return next((day for day in each if read.of(day, day + _DAY) is not None), None)
    rows = metrics.query(goal.shop, [goal.metric], days, by=Cut.DAY, where=goal.where, at=at).rows
    return next((row.key for row in rows if isinstance(row.key, date) and row.of(goal.metric).size is not None), None)


def _read(goal: Goal, until: date, *, at: datetime) -> Reading:
    """What is answered elsewhere, of the goal's days and of the half year before, from the shop's first day on."""
    ends = metrics.days(goal.shop)
    start = min(goal.period.start, until) - MOST_WEEKS * _WEEK * _DAY
    first = min(max(start, ends[0]), goal.period.start) if ends else goal.period.start
    return elsewhere.reading(goal.shop, goal.metric, goal.where, Period(first, max(until, first + _DAY)), at=at)


def _earlier(goal: Goal, first: date, until: date, *, at: datetime) -> list[Earlier]:
    """Earlier periods of the same length that are known whole: what they had come to by the same day."""
    over, found = max(0, (until - goal.period.start).days), []
    begins = min(goal.period.start, until)
    for n in range(1, _EARLIER + 1):
        start = begins - n * timedelta(days=goal.period.days)
        if start < first or (goal.period.days == over and n > 1):
            break
        whole = _asked(goal, start, start + timedelta(days=goal.period.days), at=at)
        then = _asked(goal, start, start + timedelta(days=over), at=at)
        found.append(Earlier(then=then or 0.0, whole=whole or 0.0))
    return found

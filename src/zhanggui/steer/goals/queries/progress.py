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
from zhanggui.steer.goals.rules import MOST_WEEKS, Course, Days, Earlier, Goal, Point, Progress, course_of, place_of

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
# A year before the half year that the level is learnt from, and the days around its first day.
_BEFORE: Final = timedelta(days=366 + 7 * MOST_WEEKS + 11)
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
    each that is no sum; of people, up to nine.
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
            figure = metrics.query(shop, [metric], before, where=where, at=at).whole.of(metric)
            if figure.size is not None:
                return in_units(metric, float(figure.size)), before
    return None


def baselines(shop: str, metric: str, places: Sequence[tuple[Filters, Period]], *, at: datetime) -> tuple[int, ...]:
    """What a number was in each of some places and periods, as `baseline`; 0 where nobody knows."""
    found = (baseline(shop, metric, where, period, at=at) for where, period in places)
    return tuple(one[0] if one else 0 for one in found)


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
        found[goal.id] = replace(seen, money_at_stake_minor=rules.at_stake(goal, seen, money=_money(goal, told)))
    return found


def _of_one(goal: Goal, told: _Told, today: date, *, at: datetime) -> Progress:
    until = min(today, goal.period.end)
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
    keys = dict.fromkeys(goal.metric for goal in goals if course_of(goal.metric) is not Course.PEOPLE)
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
    if end <= start:
        return None
    figure = metrics.query(goal.shop, [goal.metric], Period(start, end), where=goal.where, at=at).whole
    size = figure.of(goal.metric).size
    return None if size is None else float(in_units(goal.metric, float(size)))


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

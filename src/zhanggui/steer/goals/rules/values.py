"""A goal, its team and its objective, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from zhanggui.insight.alerts.rules import unit_of
from zhanggui.insight.metrics.rules import (
    ANSWERED_ELSEWHERE,
    METRICS,
    Better,
    Cut,
    Elsewhere,
    Filters,
    Metric,
    Period,
    Step,
    can_answer,
)
from zhanggui.steer.goals.errors import GoalIncomplete, GoalUnfit

LONGEST_NAME: Final = 60
LONGEST_WORDS: Final = 200
LONGEST_PERIOD_DAYS: Final = 366 * 5
# What goals can be split by and looked at in: one category, one channel.
PLACES: Final = (Cut.CATEGORY, Cut.CHANNEL)


_COHORTS: Final = "retention"
_RETURNS: Final = "shop.returns"
# What pages of their own answer and goals can read day by day: who comes back, and how long refunds take.
READ_ELSEWHERE: Final = {key: one for key, one in ANSWERED_ELSEWHERE.items() if one.answered_by in (_COHORTS, _RETURNS)}


class Course(StrEnum):
    """How a number comes about in a period.

    SUM      day by day, and the days add up: money, orders
    LEVEL    it is so at any time: a rate, an average, a time that something takes
    PEOPLE   it grows as long as the period lasts, but days do not add up: people who come twice count once
    """

    SUM = "sum"
    LEVEL = "level"
    PEOPLE = "people"


# Counted over people as a whole: the longer the period, the larger, though they have a denominator.
_GROWING: Final = frozenset({"repurchase_rate", "arppu", "arpu"})


class Missed(StrEnum):
    """Why a goal is missed: its period ended, or even the upper end of its forecast falls short."""

    ENDED = "ended"
    OUT_OF_REACH = "out_of_reach"


class Did(StrEnum):
    """What was changed of a goal."""

    SET = "set"
    TARGET = "target"
    BALANCED = "balanced"
    SPLIT = "split"
    JOINED = "joined"
    LOCKED = "locked"
    FREED = "freed"
    OWNER = "owner"
    DROPPED = "dropped"
    STARTED = "started"
    TEAM = "team"
    RESULT = "result"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a number is to be in a period, and who answers for it.

    where             everything, or one category, one channel, or both
    baseline, target  minor units of an amount, a count as it is, else millionths; a baseline that is not known yet is
                      None
    better            UP: at least the target; DOWN: at most
    owner             id of an operator's account
    team              its name, empty if none
    parent            the goal that this one is a part of
    is_split          whether it has parts
    is_sum            whether its parts add up to it
    is_locked         whether it stays as it is when siblings are balanced
    objective         what it is a key result of
    told              fact that told of it, the cause of what follows
    """

    id: UUID
    shop: str
    metric: str
    where: Filters
    better: Better
    baseline: int | None
    target: int
    currency: str
    period: Period
    owner: int
    team: str = ""
    parent: UUID | None = None
    root: UUID
    is_split: bool = False
    is_sum: bool
    is_locked: bool = False
    objective: UUID | None = None
    missed: Missed | None = None
    told: UUID | None = None
    set_at: datetime

    def is_reached_by(self, units: int) -> bool:
        """Whether a number is as good as the target, or better."""
        return units >= self.target if self.better is Better.UP else units <= self.target

    def shortfall(self, units: float) -> float:
        """By how much a number is worse than the target, 0 if it is not."""
        return max(0.0, self.target - units if self.better is Better.UP else units - self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that was done to a goal.

    by        who, as `kind:id`
    was, now  targets in units, an operator's id, or None where there is nothing to hold against each other
    words     why, or between which teams or objectives; empty where nothing was said
    """

    goal: UUID
    at: datetime
    by: str
    did: Did
    was: int | None = None
    now: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Operators who work at goals together."""

    name: str
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """What a team wants in a period, in words; its key results are goals."""

    id: UUID
    team: str
    words: str
    period: Period


def course_of(key: str) -> Course:
    """How a metric comes about in a period.

    refuses  GoalUnfit for what no goal can read
    """
    one = readable(key)
    if isinstance(one, Elsewhere):
        return Course.LEVEL
    if one.is_additive:
        return Course.SUM
    return Course.LEVEL if one.denominator and key not in _GROWING else Course.PEOPLE


def place_of(where: Filters) -> tuple[str, str]:
    """The category and the channel of a place; empty for all.

    refuses  GoalUnfit for anything but one of each
    """
    for cut, values in where.by_cut().items():
        if cut not in PLACES or len(values) != 1 or not values[0]:
            raise GoalUnfit(field="where", reason="one_of_each")
    return (where.category or ("",))[0], (where.channel or ("",))[0]


def at_place(category: str, channel: str) -> Filters:
    """The same as filters."""
    return Filters(category=(category,) if category else (), channel=(channel,) if channel else ())


def readable(key: str) -> Metric | Elsewhere:
    """What the dictionary says of a number that a goal can read by period.

    refuses  GoalUnfit
    """
    one = METRICS.get(key) or READ_ELSEWHERE.get(key)
    if one is None:
        raise GoalUnfit(field="metric", reason="not_counted")
    return one


def can_be_read(key: str, *, by: Cut | None = None, where: Filters) -> bool:
    """Whether a number is counted in a place, and there by a cut; cohorts know the channel that somebody came by."""
    elsewhere = READ_ELSEWHERE.get(key)
    if elsewhere is None:
        return can_answer(key, by=by, where=where)
    asked = {*where.by_cut(), *([by] if by and by.step is None else [])}
    return not asked or (elsewhere.answered_by == _COHORTS and asked == {Cut.CHANNEL})


def is_of_cohorts(key: str) -> bool:
    """Whether it says which part of those who came for the first time came back."""
    return key in READ_ELSEWHERE and READ_ELSEWHERE[key].answered_by == _COHORTS


def complete(
    *,
    metric: str | None,
    baseline: int | None,
    target: int | None,
    period: Period | None,
    owner: int | None,
    awaits_baseline: bool = False,
) -> tuple[str, int, Period, int]:
    """All five, or a refusal that names each thing without which a goal is a wish.

    awaits_baseline  whether where it starts from is found out later, as can be done for a rate, an average or a time:
                     what a sum or a number of people starts from is a period as long as its own
    refuses          GoalIncomplete; GoalUnfit for a sum that is to wait
    """
    given = {"metric": metric, "target": target, "period": period, "owner": owner}
    if not awaits_baseline:
        given = {"metric": metric, "baseline": baseline, **given}
    missing = tuple(name for name, value in given.items() if value is None or value == "")
    if missing or not metric or target is None or period is None or owner is None:
        raise GoalIncomplete(missing=missing)
    if baseline is None and course_of(metric) is not Course.LEVEL:
        raise GoalUnfit(field="baseline", reason="cannot_wait")
    return metric, target, period, owner


def checked(key: str, *, target: int, period: Period) -> Metric | Elsewhere:
    """The metric of a goal that can be.

    refuses  GoalUnfit for a number that no goal can read, a sum below zero, or a period of more than five years
    """
    one = readable(key)
    if course_of(key) is Course.SUM and target < 0:
        raise GoalUnfit(field="target", reason="below_zero")
    if period.days > LONGEST_PERIOD_DAYS:
        raise GoalUnfit(field="period", reason="too_long")
    return one


def scale_of(key: str) -> int:
    """How many whole units one of a number is kept in."""
    return unit_of(key)


def quarters(period: Period) -> tuple[Period, ...]:
    """The calendar quarters of a period, those at its ends cut to it."""
    return _cells(period, Step.QUARTER)


def months(period: Period) -> tuple[Period, ...]:
    """The calendar months of a period, those at its ends cut to it."""
    return _cells(period, Step.MONTH)


def _cells(period: Period, step: Step) -> tuple[Period, ...]:
    starts: list[date] = [max(start, period.start) for start in period.cells(step)]
    return tuple(Period(start, end) for start, end in zip(starts, [*starts[1:], period.end], strict=True))

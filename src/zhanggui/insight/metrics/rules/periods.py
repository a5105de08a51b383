"""Periods of whole business days, half open, and the ways to name them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from zhanggui.insight.metrics.errors import PeriodEmpty

_DAY = timedelta(days=1)


class Step(StrEnum):
    """How long a cell of time is. An hour is one of the shop's clock: a day has 23, 24 or 25 of them."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Preset(StrEnum):
    """Periods that have a name; all but YESTERDAY and LAST_MONTH still run."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    DAYS_7 = "7d"
    DAYS_30 = "30d"
    DAYS_90 = "90d"
    MONTHS_12 = "12m"
    THIS_MONTH = "month"
    LAST_MONTH = "last_month"
    THIS_YEAR = "year"
    ALL = "all"


class Comparison(StrEnum):
    """What a period is held against."""

    PREVIOUS = "previous"
    YEAR = "year"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Period:
    """Business days of the shop's zone from `start` up to, and without, `end`.

    refuses  PeriodEmpty
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodEmpty(start=self.start.isoformat(), end=self.end.isoformat())

    @property
    def days(self) -> int:
        """How many business days it has, at least one."""
        return (self.end - self.start).days

    @property
    def last(self) -> date:
        """Its last day."""
        return self.end - _DAY

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def previous(self) -> Period:
        """The same number of days right before; a whole calendar month is held against the month before it."""
        if self.start.day == 1 and self.end == _month_after(self.start):
            return Period((self.start - _DAY).replace(day=1), self.start)
        return Period(self.start - timedelta(days=self.days), self.start)

    def year_before(self) -> Period:
        """The same number of days, starting on the same calendar day a year before (28 February for the 29th)."""
        start = _year_before(self.start)
        return Period(start, start + timedelta(days=self.days))

    def cells(self, step: Step) -> tuple[date, ...]:
        """The first days of its cells, oldest first: days, weeks from Monday, calendar months, quarters, years.

        The first and the last cell may reach beyond the period; only their days inside it are counted.
        """
        return tuple(self._cells(step))

    def _cells(self, step: Step) -> Iterator[date]:
        cell = cell_of(self.start, step)
        while cell < self.end:
            yield cell
            cell = after(cell, step)


def cell_of(day: date, step: Step) -> date:
    """The first day of the cell that a day lies in; weeks start on Monday. An hour's is its day.

    source   2026-11-22, a Sunday -> week of 2026-11-16, quarter of 2026-10-01
    """
    match step:
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case Step.QUARTER:
            return day.replace(month=day.month - (day.month - 1) % 3, day=1)
        case Step.YEAR:
            return day.replace(month=1, day=1)
        case _:
            return day


def after(cell: date, step: Step) -> date:
    """The first day of the next cell."""
    match step:
        case Step.WEEK:
            return cell + timedelta(days=7)
        case Step.MONTH:
            return _month_after(cell)
        case Step.QUARTER:
            return _month_after(_month_after(_month_after(cell)))
        case Step.YEAR:
            return cell.replace(year=cell.year + 1)
        case _:
            return cell + _DAY


def preset(name: Preset, *, today: date, first: date | None = None) -> Period:
    """The days that a name means; today is the last of a running period.

    today  of the shop; for a shop that only was imported, its last day with an event
    first  the first day with an event, where ALL begins
    """
    tomorrow = today + _DAY
    month = today.replace(day=1)
    match name:
        case Preset.TODAY:
            return Period(today, tomorrow)
        case Preset.YESTERDAY:
            return Period(today - _DAY, today)
        case Preset.THIS_MONTH:
            return Period(month, _month_after(month))
        case Preset.LAST_MONTH:
            return Period((month - _DAY).replace(day=1), month)
        case Preset.THIS_YEAR:
            return Period(today.replace(month=1, day=1), date(today.year + 1, 1, 1))
        case Preset.MONTHS_12:
            return Period(_year_before(today) + _DAY, tomorrow)
        case Preset.ALL:
            return Period(min(first or today, today), tomorrow)
        case _:
            return Period(tomorrow - timedelta(days=_DAYS[name]), tomorrow)


def compared(period: Period, comparison: Comparison) -> Period | None:
    """The period that one is held against."""
    if comparison is Comparison.NONE:
        return None
    return period.previous() if comparison is Comparison.PREVIOUS else period.year_before()


def step_for(period: Period) -> Step:
    """The step at which a chart of a period is read best: days up to a quarter, weeks up to a year, then months."""
    if period.days <= 92:
        return Step.DAY
    return Step.WEEK if period.days <= 367 else Step.MONTH


_DAYS = {Preset.DAYS_7: 7, Preset.DAYS_30: 30, Preset.DAYS_90: 90}


def _month_after(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)

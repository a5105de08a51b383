"""The hours of a shop's clock: a day has 23 of them in spring and 25 in autumn where the clocks are changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

from zhanggui.base import clock
from zhanggui.insight.metrics.rules.periods import Period

_HOUR = timedelta(hours=1)


def hours_of(period: Period, zone: str) -> tuple[datetime, ...]:
    """The beginnings of all hours of a period, oldest first, on the shop's clock; none reaches beyond its day.

    source   2026-03-29 in Europe/London has 23, 2026-10-25 has 25
    """
    days = (period.start + timedelta(days=n) for n in range(period.days))
    return tuple(hour for day in days for hour in _hours(day, zone))


def on_clock(at: datetime, zone: str) -> datetime:
    """A moment as the shop's clock shows it, with its distance from UTC: so the hour that a clock shows twice is two,
    where Python holds two moments that one zone's clock shows alike for equal.
    """
    dial = at.astimezone(clock.zone(zone))
    return dial.replace(tzinfo=timezone(dial.utcoffset() or timedelta()), fold=0)


def is_over(hour: datetime, *, at: datetime, zone: str) -> bool:
    """Whether an hour has passed."""
    return _after(hour, zone) <= at


def _hours(day: date, zone: str) -> Iterator[datetime]:
    at, end = clock.span_of(day, zone)
    while at < end:
        yield on_clock(at, zone)
        at = _after(at, zone)


def _after(at: datetime, zone: str) -> datetime:
    """When the clock next shows a full hour; counted in time that passes, not on the dial."""
    dial = at.astimezone(clock.zone(zone))
    passed = timedelta(minutes=dial.minute, seconds=dial.second, microseconds=dial.microsecond)
    return at.astimezone(clock.zone("UTC")) + (_HOUR - passed)

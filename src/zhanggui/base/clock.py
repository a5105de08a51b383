"""The only place, besides the doors, where the clock is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_rehearsed: ContextVar[datetime | None] = ContextVar("rehearsed", default=None)


def now() -> datetime:
    """The moment it is, aware, UTC."""
    return _rehearsed.get() or datetime.now(UTC)


@contextmanager
def rehearsed(at: datetime) -> Iterator[None]:
    """Let it be another moment in a block, for whoever runs it and nobody else, so that a rehearsal lets weeks go by.

    What is told in it carries that moment: it is for simulated shops alone, and only the rehearsal's door uses it.
    """
    token = _rehearsed.set(at)
    try:
        yield
    finally:
        _rehearsed.reset(token)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The time zone of that IANA name, such as Asia/Shanghai."""
    return ZoneInfo(name)


def day_of(at: datetime, zone_name: str) -> date:
    """The business day of a moment: its calendar day in the shop's zone.

    source   2026-11-21T16:30Z is 2026-11-22 in Asia/Shanghai and 2026-11-21 in Europe/London
    """
    return at.astimezone(zone(zone_name)).date()


def span_of(day: date, zone_name: str) -> tuple[datetime, datetime]:
    """The moments a business day covers, half open, in UTC; 23 or 25 hours long when the clocks change."""
    midnights = (datetime.combine(each, time.min, zone(zone_name)) for each in (day, day + timedelta(days=1)))
    start, end = (midnight.astimezone(UTC) for midnight in midnights)
    return start, end


def micros(at: datetime) -> int:
    """Whole microseconds since 1970, UTC, without the rounding that a float timestamp brings."""
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def from_micros(ts_us: int) -> datetime:
    """The moment of `micros`, aware, UTC."""
    return _EPOCH + timedelta(microseconds=ts_us)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

"""What members are told ahead, and when: never at night, and never what they did not agree to be asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

# Quiet from ten in the evening to eight in the morning of the shop's zone.
QUIET_FROM: Final = time(22, 0)
QUIET_UNTIL: Final = time(8, 0)


class Notice(StrEnum):
    """What a member is told.

    TIER_ENDING urges to buy, so it goes only to those who agreed to advertising; the others tell what becomes, or
    became, of something that the member has.
    """

    TIER_CHANGED = "tier_changed"
    TIER_ENDING = "tier_ending"
    POINTS_EXPIRING = "points_expiring"
    BIRTHDAY = "birthday"

    @property
    def is_advertising(self) -> bool:
        """Whether it is sent only with consent."""
        return self in (Notice.TIER_ENDING, Notice.BIRTHDAY)


def allowed_at(at: datetime, *, zone: ZoneInfo) -> datetime:
    """The first moment from one on at which a message may leave.

    source  23:10 in Shanghai -> 8:00 the next morning, 07:59 -> 8:00, 12:00 -> at once
    """
    there = at.astimezone(zone)
    if QUIET_UNTIL <= there.time() < QUIET_FROM:
        return at
    day = there.date() + timedelta(days=1 if there.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_UNTIL, zone).astimezone(at.tzinfo)


def due_mark(days_left: int, marks: tuple[int, ...]) -> int | None:
    """Which of the marks somebody is to be told at: the nearest that is not passed; None if it is too early.

    marks   days before, such as 30 and 7
    source  40 days -> None, 30 -> 30, 12 -> 30, 7 -> 7, 0 -> 7
    """
    reached = [mark for mark in marks if days_left <= mark]
    return min(reached) if reached else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a notice says.

    subject   what it is about; the same is told once
    on        ISO date of the day it names; empty if none
    short_by  whole units of money that keep a tier
    """

    notice: Notice
    subject: str
    points: int = 0
    on: str = ""
    tier: str = ""
    short_by: int = 0

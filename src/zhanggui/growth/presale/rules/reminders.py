"""When whoever paid a deposit is reminded of the balance: never at night, never after the window's end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from zhanggui.growth.membership.rules.notices import QUIET_FROM, allowed_at

# What would be moved past the window's end is sent so long before the quiet hours instead.
_BEFORE_QUIET: Final = timedelta(minutes=30)


class Step(StrEnum):
    """Which reminder it is, in their order."""

    OPENED = "opened"
    SIX_HOURS_ON = "six_hours_on"
    A_DAY_LEFT = "a_day_left"
    TWO_HOURS_LEFT = "two_hours_left"


def moments(balance_from: datetime, balance_until: datetime, *, zone: ZoneInfo) -> Mapping[Step, datetime]:
    """When each reminder leaves; those that would not fit into the window, or not after the one before, are left out.

    The quiet hours (22 to 8 of the shop's zone) move one to the morning. If the window is over by then it goes half an
    hour before the quiet hours. Six hours on are counted from when the first one could leave.

    law     in the order of the steps, all inside the window, none in the quiet hours
    source  open from midnight to midnight three days on: 8:00, 14:00, 8:00 of the last day (midnight before is quiet),
            21:30 of the last day
    """
    opened = _allowed(balance_from, balance_from, balance_until, zone)
    wanted = {
        Step.OPENED: opened,
        Step.SIX_HOURS_ON: _allowed((opened or balance_from) + timedelta(hours=6), balance_from, balance_until, zone),
        Step.A_DAY_LEFT: _allowed(balance_until - timedelta(hours=24), balance_from, balance_until, zone),
        Step.TWO_HOURS_LEFT: _allowed(balance_until - timedelta(hours=2), balance_from, balance_until, zone),
    }
    planned: dict[Step, datetime] = {}
    for step, moment in wanted.items():
        if moment is not None and all(moment > earlier for earlier in planned.values()):
            planned[step] = moment
    return planned


def due(planned: Mapping[Step, datetime], *, at: datetime, until: datetime, zone: ZoneInfo) -> Step | None:
    """The reminder whose turn it is; None before the first, in the quiet hours and after the window.

    After an outage only the last of those that were missed is sent, so that nobody gets four at once.
    """
    if at >= until or allowed_at(at, zone=zone) > at:
        return None
    reached = [step for step, moment in planned.items() if moment <= at]
    return reached[-1] if reached else None


def _allowed(wanted: datetime, since: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
    """The next moment from one on at which a message may leave inside a window; None if there is none."""
    moment = allowed_at(wanted, zone=zone)
    if since <= moment < until:
        return moment
    evening = datetime.combine(wanted.astimezone(zone).date(), QUIET_FROM, zone) - _BEFORE_QUIET
    if evening > wanted:
        evening -= timedelta(days=1)
    brought_forward = evening.astimezone(wanted.tzinfo)
    return brought_forward if since <= brought_forward < until else None

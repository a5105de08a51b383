"""What boards say: refusals, when a mail leaves, how the last one fared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from babel.dates import format_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.errors import Refused
from zhanggui.base.look import formats
from zhanggui.base.outbox.rules import State
from zhanggui.doors.console import words
from zhanggui.insight.boards.errors import (
    BoardChanged,
    BoardFull,
    NameTaken,
    NameUnfit,
    NoSuchTile,
    NotYours,
    ScheduleUnfit,
    TileUnfit,
)
from zhanggui.insight.boards.queries import Mailed
from zhanggui.insight.boards.rules import LAST_DAY, Fault, Kind, Rhythm, Schedule
from zhanggui.insight.metrics.rules import Cut

KINDS: Final = {
    Kind.NUMBER: lazy("A number"),
    Kind.LINE: lazy("Over time"),
    Kind.BARS: lazy("As bars"),
    Kind.QUESTION: lazy("A question of the explorer"),
    Kind.FUNNEL: lazy("A funnel"),
    Kind.RETENTION: lazy("A table of cohorts"),
}
# What the form for a tile offers besides a number and its line.
BAR_CUTS: Final = (Cut.REGION, Cut.CATEGORY, Cut.SKU, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE, Cut.NEWNESS)
_FAULTS: Final[dict[str, Promise]] = {
    Fault.NOBODY: lazy("not written: who should get it may not see it any longer"),
    Fault.UNPROVED: lazy("not written: the mail address is not confirmed"),
    Fault.NO_SERVER: lazy("not written: no mail server is set"),
}
# A Monday, from which the names of the days are told.
_MONDAY: Final = date(2024, 1, 1)


def refusal(refused: Refused) -> str:
    """Why something on a board was not done, in words; anything else is a bug."""
    match refused:
        case NameTaken():
            return _("You have a board of that name already. Choose another name.")
        case NameUnfit():
            return _("A name has 1 to 80 characters.")
        case BoardFull():
            return _("A board holds at most %(most)s tiles. Remove one first, or begin another board.") % refused.data
        case BoardChanged():
            return _("Somebody else has just changed this board. Nothing was written; look at it and try again.")
        case NoSuchTile():
            return _("Somebody else has just removed that tile.")
        case NotYours():
            return _("Only whose board it is may do that. Duplicate it to have one of your own.")
        case TileUnfit():
            return _("That cannot be shown so: choose another number or another way to split it.")
        case ScheduleUnfit():
            return _("Choose when the mail is to leave.")
        case _:
            raise refused


def rhythms() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """When a board can be mailed, as groups of values and names for a field."""
    yield _("Daily"), [("daily.0", _("every day"))]
    yield _("Weekly"), [(f"weekly.{day}", _weekly(day)) for day in range(1, 8)]
    yield _("Monthly"), [(f"monthly.{day}", _monthly(day)) for day in range(1, LAST_DAY + 1)]


def schedule_of(rhythm: str, hour: str) -> Schedule:
    """What a form says about when a mail is to leave.

    refuses  ScheduleUnfit
    """
    name, _dot, day = rhythm.partition(".")
    is_whole = name in tuple(Rhythm) and day.isdecimal() and hour.isdecimal() and len(day + hour) < 6
    if not is_whole:
        raise ScheduleUnfit(rhythm=name[:20], hour=-1, day=0)
    return Schedule(rhythm=Rhythm(name), hour=int(hour), day=int(day))


def when(schedule: Schedule) -> str:
    """When a mail leaves: every Monday at 7:00."""
    said = {
        Rhythm.DAILY: _("every day"),
        Rhythm.WEEKLY: _weekly(schedule.day),
        Rhythm.MONTHLY: _monthly(schedule.day),
    }
    return _("%(days)s at %(hour)s:00") % {"days": said[schedule.rhythm], "hour": schedule.hour}


def fate(mailed: Mailed | None, *, zone: str) -> tuple[str, str]:
    """How the last mail fared, as a tone and a sentence."""
    language = words.language()
    if mailed is None:
        return "", _("none has left yet")
    on = formats.day(mailed.due_on, language=language)
    if mailed.fault in _FAULTS:
        return "bad", f"{on}: {_FAULTS[mailed.fault]}"
    if mailed.state is State.TURNED_DOWN:
        return "bad", _("%(day)s: the mail server turned it down (%(reason)s)") % {"day": on, "reason": mailed.fault}
    if mailed.state is State.SENT and mailed.sent_at:
        return "good", _("sent %(at)s") % {"at": formats.moment(mailed.sent_at, language=language, zone=zone)}
    if mailed.state is State.LEAVING:
        return "watch", _("%(day)s: handed to the mail server, which has not answered") % {"day": on}
    if mailed.is_written and mailed.state is None:
        return "", _("%(day)s: more than a month ago") % {"day": on}
    return "watch", _("%(day)s: on its way") % {"day": on}


def _weekly(day: int) -> str:
    """Every Monday; on a day that no week has, no words."""
    if not day:
        return ""
    name = format_date(
        _MONDAY.replace(day=day), "EEEE", locale="zh_Hans_CN" if words.language().startswith("zh") else "en"
    )
    return _("every %(day)s") % {"day": name}


def _monthly(day: int) -> str:
    return _("on day %(n)s of each month") % {"n": day}

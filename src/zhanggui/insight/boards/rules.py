"""What a board shows, and when it is mailed, as values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec

from zhanggui.base import clock
from zhanggui.insight.boards.errors import NameUnfit, ScheduleUnfit, TileUnfit
from zhanggui.insight.metrics import rules as metrics
from zhanggui.insight.metrics.rules import EVERYTHING, FILTERABLE, Cut, Filters, Period

LONGEST_NAME: Final = 80
MOST_TILES: Final = 24
MOST_METRICS: Final = 8
MOST_FILTERS: Final = 50
LONGEST_ASKED: Final = 2_000
# From the 29th on a month may have no such day.
LAST_DAY: Final = 28
_DAY: Final = timedelta(days=1)
_MONTH_DAYS: Final = 31
_WEEK_DAYS: Final = 7


class Kind(StrEnum):
    """What a tile shows."""

    NUMBER = "number"
    LINE = "line"
    BARS = "bars"
    QUESTION = "question"
    FUNNEL = "funnel"
    RETENTION = "retention"


# What a tile of a kind may ask, by the names that its page's address has.
_NAMES: Final = {
    Kind.NUMBER: re.compile("m"),
    Kind.LINE: re.compile("m|by"),
    Kind.BARS: re.compile("m|by"),
    Kind.QUESTION: re.compile("m|by|then|only|near"),
    Kind.FUNNEL: re.compile(r"(event|sku|category|page)\.[1-8]|order|unit|window|by"),
    Kind.RETENTION: re.compile("step|way|show|begin|back|begin_event|return_event|by"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a tile shows.

    pairs  names and values as the address of the page has them, without shop, days and filters
    where  only what is one of these
    title  in its owner's words; empty for what the page would say
    """

    kind: Kind
    pairs: tuple[tuple[str, str], ...] = ()
    where: Filters = EVERYTHING
    title: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """The metrics that are asked for; none for a funnel or a table of cohorts."""
        return tuple(key for name, value in self.pairs if name == "m" for key in value.split(","))

    @property
    def by(self) -> str:
        """What it is split by, empty for nothing."""
        return next((value for name, value in self.pairs if name == "by"), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A tile on a board."""

    id: str
    asked: Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A board without its tiles.

    owner      the operator's number
    is_shared  all operators of the shop see it and may change it
    edition    grows with every change
    """

    id: str
    shop: str
    name: str
    owner: int
    is_shared: bool
    edition: int
    made_at: datetime

    def is_open_to(self, operator: int) -> bool:
        """Whether an operator may see it."""
        return self.is_shared or self.owner == operator


class Rhythm(StrEnum):
    """How often a board is mailed."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class Fault(StrEnum):
    """Why a mail that was due was not written."""

    NOBODY = "nobody"
    UNPROVED = "unproved"
    NO_SERVER = "no_server"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a board is mailed, by the shop's clock.

    hour     0 to 23
    day      1 to 7 from Monday for a weekly one, 1 to 28 for a monthly one, 0 for a daily one
    refuses  ScheduleUnfit
    """

    rhythm: Rhythm
    hour: int
    day: int = 0

    def __post_init__(self) -> None:
        last = {Rhythm.DAILY: 0, Rhythm.WEEKLY: _WEEK_DAYS, Rhythm.MONTHLY: LAST_DAY}[self.rhythm]
        if not (0 <= self.hour <= 23 and min(1, last) <= self.day <= last):
            raise ScheduleUnfit(rhythm=self.rhythm, hour=self.hour, day=self.day)

    def is_on(self, on: date) -> bool:
        """Whether a mail is due on that day."""
        match self.rhythm:
            case Rhythm.DAILY:
                return True
            case Rhythm.WEEKLY:
                return on.isoweekday() == self.day
            case Rhythm.MONTHLY:
                return on.day == self.day


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """Who gets a board by mail, and when.

    operator    the operator's number
    language    in which it is written
    ordered_at  what was due before that is not sent
    """

    id: str
    board_id: str
    operator: int
    schedule: Schedule
    language: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A board on its way to one person.

    to    the mail address
    on    the day on which it is due, in the shop's zone
    at    the moment of writing
    """

    subscription: Subscription
    board: Board
    tiles: tuple[Tile, ...]
    to: str
    on: date
    at: datetime

    @property
    def period(self) -> Period:
        """What it is about."""
        return covered(self.subscription.schedule.rhythm, self.on)


def name_of(typed: str) -> str:
    """A board's name in the one spelling that is kept: blanks folded, none around.

    refuses  NameUnfit
    """
    name = " ".join(typed.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise NameUnfit(name=name[:LONGEST_NAME])
    return name


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """A name like that which is not taken: with 2, 3, … behind it if need be.

    source   Tea, of Tea and tea 2 -> Tea 3
    """
    folded = {name.casefold() for name in taken}
    tails = ("" if n == 1 else f" {n}" for n in range(1, len(folded) + 2))
    names = (wanted[: LONGEST_NAME - len(tail)] + tail for tail in tails)
    return next(name for name in names if name.casefold() not in folded)


def asked(kind: str, pairs: Iterable[tuple[str, str]], *, where: Filters = EVERYTHING, title: str = "") -> Asked:
    """What a tile is to show, from an address; names that its page does not know are left out.

    refuses  TileUnfit if there is no such kind, or nothing of it can be counted
    """
    if kind not in tuple(Kind):
        raise TileUnfit(reason="kind")
    known = _NAMES[Kind(kind)]
    kept = tuple((name, value) for name, value in pairs if value and known.fullmatch(name))
    found = Asked(kind=Kind(kind), pairs=kept, where=where, title=" ".join(title.split())[:LONGEST_NAME])
    if sum(len(name) + len(value) for name, value in kept) > LONGEST_ASKED:
        raise TileUnfit(reason="length")
    if sum(len(values) for values in where.by_cut().values()) > MOST_FILTERS:
        raise TileUnfit(reason="length")
    _check(found)
    return found


def narrowed(where: Filters, further: Filters) -> Filters | None:
    """Filters on top of each other; None if they leave nothing.

    source   north or south, then south or east -> south; north, then south -> None
    """
    said, more = where.by_cut(), further.by_cut()
    both = {cut: _both(said.get(cut), more.get(cut)) for cut in FILTERABLE if cut in said or cut in more}
    if not all(both.values()):
        return None
    return replace(EVERYTHING, **{cut.value: values for cut, values in both.items()})


def due(schedule: Schedule, *, since: datetime, at: datetime, zone: str) -> date | None:
    """The last day on which a mail was due by then; None if none was since it was ordered.

    Only the last one: who slept a week gets one mail, not seven. An hour that the clocks skip is the one that they
    show instead; of one that comes twice the first counts.

    source   daily at 7, Asia/Shanghai, 2026-11-22T22:59Z -> 2026-11-22, 23:00Z -> 2026-11-23
    """
    today = clock.day_of(at, zone)
    for back in range(_MONTH_DAYS + 1):
        on = today - back * _DAY
        moment = moment_of(schedule, on, zone)
        if schedule.is_on(on) and moment <= at:
            return on if moment >= since else None
    return None


def moment_of(schedule: Schedule, on: date, zone: str) -> datetime:
    """When the mail of a day leaves, UTC.

    source   at 2 in Europe/Berlin on 2026-03-29, when 2:00 to 3:00 is skipped -> 01:00Z, which is 3:00 there
    """
    return datetime.combine(on, time(schedule.hour), clock.zone(zone)).astimezone(UTC)


def covered(rhythm: Rhythm, on: date) -> Period:
    """The days that a mail of a day is about: the day before, the seven before, the calendar month before."""
    match rhythm:
        case Rhythm.DAILY:
            return Period(on - _DAY, on)
        case Rhythm.WEEKLY:
            return Period(on - _WEEK_DAYS * _DAY, on)
        case Rhythm.MONTHLY:
            month = on.replace(day=1)
            return Period((month - _DAY).replace(day=1), month)


def terms_of(found: Asked) -> dict[str, Any]:
    """What a tile shows, as JSON."""
    built: dict[str, Any] = msgspec.to_builtins(found)
    return built


def asked_of(terms: object) -> Asked:
    """The same back from JSON."""
    return msgspec.convert(terms, Asked)


def _check(found: Asked) -> None:
    """A metric there is, that can be cut and filtered so."""
    if found.kind in (Kind.FUNNEL, Kind.RETENTION):
        return
    keys = found.keys
    if not keys or len(keys) > MOST_METRICS or any(key not in metrics.METRICS for key in keys):
        raise TileUnfit(reason="metric")
    if found.kind is Kind.QUESTION:
        return
    cut = Cut(found.by) if found.by in tuple(Cut) else None
    is_cut_right = {
        Kind.NUMBER: True,
        Kind.LINE: cut is None or cut.step is not None,
        Kind.BARS: cut is not None and cut.step is None and cut is not Cut.SEGMENT,
    }[found.kind]
    if len(keys) > 1 or not is_cut_right:
        raise TileUnfit(reason="cut")
    if not metrics.can_answer(keys[0], by=cut, where=found.where):
        raise TileUnfit(reason="answer")


def _both(one: tuple[str, ...] | None, other: tuple[str, ...] | None) -> tuple[str, ...]:
    if one is None or other is None:
        return one or other or ()
    return tuple(value for value in one if value in other)

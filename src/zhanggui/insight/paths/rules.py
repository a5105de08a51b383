"""Paths, stays and devices as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import EVERYTHING, Filters
from zhanggui.insight.paths.errors import PathUnfit

FEWEST_PLACES: Final = 2
MOST_PLACES: Final = 8
# Where one kind of stay ends and the next begins, in seconds.
STAY_ENDS: Final = (5, 15, 60, 180)


class Nodes(StrEnum):
    """What the places of a path are.

    KINDS   pages by the first part of their address: /p/tea/ and /p/cup/ are both /p/*
    PAGES   each page on its own
    EVENTS  what happened, page views left out
    """

    KINDS = "kinds"
    PAGES = "pages"
    EVENTS = "events"


class Unit(StrEnum):
    """Whose way it is: of each visit on its own, or of a person through the whole period."""

    SESSIONS = "sessions"
    PEOPLE = "people"


class Towards(StrEnum):
    """Whether the path begins or ends at the chosen place."""

    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The ways of a period's visits or people.

    What is seen several times without anything in between is one place. What happens in the same microsecond stands in
    the order of the places' names. A path begins at the first time that the chosen place comes, or ends there.

    start, end  business days, half open
    anchor      the chosen place; empty for where the way itself begins or ends
    places      at most so many
    where       what a sighting has to be like to count
    refuses     PathUnfit
    """

    start: date
    end: date
    nodes: Nodes = Nodes.KINDS
    unit: Unit = Unit.SESSIONS
    towards: Towards = Towards.FROM
    anchor: str = ""
    places: int = 4
    where: Filters = EVERYTHING

    def __post_init__(self) -> None:
        if not FEWEST_PLACES <= self.places <= MOST_PLACES:
            raise PathUnfit(reason="places")


@dataclass(frozen=True, slots=True, kw_only=True)
class Walkers:
    """The people of a path; the terms of a segment."""

    question: Question
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A way and who took it.

    count   ways, which are sessions or people
    people  known people among them
    """

    places: tuple[str, ...]
    count: int
    people: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """How many ways came by a node at one place."""

    node: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The ways of a period.

    paths   the most often taken first
    stops   for each place the nodes most ways came by
    ways    all that came by the chosen place
    others  different paths that are not listed
    """

    question: Question
    paths: tuple[Path, ...]
    stops: tuple[tuple[Stop, ...], ...]
    ways: int
    others: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """How long a page was looked at: until the next page of the same session.

    views    of the page; known: those that were not the last of their session, whose stay is known
    sum_us, twice_median_us  of the known ones, exact
    sessions, ordered  with a view of it, and those of them with an order
    """

    node: str
    views: int
    known: int
    sum_us: int
    twice_median_us: int
    sessions: int
    ordered: int

    @property
    def mean(self) -> timedelta | None:
        """The mean of the known stays, down to the microsecond."""
        return timedelta(microseconds=self.sum_us // self.known) if self.known else None

    @property
    def median(self) -> timedelta | None:
        """The median of the known stays, down to the microsecond."""
        return timedelta(microseconds=self.twice_median_us // 2) if self.known else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Sessions by how long they stayed on product pages together, and how many of them ordered.

    least_s, most_s  seconds, half open; no end for the longest
    """

    least_s: int
    most_s: int | None
    sessions: int
    ordered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """Stays by page, the most often seen first, and what staying on product pages goes along with."""

    stays: tuple[Stay, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSet:
    """People by all that they came with in the period, such as phone and desktop.

    buyers  those of them who paid an order in it
    """

    devices: tuple[str, ...]
    people: int
    buyers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceUse:
    """What is done on a device.

    browsed_us   from the first to the last sighting of each session, together
    with_adds    sessions in which something went into the cart; with_orders: in which an order was placed
    """

    device: str
    sessions: int
    browsed_us: int
    with_adds: int
    with_orders: int

    @property
    def mean(self) -> timedelta:
        """How long a session is, down to the microsecond."""
        return timedelta(microseconds=self.browsed_us // self.sessions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Paid orders by what their buyer came with first in the period, and what the order was placed with."""

    first: str
    last: str
    orders: int
    people: int
    paid: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """How people use devices in a period.

    crossings  those of known people who were seen before they paid, the most orders first
    """

    sets: tuple[DeviceSet, ...]
    uses: tuple[DeviceUse, ...]
    crossings: tuple[Crossing, ...]

    @property
    def crossed(self) -> int:
        """Orders placed with something else than what their buyer came with first."""
        return sum(one.orders for one in self.crossings if one.first != one.last)

    @property
    def orders(self) -> int:
        """All orders of the crossings."""
        return sum(one.orders for one in self.crossings)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPeople:
    """People who came with exactly these devices in a period; the terms of a segment."""

    start: date
    end: date
    devices: tuple[str, ...]

"""Paths, stays and devices as values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.rules import EVERYTHING, Cut, Filters
from zhanggui.insight.paths.errors import PathUnfit

FEWEST_PLACES: Final = 2
MOST_PLACES: Final = 8
# Where one kind of stay ends and the next begins, in seconds.
STAY_ENDS: Final = (5, 15, 60, 180)
# By what page views and visits can be filtered.
OF_PAGES: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.DEVICE})
OF_BLOCKS: Final = frozenset({Cut.DEVICE})
OF_VISITS: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE})


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
    """The people of a path, or of a part of one; the terms of a segment.

    place  where in their ways `path` stands, counted as in `Paths.stops`; None: their whole way is `path`
    """

    question: Question
    path: tuple[str, ...]
    place: int | None = None


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
class Leg:
    """How many ways went from a node to another at the next place; an empty one stands for all without a stop."""

    source: str
    target: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The ways of a period.

    paths   the most often taken first
    stops   for each place the nodes most ways came by
    first   the number of the first place: 1, or as many before the chosen end as there are, the end being 0
    whole   for each place all ways that have it
    legs    from each place to the next, the most often taken first
    ways    all that came by the chosen place
    others  different paths that are not listed
    """

    question: Question
    paths: tuple[Path, ...]
    stops: tuple[tuple[Stop, ...], ...]
    first: int
    whole: tuple[int, ...]
    legs: tuple[tuple[Leg, ...], ...]
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


class Deed(StrEnum):
    """What a visit may come to: something was put into the cart, or an order was placed."""

    ADDED = "added"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A block in view.

    visits  that had it in view
    ms      for how long all of them together, in milliseconds; of one visit at most half an hour a day
    """

    visits: int
    ms: int

    @property
    def mean(self) -> timedelta | None:
        """How long a visit that saw it had it in view, on average."""
        return timedelta(milliseconds=self.ms // self.visits) if self.visits else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A part of a page, in visits that came to the deed and in those that did not."""

    name: str
    done: Look
    undone: Look


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPage:
    """A page, or a kind of pages, and how many visits told what was in view there."""

    page: str
    visits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocks:
    """What is looked at on a page.

    done, undone  visits that told anything of the page, by whether they came to the deed on the same day
    blocks        those that most visits had in view first
    pages         to choose from, the most visited first
    """

    page: str
    deed: Deed
    done: int
    undone: int
    blocks: tuple[Block, ...]
    pages: tuple[ToldPage, ...]


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
    """People who came with exactly these devices in a period; the terms of a segment.

    where  what their visits are like; a device among them, others besides
    """

    start: date
    end: date
    devices: tuple[str, ...]
    where: Filters = EVERYTHING


def stops_and_legs(
    taken: Sequence[Sequence[Leg]], *, most: int
) -> tuple[tuple[tuple[Stop, ...], ...], tuple[tuple[Leg, ...], ...]]:
    """For each place its nodes that most ways came by, and the legs between them.

    taken  place by place where its ways went on to; an empty target for those that ended there
    most   so many nodes a place; what comes by the others is one leg to or from an empty node
    """
    stops = tuple(_stops(legs, most) for legs in taken)
    named = [frozenset(stop.node for stop in place) for place in stops]
    return stops, tuple(_legs(legs, named[place], named[place + 1]) for place, legs in enumerate(taken[:-1]))


def _stops(legs: Iterable[Leg], most: int) -> tuple[Stop, ...]:
    counts = Counter[str]()
    for leg in legs:
        counts[leg.source] += leg.count
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Stop(node=node, count=count) for node, count in ranked[:most])


def _legs(legs: Iterable[Leg], sources: frozenset[str], targets: frozenset[str]) -> tuple[Leg, ...]:
    counts = Counter[tuple[str, str]]()
    for leg in legs:
        if leg.target:
            ends = (leg.source if leg.source in sources else "", leg.target if leg.target in targets else "")
            counts[ends] += leg.count
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Leg(source=source, target=target, count=count) for (source, target), count in ranked)

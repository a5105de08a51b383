"""A briefing as frozen values: sections of findings, their numbers, and what is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

VERSION: Final = 1
LONGEST_WORDS: Final = 2000
_PLACES: Final = Decimal("0.000001")


class Kind(StrEnum):
    """What a briefing is about. FUNNEL is the way of the visitors through any days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    FUNNEL = "funnel"


class State(StrEnum):
    """A draft may be written anew; what is published stays as it is."""

    DRAFT = "draft"
    PUBLISHED = "published"


class Unit(StrEnum):
    """What a number is counted in; POINTS are hundredths by which two rates differ, as a rate."""

    MONEY = "money"
    COUNT = "count"
    RATE = "rate"
    POINTS = "points"
    TIMES = "times"
    HOURS = "hours"
    DAYS = "days"
    SECONDS = "seconds"


class Sort(StrEnum):
    """What the code of a thing is a code of, so that a door knows its name."""

    METRIC = "metric"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    CATEGORY = "category"
    REGION = "region"
    DEVICE = "device"
    SKU = "sku"
    BUYERS = "buyers"
    FACTOR = "factor"
    BRANCH = "branch"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HOUR = "hour"
    EVENT = "event"
    BUYER_KIND = "buyer_kind"
    AREA = "area"
    SIGNAL = "signal"
    GRADE = "grade"
    NAME = "name"
    WORD = "word"


class Shape(StrEnum):
    """How a chart is drawn: lines for time, bars for parts, stairs from one amount to another, steps of a funnel."""

    LINE = "line"
    BARS = "bars"
    STAIRS = "stairs"
    STEPS = "steps"


class Outcome(StrEnum):
    """What a decision becomes."""

    GOAL = "goal"
    PLAY = "play"
    BUDGET = "budget"


class Verdict(StrEnum):
    """What the operator says to a proposal; CHANGE is an acceptance with another target."""

    ACCEPT = "accept"
    CHANGE = "change"
    DROP = "drop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The question that a number answers, so that anybody can ask it again.

    metric      key of the dictionary, or the analysis that answered
    first, end  its days, half open
    cut, cell   what alone was looked at; both empty for the whole shop
    page        a page of the console by its name; args: what its address names besides
    query       the query part of that address
    """

    metric: str
    first: date
    end: date
    cut: str = ""
    cell: str = ""
    page: str
    args: tuple[str, ...] = ()
    query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """An exact figure: a whole number, or one over another.

    name         of its place in the sentence or the column of the table
    numerator    minor units, pieces, people; of a rate its upper part
    denominator  1 for a plain count or sum; 0 where there is nothing to divide by
    source       None for what follows from the other numbers of its finding
    """

    name: str
    unit: Unit
    numerator: int
    denominator: int = 1
    source: Source | None = None

    @property
    def size(self) -> Decimal | None:
        """The figure as a plain number, amounts in minor units; None if it stands on nothing."""
        return Decimal(self.numerator) / self.denominator if self.denominator else None

    @property
    def rounded(self) -> Decimal | None:
        """The same to the sixth place, half up."""
        return None if self.size is None else self.size.quantize(_PLACES, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something that a sentence names: a region, a product, a metric, a month.

    name    of its place in the sentence
    zh, en  what it was called when the document was written; empty where its code says it
    """

    name: str
    sort: Sort
    code: str
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was found: a door has the sentence for its kind.

    key     unique in the document and the same when it is written anew
    weight  the money it is about in minor units (people where no money is known): what is larger stands first
    """

    key: str
    kind: str
    things: tuple[Thing, ...] = ()
    numbers: tuple[Number, ...] = ()
    weight: int = 0

    def number(self, name: str) -> Number | None:
        """The number at a place of the sentence."""
        return next((one for one in self.numbers if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table: what it is about, and a number for each column that has one."""

    thing: Thing
    numbers: tuple[Number, ...]

    def number(self, name: str) -> Number | None:
        """The number of a column."""
        return next((one for one in self.numbers if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers of one kind of thing.

    heads  names of the columns behind the first, each with its words at the door
    """

    key: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line or the bars of one colour; None is a gap."""

    name: str
    sizes: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of a finding.

    title  key of the finding whose sentence it shows
    unit   MONEY in minor units, or COUNT
    at     its points or bars, in order
    """

    key: str
    shape: Shape
    title: str
    unit: Unit
    at: tuple[Thing, ...]
    series: tuple[Series, ...]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A chapter or a part of one."""

    key: str
    findings: tuple[Finding, ...]
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something that is proposed for the next period.

    kind        of the sentence at the door
    because     key of the finding that it answers
    metric      what it is to move; move: of a play, the kind of action
    numbers     with `baseline` and `target` for a goal, with `expected` where the gain can be told
    first, end  the days in which it is to hold, half open
    """

    key: str
    outcome: Outcome
    kind: str
    because: str
    metric: str = ""
    move: str = ""
    things: tuple[Thing, ...] = ()
    numbers: tuple[Number, ...] = ()
    first: date
    end: date

    def number(self, name: str) -> Number | None:
        """The number at a place of the sentence."""
        return next((one for one in self.numbers if one.name == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A briefing: everything that is in it, and nothing of the moment at which it was written.

    first, end  its days, half open; until: the first day that was not counted, before `end` while they run
    effects     ids of the plays whose measured effect it quotes
    """

    version: int = VERSION
    kind: Kind
    shop: str
    shop_name: str
    zone: str
    currency: str
    first: date
    end: date
    until: date
    sections: tuple[Section, ...]
    decisions: tuple[Decision, ...] = ()
    effects: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether all its days are counted."""
        return self.until >= self.end

    def findings(self) -> Iterator[Finding]:
        """All findings, in order."""
        for section in self.sections:
            yield from section.findings

    def finding(self, key: str) -> Finding | None:
        """The finding of that key."""
        return next((one for one in self.findings() if one.key == key), None)

    def decision(self, key: str) -> Decision | None:
        """The proposal of that key."""
        return next((one for one in self.decisions if one.key == key), None)


def ranked(findings: list[Finding]) -> tuple[Finding, ...]:
    """Findings by the money they are about, the most first; equal ones by their keys."""
    return tuple(sorted(findings, key=lambda one: (-one.weight, one.key)))

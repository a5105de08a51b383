"""What a number is counted from, as frozen values: cuts, tables, measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from zhanggui.insight.metrics.rules.periods import Step

T = TypeVar("T")

# How people are counted when near is enough; where the numbers of people make sets, these take its place.
_STEPS: Final = {step.value: step for step in Step}
NEAR: Final = "approx_count_distinct(person)"


class Cut(StrEnum):
    """How a number can be split.

    NEWNESS  new or returning: a person is returning on a day if an order of theirs was paid on an earlier one
    SEGMENT  people kept under a name; segments may overlap, so they never add up
    """

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    REGION = "region"
    CATEGORY = "category"
    SKU = "sku"
    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    DEVICE = "device"
    NEWNESS = "newness"
    SEGMENT = "segment"

    @property
    def step(self) -> Step | None:
        """The length of its cells if it cuts time."""
        return _STEPS.get(self.value)


class Lack(StrEnum):
    """Why a number cannot be split: what its table is kept without."""

    ORDERS_WITHOUT_GOODS = "orders_without_goods"
    VISITS_WITHOUT_GOODS = "visits_without_goods"
    PARCELS_WITHOUT_GOODS = "parcels_without_goods"
    STOCK_WITHOUT_BUYERS = "stock_without_buyers"
    FEW_FACTS = "few_facts"
    PEOPLE_WITHOUT_GOODS = "people_without_goods"
    SPEND_WITHOUT_PEOPLE = "spend_without_people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """A table and what of it can be counted: a daily table, or one joined from several.

    sums     name and DuckDB aggregate over all rows of a cell
    own      the same over the rows of one person in a cell; `Source.sql` speaks of both by name, and of `person`
    distinct name, condition and column of what is counted once however often it happened
    columns  by which its rows can be split and filtered; HOUR if it says when each row happened, in `moment`
    moment   the column that says when in the day, so that a running period is held against the same hours; empty if
             the table cannot say
    lack     why it can be split by no other column
    """

    table: str
    sums: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    distinct: dict[str, tuple[str, str]] = field(default_factory=dict)
    columns: frozenset[Cut]
    moment: str = ""
    lack: Lack

    def spoken(self, measures: Sequence[Measure], aggregates: dict[str, T]) -> dict[str, T]:
        """Those of the aggregates that the measures speak of."""
        words = {word for one in measures for word in re.findall(r"\w+", one.source_in(self.table).sql)}
        return {name: sql for name, sql in aggregates.items() if name in words}

    def asks_for_people(self, measures: Sequence[Measure]) -> bool:
        """Whether any of the measures has to look at people one by one."""
        return any("person" in one.source_in(self.table).sql for one in measures)


class Newness(StrEnum):
    """Whether somebody's first paid order lies in the cell, or on a day before it."""

    NEW = "new"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """A number of people or rows, or what these add up to, as arrays can say it: `Source.sql` says the same.

    Of the rows of a cell those of known people count whose column is one of the texts, or above 0 if none is named.

    least    how many such rows somebody needs to count
    adds     the column that is added up over the rows; people are counted if it is empty
    newness  only people who are that in the cell
    of_rows  such rows themselves are counted or added up, those of nobody known too
    """

    column: str = ""
    among: tuple[str, ...] = ()
    least: int = 1
    adds: str = ""
    newness: Newness | None = None
    of_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One way to a number: an aggregate over the folded rows of a table.

    nearly  an aggregate over the rows themselves that comes near the same number without looking at people one by one;
            empty if there is none
    heads   the same number as arrays can say it; None if they cannot
    """

    table: str
    sql: str
    nearly: str = ""
    heads: Heads | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A whole number, the numerator or denominator of metrics.

    sources   the cheapest first; the first one that can be split as asked is taken; all of them give the same number
    needs     columns joined to the folded rows: `first_day`, a person's first day with a paid order
    is_timed  whether it can be counted up to a moment within a day
    """

    key: str
    sources: tuple[Source, ...]
    needs: str = ""
    is_timed: bool = True

    def source_in(self, table: str) -> Source:
        """How it is counted from that table."""
        return next(source for source in self.sources if source.table == table)

"""What a table of cohorts asks, and what comes of it, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from zhanggui.insight.metrics.rules import EVERYTHING, Cut, Filters, Period, Step, cell_of
from zhanggui.insight.retention.errors import RetentionUnfit

STEPS: Final = (Step.DAY, Step.WEEK, Step.MONTH)
MOST_COLUMNS: Final = 40
FURTHEST: Final = 125


class Begin(StrEnum):
    """What puts somebody into a cohort.

    EVERY  each cell of time in which the event happened: somebody may be in many cohorts
    """

    FIRST_VISIT = "first_visit"
    FIRST_ORDER = "first_order"
    REGISTRATION = "registration"
    FIRST_EVENT = "first_event"
    EVERY_EVENT = "every_event"


class Return(StrEnum):
    """What counts as coming back."""

    VISIT = "visit"
    ORDER = "order"
    EVENT = "event"


# What is known of a beginning: of a visit and of an order not what it was about, of an event not its campaign.
_MARKS: Final = frozenset({Cut.REGION, Cut.CHANNEL, Cut.DEVICE})
_OF_EVENTS: Final = _MARKS | {Cut.CATEGORY, Cut.SKU}
_OF_VISITS: Final = _MARKS | {Cut.CAMPAIGN}


class Split(StrEnum):
    """What cohorts are made of instead of time: as it was when somebody began."""

    CHANNEL = "channel"
    REGION = "region"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How long after the cohort's cell somebody has to come back.

    start, end  cells, both included: (7, 7) is the seventh day exactly, (1, 7) any of the first seven, and without an
                end the seventh or any later one up to the moment of asking
    """

    start: int
    end: int | None

    @property
    def last(self) -> int:
        """The cell that has to be over before the column can be said."""
        return self.start if self.end is None else self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A table of cohorts.

    start, end      business days, half open, in which somebody began
    step            a day, a week or a month
    begin_event, return_event  named where an event is what counts
    where           what the beginning has to be like: the very first one, not the first of this kind
    refuses         RetentionUnfit
    """

    start: date
    end: date
    step: Step
    columns: tuple[Column, ...]
    begin: Begin = Begin.FIRST_VISIT
    begin_event: str = ""
    back: Return = Return.VISIT
    return_event: str = ""
    by: Split | None = None
    where: Filters = EVERYTHING

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise RetentionUnfit(reason="step")
        fit = all(0 <= one.start <= one.last <= FURTHEST for one in self.columns)
        if not 0 < len(self.columns) <= MOST_COLUMNS or not fit:
            raise RetentionUnfit(reason="columns")
        is_named = self.begin not in (Begin.FIRST_EVENT, Begin.EVERY_EVENT) or self.begin_event
        if not is_named or (self.back is Return.EVENT and not self.return_event):
            raise RetentionUnfit(reason="event")
        if self.by is not None and self.begin is Begin.EVERY_EVENT:
            raise RetentionUnfit(reason="split")
        if not self.where.by_cut().keys() <= filterable(self.begin):
            raise RetentionUnfit(reason="filter")

    @property
    def cohorts(self) -> tuple[date, ...]:
        """The first days of the cohorts, oldest first."""
        return Period(self.start, self.end).cells(self.step)

    @property
    def furthest(self) -> int:
        """The last cell after a cohort's own that any column looks at."""
        return max(one.last for one in self.columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortCell:
    """The people of a cell of the table, or of a whole row; the terms of a segment.

    cohort  its first day; None for all cohorts together that are old enough
    value   of the split, None without one
    column  its place; None for the whole cohort
    is_back  those who came back, else those who did not
    today   of asking: what is old enough and how far "or later" goes does not move
    """

    question: Question
    cohort: date | None
    value: str | None = None
    column: int | None
    is_back: bool = True
    today: date

    def __post_init__(self) -> None:
        if self.column is not None and not 0 <= self.column < len(self.question.columns):
            raise RetentionUnfit(reason="columns")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Those of a cohort who came back.

    count, of     of so many
    paid_minor    what the cohort paid in these cells, whoever came back; None where money is not asked for
    is_complete   False while some of these days are still to come; the share may then still grow
    """

    count: int
    of: int
    paid_minor: int | None
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A cohort.

    key     its first day, or the value of the split
    cells   in the order of the columns; None where nothing of the column has come yet
    """

    key: date | str
    people: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A table of cohorts.

    rows   cohorts oldest first, or the values of the split, the largest first
    whole  all cohorts that are old enough for a column together
    """

    question: Question
    rows: tuple[Row, ...]
    whole: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A cohort as it was counted.

    counts, paid_minor  in the order of the columns
    """

    people: int
    counts: tuple[int, ...]
    paid_minor: tuple[int | None, ...]


def filterable(begin: Begin) -> frozenset[Cut]:
    """By what the beginnings can be filtered."""
    return _OF_VISITS if begin in (Begin.FIRST_VISIT, Begin.FIRST_ORDER) else _OF_EVENTS


def exact(*places: int) -> tuple[Column, ...]:
    """Columns of single cells."""
    return tuple(Column(start=place, end=place) for place in places)


def rolling(*places: int) -> tuple[Column, ...]:
    """Columns of a cell or any later one."""
    return tuple(Column(start=place, end=None) for place in places)


def intervals(*ends: tuple[int, int]) -> tuple[Column, ...]:
    """Columns of several cells."""
    return tuple(Column(start=start, end=end) for start, end in ends)


def answer_of(question: Question, counted: Mapping[tuple[str, int], Counted], *, today: date) -> Answer:
    """The table that counts make.

    counted  by value of the split and place of the cohort
    today    the business day of asking, which is not over
    """
    cells = question.cohorts
    done = [
        [is_over(question, place, column, today=today) for column in question.columns] for place in range(len(cells))
    ]
    if question.by is None:
        money = 0 if question.back is Return.ORDER else None
        nobody = Counted(people=0, counts=(0,) * len(question.columns), paid_minor=(money,) * len(question.columns))
        rows = [_row(question, place, counted.get(("", place), nobody), today=today) for place in range(len(cells))]
    else:
        values = sorted({value for value, _ in counted})
        by_value = {value: {place: one for (said, place), one in counted.items() if said == value} for value in values}
        rows = [_sum_row(question, value, by_value[value].items(), done) for value in values]
        rows.sort(key=lambda row: (-row.people, row.key))
    whole = _sum_row(question, "", ((place, one) for (_, place), one in sorted(counted.items())), done)
    return Answer(question=question, rows=tuple(rows), whole=whole)


def is_over(question: Question, place: int, column: Column, *, today: date) -> bool:
    """Whether all days that a column looks at of a cohort are over."""
    return first_day(question, place + column.last + 1) <= today


def first_day(question: Question, place: int) -> date:
    """The first day of a cell, counted from the first cohort's."""
    start = cell_of(question.start, question.step)
    if question.step is Step.MONTH:
        months = start.year * 12 + start.month - 1 + place
        return date(months // 12, months % 12 + 1, 1)
    return start + timedelta(days=place * (7 if question.step is Step.WEEK else 1))


def _row(question: Question, place: int, one: Counted, *, today: date) -> Row:
    cells: list[Cell | None] = []
    for column, count, paid_minor in zip(question.columns, one.counts, one.paid_minor, strict=True):
        if first_day(question, place + column.start) > today:
            cells.append(None)
        else:
            is_complete = is_over(question, place, column, today=today)
            cells.append(Cell(count=count, of=one.people, paid_minor=paid_minor, is_complete=is_complete))
    return Row(key=question.cohorts[place], people=one.people, cells=tuple(cells))


def _sum_row(question: Question, key: str, counted: Iterable[tuple[int, Counted]], done: list[list[bool]]) -> Row:
    """Several cohorts as one: each column of those that are old enough for it."""
    ones = list(counted)
    cells: list[Cell | None] = []
    for n, _ in enumerate(question.columns):
        old = [one for place, one in ones if done[place][n]]
        if not any(row[n] for row in done):
            cells.append(None)
            continue
        has_money = question.back is Return.ORDER
        paid_minor = sum(one.paid_minor[n] or 0 for one in old) if has_money else None
        cells.append(
            Cell(
                count=sum(one.counts[n] for one in old),
                of=sum(one.people for one in old),
                paid_minor=paid_minor,
                is_complete=True,
            )
        )
    return Row(key=key, people=sum(one.people for _, one in ones), cells=tuple(cells))

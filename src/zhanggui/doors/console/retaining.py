"""The table of cohorts: what its address asks for, and its answer as it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from zhanggui.base.look import formats
from zhanggui.base.money import Money
from zhanggui.doors.console import cohort_words, words
from zhanggui.doors.console.exporting import Cell as FileCell
from zhanggui.doors.console.exporting import Table, as_rate
from zhanggui.doors.console.scope import Scope
from zhanggui.insight.metrics.rules import Period, Step
from zhanggui.insight.retention import rules
from zhanggui.insight.retention.queries import SEGMENT_KIND
from zhanggui.insight.retention.rules import Answer, Begin, Cell, CohortCell, Column, Question, Return, Row, Split
from zhanggui.insight.segments.rules import Source, terms_of


class Way(StrEnum):
    """When somebody has to come back."""

    EXACT = "exact"
    ROLLING = "rolling"
    INTERVAL = "interval"


class Shown(StrEnum):
    """What stands in a cell."""

    SHARE = "share"
    PEOPLE = "people"
    MONEY = "money"


WAYS: Final = {
    Way.EXACT: lazy("in exactly that cell of time"),
    Way.ROLLING: lazy("then or later"),
    Way.INTERVAL: lazy("in a span"),
}
SHOWN: Final = {
    Shown.SHARE: lazy("Share"),
    Shown.PEOPLE: lazy("People"),
    Shown.MONEY: lazy("Paid a head"),
}
_PLACES: Final = {Step.DAY: (*range(15), 21, 30), Step.WEEK: tuple(range(13)), Step.MONTH: tuple(range(13))}
_SPANS: Final = {
    Step.DAY: ((1, 7), (8, 14), (15, 30)),
    Step.WEEK: ((1, 4), (5, 8), (9, 12)),
    Step.MONTH: ((1, 3), (4, 6), (7, 12)),
}
HEAD: Final = (1, 7, 30)
_MOST_ROWS: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """A cell as it is read.

    name   what a button says that opens it: the row's and the column's place
    heat   0 to 5, by the share against the largest after the cohort's own cell
    """

    name: str
    said: str
    full: str
    heat: int
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """A cohort as it is read; a cell is None where nothing of it has come yet."""

    name: str
    key: str
    people: int
    cells: tuple[ShownCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadCard:
    """How many came back after so many days, of all that are old enough."""

    day: int
    cell: Cell | None
    share: Decimal | None


def question_of(query: Mapping[str, str], scope: Scope) -> Question:
    """The question of an address.

    refuses  RetentionUnfit
    """
    step = step_of(query, scope.period)
    begin = Begin(query["begin"]) if query.get("begin") in tuple(Begin) else Begin.FIRST_VISIT
    back = Return(query["back"]) if query.get("back") in tuple(Return) else Return.VISIT
    is_event = begin in (Begin.FIRST_EVENT, Begin.EVERY_EVENT)
    by = query.get("by", "")
    return Question(
        start=scope.period.start,
        end=scope.period.end,
        step=step,
        columns=_columns(step, way_of(query)),
        begin=begin,
        begin_event=query.get("begin_event", "")[:200] if is_event else "",
        back=back,
        return_event=query.get("return_event", "")[:200] if back is Return.EVENT else "",
        by=Split(by) if by in tuple(Split) and begin is not Begin.EVERY_EVENT else None,
        where=scope.where_by(rules.filterable(begin)),
    )


def step_of(query: Mapping[str, str], period: Period) -> Step:
    """The length of a cohort: what the address says, else what gives a table that can be read; never 100 rows."""
    usual = Step.DAY if period.days <= 31 else Step.WEEK if period.days <= 184 else Step.MONTH
    said = query.get("step", "")
    step = Step(said) if said in rules.STEPS else usual
    is_long = len(period.cells(step)) > _MOST_ROWS
    return usual if is_long else step


def way_of(query: Mapping[str, str]) -> Way:
    """When somebody has to come back."""
    said = query.get("way", "")
    return Way(said) if said in tuple(Way) else Way.EXACT


def shown_of(query: Mapping[str, str], question: Question) -> Shown:
    """What stands in the cells; money only where coming back is to order."""
    said = query.get("show", "")
    shown = Shown(said) if said in tuple(Shown) else Shown.SHARE
    return Shown.SHARE if shown is Shown.MONEY and question.back is not Return.ORDER else shown


def pairs_of(question: Question, way: Way, shown: Shown) -> Iterator[tuple[str, str]]:
    """The question as names and values of an address."""
    yield "step", question.step
    yield "way", way
    yield "show", shown
    yield "begin", question.begin
    yield "back", question.back
    if question.begin_event:
        yield "begin_event", question.begin_event
    if question.return_event:
        yield "return_event", question.return_event
    if question.by:
        yield "by", question.by


def by_days(question: Question) -> Question:
    """The same people asked for the head figures: back on the first, seventh and thirtieth day exactly."""
    return replace(question, step=Step.DAY, columns=rules.exact(*HEAD), by=None)


def has_head(question: Question) -> bool:
    """Whether the answer to a question holds the head figures too, so that nothing else need be asked."""
    wanted = by_days(question)
    return question == replace(wanted, columns=question.columns) and set(wanted.columns) <= set(question.columns)


def head(answer: Answer) -> tuple[HeadCard, ...]:
    """The head figures, of an answer that holds them."""
    cells = dict(zip(answer.question.columns, answer.whole.cells, strict=True))
    found = [(day, cells[column]) for day, column in zip(HEAD, rules.exact(*HEAD), strict=True)]
    return tuple(HeadCard(day=day, cell=cell, share=_share(cell) if cell else None) for day, cell in found)


def rows(answer: Answer, scope: Scope, *, shown: Shown) -> tuple[ShownRow, ...]:
    """All cohorts together, then each; those that lie ahead are left out."""
    question = answer.question
    most = max((_share(cell) or Decimal(0) for _, cell in _later_cells(answer)), default=Decimal(0))
    whole = _row(answer.whole, question, scope, name=_("All that are old enough"), key="", shown=shown, most=most)
    begun = [row for row in answer.rows if isinstance(row.key, str) or row.key <= scope.today]
    return (
        whole,
        *(
            _row(
                row,
                question,
                scope,
                name=cohort_words.row(question, row.key),
                key=str(row.key) or "-",
                shown=shown,
                most=most,
            )
            for row in begun
        ),
    )


def finding(answer: Answer) -> str:
    """What the table shows, in a sentence."""
    people = answer.whole.people
    if not people:
        return _("Nobody began in this period.")
    later = [
        (column, cell)
        for column, cell in zip(answer.question.columns, answer.whole.cells, strict=True)
        if column.start and cell and cell.of
    ]
    count = formats.number(people, language=words.language())
    if not later:
        return _("%(count)s people began; none of them is old enough yet.") % {"count": count}
    column, cell = later[0]
    return _("%(rate)s came back: %(when)s.") % {
        "rate": formats.percent(_share(cell) or 0, language=words.language()),
        "when": cohort_words.column(column, answer.question.step),
    }


def source_of(question: Question, said: str, *, today: date) -> Source | None:
    """The people whom a cell's button means, as `row.column`; None if it means none.

    said  the row is a day, a value of the split (- for none), or empty for all; the column a place or empty for all
    """
    key, _dot, place = said.rpartition(".")
    if (place and not place.isdecimal()) or len(place) > 3:
        return None
    column = int(place) if place else None
    cohort = value = None
    if question.by is not None and key:
        value = "" if key == "-" else key
    elif key:
        cohort = _day(key)
        if cohort not in question.cohorts:
            return None
    if column is not None and column >= len(question.columns):
        return None
    wanted = CohortCell(question=question, cohort=cohort, value=value, column=column, today=today)
    return Source(kind=SEGMENT_KIND, terms=terms_of(wanted))


def table(answer: Answer, scope: Scope, *, shown: Shown) -> Table:
    """What the page shows, as rows; shares as rates."""
    question = answer.question
    heads = [cohort_words.column(column, question.step) for column in question.columns]
    all_rows = [(_("All that are old enough"), answer.whole)]
    all_rows += [
        (cohort_words.row(question, row.key), row)
        for row in answer.rows
        if isinstance(row.key, str) or row.key <= scope.today
    ]
    return Table(
        name=f"retention-{scope.shop.code}-{question.start}-{question.end - timedelta(days=1)}",
        heads=(_("Cohort"), _("People"), *heads),
        rows=[
            (name, row.people, *(_plain(cell, scope, shown=shown) if cell else None for cell in row.cells))
            for name, row in all_rows
        ],
    )


def _columns(step: Step, way: Way) -> tuple[Column, ...]:
    if way is Way.INTERVAL:
        return rules.intervals(*_SPANS[step])
    return rules.exact(*_PLACES[step]) if way is Way.EXACT else rules.rolling(*_PLACES[step])


def _later_cells(answer: Answer) -> Iterator[tuple[Column, Cell]]:
    """Cells after the cohort's own, which nearly everybody is in."""
    for row in answer.rows:
        for column, cell in zip(answer.question.columns, row.cells, strict=True):
            if column.start and cell and cell.of >= 10:
                yield column, cell


def _row(row: Row, question: Question, scope: Scope, *, name: str, key: str, shown: Shown, most: Decimal) -> ShownRow:
    return ShownRow(
        name=name,
        key=key,
        people=row.people,
        cells=tuple(
            _cell(cell, scope, name=f"{key}.{place}", shown=shown, most=most) if cell else None
            for place, cell in enumerate(row.cells)
        ),
    )


def _cell(cell: Cell, scope: Scope, *, name: str, shown: Shown, most: Decimal) -> ShownCell:
    share = _share(cell)
    language = words.language()
    heat = min(5, int(-(-5 * share // most))) if share and most else 0
    counts = _("%(count)s of %(of)s") % {
        "count": formats.number(cell.count, language=language),
        "of": formats.number(cell.of, language=language),
    }
    return ShownCell(
        name=name,
        said=_said(cell, share, scope, shown=shown),
        full=_("%(counts)s, not over yet") % {"counts": counts} if not cell.is_complete else counts,
        heat=heat,
        is_open=not cell.is_complete,
    )


def _said(cell: Cell, share: Decimal | None, scope: Scope, *, shown: Shown) -> str:
    language = words.language()
    if shown is Shown.PEOPLE:
        return formats.number(cell.count, language=language)
    if shown is Shown.MONEY:
        amount = _a_head(cell, scope)
        return "—" if amount is None else formats.money(amount, language=language)
    return "—" if share is None else formats.percent(share, language=language)


def _plain(cell: Cell, scope: Scope, *, shown: Shown) -> FileCell:
    if shown is Shown.PEOPLE:
        return cell.count
    return _a_head(cell, scope) if shown is Shown.MONEY else as_rate(_share(cell))


def _a_head(cell: Cell, scope: Scope) -> Money | None:
    """What the cohort paid over its people, half up to the minor unit."""
    if cell.paid_minor is None or not cell.of:
        return None
    return Money(cell.paid_minor, scope.shop.currency).times(Decimal(1) / cell.of)


def _share(cell: Cell) -> Decimal | None:
    return (Decimal(cell.count) / cell.of).quantize(Decimal("0.000001")) if cell.of else None


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None

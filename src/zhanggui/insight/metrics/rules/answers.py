"""A question about metrics, how it is taken apart, and the answer, as frozen values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from zhanggui.base.money import Money
from zhanggui.insight.metrics.errors import CutRefused
from zhanggui.insight.metrics.rules.dictionary import Metric, Unit, metric, named
from zhanggui.insight.metrics.rules.periods import Period, Step, after
from zhanggui.insight.metrics.rules.sources import BASES, MEASURES, Cut, Measure, Source

_RATE_PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Only what is one of these; an empty tuple lets all through, an empty text is what has no such mark."""

    region: tuple[str, ...] = ()
    channel: tuple[str, ...] = ()
    campaign: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    sku: tuple[str, ...] = ()

    def by_cut(self) -> dict[Cut, tuple[str, ...]]:
        """The filters that filter, by what they look at."""
        kept = ((cut, getattr(self, cut.value)) for cut in FILTERABLE)
        return {cut: values for cut, values in kept if values}


FILTERABLE: Final = (Cut.REGION, Cut.CHANNEL, Cut.CAMPAIGN, Cut.DEVICE, Cut.CATEGORY, Cut.SKU)
EVERYTHING: Final = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """People whom somebody keeps under a name.

    sql      DuckDB's query with one column `person`, each person once
    """

    name: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of the dictionary.

    metrics  keys, in the order of the answer; the first one sorts a cut that is not of time
    then     a second cut, each cell of the first one split once more
    only     the only people who count
    crowds   the cells of a cut by segment, in the order of the answer
    compare  another period whose figures are given beside, cut short as the period itself still is
    at       the moment of asking; what lies behind it is not over yet
    limit    at most so many cells of a cut that is not of time
    is_approximate  people may be estimated where that is quicker
    is_paired  whether cells of both cuts are asked for, or only those of each
    """

    shop: str
    zone: str
    currency: str
    metrics: tuple[str, ...]
    period: Period
    by: Cut | None = None
    then: Cut | None = None
    where: Filters = EVERYTHING
    only: Crowd | None = None
    crowds: tuple[Crowd, ...] = ()
    compare: Period | None = None
    at: datetime
    limit: int | None = None
    is_approximate: bool = False
    is_paired: bool = True

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The cuts there are, at most two."""
        return tuple(cut for cut in (self.by, self.then) if cut is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A metric's figure, exact: a whole number, or a whole number over another.

    denominator     None for a plain count or sum; 0 where there is nothing to divide by, the value is then None
    is_approximate  whether people were estimated, within about 2 of 100, because that was asked for
    """

    metric: str
    currency: str
    numerator: int
    denominator: int | None = None
    is_approximate: bool = False

    @property
    def value(self) -> int | Money | Decimal | None:
        """The figure as one reads it: a count, an amount (half up to the minor unit), a rate to the sixth place."""
        unit = named(self.metric).unit
        if self.denominator == 0:
            return None
        if unit is Unit.MONEY:
            return Money(self.numerator, self.currency).times(Decimal(1) / Decimal(self.denominator or 1))
        if self.denominator is None:
            return self.numerator
        return (Decimal(self.numerator) / Decimal(self.denominator)).quantize(_RATE_PLACES, ROUND_HALF_UP)

    @property
    def size(self) -> Decimal | None:
        """The figure as a plain number, amounts in minor units, for sorting and drawing."""
        if self.denominator == 0:
            return None
        return Decimal(self.numerator) / Decimal(self.denominator or 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A cell of a cut, or the whole.

    key          the cell's first day, its hour on the shop's clock, or the text it is split by; empty for the whole
    then         the same of the second cut; empty if there is none, or for all of it
    is_complete  False while days of it are still to come or lie outside the period
    """

    key: date | str = ""
    then: date | str = ""
    figures: tuple[Figure, ...]
    is_complete: bool = True

    def of(self, key: str) -> Figure:
        """The figure of a metric that was asked for."""
        return next(figure for figure in self.figures if figure.metric == key)

    def get(self, key: str) -> Figure | None:
        """The same where it may be missing."""
        return next((figure for figure in self.figures if figure.metric == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the tables say.

    rows           cells of time oldest first and without gaps; other cells by the first metric, largest first
    seconds        cells of the second cut over all cells of the first, in the same order
    pairs          cells of both cuts in which anything was counted, by the order of `rows`, then of `seconds`
    sources        from which tables it was counted, and which numbers from each
    whole          counted on its own, not the sum of the rows
    compared       the other period, up to the same moment in it; a figure is missing where its table cannot say
    compared_rows  cells of the other period, whole, to be laid beside the rows in order
    row_count      how many cells there are, those beyond the limit included
    """

    question: Question
    rows: tuple[Row, ...] = ()
    whole: Row
    compared: Row | None = None
    compared_rows: tuple[Row, ...] = ()
    row_count: int = 0
    seconds: tuple[Row, ...] = ()
    pairs: tuple[Row, ...] = ()
    sources: tuple[Read, ...] = ()

    @property
    def daily_tables(self) -> tuple[str, ...]:
        """The daily tables behind all of it, each once."""
        return tuple(dict.fromkeys(name for read in self.sources for name in read.made_of))

    def is_to_come(self, row: Row) -> bool:
        """Whether a row is an hour that had not begun when it was asked: nothing can have been counted in it."""
        return isinstance(row.key, datetime) and row.key > self.question.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A table that was read for an answer.

    made_of   the daily tables behind it
    measures  the whole numbers that were counted from it
    """

    table: str
    made_of: tuple[str, ...]
    measures: tuple[str, ...]


def measures_of(keys: tuple[str, ...]) -> tuple[Measure, ...]:
    """The whole numbers that metrics are made of, each once, in order."""
    wanted: dict[str, None] = {}
    for key in keys:
        one = metric(key)
        wanted |= dict.fromkeys(name for name in (one.numerator, one.denominator) if name)
    return tuple(MEASURES[name] for name in wanted)


def plan(question: Question) -> dict[str, tuple[Measure, ...]]:
    """Which measures to count from which table: each from the cheapest that is kept by the cuts and the filters.

    refuses  CutRefused if no table that a measure can be counted from is kept by the cut and the filters
    """
    found: dict[str, list[Measure]] = {}
    for measure in measures_of(question.metrics):
        found.setdefault(_source(measure, question).table, []).append(measure)
    return {table: tuple(measures) for table, measures in found.items()}


def can_answer(
    key: str, *, by: Cut | None = None, then: Cut | None = None, where: Filters = EVERYTHING, by_people: bool = False
) -> bool:
    """Whether a metric can be split and filtered that way.

    by_people  whether only some people count
    """
    wanted = _columns((by, then), where, by_people=by_people)
    return all(
        any(wanted <= BASES[source.table].columns for source in measure.sources) for measure in measures_of((key,))
    )


def nearly(measure: Measure, table: str, *, is_approximate: bool) -> str:
    """The aggregate that comes near a measure, if that was asked for and there is one."""
    return measure.source_in(table).nearly if is_approximate else ""


def figure_of(one: Metric, counted: Mapping[str, int], currency: str, *, estimated: Collection[str] = ()) -> Figure:
    """A metric's figure from its measures; a measure that was not counted is 0.

    estimated  the measures that are not exact
    """
    return Figure(
        metric=one.key,
        currency=currency,
        numerator=counted.get(one.numerator, 0),
        denominator=counted.get(one.denominator, 0) if one.denominator else None,
        is_approximate=one.numerator in estimated or one.denominator in estimated,
    )


def is_complete(cell: date, step: Step, *, period: Period, today: date) -> bool:
    """Whether a cell of days lies wholly inside the period and is over."""
    end = after(cell, step)
    return cell >= period.start and end <= period.end and end <= today


def change_rate(now: Figure, then: Figure) -> Decimal | None:
    """How much larger a figure is than another, as a rate; for rates, the difference itself, in points.

    source   120 against 100 -> 0.2; a rate of 0.05 against 0.04 -> 0.01; against 0 -> None
    """
    new, old = now.size, then.size
    if new is None or old is None:
        return None
    if metric(now.metric).unit.is_share:
        return (new - old).quantize(_RATE_PLACES, ROUND_HALF_UP)
    return ((new - old) / abs(old)).quantize(_RATE_PLACES, ROUND_HALF_UP) if old else None


def day_and_rest(question: Question, today: date) -> tuple[date, bool] | None:
    """Up to which day of the other period it is counted, and whether that day itself only to the same hour.

    None if all of it counts, because the period is over.
    """
    if question.compare is None or today >= question.period.end:
        return None
    day = question.compare.start + (today - question.period.start)
    return (day, True) if day < question.compare.end else (question.compare.end, False)


def _source(measure: Measure, question: Question) -> Source:
    wanted = _columns(question.cuts, question.where, by_people=question.only is not None)
    for source in measure.sources:
        if wanted <= BASES[source.table].columns:
            return source
    base = BASES[measure.sources[-1].table]
    asked_by = [key for key in question.metrics if measure.key in (metric(key).numerator, metric(key).denominator)]
    raise CutRefused(metric=asked_by[0], cut=min(wanted - base.columns), reason=base.lack)


def _columns(cuts: Iterable[Cut | None], where: Filters, *, by_people: bool) -> frozenset[Cut]:
    """What a table must be kept by; days are in all of them."""
    split = {cut for cut in cuts if cut is not None and (cut.step is None or cut is Cut.HOUR)}
    people = {Cut.SEGMENT} if by_people else set()
    return frozenset(split | where.by_cut().keys() | people)

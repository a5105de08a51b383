"""Figures counted from the cheapest tables that can say them, kept until those change."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.metrics.queries import tables
from zhanggui.insight.metrics.queries.asking import Held, add, ask, ask_shown, both, first_days_sql, where_sql
from zhanggui.insight.metrics.queries.cells import Cell, Counted, Key, Span
from zhanggui.insight.metrics.queries.hours import hours_of, is_over
from zhanggui.insight.metrics.queries.kept import keeper
from zhanggui.insight.metrics.rules import answers as rules
from zhanggui.insight.metrics.rules.answers import Answer, Crowd, Filters, Question, Read, Row
from zhanggui.insight.metrics.rules.dictionary import metric
from zhanggui.insight.metrics.rules.periods import Period
from zhanggui.insight.metrics.rules.sources import BASES, Cut, Measure

__all__ = ["answer", "first_days_sql", "query", "where_sql"]

_kept = keeper(Answer, most=256)


def query(
    shop: str,
    metrics: Sequence[str],
    period: Period,
    *,
    by: Cut | None = None,
    then: Cut | None = None,
    where: Filters = rules.EVERYTHING,
    only: Crowd | None = None,
    crowds: Sequence[Crowd] = (),
    compare: Period | None = None,
    limit: int | None = None,
    at: datetime | None = None,
    is_approximate: bool = False,
) -> Answer:
    """What a shop's figures are in a period, exactly, as its tables stand now; `Answer.sources` says from which.

    metrics  keys of the dictionary; the first one sorts a cut that is not of time
    then     a second cut, by which every cell of the first is split once more
    only     people who alone count
    crowds   the people of each cell of a cut by segment
    compare  another period whose figures are given beside; if the period still runs, only up to the same moment of it
    limit    at most so many cells of a cut that is not of time
    at       the moment of asking, to the minute; this moment if not given
    is_approximate  let people be estimated where that is quicker; the figures say so
    refuses  NoSuchShop, NoSuchMetric, CutRefused; PeriodEmpty when the period is made
    """
    books = shops.shop(shop)
    moment = (at or clock.now()).replace(second=0, microsecond=0)
    question = Question(
        shop=shop,
        zone=books.zone,
        currency=books.currency,
        metrics=tuple(metrics),
        period=period,
        by=by if by is not None else then,
        then=then if by is not None and then is not by else None,
        where=where,
        only=only,
        crowds=tuple(crowds),
        compare=compare,
        at=_at(metrics, period, moment, books.zone),
        limit=limit,
        is_approximate=is_approximate,
    )
    return _kept.get(shop, question, lambda: answer(question))


def answer(question: Question) -> Answer:
    """Work a question out; `query` keeps what this gives."""
    if Cut.SEGMENT in question.cuts:
        return _by_segment(question)
    planned = rules.plan(question)
    counted = _counted_wide(question, planned) if _is_wide(question) else _counted(question, planned)[0]
    return _laid_out(question, counted, reads=_reads(question, planned))


_Planned = dict[str, tuple[Measure, ...]]


def _counted(
    question: Question, planned: _Planned, crowds: Sequence[Crowd | None] = (None,), *, held: Held | None = None
) -> list[Counted]:
    """Crowd by crowd what all tables say; None stands for everybody."""
    counted: list[Counted] = [{} for _ in crowds]
    for table, measures in planned.items():
        add(counted, ask(question, BASES[table], measures, crowds, held=held))
    return counted


def _is_wide(question: Question) -> bool:
    """Whether a shop may have a hundred thousand cells of a cut, of which only a few are shown by another one."""
    return Cut.SKU in question.cuts and question.then is not None and question.limit is not None


def _counted_wide(question: Question, planned: _Planned) -> Counted:
    """The cells of each cut, and then only those of both that are shown."""
    held: Held = {}
    (counted,) = _counted(replace(question, is_paired=False), planned, held=held)
    keys, thens = _keys(question, counted)
    shown = [str(key) for key in (keys if question.by is Cut.SKU else thens)]
    where = replace(question.where, sku=tuple(shown[: question.limit]))
    if not where.sku:
        return counted
    few = replace(question, where=where, compare=None)
    for table, measures in planned.items():
        for cell, numbers in ask_shown(few, BASES[table], measures, Cut.SKU, held).items():
            if None not in (cell.key, cell.then):
                counted.setdefault(cell, {}).update(numbers)
    return counted


def _at(metrics: Sequence[str], period: Period, moment: datetime, zone: str) -> datetime:
    """The moment that matters: none after the end of the period, but to what ripens long after it."""
    end = clock.span_of(period.end, zone)[0]
    tables_asked = {source.table for one in rules.measures_of(tuple(metrics)) for source in one.sources}
    if moment < end or not tables_asked & tables.RIPENING:
        return min(moment, end)
    return clock.span_of(clock.day_of(moment, zone), zone)[0]


def _reads(question: Question, planned: _Planned) -> tuple[Read, ...]:
    return tuple(
        Read(table=table, made_of=tables.made_of(table, question), measures=tuple(one.key for one in measures))
        for table, measures in planned.items()
    )


def _by_segment(question: Question) -> Answer:
    """Each crowd counted for itself, for they overlap; the whole is everybody."""
    is_first = question.by is Cut.SEGMENT
    plain = replace(question, by=question.then if is_first else question.by, then=None, crowds=(), limit=None)
    everybody, each = _crowded(plain, question.crowds)
    whole = _laid_out(plain, everybody, reads=_reads(plain, rules.plan(plain)))
    reads = _reads(plain, rules.plan(_few(plain, question.crowds)))
    asked = [
        (crowd.name, _laid_out(replace(plain, only=both(crowd, plain.only)), counted, reads=reads))
        for crowd, counted in zip(question.crowds, each, strict=True)
    ]
    alone = tuple(replace(found.whole, key=name) for name, found in asked)
    whole = replace(whole, question=question, sources=reads)
    if question.then is None:
        compared = tuple(found.compared for _name, found in asked if found.compared)
        return replace(whole, rows=alone, compared_rows=compared, row_count=len(alone))
    inner = [(name, row) for name, found in asked for row in found.rows]
    if is_first:
        seconds = tuple(replace(row, key="", then=row.key) for row in whole.rows)
        pairs = tuple(replace(row, key=name, then=row.key) for name, row in inner)
        return replace(whole, rows=alone, seconds=seconds, pairs=pairs, compared_rows=(), row_count=len(alone))
    rank = {row.key: n for n, row in enumerate(whole.rows)}
    pairs = tuple(
        replace(row, then=name) for name, row in sorted(inner, key=lambda one: rank.get(one[1].key, len(rank)))
    )
    return replace(whole, seconds=tuple(replace(row, key="", then=row.key) for row in alone), pairs=pairs)


def _few(question: Question, crowds: Sequence[Crowd]) -> Question:
    """The question, of the people of the first of some crowds."""
    return replace(question, only=both(crowds[0], question.only)) if crowds else question


def _crowded(question: Question, crowds: Sequence[Crowd]) -> tuple[Counted, list[Counted]]:
    """What everybody's rows say, and each crowd's: read once if the same tables can say both."""
    of_all, of_few = rules.plan(question), rules.plan(_few(question, crowds))
    if of_all == of_few:
        everybody, *each = _counted(question, of_all, (None, *crowds))
        return everybody, each
    return _counted(question, of_all)[0], _counted(question, of_few, crowds)


def _laid_out(question: Question, counted: Counted, *, reads: tuple[Read, ...]) -> Answer:
    keys, thens = _keys(question, counted)
    shown = keys if question.by is None or question.by.step else keys[: question.limit]
    shown_thens = thens if question.then is None or question.then.step else thens[: question.limit]
    rows = tuple(_row(question, counted, Cell(Span.PERIOD, key)) for key in shown)
    seconds = tuple(_row(question, counted, Cell(Span.PERIOD, None, then)) for then in shown_thens)
    return Answer(
        question=question,
        rows=rows,
        seconds=seconds,
        pairs=tuple(_pairs(question, counted, rows, seconds)),
        whole=_row(question, counted, Cell(Span.PERIOD)),
        compared=_sayable(question, _row(question, counted, Cell(Span.COMPARED))) if question.compare else None,
        compared_rows=tuple(_compared_rows(question, counted, shown)),
        row_count=len(keys),
        sources=reads,
    )


def _pairs(question: Question, counted: Counted, rows: Sequence[Row], seconds: Sequence[Row]) -> Iterator[Row]:
    """The cells of both cuts in which anything was counted; the cut of time says whether a cell is over."""
    is_timed = question.by is not None and question.by.step is not None
    for row in rows:
        for second in seconds:
            cell = Cell(Span.PERIOD, row.key, second.then)
            if any(counted.get(cell, {}).values()):
                yield _row(question, counted, cell, is_complete=(row if is_timed else second).is_complete)


def _keys(question: Question, counted: Counted) -> tuple[list[date | str], list[date | str]]:
    """All cells of each cut, in their order."""
    keys = _cells(question, counted, question.by, lambda key: Cell(Span.PERIOD, key))
    return keys, _cells(question, counted, question.then, lambda key: Cell(Span.PERIOD, None, key))


def _cells(question: Question, counted: Counted, cut: Cut | None, at: Callable[[Key], Cell]) -> list[date | str]:
    """The cells of a cut in its order: all of time, or those where anything was counted; none without a metric."""
    if cut is None or not question.metrics:
        return []
    if cut is Cut.HOUR:
        return list(hours_of(question.period, question.zone))
    if cut.step:
        return list(question.period.cells(cut.step))
    first = metric(question.metrics[0])

    def largest_first(key: date | str) -> tuple[float, str]:
        numbers = counted[at(key)]
        over = numbers.get(first.denominator, 0) if first.denominator else 1
        return (-numbers.get(first.numerator, 0) / over if over else math.inf, str(key))

    named = {key for cell in counted for key in (cell.key, cell.then) if key is not None}
    return sorted((key for key in named if any(counted.get(at(key), {}).values())), key=largest_first)


def _compared_rows(question: Question, counted: Counted, keys: Sequence[date | str]) -> Iterator[Row]:
    if question.by is None or question.compare is None:
        return
    if question.by.step:
        is_short = any(cell.span is Span.COMPARED_CELLS for cell in counted)
        span = Span.COMPARED_CELLS if is_short else Span.COMPARED
        others = _cells(replace(question, period=question.compare), counted, question.by, lambda key: Cell(span, key))
        yield from (_row(question, counted, Cell(span, key)) for key in others)
    else:
        yield from (_sayable(question, _row(question, counted, Cell(Span.COMPARED, key))) for key in keys)


def _row(question: Question, counted: Counted, cell: Cell, *, is_complete: bool | None = None) -> Row:
    """A row of figures; a measure without rows in its table is 0.

    is_complete  whether the cell is over, if that is known
    """
    numbers, estimated = counted.get(cell, {}), _estimated(question)
    figures = tuple(
        rules.figure_of(metric(key), numbers, question.currency, estimated=estimated) for key in question.metrics
    )
    return Row(
        key="" if cell.key is None else cell.key,
        then="" if cell.then is None else cell.then,
        figures=figures,
        is_complete=_is_complete(question, cell) if is_complete is None else is_complete,
    )


def _estimated(question: Question) -> frozenset[str]:
    """The measures that are not exact."""
    if not question.is_approximate:
        return frozenset()
    planned = rules.plan(question).items()
    return frozenset(one.key for table, measures in planned for one in measures if one.source_in(table).nearly)


def _is_complete(question: Question, cell: Cell) -> bool:
    period = question.period if cell.span is Span.PERIOD or question.compare is None else question.compare
    today = clock.day_of(question.at, question.zone)
    for key, cut in ((cell.key, question.by), (cell.then, question.then)):
        if cut is None or cut.step is None or not isinstance(key, date):
            continue
        if isinstance(key, datetime):
            return is_over(key, at=question.at, zone=question.zone)
        return rules.is_complete(key, cut.step, period=period, today=today)
    return period.end <= today


def _sayable(question: Question, row: Row) -> Row:
    """Without the figures that no table can count up to a moment within a day, where that is needed."""
    short = rules.day_and_rest(question, clock.day_of(question.at, question.zone))
    if short is None or not short[1]:
        return row
    bases = {measure.key: BASES[table] for table, measures in rules.plan(question).items() for measure in measures}
    untimed = {
        key
        for key in question.metrics
        if not all(one.is_timed and bases[one.key].moment for one in rules.measures_of((key,)))
    }
    return replace(row, figures=tuple(figure for figure in row.figures if figure.metric not in untimed))

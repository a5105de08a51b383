"""Figures counted from the daily tables: one question to DuckDB for each table that is needed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import IntEnum

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake import rules as lake_rules
from zhanggui.insight.metrics.queries.kept import keeper
from zhanggui.insight.metrics.rules import answers as rules
from zhanggui.insight.metrics.rules.answers import Answer, Filters, Question, Row
from zhanggui.insight.metrics.rules.dictionary import metric
from zhanggui.insight.metrics.rules.periods import Period
from zhanggui.insight.metrics.rules.sources import BASES, Base, Cut, Measure


class Span(IntEnum):
    """Which days are counted.

    COMPARED_CELLS  all of the other period, where COMPARED has only as much of it as the period has had yet
    """

    PERIOD = 0
    COMPARED = 1
    COMPARED_CELLS = 2


# A cell's counted measures: (span, whole or not, cell) -> measure -> number.
Counted = dict[tuple[int, bool, date | str | None], dict[str, int]]

_kept = keeper(Answer, most=256)


def query(
    shop: str,
    metrics: Sequence[str],
    period: Period,
    *,
    by: Cut | None = None,
    where: Filters = rules.EVERYTHING,
    compare: Period | None = None,
    limit: int | None = None,
    at: datetime | None = None,
) -> Answer:
    """What a shop's figures are in a period, exactly, as its daily tables stand now.

    metrics  keys of the dictionary; the first one sorts a cut that is not of time
    compare  another period whose figures are given beside; if the period still runs, only up to the same moment of it
    limit    at most so many rows of a cut that is not of time
    at       the moment of asking, to the minute; this moment if not given
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
        by=by,
        where=where,
        compare=compare,
        at=min(moment, clock.span_of(period.end, books.zone)[0]),
        limit=limit,
    )
    return _kept.get(shop, question, lambda: answer(question))


def answer(question: Question) -> Answer:
    """Work a question out; `query` keeps what this gives."""
    counted: Counted = {}
    for rollup, measures in rules.plan(question).items():
        for key, numbers in _ask(question, BASES[rollup], measures).items():
            counted.setdefault(key, {}).update(numbers)
    cells = _cells(question, counted)
    shown = cells if question.by is None or question.by.step else cells[: question.limit]
    return Answer(
        question=question,
        rows=tuple(_row(question, counted, Span.PERIOD, cell) for cell in shown),
        whole=_row(question, counted, Span.PERIOD, None),
        compared=_sayable(question, _row(question, counted, Span.COMPARED, None)) if question.compare else None,
        compared_rows=tuple(_compared_rows(question, counted, shown)),
        row_count=len(cells),
    )


def _ask(question: Question, base: Base, measures: Sequence[Measure]) -> Counted:
    sql, params = _sql(question, base, measures)
    names = [measure.key for measure in measures]
    return {
        (span, is_whole, cell): {name: int(number or 0) for name, number in zip(names, numbers, strict=True)}
        for span, is_whole, cell, *numbers in lake.ask(sql, params)
    }


def _sql(question: Question, base: Base, measures: Sequence[Measure]) -> tuple[str, list[object]]:
    """Rows of the daily table -> one per cell, and one per person and cell where people are asked for -> one per cell.

    Each row counts in its cell and in the whole: people are counted there, never added up.
    """
    picked, params = _picked(question, base, measures)
    parts = []
    if sums := base.spoken(measures, base.sums):
        parts.append(_folded(question, sums))
    if base.asks_for_people(measures):
        parts.append(_folded(question, base.spoken(measures, base.own), of_people=True))
    for name, (condition, column) in base.spoken(measures, base.distinct).items():
        parts.append(_folded(question, {name: f"count(distinct {column})"}, condition=condition))
    joined = f"left join ({first_days_sql(question.shop)}) using (person)" if any(one.needs for one in measures) else ""
    counts = ", ".join(f"{measure.source_in(base.rollup).sql} as {measure.key}" for measure in measures)
    sql = f"""
        with picked as ({picked}), folded as ({" union all by name ".join(parts)})
        select span, is_whole, cell, {counts} from folded {joined} group by span, is_whole, cell"""
    return sql, params


def _folded(question: Question, aggregates: dict[str, str], *, of_people: bool = False, condition: str = "true") -> str:
    """The picked rows as one for each cell and one for the whole; or as one for each person there."""
    person = ["person"] if of_people else []
    start = "any_value(start)"
    if question.by and question.by.step:
        start = "case when grouping(cell) = 1 then any_value(start) else greatest(any_value(start), cell) end"
    columns = ["span", "cell", "grouping(cell) = 1 as is_whole", *person, f"{start} as cell_start"]
    columns += [f"{sql} as {name}" for name, sql in aggregates.items()]
    sets = [", ".join(["span", *cell, *person]) for cell in ([], ["cell"])]
    grouping = ", ".join(f"({names})" for names in sets)
    return f"select {', '.join(columns)} from picked where {condition} group by grouping sets ({grouping})"


def _picked(question: Question, base: Base, measures: Sequence[Measure]) -> tuple[str, list[object]]:
    """The wanted rows of each span with their cells, in the columns that the aggregates speak of."""
    where, values = where_sql(question.where)
    spoken = [*base.spoken(measures, base.sums).values(), *base.spoken(measures, base.own).values()]
    spoken += [" ".join(one) for one in base.spoken(measures, base.distinct).values()]
    people = {"person"} if base.asks_for_people(measures) else set()
    columns = sorted({"day"} | people | _spoken_of(base, " ".join(spoken)))
    # Every aggregate over orders and goods looks at kinds of rows by name; the others need not be read.
    if kinds := sorted(set(re.findall(r"'\w+'", " ".join(spoken)))):
        where += f" and kind in ({', '.join(kinds)})"
    parts, params = [], list[object]()
    for span, period, condition, until in _spans(question, base):
        relation = lake.rollup(question.shop, base.rollup, (period.start, period.end))
        parts.append(
            f"""select {span:d} as span, date '{period.start}' as start, {_cell(question.by)} as cell,
            {", ".join(columns)} from {relation} where {where} and {condition}"""
        )
        params += [*values, *until]
    return " union all ".join(parts), params


def _spans(question: Question, base: Base) -> Iterator[tuple[Span, Period, str, list[object]]]:
    """The periods to be counted, each with a condition and its parameters."""
    yield Span.PERIOD, question.period, "true", []
    if question.compare is None:
        return
    today = clock.day_of(question.at, question.zone)
    short = rules.day_and_rest(question, today)
    if short is None:
        yield Span.COMPARED, question.compare, "true", []
        return
    day, is_partial = short
    if is_partial and base.moment:
        passed = question.at - clock.span_of(today, question.zone)[0]
        until_us = clock.micros(clock.span_of(day, question.zone)[0] + passed)
        condition = f"(day < date '{day}' or (day = date '{day}' and {base.moment} < ?))"
        yield Span.COMPARED, question.compare, condition, [until_us]
    else:
        yield Span.COMPARED, question.compare, f"day < date '{day}'", []
    if question.by and question.by.step:
        yield Span.COMPARED_CELLS, question.compare, "true", []


def _spoken_of(base: Base, sql: str) -> set[str]:
    columns = (name for name, _ in lake_rules.rollup_named(base.rollup).columns)
    return {name for name in columns if re.search(rf"\b{name}\b", sql)}


def _cell(by: Cut | None) -> str:
    if by is None:
        return "null::varchar"
    return f"date_trunc('{by.step}', day)::date" if by.step else by.value


def where_sql(where: Filters) -> tuple[str, list[object]]:
    """A condition over the columns of a daily table, and its parameters."""
    conditions, values = ["true"], list[object]()
    for cut, wanted in where.by_cut().items():
        conditions.append(f"{cut.value} in ({', '.join('?' * len(wanted))})")
        values += wanted
    return " and ".join(conditions), values


def first_days_sql(shop: str) -> str:
    """A relation of `person` and `first_day`, from all days of the shop."""
    paid = f"select person, min(day) as first_day from {lake.rollup(shop, 'orders')}"
    return f"{paid} where kind = 'paid' and person <> '' group by person"


def _cells(question: Question, counted: Counted) -> list[date | str]:
    """The cells of the answer in its order: all cells of time, or those where anything was counted."""
    by = question.by
    if by is None:
        return []
    if by.step:
        return list(question.period.cells(by.step))
    first = metric(question.metrics[0])

    def largest_first(cell: date | str) -> tuple[float, str]:
        numbers = counted[Span.PERIOD, False, cell]
        over = numbers.get(first.denominator, 0) if first.denominator else 1
        return (-numbers.get(first.numerator, 0) / over if over else math.inf, str(cell))

    found = (cell for span, _, cell in counted if span == Span.PERIOD and cell is not None)
    return sorted((cell for cell in found if any(counted[Span.PERIOD, False, cell].values())), key=largest_first)


def _compared_rows(question: Question, counted: Counted, cells: Sequence[date | str]) -> Iterator[Row]:
    if question.by is None or question.compare is None:
        return
    if question.by.step:
        is_short = any(span == Span.COMPARED_CELLS for span, _, _ in counted)
        span = Span.COMPARED_CELLS if is_short else Span.COMPARED
        yield from (_row(question, counted, span, cell) for cell in question.compare.cells(question.by.step))
    else:
        yield from (_sayable(question, _row(question, counted, Span.COMPARED, cell)) for cell in cells)


def _row(question: Question, counted: Counted, span: Span, cell: date | str | None) -> Row:
    """A row of figures; a measure without rows in its table is 0."""
    numbers: Counter[str] = Counter(counted.get((span, cell is None, cell)))
    figures = tuple(rules.figure_of(metric(key), numbers, question.currency) for key in question.metrics)
    return Row(key="" if cell is None else cell, figures=figures, is_complete=_is_complete(question, span, cell))


def _is_complete(question: Question, span: Span, cell: date | str | None) -> bool:
    period = question.period if span is Span.PERIOD or question.compare is None else question.compare
    today = clock.day_of(question.at, question.zone)
    if isinstance(cell, date) and question.by is not None and (step := question.by.step):
        return rules.is_complete(cell, step, period=period, today=today)
    return period.end <= today


def _sayable(question: Question, row: Row) -> Row:
    """Without the figures that no table can count up to a moment within a day, where that is needed."""
    short = rules.day_and_rest(question, clock.day_of(question.at, question.zone))
    if short is None or not short[1]:
        return row
    bases = {measure.key: BASES[rollup] for rollup, measures in rules.plan(question).items() for measure in measures}
    untimed = {
        key
        for key in question.metrics
        if not all(one.is_timed and bases[one.key].moment for one in rules.measures_of((key,)))
    }
    return replace(row, figures=tuple(figure for figure in row.figures if figure.metric not in untimed))

"""Figures counted from the daily tables: one question to DuckDB for each table that is needed."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

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

# A cell's counted measures: (0 or 1 for the other period, whole or not, cell) -> measure -> number.
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
        rows=tuple(_row(question, counted, 0, cell) for cell in shown),
        whole=_row(question, counted, 0, None),
        compared=_sayable(question, _row(question, counted, 1, None)) if question.compare else None,
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
    """Rows of the daily table -> one per person and cell -> one per cell: people are counted, never added up."""
    picked, params = _picked(question, base, measures)
    parts = []
    for is_whole in (True, False) if question.by else (True,):
        is_cut_short, values = _is_within(question, base)
        if not is_whole and question.by and question.by.step:
            is_cut_short, values = "true", []
        per_person = base.used(measures, base.folds)
        parts.append(_folded(question, per_person, base.has_people, is_whole, is_cut_short))
        params += values
        if apart := base.used(measures, base.apart):
            parts.append(_folded(question, apart, False, is_whole, is_cut_short))
            params += values
    joined = f"left join ({first_days_sql(question.shop)}) using (person)" if any(one.needs for one in measures) else ""
    counts = ", ".join(f"{measure.source_in(base.rollup).sql} as {measure.key}" for measure in measures)
    sql = f"""
        with picked as ({picked}), folded as ({" union all by name ".join(parts)})
        select span, is_whole, cell, {counts} from folded {joined} group by span, is_whole, cell"""
    return sql, params


def _folded(question: Question, folds: dict[str, str], has_people: bool, is_whole: bool, condition: str) -> str:
    """The picked rows as one per person, or as one for everybody, of each cell or of the whole."""
    cell = "null::date" if question.by and question.by.step else "null::varchar"
    columns = "".join(f", {sql} as {name}" for name, sql in folds.items())
    is_time = question.by is not None and question.by.step is not None and not is_whole
    return f"""
        select span, {str(is_whole).lower()} as is_whole, {cell if is_whole else "cell"} as cell,
            {"person" if has_people else "''"} as person,
            {"greatest(any_value(start), cell)" if is_time else "any_value(start)"} as cell_start{columns}
        from picked where {condition} group by span{"" if is_whole else ", cell"}{", person" if has_people else ""}"""


def _picked(question: Question, base: Base, measures: Sequence[Measure]) -> tuple[str, list[object]]:
    """The wanted rows of both periods, each with its cell, in the columns that the folds speak of."""
    conditions, values = where_sql(question.where)
    folds = " ".join((base.used(measures, base.folds) | base.used(measures, base.apart)).values())
    always = ["day", *([base.moment] if base.moment else []), *(["person"] if base.has_people else [])]
    columns = sorted({*always, *_spoken_of(base, folds)})
    spans = [question.period] if question.compare is None else [question.period, question.compare]
    parts = [
        f"""select {span} as span, date '{period.start}' as start, {_cell(question.by)} as cell, {", ".join(columns)}
            from {lake.rollup(question.shop, base.rollup, (period.start, period.end))} where {conditions}"""
        for span, period in enumerate(spans)
    ]
    return " union all ".join(parts), values * len(spans)


def _spoken_of(base: Base, sql: str) -> set[str]:
    columns = (name for name, _ in lake_rules.rollup_named(base.rollup).columns)
    return {name for name in columns if re.search(rf"\b{name}\b", sql)}


def _cell(by: Cut | None) -> str:
    if by is None:
        return "null"
    return f"date_trunc('{by.step}', day)::date" if by.step else by.value


def where_sql(where: Filters) -> tuple[str, list[object]]:
    """A condition over the columns of a daily table, and its parameters."""
    conditions, values = ["true"], list[object]()
    for cut, wanted in where.by_cut().items():
        conditions.append(f"{cut.value} in ({', '.join('?' * len(wanted))})")
        values += wanted
    return " and ".join(conditions), values


def _is_within(question: Question, base: Base) -> tuple[str, list[object]]:
    """What of the other period counts: all, or only as much of it as the period itself has had yet."""
    today = clock.day_of(question.at, question.zone)
    short = rules.day_and_rest(question, today)
    if short is None:
        return "true", []
    day, is_partial = short
    if not is_partial or not base.moment:
        return f"(span = 0 or day < date '{day}')", []
    passed = question.at - clock.span_of(today, question.zone)[0]
    until_us = clock.micros(clock.span_of(day, question.zone)[0] + passed)
    return f"(span = 0 or day < date '{day}' or (day = date '{day}' and {base.moment} < ?))", [until_us]


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
        numbers = counted[0, False, cell]
        over = numbers.get(first.denominator, 0) if first.denominator else 1
        return (-numbers.get(first.numerator, 0) / over if over else math.inf, str(cell))

    found = (cell for span, _, cell in counted if span == 0 and cell is not None)
    return sorted((cell for cell in found if any(counted[0, False, cell].values())), key=largest_first)


def _compared_rows(question: Question, counted: Counted, cells: Sequence[date | str]) -> Iterator[Row]:
    if question.by is None or question.compare is None:
        return
    if question.by.step:
        yield from (_row(question, counted, 1, cell) for cell in question.compare.cells(question.by.step))
    else:
        yield from (_sayable(question, _row(question, counted, 1, cell)) for cell in cells)


def _row(question: Question, counted: Counted, span: int, cell: date | str | None) -> Row:
    """A row of figures; a measure without rows in its table is 0."""
    numbers: Counter[str] = Counter(counted.get((span, cell is None, cell)))
    figures = tuple(rules.figure_of(metric(key), numbers, question.currency) for key in question.metrics)
    return Row(key="" if cell is None else cell, figures=figures, is_complete=_is_complete(question, span, cell))


def _is_complete(question: Question, span: int, cell: date | str | None) -> bool:
    period = question.period if span == 0 or question.compare is None else question.compare
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

"""From measures to numbers: one question to DuckDB for each table that is needed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from zhanggui.base import clock
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics.queries import heads, sights
from zhanggui.insight.metrics.queries.cells import Cell, Counted, Key, Span, Stretch, stretches
from zhanggui.insight.metrics.queries.hours import hours_of, on_clock
from zhanggui.insight.metrics.queries.tables import table
from zhanggui.insight.metrics.rules import answers as rules
from zhanggui.insight.metrics.rules.answers import Crowd, Filters, Question
from zhanggui.insight.metrics.rules.periods import Period
from zhanggui.insight.metrics.rules.sources import NEAR, Base, Cut, Measure

# Tables whose rows say in `kind` what they are.
_KINDRED: Final = frozenset({"orders", "genuine_orders", "sku_days", "order_lines", "parcels"})
_SQL_WORDS: Final = frozenset({"and", "case", "else", "end", "filter", "in", "not", "or", "then", "true", "when"})
# Tables in which every person has a number from 1 on: people can be counted as sets of bits.
_NUMBERED: Final = frozenset({"visits", "orders", "genuine_orders", "active_people"})
# So many bytes of sets are held at once; more are counted one by one.
_MOST_BYTES: Final = 128_000_000
# What was read of a table.
Held = dict[str, sights.Reading]

# Nobody is neither.
_NEWNESS: Final = "case when person = 0 then '' when first_seen < day then 'returning' else 'new' end"


def ask(
    question: Question,
    base: Base,
    measures: Sequence[Measure],
    crowds: Sequence[Crowd | None] = (None,),
    *,
    held: Held | None = None,
) -> list[Counted]:
    """The numbers that one table gives, crowd by crowd, of all cells in which there is anything.

    crowds  None for everybody
    held    takes what was read, for `ask_shown`
    """
    counted: list[Counted] = [{} for _ in crowds]
    rest = list(measures)
    if known := heads.among(question, base, rest, crowds):
        add(counted, heads.count(question, base, known, crowds))
        rest = [one for one in rest if one not in known]
    if (known := sights.among(question, base, rest)) and (found := sights.count(question, base, known, crowds)):
        add(counted, found[0])
        rest = [one for one in rest if one not in known]
        if held is not None:
            held[base.table] = found[1]
    if rest:
        add(counted, _grouped(question, base, rest, crowds))
    return counted


def ask_shown(question: Question, base: Base, measures: Sequence[Measure], cut: Cut, held: Held) -> Counted:
    """The numbers that one table gives of some cells of a cut, which `where` picks: from what was read when all of them
    were asked for, if that can say.
    """
    reading = held.get(base.table)
    found = sights.count_shown(reading, cut, question.where.by_cut()[cut]) if reading else None
    if reading is None or found is None:
        return ask(question, base, measures)[0]
    rest = [one for one in measures if one.key not in reading.asked.wanted]
    counted = [found]
    if rest:
        add(counted, ask(question, base, rest))
    return counted[0]


def add(counted: Sequence[Counted], more: Sequence[Counted]) -> None:
    """Put more numbers of the same crowds beside those that were counted."""
    for cells, others in zip(counted, more, strict=True):
        for cell, numbers in others.items():
            cells.setdefault(cell, {}).update(numbers)


def both(crowd: Crowd | None, only: Crowd | None) -> Crowd | None:
    """The people of a crowd who are among the only ones."""
    if crowd is None or only is None:
        return crowd or only
    return replace(crowd, sql=f"({crowd.sql}) intersect ({only.sql})")


def _grouped(
    question: Question, base: Base, measures: Sequence[Measure], crowds: Sequence[Crowd | None]
) -> list[Counted]:
    """What DuckDB says: once of everybody, and once of all crowds."""
    members = [(n, crowd) for n, crowd in enumerate(crowds) if crowd is not None]
    counted: list[Counted] = [{} for _ in crowds]
    if members:
        _ask(question, base, measures, members, counted)
    for n, crowd in enumerate(crowds):
        if crowd is None:
            _ask(question, base, measures, [(n, None)], counted)
    return counted


def _ask(
    question: Question,
    base: Base,
    measures: Sequence[Measure],
    crowds: Sequence[tuple[int, Crowd | None]],
    counted: Sequence[Counted],
) -> None:
    """Put down the numbers of some crowds, each with its place; or of everybody."""
    sql, params = _sql(question, base, measures, crowds)
    names = [measure.key for measure in measures]
    for span, crowd, no_key, no_then, key, then, *numbers in lake.ask(sql, params):
        cell = Cell(
            Span(span),
            None if no_key else _key(key, question.by, question.zone),
            None if no_then else _key(then, question.then, question.zone),
        )
        counted[crowd][cell] = {name: int(number or 0) for name, number in zip(names, numbers, strict=True)}


def where_sql(where: Filters) -> tuple[str, list[object]]:
    """A condition over the columns of a table, and its parameters."""
    conditions, values = ["true"], list[object]()
    for cut, wanted in where.by_cut().items():
        conditions.append(f"{cut.value} in ({', '.join('?' * len(wanted))})")
        values += wanted
    return " and ".join(conditions), values


def first_days_sql(shop: str) -> str:
    """A relation of `person` and `first_day`, from all days of the shop."""
    paid = f"select person, min(day) as first_day from {lake.rollup(shop, 'orders')}"
    return f"{paid} where kind = 'paid' and person <> 0 group by person"


def _key(said: Key | int, cut: Cut | None, zone: str) -> Key:
    return on_clock(clock.from_micros(said), zone) if isinstance(said, int) else said


def _sql(
    question: Question, base: Base, measures: Sequence[Measure], crowds: Sequence[tuple[int, Crowd | None]]
) -> tuple[str, list[object]]:
    """Rows of the table -> one per cell, and one per person and cell where people are asked for -> one per cell.

    Each row counts in its cell and in the whole, of each crowd that its person is in: people are counted there, never
    added up.
    """
    near = {one.key: sql for one in measures if (sql := _nearly(question, base, one))}
    exact = [one for one in measures if one.key not in near]
    picked, params = _picked(question, base, measures, crowds)
    parts = []
    sets = _sets(question, base, exact, picked, params)
    if sets:
        counted = {f"near_{key}": f"bit_count(bit_or({key}))" for key in sets}
        parts.append(_folded(question, counted, table=_people_sets(question, sets)))
        exact = [one for one in exact if one.key not in sets]
        near |= sets
    sums = base.spoken(exact, base.sums) | {f"near_{key}": sql for key, sql in near.items() if key not in sets}
    if sums:
        parts.append(_folded(question, sums))
    if base.asks_for_people(exact):
        parts.append(_folded(question, base.spoken(exact, base.own), of_people=True))
    for name, (condition, column) in base.spoken(exact, base.distinct).items():
        parts.append(_folded(question, {name: f"count(distinct {column})"}, condition=condition))
    joined = f"left join ({first_days_sql(question.shop)}) using (person)" if any(one.needs for one in exact) else ""
    counts = ", ".join(
        f"{f'sum(near_{one.key})' if one.key in near else one.source_in(base.table).sql} as {one.key}"
        for one in measures
    )
    sql = f"""
        with picked as ({picked}), folded as ({" union all by name ".join(parts)})
        select span, crowd, no_key, no_then, key, again, {counts} from folded {joined}
        group by span, crowd, no_key, no_then, key, again"""
    return sql, params


def _sets(
    question: Question, base: Base, measures: Sequence[Measure], picked: str, params: Sequence[object]
) -> dict[str, str]:
    """The measures that count people, as sets of their numbers, where those of all cells are small enough to hold."""
    counts = {one.key: nearly for one in measures if (nearly := one.source_in(base.table).nearly)}
    is_fit = lake.answers_itself() and base.table in _NUMBERED and Cut.HOUR not in question.cuts
    if not counts or not is_fit:
        return {}
    most = lake.people_count(question.shop)
    cuts = [name for name, cut in (("key", question.by), ("again", question.then)) if cut]
    ((cells,),) = lake.ask(
        f"select count(*) from (select distinct {', '.join(['span', 'crowd', *cuts])} from ({picked}))", params
    )
    if cells * len(counts) * (most // 8 + 1) > _MOST_BYTES:
        return {}
    return {key: sql.replace(NEAR, f"bitstring_agg(person, 0, {most})") for key, sql in counts.items()}


def _people_sets(question: Question, sets: dict[str, str]) -> str:
    cuts = [name for name, cut in (("key", question.by), ("again", question.then)) if cut]
    kept = ["span", "crowd", *cuts]
    columns = ", ".join([*kept, "any_value(start) as start", *(f"{sql} as {key}" for key, sql in sets.items())])
    return f"(select {columns} from picked group by {', '.join(kept)})"


def _nearly(question: Question, base: Base, measure: Measure) -> str:
    return rules.nearly(measure, base.table, is_approximate=question.is_approximate)


def _folded(
    question: Question,
    aggregates: dict[str, str],
    *,
    of_people: bool = False,
    condition: str = "true",
    table: str = "picked",
) -> str:
    """The picked rows as one for each cell and one for the whole; or as one for each person there."""
    person = ["person"] if of_people else []
    cuts = [name for name, cut in (("key", question.by), ("again", question.then)) if cut]
    columns = ["span", "crowd", f"{_start(question)} as cell_start", *person]
    for name, flag in (("key", "no_key"), ("again", "no_then")):
        columns += [name, f"grouping({name}) = 1 as {flag}"] if name in cuts else [f"null as {name}", f"true as {flag}"]
    columns += [f"{sql} as {name}" for name, sql in aggregates.items()]
    most = len(cuts) if question.is_paired else 1
    kept: list[list[str]] = [some for n in range(most + 1) for some in map(list, combinations(cuts, n))]
    grouping = ", ".join(f"({', '.join(['span', 'crowd', *some, *person])})" for some in kept)
    return f"select {', '.join(columns)} from {table} where {condition} group by grouping sets ({grouping})"


def _start(question: Question) -> str:
    """The first day of a cell: who first paid from then on is new in it."""
    for name, cut in (("key", question.by), ("again", question.then)):
        if cut is not None and cut.step is not None:
            inside = "min(day)" if cut is Cut.HOUR else f"greatest(any_value(start), {name})"
            return f"case when grouping({name}) = 1 then any_value(start) else {inside} end"
    return "any_value(start)"


def _picked(
    question: Question, base: Base, measures: Sequence[Measure], crowds: Sequence[tuple[int, Crowd | None]]
) -> tuple[str, list[object]]:
    """The wanted rows of each span with their cells, in the columns that the aggregates speak of."""
    where, values = where_sql(question.where)
    if question.only:
        where += f" and person in (select person from ({question.only.sql}))"
    spoken = _spoken(question, base, measures)
    # Every aggregate over orders and goods looks at kinds of rows by name; the others need not be read.
    if base.table in _KINDRED and (kinds := sorted(set(re.findall(r"'\w+'", spoken)))):
        where += f" and kind in ({', '.join(kinds)})"
    columns = ["day", *sorted(_columns_in(spoken) - {"day"})]
    if base.asks_for_people(measures) and "person" not in columns:
        columns.append("person")
    cells = [f"{_cell(cut)} as {name}" for name, cut in (("key", question.by), ("again", question.then)) if cut]
    members = " union all ".join(f"select person, {n} as crowd from ({crowd.sql})" for n, crowd in crowds if crowd)
    joined = f"join ({members}) members using (person)" if members else ""
    crowd = "crowd" if members else f"{crowds[0][0]} as crowd"
    parts, params = [], list[object]()
    for stretch in stretches(question, base):
        period, (condition, until) = stretch.period, _condition(stretch, base)
        here = [f"{stretch.span:d} as span", crowd, f"date '{period.start}' as start"]
        parts.append(
            f"""select {", ".join([*here, *cells, *columns])}
            from {table(base.table, question, period)} {joined} {_beside(question, base, period)}
            where {where} and {condition}"""
        )
        params += [*values, *until]
    return " union all ".join(parts), params


def _spoken(question: Question, base: Base, measures: Sequence[Measure]) -> str:
    """All that the aggregates say, one after the other."""
    near = [_nearly(question, base, one) for one in measures]
    exact = [one for one, sql in zip(measures, near, strict=True) if not sql]
    told = [*base.spoken(exact, base.sums).values(), *base.spoken(exact, base.own).values()]
    told += [" ".join(one) for one in base.spoken(exact, base.distinct).values()]
    return " ".join([*told, *near])


def _columns_in(sql: str) -> set[str]:
    """The columns that aggregates speak of: words that are neither texts, functions nor words of SQL."""
    return set(re.findall(r"\b[a-z_]\w*\b(?!\s*\()", re.sub(r"'[^']*'", "", sql))) - _SQL_WORDS


def _beside(question: Question, base: Base, period: Period) -> str:
    """What is joined to the rows for the sake of the cuts."""
    joins = []
    if Cut.HOUR in question.cuts:
        starts = ", ".join(f"({clock.micros(hour)})" for hour in hours_of(period, question.zone))
        joins.append(f"asof join (values {starts}) hours(hour_us) on {base.moment} >= hour_us")
    if Cut.NEWNESS in question.cuts:
        first = f"select person, first_day as first_seen from ({first_days_sql(question.shop)})"
        joins.append(f"left join ({first}) using (person)")
    return " ".join(joins)


def _condition(stretch: Stretch, base: Base) -> tuple[str, list[object]]:
    """How much of a stretch's days counts, and its parameters."""
    if stretch.last_day is None:
        return "true", []
    if stretch.until_us is None:
        return f"day < date '{stretch.last_day}'", []
    of_last = f"day = date '{stretch.last_day}' and {base.moment} < ?"
    return f"(day < date '{stretch.last_day}' or ({of_last}))", [stretch.until_us]


def _cell(cut: Cut) -> str:
    """The cell that a row lies in."""
    if cut is Cut.HOUR:
        return "hour_us"
    if cut is Cut.NEWNESS:
        return _NEWNESS
    return f"date_trunc('{cut.step}', day)::date" if cut.step else cut.value

"""Counting cohorts: one whole number for each person, in which a bit stands for each cell it came back in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.funnels.queries.passages import where_of
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Step
from zhanggui.insight.retention import rules
from zhanggui.insight.retention.queries import crowds
from zhanggui.insight.retention.queries.crowds import Tables
from zhanggui.insight.retention.rules import Answer, Begin, CohortCell, Column, Counted, Question, Return
from zhanggui.insight.segments.rules import question_of

SEGMENT_KIND = "cohort_cell"

# So many bits a whole number of eight bytes has besides its sign and the first.
_BITS = 62

_kept = metrics.keeper(Answer, most=64)


def ask(shop: str, question: Question, *, at: datetime) -> Answer:
    """A table of cohorts.

    at       the moment of asking: the day it lies on is not over, and cells that it reaches into are not complete
    refuses  NoSuchShop
    """
    today = clock.day_of(at, shops.shop(shop).zone)
    key = ("retention", shop, question, today)
    return _kept.get(shop, key, lambda: _counted_here(shop, question, today))


def _counted_here(shop: str, question: Question, today: date) -> Answer:
    """A table of cohorts of a shop's own tables; of visits by days from their files."""
    until = _until(today)
    is_plain = lake.answers_itself() and crowds.knows(question) and crowds.knows_files(question)
    if is_plain and until >= question.end:
        filed = lake.rollup_files(shop, "visits", (date.min, until))
        if (found := crowds.count_visits(question, filed, until=until)) is not None:
            return rules.answer_of(question, _without_money(question, found), today=today)
    return count(question, today=today, tables=partial(lake.rollup, shop))


def count(question: Question, *, today: date, tables: Tables) -> Answer:
    """A table of cohorts, counted from any tables that look like the daily ones of the lake."""
    if lake.answers_itself() and crowds.knows(question) and (sets := _by_crowds(question, today, tables)) is not None:
        return rules.answer_of(question, sets, today=today)
    backs = ", ".join(f"count_if({_is_back(column)})" for column in question.columns)
    paid = _paid(tables, question, today)
    rows = lake.ask(
        f"""{_cohorts(tables, question, today)}
        select value, c, count(*), {backs} from cohort left join activity using (person, c) group by value, c"""
    )
    counted = {}
    for value, place, size, *counts in rows:
        money = tuple(paid.get((value, place), {}).get(n, 0) for n, _ in enumerate(question.columns))
        counted[value, int(place)] = Counted(
            people=int(size),
            counts=tuple(int(one) for one in counts),
            paid_minor=money if question.back is Return.ORDER else (None,) * len(counts),
        )
    return rules.answer_of(question, counted, today=today)


def _by_crowds(question: Question, today: date, tables: Tables) -> dict[tuple[str, int], Counted] | None:
    """The cells as sets of people count them, if they are small enough."""
    begins, begun, _ = _begins(question)
    returns, back = _returns(question)
    first, until = question.cohorts[0], _until(today)
    found = crowds.count(
        question,
        begun=f"(select person, day from {tables(begins, (date.min, question.end))} where {begun})",
        back=f"(select person, day from {tables(returns, (first, until))} where {back})",
        place=_place(question),
        days=(until - first).days,
        is_same=(begins, begun) == (returns, back) and until >= question.end,
    )
    return None if found is None else _without_money(question, found)


def _without_money(question: Question, found: Mapping[int, crowds.Cell]) -> dict[tuple[str, int], Counted]:
    nothing = (None,) * len(question.columns)
    return {
        ("", place): Counted(people=size, counts=counts, paid_minor=nothing) for place, (size, counts) in found.items()
    }


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The people of a cell: of a cohort who came back, or did not; of several cohorts those that were old enough.

    at       of no account: the days are said
    refuses  TermsUnfit
    """
    wanted = question_of(SEGMENT_KIND, terms, CohortCell)
    question = wanted.question
    conditions = ["true"]
    if wanted.cohort is not None:
        conditions.append(f"first_day = date '{wanted.cohort}'")
    if wanted.value is not None:
        conditions.append(f"value = {quoted(wanted.value)}")
    if wanted.column is not None:
        column = question.columns[wanted.column]
        is_back = _is_back(column)
        conditions.append(is_back if wanted.is_back else f"not {is_back}")
        if wanted.cohort is None:
            over = [n for n, _ in enumerate(question.cohorts) if rules.is_over(question, n, column, today=wanted.today)]
            conditions.append(f"c <= {max(over, default=-1)}")
    cells = ", ".join(f"({place}, date '{day}')" for place, day in enumerate(question.cohorts))
    return f"""{_cohorts(partial(lake.rollup, shop), question, wanted.today)}
        select distinct person from cohort left join activity using (person, c)
        join (values {cells}) cells(c, first_day) using (c) where {" and ".join(conditions)}"""


def _paid(tables: Tables, question: Question, today: date) -> dict[tuple[str, int], dict[int, int]]:
    """What cohorts paid in the cells of each column, where coming back means to order."""
    if question.back is not Return.ORDER:
        return {}
    orders = tables("orders", (question.cohorts[0], _until(today)))
    among = (
        f"i - c >= {one.start}" + ("" if one.end is None else f" and i - c <= {one.end}") for one in question.columns
    )
    sums = ", ".join(f"coalesce(sum(amount_minor) filter ({one}), 0)" for one in among)
    rows = lake.ask(
        f"""with {_cohort(tables, question)}
        select value, c, {sums} from cohort join (
            select person, {_place(question)} as i, amount_minor from {orders}
            where kind in ('paid', 'balance')) using (person)
        group by value, c"""
    )
    return {(value, int(place)): {n: int(one) for n, one in enumerate(each)} for value, place, *each in rows}


def _cohorts(tables: Tables, question: Question, today: date) -> str:
    """`cohort` (person, c: the place of its cell, value) and `activity` (person, c, bits, last).

    bits  bit n: came back n cells after the cohort's own; so each cell of the table is one comparison of whole numbers
    last  the place of the last cell in which it came
    """
    source, condition = _returns(question)
    relation = tables(source, (question.cohorts[0], _until(today)))
    kind = "bigint" if question.furthest <= _BITS else "hugeint"
    return f"""with {_cohort(tables, question)}, activity as (
        select person, c, max(i) as last,
            bit_or(case when i - c <= {question.furthest} then 1::{kind} << (i - c)::{kind} end) as bits
        from (select person, {_place(question)} as i from {relation} where {condition}) join cohort using (person)
        where i >= c group by person, c)"""


def _cohort(tables: Tables, question: Question) -> str:
    """Who began in the period, and with what; who began before it is in no cohort."""
    source, condition, moment = _begins(question)
    inside = f"day >= date '{question.start}' and day < date '{question.end}'"
    if question.begin is Begin.EVERY_EVENT:
        relation = tables(source, (question.start, question.end))
        return f"""cohort as materialized (select distinct person, {_place(question)} as c, '' as value
            from {relation} where {condition} and {inside} and person <> 0 and {where_of(question.where)})"""
    known = f"{tables(source, (date.min, question.end))} where {condition} and person <> 0"
    first = f"select person, min(day) as day, '' as value from {known} group by person"
    marks = [cut.value for cut in question.where.by_cut()]
    if question.by or marks:
        value = question.by.value if question.by else "''"
        columns = ", ".join([f"'value': {value}", *(f"'{mark}': {mark}" for mark in marks)])
        earliest = f"min({{'day': day, 'at': {moment}, {columns}}}) as first"
        # Only of those who began in the period is looked at what they began with: days are told sooner than rows.
        begun = f"""{tables(source, (question.start, question.end))} join (
            select person, min(day) as day from {known} group by person having min(day) >= date '{question.start}'
            ) using (person, day) where {condition} group by person"""
        first = f"""select person, first.day as day, first.value as value from (
            select person, first, unnest(first) from (select person, {earliest} from {begun}))
            where {where_of(question.where)}"""
    return f"""cohort as materialized (select person, {_place(question)} as c, value from ({first}) where {inside})"""


def _begins(question: Question) -> tuple[str, str, str]:
    """The daily table of what begins, which of its rows, and the column that says when in the day."""
    match question.begin:
        case Begin.FIRST_VISIT:
            return "visits", "true", "first_ts_us"
        case Begin.FIRST_ORDER:
            return "orders", "kind = 'paid'", "ts_us"
        case Begin.REGISTRATION:
            return "steps", "step = 'shop.customer_registered'", "ts_us"
        case Begin.FIRST_EVENT | Begin.EVERY_EVENT:
            return "steps", f"step = {quoted(question.begin_event)}", "ts_us"


def _returns(question: Question) -> tuple[str, str]:
    match question.back:
        case Return.VISIT:
            return "visits", "true"
        case Return.ORDER:
            return "orders", "kind = 'paid'"
        case Return.EVENT:
            return "steps", f"step = {quoted(question.return_event)}"


def _place(question: Question) -> str:
    """The place of a day's cell, counted from the first cohort's."""
    start = question.cohorts[0]
    match question.step:
        case Step.DAY:
            return f"(day - date '{start}')"
        case Step.WEEK:
            return f"((day - date '{start}') // 7)"
        case _:
            return f"(year(day) * 12 + month(day) - {start.year * 12 + start.month})"


def _is_back(column: Column) -> str:
    if column.end is None:
        return f"coalesce(last >= c + {column.start}, false)"
    wanted = (1 << column.end + 1) - (1 << column.start)
    return f"coalesce(bits & {wanted} <> 0, false)"


def _until(today: date) -> date:
    """The day after today: what happened today counts, in cells that are marked."""
    return date.fromordinal(today.toordinal() + 1)

"""A funnel as DuckDB's SQL: for each person or session how far it came, and when each step was.

`furthest` has a row for each unit that began: u (64 bits of its id), reached, t1 … tn (microseconds, null where not
reached) and `value` of the split. A moment and a step are one number, `k`: 16 times the microseconds, plus the place of
the first step that the event can be, so that one comparison orders both.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from zhanggui.insight.funnels.rules import Funnel, Kind, Question, Split, Step, Unit
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake import rules as lake_rules
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.rules import Filters

_UNITS = {Unit.PEOPLE: "person", Unit.SESSIONS: "session"}
_SOMEBODY = {Unit.PEOPLE: "person <> 0", Unit.SESSIONS: "session <> ''"}


def furthest(shop: str, question: Question, *, relation: str | None = None) -> str:
    """Common table expressions, the last of which is `furthest`.

    relation  rows like those of the daily table of steps; the shop's own if none is given
    """
    make = {Kind.ORDERED: _ordered, Kind.STRICT: _strict, Kind.UNORDERED: _unordered}[question.funnel.kind]
    return f"with {make(shop, question, str(relation or steps(shop, question)))}"


def unit_of(funnel: Funnel) -> str:
    """The column that says who goes through."""
    return _UNITS[funnel.unit]


def steps(shop: str, question: Question) -> lake_rules.Relation:
    """The daily table of steps from the first day on up to where the last window ends."""
    return lake.rollup(shop, "steps", days_of(question))


def days_of(question: Question) -> tuple[date, date]:
    """From the first day to before the one after the last window ends."""
    return question.start, question.end + question.funnel.window + timedelta(days=1)


def fits(step: Step) -> str:
    """The condition that a row of the daily table of steps is this one."""
    conditions = [f"step = {quoted(step.event)}"]
    conditions += [_among("sku", step.skus)] if step.skus else []
    conditions += [_among("category", step.categories)] if step.categories else []
    conditions += [f"({' or '.join(map(_on_page, step.pages))})"] if step.pages else []
    return f"({' and '.join(conditions)})"


def begins_sql(question: Question) -> str:
    """The condition that a passage may begin with a row."""
    return f"day < date '{question.end}' and {where_of(question.where)}"


def where_of(filters: Filters) -> str:
    """The condition that a row is what the filters let through."""
    return " and ".join(["true", *(_among(cut.value, values) for cut, values in filters.by_cut().items())])


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(map(quoted, values))})"


def _on_page(page: str) -> str:
    return f"starts_with(page, {quoted(page[:-1])})" if page.endswith("*") else f"page = {quoted(page)}"


def _events(shop: str, question: Question, relation: str, columns: str) -> str:
    """The rows that are any of the steps, with `u`, `begins` and `value` beside other columns."""
    funnel = question.funnel
    unit = unit_of(funnel)
    joined, value = _value(shop, question.by)
    wanted = " or ".join(dict.fromkeys(map(fits, funnel.steps)))
    return f"""select hash({unit}) as u, {columns}, {begins_sql(question)} as begins, {value} as value
        from {relation} {joined} where ({wanted}) and {_SOMEBODY[funnel.unit]}"""


def _value(shop: str, by: Split | None) -> tuple[str, str]:
    """What to join, and the value of the split at a row."""
    if by is None:
        return "", "''"
    if by is not Split.BUYER:
        return "", by.value
    joined = f"left join ({metrics.first_days_sql(shop)}) using (person)"
    return joined, "case when person = 0 then '' when first_day < day then 'returning' else 'new' end"


def _keyed(shop: str, question: Question, relation: str) -> str:
    """`event`: u, k, mask (a bit for each step that the row can be), begins, value."""
    conditions = [fits(step) for step in question.funnel.steps]
    first = " ".join(f"when {condition} then {place}" for place, condition in enumerate(conditions))
    mask = " + ".join(f"{condition}::int * {1 << place}" for place, condition in enumerate(conditions))
    return _events(shop, question, relation, f"ts_us * 16 + case {first} end as k, ({mask})::usmallint as mask")


def _ordered(shop: str, question: Question, relation: str) -> str:
    """A chain of ASOF joins that carries the latest possible start: exact, because what lets a later event begin later
    never begins earlier for the next one.
    """
    most = len(question.funnel.steps)
    first = "select u, k as k1, '' as value from event where mask & 1 = 1 and begins"
    if question.by:
        first = "select u, k as k1, min(value) as value from event where mask & 1 = 1 and begins group by u, k"
    parts = [f"event as materialized ({_keyed(shop, question, relation)})", f"s1 as ({first})"]
    for place in range(2, most + 1):
        carried = ", ".join(f"p.k{n}" for n in range(1, place))
        parts.append(
            f"""s{place} as materialized (select e.u, {carried}, e.k as k{place}, p.value
            from (select u, k from event where mask & {1 << (place - 1)} <> 0) e
            asof join s{place - 1} p on e.u = p.u and e.k > p.k{place - 1}
            where (e.k >> 4) - (p.k1 >> 4) < {_window_us(question)})"""
        )
    return ", ".join([*parts, _furthest(most)])


def _strict(shop: str, question: Question, relation: str) -> str:
    """Each event beside those right before it: a run that fits the steps one by one is a passage."""
    most = len(question.funnel.steps)
    lags = ", ".join(
        f"lag({column}, {back}) over w as {column}_{back}"
        for back in range(1, most)
        for column in ("k", "mask", "begins", "value")
    )
    parts = [
        f"""event as (select u, k, bit_or(mask) as mask, bool_or(begins) as begins,
        coalesce(min(value) filter (begins), '') as value from ({_keyed(shop, question, relation)}) group by u, k)""",
        f"""beside as materialized (select u, k as k_0, mask as mask_0, begins as begins_0, value as value_0, {lags}
        from event window w as (partition by u order by k))""",
    ]
    for place in range(1, most + 1):
        runs = " and ".join(f"mask_{place - n} & {1 << (n - 1)} <> 0" for n in range(1, place + 1))
        keys = ", ".join(f"k_{place - n} as k{n}" for n in range(1, place + 1))
        start = place - 1
        parts.append(
            f"""s{place} as (select u, {keys}, value_{start} as value from beside
            where {runs} and begins_{start} and (k_0 >> 4) - (k_{start} >> 4) < {_window_us(question)})"""
        )
    return ", ".join([*parts, _furthest(most)])


def _furthest(most: int) -> str:
    """Of each unit the passage that reaches its furthest step first."""
    levels = []
    for place in range(1, most + 1):
        firsts = ", ".join(f"arg_min(k{n}, k{place}) as k{n}" for n in range(1, place))
        columns = ", ".join(part for part in (firsts, f"min(k{place}) as k{place}") if part)
        levels.append(
            f"select u, {place} as reached, {columns}, arg_min(value, k{place}) as value from s{place} group by u"
        )
    times = ", ".join(f"arg_max(k{n}, reached) filter (reached >= {n}) >> 4 as t{n}" for n in range(1, most + 1))
    return f"""furthest as materialized (select u, max(reached) as reached, {times}, arg_max(value, reached) as value
        from ({" union all by name ".join(levels)}) group by u)"""


def _unordered(shop: str, question: Question, relation: str) -> str:
    """From each event that may begin, when each of the steps came next; as many as lie in the window are reached."""
    window_us = _window_us(question)
    classes = Counter(fits(step) for step in question.funnel.steps)
    which = " ".join(f"when {condition} then {n}" for n, condition in enumerate(classes))
    parts = [
        f"""event as materialized (select u, t, class, bool_or(begins) as begins, min(value) filter (begins) as value
        from ({_events(shop, question, relation, f"ts_us as t, case {which} end as class")}) group by u, t, class)""",
        "start as (select u, t, min(value) as value from event where begins group by u, t)",
    ]
    joins, found = "", []
    for n, count in enumerate(classes.values()):
        again = "".join(f", lead(t, {more}) over (partition by u order by t) as t_{more}" for more in range(1, count))
        parts.append(f"c{n} as (select u, t as t_0{again} from event where class = {n})")
        joins += f" asof left join c{n} on start.u = c{n}.u and start.t <= c{n}.t_0"
        found += [f"c{n}.t_{more}" for more in range(count)]
    parts.append(
        f"""passage as (select start.u, start.value, list_sort(list_filter([{", ".join(found)}],
        lambda x: x is not null and x - start.t < {window_us})) as ts from start {joins})"""
    )
    parts.append(
        """best as (select u, min({'left': -len(ts), 'end': ts[-1], 'start': -ts[1], 'value': value, 'ts': ts}) as best
        from passage group by u)"""
    )
    times = ", ".join(f"best.ts[{n}] as t{n}" for n in range(1, len(question.funnel.steps) + 1))
    parts.append(
        f"furthest as materialized (select u, len(best.ts) as reached, {times}, best.value as value from best)"
    )
    return ", ".join(parts)


def _window_us(question: Question) -> int:
    return question.funnel.window_minutes * 60_000_000

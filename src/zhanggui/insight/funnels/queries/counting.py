"""Counting who came how far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhanggui.base import clock
from zhanggui.base.shops import queries as shops
from zhanggui.insight.funnels import rules
from zhanggui.insight.funnels.queries import chains
from zhanggui.insight.funnels.queries.passages import days_of, furthest, steps, unit_of
from zhanggui.insight.funnels.rules import Answer, Question, Reached, Times
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.segments.rules import question_of

SEGMENT_KIND = "funnel_step"

_kept = metrics.keeper(Answer, most=64)
_kept_events = metrics.keeper(tuple, most=64)


def ask(shop: str, question: Question, *, at: datetime) -> Answer:
    """What came of a funnel.

    at       the moment of asking: whose window is still open then may yet go on
    refuses  NoSuchShop
    """
    ends_at = clock.span_of(question.end, shops.shop(shop).zone)[0] + question.funnel.window
    is_complete = ends_at <= at
    return _kept.get(shop, (shop, question, is_complete), lambda: count(shop, question, is_complete=is_complete))


def count(shop: str, question: Question, *, is_complete: bool, relation: str | None = None) -> Answer:
    """What came of a funnel, counted now.

    relation  rows like those of the daily table of steps; the shop's own if none is given
    """
    if lake.answers_itself() and chains.knows(question):
        swept = _swept(shop, question, relation)
        counts = {("", place): size for place, size in swept.reached.items()}
        return rules.answer_of(question, counts, swept.times, is_complete=is_complete)
    most = len(question.funnel.steps)
    ways = [(0, most, f"t{most} - t1")] + [(n, n, f"t{n} - t{n - 1}") for n in range(2, most + 1)]
    counted = "select value, reached, count(*), null, null, null from furthest group by value, reached"
    sql = " union all ".join([counted, *(_times_sql(*way) for way in ways)])
    reached: dict[tuple[str, int], int] = {}
    times: dict[int, Times] = {}
    for value, place, size, sum_us, twice_median_us, p90_us in lake.ask(
        f"{furthest(shop, question, relation=relation)} {sql}"
    ):
        if value is not None:
            reached[value, place] = int(size)
        elif size:
            times[place] = Times(
                count=int(size), sum_us=int(sum_us), twice_median_us=int(twice_median_us), p90_us=int(p90_us)
            )
    return rules.answer_of(question, reached, times, is_complete=is_complete)


def _swept(shop: str, question: Question, relation: str | None) -> chains.Swept:
    if relation is None and chains.is_bare(question):
        return chains.sweep_files(question, lake.rollup_files(shop, "steps", days_of(question)))
    return chains.sweep(question, str(relation or steps(shop, question)))


def people(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """Those who came so far, or no further; of sessions, the people they belong to.

    at       of no account: the days are said
    refuses  TermsUnfit
    """
    wanted = question_of(SEGMENT_KIND, terms, Reached)
    question = wanted.question
    reached = f"reached = {wanted.place - 1}" if wanted.is_dropped else f"reached >= {wanted.place}"
    value = "" if wanted.value is None else f" and value = {quoted(wanted.value)}"
    return f"""{furthest(shop, question)}
        select distinct person from {steps(shop, question)} where person <> 0
        and hash({unit_of(question.funnel)}) in (select u from furthest where {reached}{value})"""


def events(shop: str, days: tuple[date, date]) -> tuple[tuple[str, int], ...]:
    """What happened in some days and can be a step, with how often, the most often first.

    days  from the first to before the second
    """
    found: tuple[tuple[str, int], ...] = _kept_events.get(shop, (shop, days), lambda: _events(shop, days))
    return found


def _events(shop: str, days: tuple[date, date]) -> tuple[tuple[str, int], ...]:
    rows = lake.ask(f"select step, count(*) from {lake.rollup(shop, 'steps', days)} group by step order by 2 desc, 1")
    return tuple((step, int(count)) for step, count in rows)


def _times_sql(key: int, least: int, took: str) -> str:
    """How long a part of the way took those who took it."""
    return f"""select null, {key}, len(l), list_sum(l), l[(len(l) + 1) // 2] + l[(len(l) + 2) // 2],
        l[(9 * len(l) + 9) // 10]
        from (select list_sort(list({took})) as l from furthest where reached >= {least})"""

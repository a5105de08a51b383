"""The people of a trial as the lake speaks of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from zhanggui.base import clock
from zhanggui.growth.experiments import models
from zhanggui.growth.experiments.rules import Arm, Trial
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import engine, relations

# Whoever turned out to be the same person under two ids counts once, on the side they joined first.
_WHO: Final = """
with asked as (
    select unnest(?::varchar[]) as id, unnest(?::boolean[]) as is_treated, unnest(?::bigint[]) as since_us
), known as (
    select coalesce(walked.person, asked.id) as person, is_treated, since_us, id from asked
    left join {walked} walked on walked.alias = asked.id and walked.until_us is null
), member as (
    select person, arg_min(is_treated, (since_us, id)) as is_treated, min(since_us) as since_us
    from known group by person
), counted as (
    select row_number() over (order by member.person) as place, number, is_treated, since_us
    from member left join {people} numbers using (person)
)"""
_ALL_ALONE: Final = "(select '' as alias, '' as person, null::bigint as until_us where false)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """How a question about a trial's people begins.

    sql       with them as `counted`: place, number, is_treated, since_us
    params    what it asks for
    first_us  when the first of them joined, on the trial's first day at the earliest
    """

    sql: str
    params: tuple[list[Any], ...]
    first_us: int


def members_of(trial: Trial, *, zone: str) -> Members | None:
    """Everybody who is in a trial; None while nobody is. Two statements and one for who is who."""
    start_us = clock.micros(clock.span_of(trial.starts_on, zone)[0])
    rows = models.Member.objects.filter(trial_id=trial.id).order_by("person").values_list("person", "arm", "joined_at")
    asked = [(person, arm == Arm.TREATED, max(clock.micros(at), start_us)) for person, arm, at in rows]
    if not asked:
        return None
    walked = relations.people_path(trial.shop)
    sql = _WHO.format(walked=engine.reading([walked]) if walked else _ALL_ALONE, people=lake.people(trial.shop))
    params = tuple(list(column) for column in zip(*asked, strict=True))
    return Members(sql=sql, params=params, first_us=min(since for *_, since in asked))

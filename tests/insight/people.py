"""The daily tables speak of people by numbers; tests name them by their ids."""

from __future__ import annotations

from collections.abc import Iterable

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted


def ids(shop: str, sql: str) -> list[str]:
    """The ids of those whom a query gives by their numbers, as often as it gives them, in order."""
    numbers = f"select person as number from ({sql})"
    named = f"select known.person from ({numbers}) found left join {lake.people(shop)} known using (number)"
    return [person for (person,) in lake.ask(f"{named} order by person")]


def id_of(shop: str) -> dict[int, str]:
    """Who has which number; nobody is 0."""
    return {0: "", **dict(lake.ask(f"select number, person from {lake.people(shop)}"))}


def numbers_of(shop: str, ids: Iterable[str]) -> str:
    """A query that gives these people by their numbers, whoever of them is known."""
    listed = ", ".join(map(quoted, ids))
    return f"select number as person from {lake.people(shop)} where person in (select unnest([{listed}]::varchar[]))"

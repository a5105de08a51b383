"""Counting what people look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.metrics.queries.figures import where_sql
from zhanggui.insight.metrics.rules import EVERYTHING, Filters, Period
from zhanggui.insight.terms import rules
from zhanggui.insight.terms.rules import MOST_COMPARED, TOP, Searches, Term

_kept = metrics.keeper(Searches, most=32)

_TERMS = """
with asked as (select * from {searches} where {where}),
counted as (
    select query, count(*) as searches, count(distinct nullif(person, 0)) as people, count(results) as known,
        count(*) filter (where results = 0) as nothing, count_if(opened > 0) as opened, count_if(added > 0) as added,
        count_if(orders > 0) as ordered, sum(placed_minor)::bigint as placed_minor
    from asked group by query
), ranked as (select *, row_number() over (order by searches desc, query) as place from counted)
select query, searches, people, known, nothing, opened, added, ordered, placed_minor from ranked
where place <= {most} order by place
"""
_WHOLE = """
with asked as (select * from {searches} where {where}),
counted as (select query, count(*) as searches from asked group by query),
top as (select searches from counted order by searches desc, query limit {top})
select count(*), count(distinct nullif(person, 0)), count(results), count(*) filter (where results = 0),
    count_if(opened > 0), count_if(orders > 0), (select count(*) from counted),
    (select coalesce(sum(searches), 0)::bigint from top)
from asked
"""
_IN_TITLES = """
with titles as (select distinct lower(title || ' ' || title_en) as title from {listings})
select part from (select unnest(?::varchar[]) as part)
where exists (select 1 from titles where contains(title, part)) order by part
"""


def searches(shop: str, period: Period, *, where: Filters = EVERYTHING) -> Searches:
    """What people looked for in a period, and what to do about what they did not find.

    where    region, channel, device; a search is not about a product, so goods do not filter it
    refuses  NoSuchShop
    """
    asked = replace(where, sku=(), category=())
    return _kept.get(shop, ("searches", shop, period, asked), lambda: _searches(shop, period, asked))


def _searches(shop: str, period: Period, where: Filters) -> Searches:
    currency = shops.shop(shop).currency
    condition, values = where_sql(where)
    relation = lake.rollup(shop, "searches", (period.start, period.end))
    said = {"searches": relation, "where": condition}
    terms = tuple(
        Term(query=query, placed=Money(minor, currency), **dict(zip(_COUNTS, counts, strict=True)))
        for query, *counts, minor in lake.ask(_TERMS.format(**said, most=MOST_COMPARED), values)
    )
    ((count, people, known, nothing, opened, ordered, distinct, top),) = lake.ask(
        _WHOLE.format(**said, top=TOP), values
    )
    return Searches(
        period=period,
        terms=terms,
        clusters=rules.clusters(terms),
        proposals=rules.proposals(terms, in_titles=_in_titles(shop, terms)),
        searches=count,
        people=people,
        distinct=distinct,
        top=top,
        known=known,
        nothing=nothing,
        opened=opened,
        ordered=ordered,
    )


def _in_titles(shop: str, terms: Sequence[Term]) -> frozenset[str]:
    """The parts of words that find nothing, as far as they stand in titles of goods."""
    lost = (term for term in terms if term.known and term.known == term.nothing)
    parts = sorted({part for term in lost for part in rules.parts_of(term.query)})
    rows = lake.ask(_IN_TITLES.format(listings=lake.rollup(shop, "listings")), [parts])
    return frozenset(part for (part,) in rows)


_COUNTS = ("searches", "people", "known", "nothing", "opened", "added", "ordered")

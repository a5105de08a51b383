"""Which ways are taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from zhanggui.insight.funnels.queries.passages import where_of
from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries.engine import quoted
from zhanggui.insight.lake.rules.pages import KIND_OF_PAGE
from zhanggui.insight.metrics import queries as metrics
from zhanggui.insight.paths.rules import Leg, Nodes, Path, Paths, Question, Towards, Unit, Walkers, stops_and_legs
from zhanggui.insight.segments.rules import question_of

PATH_KIND = "path"
MOST_PATHS = 20
MOST_STOPS = 6

_kept = metrics.keeper(Paths, most=32)
_kept_nodes = metrics.keeper(tuple, most=64)

_NODE = {Nodes.KINDS: KIND_OF_PAGE, Nodes.PAGES: "page", Nodes.EVENTS: "step"}
_IS_PAGE = "step in ('Page', 'Screen')"


def paths(shop: str, question: Question) -> Paths:
    """The ways most often taken, and where they lead place by place."""
    return _kept.get(shop, ("paths", shop, question), lambda: _paths(shop, question))


def walkers(shop: str, terms: Mapping[str, Any], *, at: datetime) -> str:
    """The known people who took a path.

    at       of no account: the days are said
    refuses  TermsUnfit
    """
    wanted = question_of(PATH_KIND, terms, Walkers)
    path = f"[{', '.join(map(quoted, wanted.path))}]::varchar[]"
    return f"""{_ways(shop, wanted.question)}
        select distinct unnest(people) as person from way where {_took(wanted)} = {path}"""


def _took(wanted: Walkers) -> str:
    """What of a way is held against the path; where the way does not reach so far back, nothing is."""
    if wanted.place is None:
        return "path"
    start = str(wanted.place) if wanted.question.towards is Towards.FROM else f"(len(path) + {wanted.place})"
    return f"case when {start} > 0 then path[{start} : {start} + {len(wanted.path) - 1}] end"


def nodes(shop: str, days: tuple[date, date], *, of: Nodes) -> tuple[str, ...]:
    """What a path can begin or end at, the most frequent first."""
    found: tuple[str, ...] = _kept_nodes.get(shop, ("nodes", shop, days, of), lambda: _nodes(shop, days, of))
    return found


def _nodes(shop: str, days: tuple[date, date], of: Nodes) -> tuple[str, ...]:
    said = "step" if of is Nodes.EVENTS else "page"
    rows = lake.ask(
        f"""select {_NODE[of]} as node from (select {said}, count(*) as views
            from {lake.rollup(shop, "steps", days)} where {_is_node(of)} group by {said})
        group by node having node <> '' order by sum(views) desc, node limit 100"""
    )
    return tuple(node for (node,) in rows)


def _is_node(of: Nodes) -> str:
    return f"not {_IS_PAGE}" if of is Nodes.EVENTS else _IS_PAGE


def _ways(shop: str, question: Question) -> str:
    """`way`: path, people (those known to have taken it), for each session or person that came by the anchor."""
    unit, nobody = ("session", "''") if question.unit is Unit.SESSIONS else ("person", "0")
    steps = lake.rollup(shop, "steps", (question.start, question.end))
    anchor, places = quoted(question.anchor), question.places
    if question.towards is Towards.FROM:
        at = f"list_position(nodes, {anchor})" if question.anchor else "1"
        part = f"nodes[{at} : {at} + {places - 1}]"
    else:
        at = f"list_position(nodes, {anchor})" if question.anchor else "len(nodes)"
        part = f"nodes[greatest(1, {at} - {places - 1}) : {at}]"
    came_by = f"list_contains(nodes, {anchor})" if question.anchor else "true"
    return f"""with seen as (
        select {unit} as unit, ts_us, {_NODE[question.nodes]} as node, person from {steps}
        where {unit} <> {nobody} and {_is_node(question.nodes)} and {where_of(question.where)}
    ), walked as (
        -- a list is sorted at a third of what an ordered `list` costs
        select list_transform(list_sort(list({{'t': ts_us, 'n': node}})), lambda one: one.n) as all_nodes,
            list(distinct person) filter (person <> 0) as people
        from seen where node <> '' group by unit
    ), folded as (
        select people, list_filter(all_nodes, lambda node, i: i = 1 or node <> all_nodes[i - 1]) as nodes from walked
    ), way as (
        select {part} as path, coalesce(people, []) as people from folded where {came_by}
    )"""


def _paths(shop: str, question: Question) -> Paths:
    rows = lake.ask(
        f"""{_ways(shop, question)},
        taken as materialized (select path, count(*) as ways from way group by path),
        known as (select path, count(distinct person) as people from (
            select path, unnest(people) as person from way) group by path),
        top as (select path, ways, coalesce(people, 0) as people from taken left join known using (path)
            order by ways desc, path limit {MOST_PATHS}),
        stop as (select place, path[place] as node, coalesce(path[place + 1], '') as after, ways, len(path) as length
            from (select unnest(range(1, len(path) + 1)) as place, path, ways from taken))
        select 'path' as kind, path, 0 as place, '' as node, '' as after, ways, people from top
        union all
        select 'stop', [], {_place(question)} as spot, node, after, sum(ways), 0 from stop group by spot, node, after
        union all
        select 'all', [], count(*), '', '', sum(ways), 0 from taken
        order by kind, place, ways desc, path, node, after"""
    )
    taken: dict[int, list[Leg]] = {}
    found: list[Path] = []
    ways = different = 0
    for kind, path, place, node, after, count, people in rows:
        if kind == "path":
            found.append(Path(places=tuple(path), count=int(count), people=int(people)))
        elif kind == "stop":
            taken.setdefault(int(place), []).append(Leg(source=node, target=after, count=int(count)))
        else:
            ways, different = int(count or 0), int(place)
    stops, legs = stops_and_legs([taken[place] for place in sorted(taken)], most=MOST_STOPS)
    return Paths(
        question=question,
        paths=tuple(found),
        stops=stops,
        first=min(taken, default=1),
        whole=tuple(sum(leg.count for leg in taken[place]) for place in sorted(taken)),
        legs=legs,
        ways=ways,
        others=different - len(found),
    )


def _place(question: Question) -> str:
    """Places are counted from the chosen end."""
    return "stop.place" if question.towards is Towards.FROM else "stop.place - length"

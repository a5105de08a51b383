"""What every other engine needs done to a question: parameters said as literals, and unions laid out by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

import sqlglot
from sqlglot import exp

from zhanggui.insight.outgrown.errors import CannotTranslate

# The names of columns that a select gives, by the name under which others read it.
Known = Mapping[str, tuple[str, ...]]

_TEXT_OR_MARK = re.compile(r"'(?:[^']|'')*'|\?")


def read(sql: str, params: Sequence[object] = (), *, known: Known | None = None) -> exp.Expr:
    """A question of DuckDB's as a tree, without `?` and without `union by name`.

    known  columns of relations that stand in no part of it, such as `events`
    """
    values = iter(params)
    said = _TEXT_OR_MARK.sub(lambda found: _said(found[0], values), sql)
    tree = sqlglot.parse_one(said, read="duckdb")
    for union in list(tree.find_all(exp.SetOperation)):
        if union.args.get("by_name") and not isinstance(union.parent, exp.SetOperation):
            _lay_out(union, known or {})
    return tree


def _said(found: str, values: Iterator[object]) -> str:
    return literal(next(values)).sql("duckdb") if found == "?" else found


def literal(value: object) -> exp.Expr:
    """A parameter as it is written in a question."""
    match value:
        case bool():
            return exp.Boolean(this=value)
        case int():
            return exp.Literal.number(value)
        case list() | tuple():
            return exp.Array(expressions=[literal(one) for one in value])
        case date():
            return exp.cast(exp.Literal.string(value.isoformat()), exp.DType.DATE)
        case str() | UUID():
            return exp.Literal.string(str(value))
        case None:
            return exp.Null()
    raise CannotTranslate(engine="", words=repr(value))


def names(query: exp.Expr, known: Known) -> tuple[str, ...]:
    """The columns that a query gives, in order; a star is what its sources give."""
    select = query.this if isinstance(query, exp.Subquery) else query
    if isinstance(select, exp.SetOperation):
        return names(select.this, known)
    if not isinstance(select, exp.Select):
        raise CannotTranslate(engine="", words=query.sql("duckdb"))
    return tuple(name for one in select.selects for name in _names_of(one, select, known))


def plain_columns(select: exp.Select, known: Known) -> list[exp.Expr]:
    """What a select gives, each column by name and none by a star."""
    said: list[exp.Expr] = []
    for one in select.selects:
        if not one.is_star or not isinstance(one, exp.Star | exp.Column):
            said.append(one)
            continue
        replaced = {put.alias: put for put in _star(one).args.get("replace") or ()}
        said += [replaced.get(name) or exp.column(name) for name in _names_of(one, select, known)]
    return said


def over_parts(union: exp.Expr) -> Iterator[exp.Select]:
    """The selects of a union, in order."""
    if isinstance(union, exp.SetOperation):
        yield from over_parts(union.this)
        yield from over_parts(union.expression)
    elif isinstance(union, exp.Subquery):
        yield from over_parts(union.this)
    elif isinstance(union, exp.Select):
        yield union


def _lay_out(union: exp.SetOperation, known: Known) -> None:
    """The columns of all parts in one order; what a part does not have is null there."""
    parts = list(over_parts(union))
    wanted = tuple(dict.fromkeys(name for part in parts for name in names(part, known)))
    for part in parts:
        given = dict(zip(names(part, known), plain_columns(part, known), strict=True))
        columns = [given.get(name) or exp.alias_(exp.Null(), name) for name in wanted]
        part.set("expressions", columns)
    for one in (union, *union.find_all(exp.SetOperation)):
        one.set("by_name", False)


def _names_of(one: exp.Expr, select: exp.Select, known: Known) -> tuple[str, ...]:
    if not one.is_star:
        return (one.alias_or_name,)
    star = _star(one)
    left_out = {name.name for name in star.args.get("except_") or ()}
    wanted = one.table if isinstance(one, exp.Column) else ""
    return tuple(
        name
        for source in _sources(select)
        if not wanted or source.alias_or_name == wanted
        for name in _names_in(source, select, known)
        if name not in left_out
    )


def _star(one: exp.Expr) -> exp.Star:
    return next(one.find_all(exp.Star))


def _sources(select: exp.Select) -> list[exp.Expr]:
    start = select.args["from_"].this
    return [start, *(join.this for join in select.args.get("joins") or ())]


def _names_in(source: exp.Expr, select: exp.Select, known: Known) -> tuple[str, ...]:
    if isinstance(source, exp.Subquery):
        return names(source, known)
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        named = _named(source.name, select)
        if named is not None:
            return names(named, known)
        if source.name in known:
            return known[source.name]
    raise CannotTranslate(engine="", words=f"select * from {source.sql('duckdb')}")


def _named(name: str, below: exp.Expr) -> exp.Expr | None:
    """The common table expression of that name which is seen from here."""
    at: exp.Expr | None = below
    while at is not None:
        within = at.args.get("with_")
        for one in within.expressions if within else ():
            if one.alias == name and below not in set(one.walk()):
                found: exp.Expr = one.this
                return found
        at = at.parent
    return None

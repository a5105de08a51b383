"""The making of a daily table in Spark's words, row by row the same as ours."""

from __future__ import annotations

import json
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from zhanggui.insight.lake.rules import EVENTS, Rollup
from zhanggui.insight.outgrown.rules.common import plain_columns, read

_KNOWN: Final = {"events": (*EVENTS.names, "walker")}
_SAID_HERE: Final = frozenset(
    {exp.Length, exp.RegexpFullMatch, exp.RegexpReplace, exp.FromJson, exp.Struct, exp.BitwiseRightShift}
)
_KINDS: Final = {"VARCHAR": "string", "BIGINT": "bigint"}
_MULTIPLIER: Final = "-2960836687051489901"


def to_spark(rollup: Rollup) -> str:
    """The query that makes a daily table from a view `events`, whose ids are sixteen bytes each and whose people are
    numbers.
    """
    tree = read(rollup.whole_sql, known=_KNOWN)
    for join in list(tree.find_all(exp.Join)):
        if join.method == "ASOF":
            _until_the_next(join)
    for select in list(tree.find_all(exp.Select)):
        if any(star.args.get("replace") for one in select.selects for star in one.find_all(exp.Star)):
            select.set("expressions", plain_columns(select, _KNOWN))
    for turn in list(tree.find_all(exp.Add)):
        if _is_turn(turn):
            _order(turn)
    columns = ", ".join(name for name, _kind in rollup.columns)
    return f"select {columns} from ({said(tree)})"


def said(tree: exp.Expr) -> str:
    """A question in Spark's words."""
    return _Spark().generate(tree)


def _until_the_next(join: exp.Join) -> None:
    """The latest row before a moment is the one that has begun, and whose next has not."""
    named = join.this
    name, condition = named.alias_or_name, join.args["on"]
    later = next(one for one in condition.find_all(exp.GTE))
    equal = list(condition.find_all(exp.EQ))
    column = later.expression.name
    among = ", ".join(one.expression.name for one in equal)
    ahead = f"select *, lead({column}) over (partition by {among} order by {column}) as until from {named.name}"
    wider = exp.Subquery(
        this=sqlglot.parse_one(ahead, read="spark"), alias=exp.TableAlias(this=exp.to_identifier(name))
    )
    before_next = sqlglot.parse_one(f"({name}.until is null or {later.this.sql('spark')} < {name}.until)", read="spark")
    join.set("this", wider)
    join.set("method", None)
    join.set("on", exp.and_(condition.copy(), before_next))


def _is_turn(node: exp.Add) -> bool:
    """Whether it is a moment and the hash of an id as one number, by which the lake orders what happened at once."""
    casts = node.this.find(exp.Cast)
    hashed = any(one.name.lower() == "hash" for one in node.expression.find_all(exp.Anonymous))
    return hashed and casts is not None


def _order(turn: exp.Add) -> None:
    moment = next(turn.this.find_all(exp.Cast)).this.copy()
    order = exp.Anonymous(this="lake_order", expressions=[exp.column("id")])
    parts = [exp.Literal.string("at"), moment, exp.Literal.string("n"), order]
    turn.replace(exp.Anonymous(this="named_struct", expressions=parts))


class _Words(SparkGenerator):
    """Only what sqlglot says otherwise than it is meant here."""

    TRANSFORMS = {kind: say for kind, say in SparkGenerator.TRANSFORMS.items() if kind not in _SAID_HERE}

    def length_sql(self, node: exp.Length) -> str:
        return self.func("size", node.this)

    def regexpfullmatch_sql(self, node: exp.RegexpFullMatch) -> str:
        return f"({self.sql(node.this)} rlike concat('^(?:', {self.sql(node.expression)}, ')$'))"

    def regexpreplace_sql(self, node: exp.RegexpReplace) -> str:
        put = exp.Literal.string(node.args["replacement"].name.replace("\\1", "$1"))
        return self.func("regexp_replace", node.this, node.expression, put)

    def anonymous_sql(self, node: exp.Anonymous) -> str:
        said = [self.sql(one) for one in node.expressions]
        match node.name.lower():
            case "list_sum":
                return f"aggregate({said[0]}, cast(0 as bigint), (whole, one) -> whole + coalesce(one, 0))"
            case "json_array_length":
                return f"json_array_length(get_json_object({said[0]}, {said[1]}))"
            case "lake_order":
                return _lake_order(said[0])
            case "hash":
                # A number to know the same text by again; which one, no table says.
                return f"xxhash64({said[0]})"
        return super().anonymous_sql(node)

    def bitwiserightshift_sql(self, node: exp.BitwiseRightShift) -> str:
        """Of a hash, which has no sign."""
        return self.func("shiftrightunsigned", node.this, node.expression)

    def struct_sql(self, node: exp.Struct) -> str:
        """Its whole numbers are long ones, as those read from JSON are: Spark appends to a list only what is alike."""
        pairs = [(one.name, self._long(one.expression)) for one in node.expressions]
        return self.func("named_struct", *(each for name, said in pairs for each in (exp.Literal.string(name), said)))

    def _long(self, node: exp.Expr) -> exp.Expr:
        return exp.cast(node, exp.DType.BIGINT) if isinstance(node, exp.Literal) and node.is_int else node

    def fromjson_sql(self, node: exp.FromJson) -> str:
        (row,) = json.loads(node.expression.name)
        kinds = ", ".join(f"{name}: {_KINDS[kind]}" for name, kind in row.items())
        return f"from_json({self.sql(node.this)}, 'array<struct<{kinds}>>')"

    def bracket_sql(self, node: exp.Bracket) -> str:
        (index,) = node.expressions
        if isinstance(index, exp.Slice):
            return f"slice({self.sql(node.this)}, {self.sql(index.this)}, {self.sql(index.expression)})"
        return super().bracket_sql(node)

    def cast_sql(self, node: exp.Cast, safe_prefix: str | None = None) -> str:
        if node.to.is_type(exp.DType.VARCHAR, exp.DType.TEXT) and node.find(exp.Column, exp.Coalesce):
            names = {one.name for one in node.find_all(exp.Column)}
            if names <= {"id", "cause"}:
                return f"hex({self.sql(node.this)})"
        return super().cast_sql(node, safe_prefix)


def _lake_order(id: str) -> str:
    """63 bits of DuckDB's own hash of an id, by which it orders what happened in the same microsecond."""
    halves = [f"cast(conv(substr(hex({id}), {start}, 16), 16, -10) as bigint)" for start in (1, 17)]
    # DuckDB keeps an id with its first bit turned over, so that ids sort like numbers.
    mixed = [_mixed(half) for half in (f"({halves[0]} ^ (-9223372036854775807 - 1))", halves[1])]
    return f"shiftrightunsigned({mixed[0]} ^ {mixed[1]}, 1)"


def _mixed(bits: str) -> str:
    """Austin Appleby's finisher with D. Mayer's constants, as DuckDB has it."""
    folded = "bits ^ shiftrightunsigned(bits, 32)"
    return f"aggregate(array(1, 2), {bits}, (bits, time) -> ({folded}) * {_MULTIPLIER}, bits -> {folded})"


class _Spark(Spark):
    Generator = _Words

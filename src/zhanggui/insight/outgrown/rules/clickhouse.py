"""A question of DuckDB's in ClickHouse's words, with the same answer to the last unit.

Where the engines differ without an error, the difference is taken out here or in SETTINGS: sums over nothing are null,
what is beside no row is null, a whole division stays whole, a percentile is the same row.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Final

from sqlglot import exp
from sqlglot.dialects.clickhouse import ClickHouse
from sqlglot.generators.clickhouse import ClickHouseGenerator

from zhanggui.insight.outgrown.rules.common import read

SETTINGS: Final = {
    "join_use_nulls": "1",
    "group_by_use_nulls": "1",
    "aggregate_functions_null_for_empty": "1",
    "prefer_column_name_to_alias": "1",
    "enable_named_columns_in_function_tuple": "1",
    "enable_extended_results_for_datetime_functions": "1",
    "function_json_value_return_type_allow_nullable": "1",
    "union_default_mode": "DISTINCT",
    "output_format_json_quote_64bit_integers": "1",
    "output_format_json_named_tuples_as_objects": "0",
    "allow_experimental_join_condition": "1",
    "enable_materialized_cte": "1",
    "data_type_default_nullable": "0",
    "session_timezone": "UTC",
    "use_hive_partitioning": "0",
    "joined_subquery_requires_alias": "0",
    "schema_inference_make_columns_nullable": "1",
}
# ClickHouse's days; who asks for all days asks for these.
_FIRST_DAY, _LAST_DAY = "1900-01-01", "2299-12-31"
_SAID_HERE: Final = frozenset(
    {
        exp.Struct,
        exp.PercentileDisc,
        exp.JSONExtractScalar,
        exp.ArraySort,
        exp.TryCast,
        exp.Length,
        exp.ArrayAgg,
        exp.Count,
        exp.CountIf,
    }
)
_LARGEST: Final = 1 << 63


def to_clickhouse(sql: str, params: Sequence[object] = ()) -> str:
    """The same question for ClickHouse, over the same files."""
    tree = read(sql, params)
    for join in tree.find_all(exp.Join):
        if join.method == "ASOF":
            _equal_somewhere(join)
    _take_apart(tree)
    for select in tree.find_all(exp.Select):
        _name_columns(select)
        _zip_unnested(select)
    return _ClickHouse().generate(tree)


def _equal_somewhere(join: exp.Join) -> None:
    """ClickHouse looks for the nearest row only among those that are equal in something: here in being there."""
    condition = join.args.get("on")
    if condition is None or condition.find(exp.EQ):
        return
    said = condition.left if condition.left.table != join.this.alias_or_name else condition.right
    source = join.this
    name = source.alias_or_name
    wider = exp.select("*", exp.alias_(exp.Literal.number(1), "is_there")).from_(source)
    join.set("this", exp.Subquery(this=wider, alias=exp.TableAlias(this=exp.to_identifier(name))))
    beside = exp.EQ(this=exp.Anonymous(this="isNotNull", expressions=[said.copy()]), expression=exp.column("is_there"))
    join.set("on", exp.And(this=beside, expression=condition.copy()))


def _take_apart(tree: exp.Expr) -> None:
    """Structures by their parts: `unnest` of one is all of its parts, and a pair's place is no place in a list."""
    named = [one for one in tree.find_all(exp.Alias) if one.find(exp.Struct)]
    parts = {one.alias: [part.name for part in _struct(one).expressions] for one in named}
    pairs = {one.alias for one in tree.find_all(exp.Alias) if isinstance(one.this, exp.Explode) and _is_pairs(one.this)}
    for one in list(tree.find_all(exp.Explode)):
        of = one.this
        if isinstance(of, exp.Column) and of.name in parts and isinstance(one.parent, exp.Select):
            columns = [exp.alias_(exp.column(part, table=of.name), part) for part in parts[of.name]]
            select = one.parent
            select.set(
                "expressions", [each for said in select.selects for each in (columns if said is one else [said])]
            )
    for index in list(tree.find_all(exp.Bracket)):
        if isinstance(index.this, exp.Column) and index.this.name in pairs:
            place = exp.Literal.number(int(index.expressions[0].name) + 1)
            index.replace(exp.Anonymous(this="tupleElement", expressions=[index.this.copy(), place]))


def _struct(one: exp.Expr) -> exp.Struct:
    return next(one.find_all(exp.Struct))


def _is_pairs(unnested: exp.Explode) -> bool:
    return isinstance(unnested.this, exp.Anonymous) and unnested.this.name == "list_zip"


def _name_columns(select: exp.Select) -> None:
    """A column of one of several tables is called by its own name outside."""
    for one in select.selects:
        if isinstance(one, exp.Column) and one.table and not one.is_star:
            one.replace(exp.alias_(one.copy(), one.name))


def _zip_unnested(select: exp.Select) -> None:
    """Lists that are unnested side by side run together, row by row, and not each through all of the other."""
    lists = [one for one in select.selects if isinstance(_unaliased(one), exp.Explode) or _is_places(one)]
    if len(lists) < 2:
        return
    arrays = [
        exp.Anonymous(this="arrayEnumerate", expressions=[_unaliased(one).expressions[0].copy()])
        if _is_places(one)
        else _unaliased(one).this.copy()
        for one in lists
    ]
    together = exp.Anonymous(this="arrayJoin", expressions=[exp.Anonymous(this="arrayZip", expressions=arrays)])
    for place, one in enumerate(lists, 1):
        part = exp.Anonymous(this="tupleElement", expressions=[together.copy(), exp.Literal.number(place)])
        one.replace(exp.alias_(part, one.alias_or_name))


def _is_places(one: exp.Expr) -> bool:
    said = _unaliased(one)
    return isinstance(said, exp.Anonymous) and said.name == "generate_subscripts"


def _unaliased(one: exp.Expr) -> exp.Expr:
    return one.this if isinstance(one, exp.Alias) else one


class _Words(ClickHouseGenerator):
    """Only what sqlglot says otherwise than it is meant here."""

    TRANSFORMS = {kind: say for kind, say in ClickHouseGenerator.TRANSFORMS.items() if kind not in _SAID_HERE}

    def readparquet_sql(self, node: exp.ReadParquet) -> str:
        paths = [one.name for one in node.expressions[0].expressions]
        return f"file({self.sql(exp.Literal.string(_glob(paths)))}, 'Parquet')"

    def values_sql(self, node: exp.Values, values_as_table: bool = True) -> str:
        names = [one.name for one in node.args["alias"].columns]
        rows = [
            f"tuple({self.expressions(row, flat=True)})" if isinstance(row, exp.Tuple) else f"tuple({self.sql(row)})"
            for row in node.expressions
        ]
        columns = ", ".join(f"tupleElement(row, {place}) AS {name}" for place, name in enumerate(names, 1))
        return f"(SELECT {columns} FROM (SELECT arrayJoin([{', '.join(rows)}]) AS row)) AS {node.alias}"

    def generateseries_sql(self, node: exp.GenerateSeries) -> str:
        """Days from one to another, both included."""
        start, end = self.sql(node, "start"), self.sql(node, "end")
        count = f"toUInt64(greatest(0, dateDiff('day', {start}, {end}) + 1))"
        return f"arrayMap(n -> {start} + toInt32(n), range({count}))"

    def intdiv_sql(self, node: exp.IntDiv) -> str:
        return self.func("intDiv", node.this, node.expression)

    def bitwiseand_sql(self, node: exp.BitwiseAnd) -> str:
        return self.func("bitAnd", node.this, node.expression)

    def bitwiseor_sql(self, node: exp.BitwiseOr) -> str:
        return self.func("bitOr", node.this, node.expression)

    def bitwiseleftshift_sql(self, node: exp.BitwiseLeftShift) -> str:
        return f"bitShiftLeft({self.sql(node.this)}, toInt64({self.sql(node.expression)}))"

    def bitwiserightshift_sql(self, node: exp.BitwiseRightShift) -> str:
        return self.func("bitShiftRight", node.this, node.expression)

    def bitwiseoragg_sql(self, node: exp.BitwiseOrAgg) -> str:
        return self.func("groupBitOr", node.this)

    def logicalor_sql(self, node: exp.LogicalOr) -> str:
        return self.func("max", node.this)

    def logicaland_sql(self, node: exp.LogicalAnd) -> str:
        return self.func("min", node.this)

    def count_sql(self, node: exp.Count) -> str:
        return self._signed(node, super().function_fallback_sql(node))

    def countif_sql(self, node: exp.CountIf) -> str:
        return self._signed(node, self.func("countIf", node.this))

    def filter_sql(self, node: exp.Filter) -> str:
        return self._signed(node, super().filter_sql(node)) if _counts(node.this) else super().filter_sql(node)

    def window_sql(self, node: exp.Window) -> str:
        said = super().window_sql(node)
        return self._signed(node, said) if isinstance(node.parent, exp.Expr) and _counts(node.this) else said

    def _signed(self, node: exp.Expr, said: str) -> str:
        """A count as a number that can be taken from another; ClickHouse's own counts have no sign."""
        return said if isinstance(node.parent, exp.Filter | exp.Window) else f"toInt64({said})"

    def arraysort_sql(self, node: exp.ArraySort) -> str:
        return self.func("arraySort", node.this)

    def arrayagg_sql(self, node: exp.ArrayAgg) -> str:
        return self.func("groupArray", node.this)

    def length_sql(self, node: exp.Length) -> str:
        return f"toInt64({self.func('length', node.this)})"

    def literal_sql(self, node: exp.Literal) -> str:
        if not node.is_string and node.name.isdigit() and int(node.name) >= _LARGEST:
            return f"toInt128('{node.name}')"
        return super().literal_sql(node)

    def lag_sql(self, node: exp.Lag) -> str:
        return self.func("lag", self.func("toNullable", node.this), node.args.get("offset"))

    def lead_sql(self, node: exp.Lead) -> str:
        return self.func("lead", self.func("toNullable", node.this), node.args.get("offset"))

    def percentiledisc_sql(self, node: exp.PercentileDisc) -> str:
        """The row that DuckDB takes: of n the one behind n - floor(n - share * n) - 1 others, at least the first."""
        rows, share = self.func("groupArray", node.this), self.sql(node.expression)
        count = f"length({rows})"
        place = f"toUInt64(greatest(1, {count} - floor({count} - {share} * {count})))"
        return f"if({count} = 0, NULL, arraySort({rows})[{place}])"

    def struct_sql(self, node: exp.Struct) -> str:
        return self.func("tuple", *(exp.alias_(one.expression, one.name) for one in node.expressions))

    def jsonextractscalar_sql(self, node: exp.JSONExtractScalar) -> str:
        path = "".join(f".{part.this}" for part in node.expression.expressions if isinstance(part, exp.JSONPathKey))
        return f"JSON_VALUE({self.sql(node.this)}, '${path}')"

    def decode_sql(self, node: exp.Decode) -> str:
        return self.sql(node.this)

    def sub_sql(self, node: exp.Sub) -> str:
        if _is_day(node.expression):
            return f"dateDiff('day', {self.sql(node.expression)}, {self.sql(node.this)})"
        return self.binary(node, "-")

    def cast_sql(self, node: exp.Cast, safe_prefix: str | None = None) -> str:
        if node.to.is_type(exp.DType.DATE) and isinstance(node.this, exp.Literal):
            day = min(max(node.this.name, _FIRST_DAY), _LAST_DAY)
            return f"toDate32('{day}')"
        if node.to.is_type(exp.DType.ARRAY) and isinstance(node.this, exp.Null):
            return f"CAST([], '{self.sql(node.to)}')"
        return super().cast_sql(node, safe_prefix)

    def trycast_sql(self, node: exp.TryCast) -> str:
        return self.func("accurateCastOrNull", node.this, exp.Literal.string(self.sql(node.to)))

    def timestamptrunc_sql(self, node: exp.DateTrunc | exp.TimestampTrunc) -> str:
        return f"dateTrunc('{node.text('unit').lower()}', {self.sql(node.this)})"

    def datetrunc_sql(self, node: exp.DateTrunc) -> str:
        return self.timestamptrunc_sql(node)

    def anonymous_sql(self, node: exp.Anonymous) -> str:
        if node.name.lower() == "list_last":
            return f"arrayElementOrNull({self.sql(node.expressions[0])}, -1)"
        known = {"hash": "cityHash64", "list_sum": "arraySum", "list_zip": "arrayZip", "row": "tuple"}
        if node.name.lower() in known:
            return self.func(known[node.name.lower()], *node.expressions)
        return super().anonymous_sql(node)

    def bracket_sql(self, node: exp.Bracket) -> str:
        (index,) = node.expressions
        if not isinstance(index, exp.Slice):
            return f"arrayElementOrNull({self.sql(node.this)}, {self._place(index)})"
        return self._slice(node.this, index.this, index.expression)

    def _place(self, index: exp.Expr) -> str:
        """Where in a list, from 1; sqlglot counts from 0 inside, and from the end one more."""
        if isinstance(index, exp.Literal):
            return str(int(index.name) + 1)
        if isinstance(index, exp.Neg) and isinstance(index.this, exp.Literal):
            return f"-{int(index.this.name) - 1}"
        if isinstance(index, exp.Add) and isinstance(index.expression, exp.Neg):
            index = index.this
        return f"toInt64({self.sql(index)})"

    def _slice(self, of: exp.Expr, start: exp.Expr | None, end: exp.Expr | None) -> str:
        begin = self.sql(start) if start else "1"
        if end is None:
            return self.func("arraySlice", of, exp.maybe_parse(begin))
        if isinstance(end, exp.Neg):
            return self.func("arraySlice", of, begin, f"-{int(end.this.name) - 1}")
        return self.func("arraySlice", of, begin, f"{self.sql(end)} - {begin} + 1")


def _counts(node: exp.Expr) -> bool:
    while isinstance(node, exp.Filter):
        node = node.this
    return isinstance(node, exp.Count | exp.CountIf | exp.RowNumber | exp.Rank)


def _is_day(node: exp.Expr) -> bool:
    """Whether what is taken off a day is a day and no number of them."""
    if isinstance(node, exp.Cast):
        return bool(node.to.is_type(exp.DType.DATE))
    if isinstance(node, exp.Filter | exp.Max | exp.Min | exp.Paren):
        return _is_day(node.this)
    return isinstance(node, exp.Column) and node.name in {"day", "first_day", "last_day"}


def _glob(paths: Sequence[str]) -> str:
    """Paths as one pattern: it may not begin with a brace."""
    if len(paths) == 1:
        return paths[0]
    folder = PurePosixPath(os.path.commonpath(paths))
    return f"{folder}/{{{','.join(str(PurePosixPath(path).relative_to(folder)) for path in paths)}}}"


class _ClickHouse(ClickHouse):
    Generator = _Words

"""The columns of one table as SQL: text, numbers and moments by what they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zhanggui.doors.imports.errors import DatesUnclear, DecimalsUnclear
from zhanggui.doors.imports.files.tables import Loaded
from zhanggui.doors.imports.rules.moments import SHORT_SQL, Dates, moment_sql, order_of
from zhanggui.doors.imports.rules.numbers import WHOLE_LIMIT, Decimals, Votes, decide, number_sql, votes_sql
from zhanggui.doors.imports.stage import Stage, quoted

_EXAMPLES = 3
# These forms keep numbers and moments as such; nobody typed them.
_TYPED_FORMS = ("parquet", "xlsx", "json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """How people wrote numbers and dates, as far as somebody said it; what is None is found out."""

    dates: Dates | None = None
    decimals: Decimals | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A loaded file, its columns by meaning, and how its numbers and dates are written.

    zone  where moments without an offset were written
    """

    loaded: Loaded
    named: Mapping[str, str]
    zone: str
    dates: Dates
    decimals: Decimals

    @property
    def said(self) -> str:
        """How it is written, for a person."""
        return f"decimal sign {self.decimals}, dates {self.dates}"

    @property
    def options(self) -> tuple[str, ...]:
        """The same as options of the command."""
        return ("--dates", self.dates, "--decimal", self.decimals)

    def has(self, means: str) -> bool:
        """Whether the file has such a column."""
        return means in self.named

    def text(self, means: str) -> str:
        """SQL for its trimmed text; null where it is empty or the column is missing."""
        return f"nullif(trim({quoted(self.named[means])}), '')" if means in self.named else "null::varchar"

    def number(self, means: str) -> str:
        """SQL for its exact value; null where the text is none."""
        return number_sql(self.text(means), self.decimals) if means in self.named else "null::decimal(24, 6)"

    def whole(self, means: str) -> str:
        """SQL for its value as whole pieces; null where it is broken or beyond all measure."""
        number = self.number(means)
        return (
            f"list_transform([{number}], lambda _n: case when _n = trunc(_n) and abs(_n) <= {WHOLE_LIMIT}"
            " then _n::integer end)[1]"
        )

    def moment(self, means: str) -> str:
        """SQL for its microseconds since 1970, UTC; null where the text is none."""
        return moment_sql(self.text(means), self.dates, zone=self.zone) if means in self.named else "null::bigint"


def understand(
    stage: Stage,
    loaded: Loaded,
    named: Mapping[str, str],
    *,
    zone: str,
    numbers: Sequence[str],
    moments: Sequence[str],
    writing: Writing,
) -> Table:
    """See how the numbers and dates of a file are written, all its lines considered.

    numbers, moments  meanings of the columns that hold them
    refuses           DecimalsUnclear, DatesUnclear where they could be read in two ways
    """
    is_typed = loaded.form in _TYPED_FORMS
    decimals = writing.decimals or (Decimals.POINT if is_typed else _decimals(stage, loaded, named, numbers))
    dates = writing.dates or (Dates.YMD if is_typed else _dates(stage, loaded, named, moments))
    return Table(loaded=loaded, named=named, zone=zone, dates=dates, decimals=decimals)


def _decimals(stage: Stage, loaded: Loaded, named: Mapping[str, str], numbers: Sequence[str]) -> Decimals:
    """One sign for all columns of a file: the same program wrote them."""
    total = Votes(only_point=0, only_comma=0, differing=0)
    examples: list[tuple[str, list[str]]] = []
    for means in numbers:
        if means in named:
            point, comma, differing, either, split = stage.one(votes_sql(quoted(named[means]), table=loaded.table))
            total = Votes(
                only_point=total.only_point + point,
                only_comma=total.only_comma + comma,
                differing=total.differing + differing,
            )
            if either or split:
                examples.append((named[means], [*(split or ())[:_EXAMPLES], *(either or ())[:_EXAMPLES]]))
    found = decide(total)
    if found is None:
        column, values = examples[0]
        raise DecimalsUnclear(path=str(loaded.path), column=column, examples=tuple(values[:_EXAMPLES]))
    return found


def _dates(stage: Stage, loaded: Loaded, named: Mapping[str, str], moments: Sequence[str]) -> Dates:
    seen: list[str] = []
    column = ""
    for means in moments:
        if means in named:
            short = f"regexp_extract({quoted(named[means])}, '{SHORT_SQL}')"
            values = stage.rows(f"select distinct {short} as day from {loaded.table} where day <> '' order by day")
            seen += [day for (day,) in values]
            column = column or (named[means] if values else "")
    found = order_of(seen)
    if found is None:
        raise DatesUnclear(path=str(loaded.path), column=column, examples=tuple(seen[:_EXAMPLES]))
    return found

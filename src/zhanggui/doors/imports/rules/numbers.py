"""Amounts as people write them: which sign is the decimal one, and the SQL that reads a column of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decimals(StrEnum):
    """The decimal sign of a column."""

    POINT = "."
    COMMA = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """How the different values of a column can be read.

    only_point, only_comma  values that make sense with one decimal sign only, such as 2.55 or 1.234,50
    differing               values that make sense with both, but not the same, such as 1,234
    """

    only_point: int
    only_comma: int
    differing: int


# A column may hold a few typing mistakes without becoming unclear; they are refused line by line.
_STRAY_RATE = 0.01
# What people put around an amount: spaces of all kinds, apostrophes between thousands, currency signs and codes.
_AROUND = r"[\s\x{00a0}\x{202f}\x{2009}'’_]|R\$|US\$|HK\$|NT\$|[£$€¥￥₹₽₩元圆]|^\s*[A-Z]{3}|[A-Z]{3}\s*$"
_POINT = r"-?(\d+|[1-9]\d{0,2}(,\d{3})+)(\.\d{1,6})?"
_COMMA = r"-?(\d+|[1-9]\d{0,2}(\.\d{3})+)(,\d{1,6})?"
_PLAIN = r"-?\d{1,15}(\.\d{1,6})?"

DECIMAL = "decimal(24, 6)"
WHOLE_LIMIT = 2_147_483_647


def decide(votes: Votes) -> Decimals | None:
    """The decimal sign of a column, or None if it could be either.

    source   2.55 -> point; 1.234,50 -> comma; 1,234 alone -> None; 1,234 and 2.55 -> point; 7 and 12 -> point
    """
    if votes.only_comma <= votes.only_point * _STRAY_RATE and votes.only_point:
        return Decimals.POINT
    if votes.only_point <= votes.only_comma * _STRAY_RATE and votes.only_comma:
        return Decimals.COMMA
    is_open = votes.only_point or votes.only_comma or votes.differing
    return None if is_open else Decimals.POINT


def votes_sql(column: str, *, table: str) -> str:
    """A query for the votes of a column, and all values that can be read in two ways or in one way only."""
    bare = _bare("value")
    return f"""
        with read as (
            select value, regexp_full_match({bare}, '{_POINT}') as p, regexp_full_match({bare}, '{_COMMA}') as c
            from (select distinct {column} as value from {table} where {column} is not null)
        )
        select count(*) filter (where p and not c), count(*) filter (where c and not p),
            count(*) filter (where p and c and value similar to '.*[.,].*'),
            list(value order by value) filter (where p and c and value similar to '.*[.,].*'),
            list(value order by value) filter (where p <> c)
        from read
    """


def number_sql(text: str, decimals: Decimals) -> str:
    """SQL for the exact value of a written number, null where it is none or has more than six decimals."""
    pattern, thousands = (_POINT, ",") if decimals is Decimals.POINT else (_COMMA, ".")
    bare = _bare(text)
    pointed = f"replace(replace({bare}, '{thousands}', ''), ',', '.')"
    slow = f"case when regexp_full_match({bare}, '{pattern}') then try_cast({pointed} as {DECIMAL}) end"
    if decimals is Decimals.COMMA:
        return f"({slow})"
    return f"(case when regexp_full_match({text}, '{_PLAIN}') then try_cast({text} as {DECIMAL}) else {slow} end)"


def minor_sql(amount: str, exponent: int) -> str:
    """SQL for an exact amount in whole minor units, half away from zero as `Money.of` rounds."""
    return f"cast(round(({amount}) * {10**exponent}) as bigint)"


def _bare(text: str) -> str:
    """The number without what stands around it; (12) and 12- are negative, as in account books."""
    stripped = f"regexp_replace({text}, '{_quoted(_AROUND)}', '', 'g')"
    signed = f"regexp_replace({stripped}, '^\\((.+)\\)$|^(.+)[-−]$|^[−](.+)$', '-\\1\\2\\3')"
    return f"regexp_replace({signed}, '^\\+', '')"


def _quoted(pattern: str) -> str:
    return pattern.replace("'", "''")

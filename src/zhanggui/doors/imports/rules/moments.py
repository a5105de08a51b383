"""Moments as people write them: which way round day and month stand, and the SQL that reads a column of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum


class Dates(StrEnum):
    """The order of year, month and day in a column."""

    YMD = "ymd"
    DMY = "dmy"
    MDY = "mdy"


_STRAY_RATE = 0.01
_SHORT = re.compile(r"\s*(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?!\d)")
SHORT_SQL = r"^\s*\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})"

_ISO = r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}"
_CLOCK = (
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s*([AaPp])?\.?(?:[Mm]\.?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?"
)
_DAYS = {
    Dates.YMD: (r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", ("y", "m", "d")),
    Dates.DMY: (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", ("d", "m", "y")),
    Dates.MDY: (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", ("m", "d", "y")),
}
_PARTS = ("h", "n", "s", "f", "p", "z")


def order_of(texts: Iterable[str]) -> Dates | None:
    """The order in which a column's dates stand, or None if day and month could be either way round.

    texts    the different dates of the column; those that begin with a year do not matter
    source   31/12/2010 -> dmy; 12/31/2010 -> mdy; 2010-12-31 -> ymd; 01/02/2010 alone -> None
    """
    pairs = [(int(found[1]), int(found[2])) for text in texts if (found := _SHORT.match(text))]
    if not pairs:
        return Dates.YMD
    days_first = sum(1 for first, second in pairs if first > 12 >= second)
    days_second = sum(1 for first, second in pairs if second > 12 >= first)
    if days_second <= days_first * _STRAY_RATE and days_first:
        return Dates.DMY
    if days_first <= days_second * _STRAY_RATE and days_second:
        return Dates.MDY
    return None


def moment_sql(text: str, dates: Dates, *, zone: str) -> str:
    """SQL for the microseconds since 1970, UTC, of a written moment; null where it is none.

    zone  where a moment without an offset was written; one that the clocks skipped is taken an hour later
    """
    fast = f"epoch_us(timezone('{zone}', try_cast({text} as timestamp)))"
    day, order = _DAYS[dates]
    names = ", ".join(f"'{name}'" for name in (*order, *_PARTS))
    parts = f"regexp_extract(trim({text}), '^{day}{_CLOCK}$', [{names}])"
    slow = f"list_transform([{parts}], lambda _parts: {_assembled('_parts', zone)})[1]"
    return f"(case when regexp_full_match({text}, '{_ISO}') then {fast} else {slow} end)"


def _assembled(t: str, zone: str) -> str:
    """The moment of the parts of a date; twelve-hour clocks and offsets included."""
    year = f"case when length({t}.y) = 2 then '20' || {t}.y else {t}.y end"
    hour = (
        f"case lower({t}.p) when 'p' then (try_cast({t}.h as int) % 12 + 12)::varchar"
        f" when 'a' then (try_cast({t}.h as int) % 12)::varchar else coalesce(nullif({t}.h, ''), '0') end"
    )
    clock = f"{hour} || ':' || coalesce(nullif({t}.n, ''), '0') || ':' || coalesce(nullif({t}.s, ''), '0')"
    fraction = f"case when {t}.f <> '' then '.' || left({t}.f, 6) else '' end"
    padded = f"lpad({t}.m, 2, '0') || '-' || lpad({t}.d, 2, '0')"
    local = f"try_cast({year} || '-' || {padded} || ' ' || {clock} || {fraction} as timestamp)"
    sign = f"case left({t}.z, 1) when '-' then -1 else 1 end"
    minutes = f"(try_cast({t}.z[2:3] as bigint) * 60 + try_cast(right({t}.z, 2) as bigint)) * {sign}"
    return (
        f"case when {t}.z in ('Z', 'UTC', 'GMT') then epoch_us({local})"
        f" when {t}.z <> '' then epoch_us({local}) - ({minutes}) * 60000000"
        f" else epoch_us(timezone('{zone}', {local})) end"
    )


def day_sql(at_us: str, *, zone: str) -> str:
    """SQL for the business day of a moment: its calendar day in the shop's zone."""
    return f"timezone('{zone}', make_timestamptz({at_us}))::date"

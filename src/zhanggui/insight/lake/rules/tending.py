"""How files of the lake are read and kept few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

# From so many changed days of a month on, the month's file is made anew instead of a file for each day.
BULK_DAYS = 4
# So many events are rolled at once, so that what is made from them fits into memory.
MOST_ROLLED_ROWS = 4_000_000
# A file of so many rows is not made again only to have fewer files.
LARGE_ROWS = 1_000_000

MERGE_COUNT = 8
MOST_MERGED_ROWS = 2_000_000
_SMALL_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A source for DuckDB: write it behind `from`, as in f"select count(*) from {orders}".

    sql      a bracketed query over the files that are live now; use it at once, not tomorrow
    columns  their names, in order
    """

    sql: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return self.sql


def month_after(month: date) -> date:
    """The first day of the month that follows."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def to_merge(rows: Sequence[int]) -> tuple[int, ...]:
    """Which of a day's segments to merge into one, by index; none if it would not pay yet.

    Takes the smallest as long as the next is no larger than all before it together, so that a row is written again only
    when what it lies in at least doubles: a day of n small segments costs about log2(n) writes of a row.

    rows     of each segment
    source   [10] * 8 -> all; [10] * 8 + [5_000_000] -> the eight; [10] * 7 -> none
    """
    by_size = sorted((count, index) for index, count in enumerate(rows) if count < MOST_MERGED_ROWS)
    taken: list[int] = []
    total = 0
    for count, index in by_size:
        if taken and (count > max(total, _SMALL_ROWS) or total + count > MOST_MERGED_ROWS):
            break
        taken.append(index)
        total += count
    return tuple(taken) if len(taken) >= MERGE_COUNT else ()

"""Cohorts as sets of people: a bit for each number that a person may have, so that who came back is one `and` of bits.

Gives what the joins of `queries` give, several times as fast on many people, for tables without a split or a filter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files
from zhanggui.insight.lake.rules import Relation
from zhanggui.insight.metrics.rules import Step
from zhanggui.insight.retention.rules import Begin, Column, Question, Return

# The daily table of a name on some days, half open, to be written behind `from`.
Tables = Callable[[str, tuple[date, date]], Relation | str]
Bits = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.int32]
# How many people a cohort has, and how many of them came back in each column.
Cell = tuple[int, tuple[int, ...]]

# So many bytes of sets are held at once; larger tables are counted by joins.
_MOST_BYTES: Final = 256_000_000
_THREADS: Final = 2


def knows(question: Question) -> bool:
    """Whether a table can be counted by sets."""
    is_plain = question.by is None and not question.where.by_cut()
    return is_plain and question.back is not Return.ORDER and question.begin is not Begin.EVERY_EVENT


def knows_files(question: Question) -> bool:
    """Whether a table that can be counted by sets is one of visits by days."""
    is_of_visits = question.begin is Begin.FIRST_VISIT and question.back is Return.VISIT
    return is_of_visits and question.step is Step.DAY


def count(question: Question, *, begun: str, back: str, place: str, days: int, is_same: bool) -> dict[int, Cell] | None:
    """How many people each cohort has and how many of them came back in each column, by the place of its cell.

    begun        rows of beginnings, on all days up to the end of the period
    back         rows of coming back, from the first cohort's first day up to today
    place        the place of a row's cell, as SQL
    days         of how many days the rows of coming back are
    is_same      whether a beginning is the first coming back, on days that both have: then they are read once
    None         there are too many people to hold
    """
    ((most,),) = lake.ask(f"select max(person) from (select person from {begun} union all select person from {back})")
    size = (most or 0) // 8 + 1
    if size * (len(question.cohorts) + days) > _MOST_BYTES:
        return None
    came = _sets(f"select person, {place} as i from {back}", most or 0)
    if is_same and question.step is Step.DAY:
        began = came | _sets(f"select person, -1 as i from {begun} where day < date '{question.start}'", most or 0)
    else:
        began = _sets(f"select person, if(day < date '{question.start}', -1, {place}) as i from {begun}", most or 0)
    return _counted(question, began, came, size)


def count_visits(question: Question, filed: Iterable[lake.Filed], *, until: date) -> dict[int, Cell] | None:
    """The same of first visits and later ones, day by day, from the files of the daily table without asking DuckDB.

    filed    of all days before `until`, as `lake.rollup_files` gives them
    refuses  LakeBroken
    """
    start, end = files.day_number(question.start), files.day_number(until)
    with ThreadPoolExecutor(_THREADS) as pool:
        read = list(pool.map(_read, filed))
        most = max((int(people.max()) for _, people in read if len(people)), default=0)
        if (most // 8 + 1) * (len(question.cohorts) + end - start) > _MOST_BYTES:
            return None
        came: dict[int, Bits] = {}
        for sets in pool.map(partial(_days, start=start, end=end, most=most), read):
            for cell, people in sets.items():
                came[cell] = came[cell] | people if cell in came else people
    return _counted(question, came, came, most // 8 + 1)


def _read(file: lake.Filed) -> tuple[Numbers, Numbers]:
    """On which day who came, in the order of days."""
    table = files.read(file.path, ["day", "person"])
    days, people = files.day_numbers(table["day"]), files.values(table["person"])
    if (days[1:] < days[:-1]).any():
        order = np.argsort(days, kind="stable")
        days, people = days[order], people[order]
    return days, people


def _days(visits: tuple[Numbers, Numbers], *, start: int, end: int, most: int) -> dict[int, Bits]:
    """Who came on each day from the first on, and on any before it (-1)."""
    days, people = visits
    cuts = [0, *(np.searchsorted(days, range(start, end + 1)).tolist() if len(days) else ())]
    sets = {}
    for cell, (begin, stop) in enumerate(pairwise(cuts), start=-1):
        if stop > begin:
            is_there = np.zeros(most + 1, bool)
            is_there[people[begin:stop]] = True
            is_there[0] = False
            sets[cell] = np.packbits(is_there)
    return sets


def _counted(question: Question, began: dict[int, Bits], came: dict[int, Bits], size: int) -> dict[int, Cell]:
    nobody = np.zeros(size, np.uint8)
    known = began.get(-1, nobody)
    found = {}
    for cell in range(len(question.cohorts)):
        cohort = began.get(cell, nobody) & ~known
        known = known | cohort
        people = _size(cohort)
        if people:
            found[cell] = (people, tuple(_size(cohort & _any(came, cell, one, nobody)) for one in question.columns))
    return found


def _sets(rows: str, most: int) -> dict[int, Bits]:
    """The people of each cell; all sets are as long as the largest number needs."""
    sql = f"select i, bitstring_agg(person, 0, {most})::blob from ({rows}) where person <> 0 group by i"
    return {int(cell): np.frombuffer(bits, np.uint8) for cell, bits in lake.ask(sql)}


def _any(came: dict[int, Bits], cell: int, column: Column, nobody: Bits) -> Bits:
    """Who came in any of the cells of a column."""
    last = max(came, default=-1) if column.end is None else cell + column.end
    sets = [came[i] for i in range(cell + column.start, last + 1) if i in came]
    return np.bitwise_or.reduce(sets) if sets else nobody


def _size(people: Bits) -> int:
    """How many people; their bits are counted 64 at a time."""
    whole = len(people) & ~7
    words, rest = people[:whole].view(np.uint64), people[whole:]
    return int(np.bitwise_count(words).sum()) + int(np.bitwise_count(rest).sum())

"""Which rows and people of daily tables a question asks for, as arrays."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files
from zhanggui.insight.metrics.queries.cells import Stretch
from zhanggui.insight.metrics.rules.answers import Crowd, Question
from zhanggui.insight.metrics.rules.sources import Base

Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]

# The day of what has not happened.
NEVER: Final = np.iinfo(np.int32).max


def daily_files(question: Question, table: str, stretch: Stretch) -> tuple[lake.Filed, ...]:
    """The files of a daily table that a stretch is counted from. Asked for before anything that is said of people by
    number: who is in them has a number by then, and whoever comes later is not in them.
    """
    return tuple(lake.rollup_files(question.shop, table, (stretch.period.start, stretch.period.end)))


def people_in(shop: str, crowd: Crowd | None) -> Flags | None:
    """Who is in a crowd, by number; None if everybody is."""
    if crowd is None:
        return None
    found = lake.ask_many(f"select person::bigint as person from ({crowd.sql})")["person"].to_numpy()
    wanted = np.zeros(lake.people_count(shop) + 1, bool)
    wanted[found[(found > 0) & (found < len(wanted))]] = True
    return wanted


def first_days(shop: str, pool: ThreadPoolExecutor) -> Numbers:
    """The day of everybody's first paid order, by number; NEVER if there is none."""
    read = list(pool.map(_paid_days, lake.rollup_files(shop, "orders")))
    first = np.full(lake.people_count(shop) + 1, NEVER, np.int32)
    for people, days in read:
        np.minimum.at(first, people, days)
    return first


def _paid_days(file: lake.Filed) -> tuple[Numbers, Numbers]:
    table = files.read(file.path, ["day", "person", "kind"], texts=["kind"])
    is_paid = files.is_among(table["kind"], ["paid"])
    return files.values(table["person"])[is_paid], files.day_numbers(table["day"])[is_paid]


def picking_columns(question: Question) -> frozenset[str]:
    """The columns of texts that `is_picked` looks at."""
    return frozenset(cut.value for cut in question.where.by_cut())


def is_all(question: Question, file: lake.Filed, stretch: Stretch) -> bool:
    """Whether every row of a file is picked."""
    is_inside = stretch.period.start <= file.first_day and file.last_day < stretch.period.end
    return is_inside and stretch.last_day is None and question.only is None and not question.where.by_cut()


def is_cut(file: lake.Filed, stretch: Stretch) -> bool:
    """Whether a file's rows have to say when in the day they happened, because not all of one of its days counts."""
    if stretch.last_day is None or stretch.until_us is None:
        return False
    return file.first_day <= stretch.last_day <= file.last_day


def is_picked(question: Question, base: Base, stretch: Stretch, table: pa.Table, *, only: Flags | None) -> Flags:
    """Which rows of a daily table lie in a stretch and are what the question asks for.

    table  with `day`, `person`, the texts of `picking_columns`, and the moment if its file `is_cut`
    only   as `people_in` gives it
    """
    days, people = files.day_numbers(table["day"]), files.values(table["person"])
    first, end = files.day_number(stretch.period.start), files.day_number(stretch.period.end)
    is_wanted = np.asarray((days >= first) & (days < end), bool)
    for cut, values in question.where.by_cut().items():
        is_wanted &= files.is_among(table[cut.value], values)
    if only is not None:
        is_wanted &= only[np.minimum(people, len(only) - 1)] & (people < len(only))
    if stretch.last_day is not None:
        last = files.day_number(stretch.last_day)
        is_before = days < last
        if stretch.until_us is not None and base.moment in table.column_names:
            is_before |= (days == last) & (files.values(table[base.moment]) < stretch.until_us)
        is_wanted &= is_before
    return is_wanted

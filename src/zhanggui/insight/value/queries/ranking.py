"""Recency, frequency and money of all buyers over arrays of their numbers.

The law it rests on: a score of `rules.Cell` is 1 + floor(most * worse / all), so somebody has at least a score where at
least so many are strictly worse; and at least k are strictly worse than x where the k-th worst of all is. So four
values of the sorted ones say everybody's score, and nobody is ranked.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files

Whole = npt.NDArray[np.int64]
# A row as DuckDB's grouping sets give it: the three scores, None where not grouped by; people, what they paid; the
# least and the most days, orders and minor units.
Ranked = tuple[int | None, int | None, int | None, int, int, int, int, int, int, int, int]

_THREADS: Final = 2
# Sums of floats are exact below.
_EXACT: Final = 1 << 53


@dataclass(frozen=True, slots=True)
class _Deals:
    """Payments, balances and refunds.

    people, days  who, and when
    minor         how much; below nothing if it went back
    is_paid       whether an order was paid
    """

    people: npt.NDArray[np.int32]
    days: npt.NDArray[np.int32]
    minor: Whole
    is_paid: npt.NDArray[np.bool_]


def ranked(shop: str, *, as_of: date, since: date, most: int) -> list[Ranked] | None:
    """What everybody's scores come to, by all three and by each alone, the best first.

    most     the best score
    refuses  LakeBroken; gives None where so much money moved that floats could not add it up
    """
    days = (files.day_number(since), files.day_number(as_of))
    with ThreadPoolExecutor(_THREADS) as pool:
        read = list(pool.map(partial(_read, days), lake.rollup_files(shop, "orders", (since, as_of))))
    if sum(float(np.abs(one.minor.astype(np.float64)).sum()) for one in read) >= _EXACT:
        return None
    days_ago, orders, minor = _buyers(read, days[1], lake.people_count(shop) + 1)
    if not len(orders):
        return []
    scores = [_scores(-days_ago, most), _scores(orders, most), _scores(minor, most)]
    measured = (days_ago, orders, minor)
    cells = _by_cell(scores, minor, most)
    return cells + [row for place in range(3) for row in _alone(place, scores[place], measured, most)]


def _read(days: tuple[int, int], file: lake.Filed) -> _Deals:
    table = files.read(file.path, ["day", "person", "kind", "amount_minor"], texts=["kind"])
    people, on = files.values(table["person"]), files.day_numbers(table["day"])
    is_paid = files.is_among(table["kind"], ["paid"])
    is_wanted = files.is_among(table["kind"], ["paid", "balance", "refunded"])
    rows = np.flatnonzero(is_wanted & (people != 0) & (on >= days[0]) & (on < days[1]))
    minor, is_back = files.values(table["amount_minor"])[rows], files.is_among(table["kind"], ["refunded"])[rows]
    return _Deals(people[rows], on[rows], np.where(is_back, -minor, minor), is_paid[rows])


def _buyers(read: list[_Deals], as_of: int, size: int) -> tuple[Whole, Whole, Whole]:
    """Of everybody who paid: days since they last did, how often, and how much less what went back."""
    last = np.zeros(size, np.int32)
    people = np.concatenate([np.empty(0, np.int32), *(one.people for one in read)])
    is_paid = np.concatenate([np.empty(0, bool), *(one.is_paid for one in read)])
    amounts = np.concatenate([np.empty(0, np.int64), *(one.minor for one in read)])
    orders = np.bincount(people[is_paid], minlength=size).astype(np.int64)
    minor = np.bincount(people, weights=amounts, minlength=size)
    for one in read:
        np.maximum.at(last, one.people[one.is_paid], one.days[one.is_paid])
    there = np.flatnonzero(orders)
    return (as_of - last[there]).astype(np.int64), orders[there], minor[there].astype(np.int64)


def _scores(values: Whole, most: int) -> npt.NDArray[np.int8]:
    """Everybody's score, the larger the value the better."""
    worse = [-(-score * len(values) // most) for score in range(1, most)]
    least = np.partition(values, [count - 1 for count in worse])
    return np.asarray(1 + sum((values > least[count - 1]).astype(np.int8) for count in worse), np.int8)


def _by_cell(scores: list[npt.NDArray[np.int8]], minor: Whole, most: int) -> list[Ranked]:
    base = most + 1
    cells = (scores[0].astype(np.int64) * base + scores[1]) * base + scores[2]
    people, paid = np.bincount(cells), np.bincount(cells, weights=minor).astype(np.int64)
    return [
        (cell // base**2, cell // base % base, cell % base, int(people[cell]), int(paid[cell]), 0, 0, 0, 0, 0, 0)
        for cell in np.flatnonzero(people)[::-1].tolist()
    ]


def _alone(place: int, scores: npt.NDArray[np.int8], measured: tuple[Whole, Whole, Whole], most: int) -> list[Ranked]:
    rows: list[Ranked] = []
    for score in range(most, 0, -1):
        at = np.flatnonzero(scores == score)
        if len(at):
            ends = [int(end(column[at])) for column in measured for end in (np.min, np.max)]
            grouped = [score if n == place else None for n in range(3)]
            rows.append((*grouped, len(at), int(measured[2][at].sum()), *ends))  # type: ignore[arg-type]
    return rows

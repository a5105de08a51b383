"""Visits and orders as moments of people, read from the files of the daily tables without asking DuckDB.

A source is looked up once in the lists of texts that a file holds, not once for each visit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.insight.lake import queries as lake
from zhanggui.insight.lake.queries import columns as files
from zhanggui.insight.lake.queries.sorting import Moments, Whole

# The table that a file is of, and the file.
Piece = tuple[str, lake.Filed]

_UNNAMED = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Touches:
    """What is wanted of the files.

    days      from the first to before the second
    names     the columns that name a source, `channel` in front
    codes     by those names; a visit of a source that has none is left out
    order     the code of an order
    since_us  moments are counted from here
    """

    shop: str
    days: tuple[date, date]
    names: tuple[str, ...]
    codes: Mapping[tuple[str, ...], int]
    order: int
    since_us: int

    def pieces(self) -> list[Piece]:
        """The files to read."""
        return [
            (name, file) for name in ("sessions", "orders") for file in lake.rollup_files(self.shop, name, self.days)
        ]

    def read(self, piece: Piece) -> Moments:
        """Visits of known people that a source led to, or their paid orders.

        refuses  LakeBroken
        """
        name, file = piece
        return self._visits(file) if name == "sessions" else self._orders(file)

    def _visits(self, file: lake.Filed) -> Moments:
        columns = ["day", "person", "started_us", *self.names]
        table = files.read(file.path, columns, texts=self.names)
        codes = self._codes(table)
        return self._kept(table, file, "started_us", codes, is_wanted=codes != _UNNAMED)

    def _orders(self, file: lake.Filed) -> Moments:
        table = files.read(file.path, ["day", "person", "ts_us", "kind"], texts=["kind"])
        codes = np.full(table.num_rows, self.order, np.int64)
        return self._kept(table, file, "ts_us", codes, is_wanted=files.is_among(table["kind"], ["paid"]))

    def _kept(
        self, table: pa.Table, file: lake.Filed, moment: str, codes: Whole, *, is_wanted: npt.NDArray[np.bool_]
    ) -> Moments:
        people = files.values(table["person"])
        is_wanted = is_wanted & (people != 0)
        start, end = self.days
        if not (start <= file.first_day and file.last_day < end):
            days = files.day_numbers(table["day"])
            is_wanted &= (days >= files.day_number(start)) & (days < files.day_number(end))
        return people[is_wanted], files.values(table[moment])[is_wanted] - self.since_us, codes[is_wanted]

    def _codes(self, table: pa.Table) -> Whole:
        """Each visit's code: looked up at the places of its names in the lists."""
        listed = [files.listed(table[name]) for name in self.names]
        places = [{text: n for n, text in enumerate(one.dictionary.to_pylist())} for one in listed]
        codes = np.full([len(one) for one in places], _UNNAMED, np.int64)
        for names, code in self.codes.items():
            found = tuple(place.get(name) for place, name in zip(places, names, strict=True))
            if None not in found:
                codes[found] = code
        return np.asarray(codes[tuple(one.indices.to_numpy() for one in listed)], np.int64)

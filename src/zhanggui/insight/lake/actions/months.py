"""The files of a month's daily tables: what is made, and what it replaces.

A month of a small shop has one wide file, one of a large shop a file for every few days; a day that changed lately has
its own. No row ever stands in two live files: before a day gets another file, the one it was in is made again without.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

import numpy as np
import pyarrow as pa

from zhanggui.base import clock, ids
from zhanggui.insight.lake.actions import files, tables, visiting
from zhanggui.insight.lake.actions.desk import Desk, desk
from zhanggui.insight.lake.actions.harvest import reap
from zhanggui.insight.lake.actions.keeping import people_here
from zhanggui.insight.lake.actions.sources import Source
from zhanggui.insight.lake.actions.tables import Copied
from zhanggui.insight.lake.actions.walkers import Walkers, walkers
from zhanggui.insight.lake.models import RollupFile
from zhanggui.insight.lake.queries import columns, engine, places
from zhanggui.insight.lake.rules import BULK_DAYS, LARGE_ROWS, STEPS, Relation, Rollup, month_after

# The library that makes a file works without Python's lock.
_THREADS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Making:
    """A file to be made of some days.

    days  the first and the last
    make  writes it under the path that it is given
    """

    rollup: Rollup
    days: tuple[date, date]
    make: Callable[[Path], Copied]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """What files that are replaced say of days that did not change; nothing if empty.

    days  the first and the last that they may hold
    """

    sql: str = ""
    days: tuple[date, ...] = ()


@dataclass(slots=True, kw_only=True)
class Swap:
    """What one transaction changes in a month: files that were made, and those that they replace.

    wanted_bytes  about as much room as a file may take, for a message when there is none
    """

    shop: str
    month: date
    wanted_bytes: int = 0
    made: list[RollupFile] = field(default_factory=list)
    replaced: set[UUID] = field(default_factory=set)
    _reading: threading.Lock = field(default_factory=threading.Lock)

    def make(self, rollups: Sequence[Rollup], source: Source) -> None:
        """Make daily tables of the changed days anew; the people of their events have their numbers."""
        runs, live = source.chunks(), self._live(rollups)
        rests = {one.name: self._rest(one, live[one.name], source, is_whole=len(runs) == 1) for one in rollups}
        known, people = walkers(source.people), people_here()
        with ThreadPoolExecutor(_THREADS) as pool:
            making = [pool.submit(self._make_run, rollups, source, days, rests, known, people) for days in runs]
        for done in making:
            done.result()

    def _make_run(
        self,
        rollups: Sequence[Rollup],
        source: Source,
        days: Sequence[date],
        rests: Mapping[str, _Rest],
        known: Walkers,
        people: Relation,
    ) -> None:
        """Make the tables of a run of days; while they are written, the next run's segments are read."""
        is_plain = STEPS in rollups and not rests[STEPS.name].sql and not source.twins.keys() & set(days)
        with desk(source.told_of(days), people) as events:
            if is_plain:
                with self._reading:
                    self._reap(events, source, days, known)
            others = [one for one in rollups if not (is_plain and one is STEPS)]
            self._run(filter(None, (self._making(one, events, days, rests[one.name]) for one in others)))

    def merge(self, rollup: Rollup) -> None:
        """Make one file of the small ones that the month has."""
        live = [file for file in self._live([rollup])[rollup.name] if file.rows < LARGE_ROWS]
        self.wanted_bytes = sum(file.size_bytes for file in live)
        if len(live) > 1:
            self.replaced |= {file.id for file in live}
            days = min(file.first_day for file in live), max(file.last_day for file in live)
            self._run([self._copying(rollup, f"select {_names(rollup)} from {_reading(live)}", days)])

    def put_in_place(self) -> None:
        """Retire what is replaced and make live what was made."""
        RollupFile.objects.filter(id__in=self.replaced).update(retired_at=clock.now())
        RollupFile.objects.bulk_create(self.made)

    def discard(self) -> None:
        """Take away what was made, because it will not be live."""
        files.discard(places.rollup_path(shop=made.shop, name=made.name, id=made.id) for made in self.made)

    def _live(self, rollups: Sequence[Rollup]) -> dict[str, list[RollupFile]]:
        """The tables' files of this month; those of another version are replaced, for then all days are changed. One
        statement.
        """
        versions = {rollup.name: rollup.version for rollup in rollups}
        rows = RollupFile.objects.filter(
            shop=self.shop,
            name__in=list(versions),
            first_day__gte=self.month,
            first_day__lt=month_after(self.month),
            retired_at=None,
        ).order_by("first_day", "id")
        live: dict[str, list[RollupFile]] = {name: [] for name in versions}
        for row in rows:
            if row.version == versions[row.name]:
                live[row.name].append(row)
            else:
                self.replaced.add(row.id)
        return live

    def _rest(self, rollup: Rollup, live: Sequence[RollupFile], source: Source, *, is_whole: bool) -> _Rest:
        """Retire what the table's files say of the changed days; what they say of others is made anew, or given back to
        be written with what is made of the changed ones.

        is_whole  whether all of these are made at once
        """
        alone = [file for file in live if file.first_day == file.last_day]
        wide = [file for file in live if file.first_day < file.last_day]
        if is_whole and len(source.days) >= BULK_DAYS and sum(file.rows for file in live) < LARGE_ROWS:
            self.replaced |= {file.id for file in live}
            if not live:
                return _Rest()
            days = min(file.first_day for file in live), max(file.last_day for file in live)
            rest = f"select {_names(rollup)} from {_reading(live)} where not {_among(source.days)}"
            return _Rest(sql=rest, days=days)
        own = {file.first_day: file.id for file in alone if file.first_day in source.paths}
        self.replaced |= set(own.values())
        # A day that has a file of its own stands in no other.
        sought = [day for day in source.days if day not in own]
        for file in wide:
            self._cut_out(rollup, file, days=[day for day in sought if file.first_day <= day <= file.last_day])
        return _Rest()

    def _cut_out(self, rollup: Rollup, file: RollupFile, *, days: Sequence[date]) -> None:
        if not days:
            return
        path = places.rollup_path(shop=file.shop, name=file.name, id=file.id)
        held = columns.day_numbers(columns.read(path, ["day"])["day"])
        kept = held[~np.isin(held, [columns.day_number(day) for day in days])]
        if len(kept) == len(held):
            return
        self.replaced.add(file.id)
        if len(kept):
            rest = f"select {_names(rollup)} from {_reading([file])} where not {_among(days)}"
            ends = columns.day_of(kept.min()), columns.day_of(kept.max())
            self._run([self._copying(rollup, rest, ends)])

    def _reap(self, events: Desk, source: Source, days: Sequence[date], known: Walkers) -> None:
        """Make the table of steps of a run of days, and lay ready what other tables are made from."""
        paths = [path for day in days for path in source.paths[day]]

        def make(to: Path) -> Copied:
            copied, harvest = reap(paths, to, walkers=known, wanted_bytes=self.wanted_bytes)
            events.lay(harvest)
            return copied

        self._make_file(_Making(rollup=STEPS, days=(days[0], days[-1]), make=make))

    def _making(self, rollup: Rollup, events: Desk, days: Sequence[date], rest: _Rest) -> _Making | None:
        """How a table of a run of days is made; None if there is nothing to make."""
        can_make = events.can_make(rollup)
        if not can_make and not rest.sql:
            return None
        if can_make and not rest.sql and (rows := events.rows(rollup)):
            return _Making(rollup=rollup, days=(days[0], days[-1]), make=partial(self._write, rows))
        parts = [part for part in (events.sql(rollup) if can_make else "", rest.sql) if part]
        all_days = [*days, *rest.days]
        return self._copying(rollup, " union all ".join(parts), (min(all_days), max(all_days)))

    def _write(self, rows: Callable[[], pa.Table], to: Path) -> Copied:
        return tables.keep(lambda draft: visiting.write(rows(), draft), to=to, wanted_bytes=self.wanted_bytes)

    def _copying(self, rollup: Rollup, sql: str, days: tuple[date, date]) -> _Making:
        order = " order by all" if rollup.is_sorted else ""
        make = partial(tables.copy, f"select * from ({sql}){order}", wanted_bytes=self.wanted_bytes)
        return _Making(rollup=rollup, days=days, make=make)

    def _run(self, makings: Iterable[_Making]) -> None:
        """Make files, two at a time, in their order."""
        with ThreadPoolExecutor(_THREADS) as pool:
            running = [pool.submit(self._make_file, making) for making in makings]
        for done in running:
            done.result()

    def _make_file(self, making: _Making) -> None:
        id, name = ids.uuid7(), making.rollup.name
        copied = making.make(places.rollup_path(shop=self.shop, name=name, id=id))
        if copied.rows:
            self.made.append(
                RollupFile(
                    id=id,
                    shop=self.shop,
                    name=name,
                    version=making.rollup.version,
                    first_day=making.days[0],
                    last_day=making.days[1],
                    rows=copied.rows,
                    size_bytes=copied.size_bytes,
                    added_at=clock.now(),
                )
            )


def _reading(live: Iterable[RollupFile]) -> str:
    return engine.reading(places.rollup_path(shop=file.shop, name=file.name, id=file.id) for file in live)


def _names(rollup: Rollup) -> str:
    return ", ".join(name for name, _ in rollup.columns)


def _among(days: Sequence[date]) -> str:
    listed = ", ".join(f"date '{day}'" for day in days)
    return f"(day in ({listed}))" if days else "(false)"

"""The files of a month's daily tables: what is made, and what it replaces.

A month has one wide file, or a file for each day that changed lately, or both. No row ever stands in two live files:
before a day gets a file of its own, the wide file is made again without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

from zhanggui.base import clock, ids
from zhanggui.insight.lake.actions import files, tables
from zhanggui.insight.lake.actions.numbers import PEOPLE_HERE
from zhanggui.insight.lake.models import RollupFile, Segment
from zhanggui.insight.lake.queries import engine, places
from zhanggui.insight.lake.queries.relations import by_people, events_in, numbered, people_path
from zhanggui.insight.lake.rules import BULK_DAYS, Relation, Rollup, month_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The events of changed days.

    paths   the live files of each day
    twins   days in which events lie twice, and how many rows that is too many
    people  the file that says who walked under which ids, if there is one
    """

    shop: str

    paths: dict[date, list[Path]]
    twins: dict[date, int]
    people: Path | None
    size_bytes: int

    @property
    def days(self) -> tuple[date, ...]:
        """The changed days, oldest first."""
        return tuple(sorted(self.paths))

    def of(self, days: Iterable[date]) -> Relation:
        """The events of these days, each once, of people by their numbers; `number_people` comes first."""
        return numbered(self.told_of(days), PEOPLE_HERE)

    def told_of(self, days: Iterable[date]) -> Relation:
        """The same of people by their ids."""
        plain = [path for day in days if day not in self.twins for path in self.paths[day]]
        unsure = [path for day in days if day in self.twins for path in self.paths[day]]
        return by_people(events_in(plain=plain, unsure=unsure), self.people)


def source_of(shop: str, days: Sequence[date]) -> Source:
    """What the manifest holds of these days now."""
    paths: dict[date, list[Path]] = {day: [] for day in days}
    size_bytes = 0
    for segment in Segment.objects.filter(shop=shop, day__in=days, retired_at=None).order_by("day", "id"):
        paths[segment.day].append(places.segment_path(shop=shop, day=segment.day, id=segment.id))
        size_bytes += segment.size_bytes
    reading = engine.reading(path for some in paths.values() for path in some)
    twins = engine.ask(
        f"select day, sum(copies - 1)::bigint from"
        f" (select day, id, count(*) as copies from {reading} group by day, id having count(*) > 1) group by day"
    )
    return Source(shop=shop, paths=paths, twins=dict(twins), people=people_path(shop), size_bytes=size_bytes)


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

    def make(self, rollup: Rollup, source: Source) -> None:
        """Make a daily table of the changed days anew."""
        live = self._live(rollup)
        if len(source.days) >= BULK_DAYS:
            self._make_wide(rollup, live, fresh=_fresh(rollup, source.of(source.days)), days=source.days)
            return
        self._cut_out(rollup, [file for file in live if file.first_day < file.last_day], days=source.days)
        for day in source.days:
            self.replaced |= {file.id for file in live if file.first_day == file.last_day == day}
            self._copy(rollup, _fresh(rollup, source.of([day])), first_day=day, last_day=day)

    def merge(self, rollup: Rollup) -> None:
        """Make one file of all that the month has."""
        live = self._live(rollup)
        self.wanted_bytes = sum(file.size_bytes for file in live)
        if len(live) > 1:
            self._make_wide(rollup, live, fresh=None, days=())

    def put_in_place(self) -> None:
        """Retire what is replaced and make live what was made."""
        RollupFile.objects.filter(id__in=self.replaced).update(retired_at=clock.now())
        RollupFile.objects.bulk_create(self.made)

    def discard(self) -> None:
        """Take away what was made, because it will not be live."""
        files.discard(places.rollup_path(shop=made.shop, name=made.name, id=made.id) for made in self.made)

    def _live(self, rollup: Rollup) -> list[RollupFile]:
        """The table's files of this month; those of another version are replaced, for then all days are changed."""
        rows = RollupFile.objects.filter(
            shop=self.shop,
            name=rollup.name,
            first_day__gte=self.month,
            first_day__lt=month_after(self.month),
            retired_at=None,
        ).order_by("first_day", "id")
        self.replaced |= {row.id for row in rows if row.version != rollup.version}
        return [row for row in rows if row.version == rollup.version]

    def _make_wide(
        self, rollup: Rollup, live: Sequence[RollupFile], *, fresh: str | None, days: Sequence[date]
    ) -> None:
        parts = [fresh] if fresh else []
        if live:
            parts.append(f"select {_names(rollup)} from {_reading(live)} where not {_among(days)}")
        self.replaced |= {file.id for file in live}
        first_day, last_day = min([*days, *(f.first_day for f in live)]), max([*days, *(f.last_day for f in live)])
        self._copy(rollup, " union all ".join(parts), first_day=first_day, last_day=last_day)

    def _cut_out(self, rollup: Rollup, wide: Sequence[RollupFile], *, days: Sequence[date]) -> None:
        for file in wide:
            held = f"select 1 from {_reading([file])} where {_among(days)} limit 1"
            if engine.ask(held):
                self.replaced.add(file.id)
                rest = f"select {_names(rollup)} from {_reading([file])} where not {_among(days)}"
                self._copy(rollup, rest, first_day=file.first_day, last_day=file.last_day)

    def _copy(self, rollup: Rollup, sql: str, *, first_day: date, last_day: date) -> None:
        id = ids.uuid7()
        path = places.rollup_path(shop=self.shop, name=rollup.name, id=id)
        order = " order by all" if rollup.is_sorted else ""
        copied = tables.copy(f"select * from ({sql}){order}", to=path, wanted_bytes=self.wanted_bytes)
        if copied.rows:
            self.made.append(
                RollupFile(
                    id=id,
                    shop=self.shop,
                    name=rollup.name,
                    version=rollup.version,
                    first_day=first_day,
                    last_day=last_day,
                    rows=copied.rows,
                    size_bytes=copied.size_bytes,
                    added_at=clock.now(),
                )
            )


def _fresh(rollup: Rollup, events: Relation) -> str:
    columns = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in rollup.columns)
    # A query of several readings would read all columns of the events first if they were kept in between.
    return f"(with events as not materialized (from {events}) select {columns} from ({rollup.sql}))"


def _reading(live: Iterable[RollupFile]) -> str:
    return engine.reading(places.rollup_path(shop=file.shop, name=file.name, id=file.id) for file in live)


def _names(rollup: Rollup) -> str:
    return ", ".join(name for name, _ in rollup.columns)


def _among(days: Sequence[date]) -> str:
    listed = ", ".join(f"date '{day}'" for day in days)
    return f"(day in ({listed}))" if days else "(false)"

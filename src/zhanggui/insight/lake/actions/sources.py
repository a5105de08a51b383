"""What the log holds of some days, as daily tables are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhanggui.insight.lake.models import Segment
from zhanggui.insight.lake.queries import engine, places
from zhanggui.insight.lake.queries.relations import by_people, events_in, people_path
from zhanggui.insight.lake.rules import BULK_DAYS, MOST_ROLLED_ROWS, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The events of changed days.

    paths   the live files of each day
    rows    of each day, those that stand twice included
    twins   days in which events lie twice, and how many rows that is too many
    people  the file that says who walked under which ids, if there is one
    """

    shop: str

    paths: dict[date, list[Path]]
    rows: dict[date, int]
    twins: dict[date, int]
    people: Path | None
    size_bytes: int

    @property
    def days(self) -> tuple[date, ...]:
        """The changed days, oldest first."""
        return tuple(sorted(self.paths))

    def told_of(self, days: Iterable[date]) -> Relation:
        """The events of these days, each once, of people by their ids."""
        plain = [path for day in days if day not in self.twins for path in self.paths[day]]
        unsure = [path for day in days if day in self.twins for path in self.paths[day]]
        return by_people(events_in(plain=plain, unsure=unsure), self.people)

    def chunks(self) -> list[tuple[date, ...]]:
        """The days in as few runs as can be made at once; each alone where few changed."""
        if len(self.days) < BULK_DAYS:
            return [(day,) for day in self.days]
        runs: list[tuple[date, ...]] = []
        for day in self.days:
            if runs and sum(self.rows[one] for one in runs[-1]) + self.rows[day] <= MOST_ROLLED_ROWS:
                runs[-1] += (day,)
            else:
                runs.append((day,))
        return runs


def source_of(shop: str, days: Sequence[date], *, known: Source | None = None) -> Source:
    """What the manifest holds of these days now.

    known  what it held a while ago: the same files are not read again
    """
    paths: dict[date, list[Path]] = {day: [] for day in days}
    rows = dict.fromkeys(days, 0)
    size_bytes = 0
    for segment in Segment.objects.filter(shop=shop, day__in=days, retired_at=None).order_by("day", "id"):
        paths[segment.day].append(places.segment_path(shop=shop, day=segment.day, id=segment.id))
        rows[segment.day] += segment.rows
        size_bytes += segment.size_bytes
    is_known = known is not None and known.paths == paths
    return Source(
        shop=shop,
        paths=paths,
        rows=rows,
        twins=known.twins if known is not None and is_known else _twins(paths),
        people=people_path(shop),
        size_bytes=size_bytes,
    )


def _twins(paths: Mapping[date, Sequence[Path]]) -> dict[date, int]:
    """By day, how many rows are too many because their event stands in another one too."""
    reading = engine.reading(path for some in paths.values() for path in some)
    twins = engine.ask(
        f"select day, sum(copies - 1)::bigint from"
        f" (select day, id, count(*) as copies from {reading} group by day, id having count(*) > 1) group by day"
    )
    return dict(twins)

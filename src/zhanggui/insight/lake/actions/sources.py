"""What the log holds of some days, as daily tables are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from zhanggui.insight.lake.models import Segment
from zhanggui.insight.lake.queries import columns, engine, places
from zhanggui.insight.lake.queries.relations import by_people, events_in, people_path
from zhanggui.insight.lake.rules import BULK_DAYS, MOST_ROLLED_ROWS, Relation

_THREADS: Final = 2
# Both halves of an id make one word; the first half alone is a moment.
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)


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
    """By day, how many rows are too many because their event stands in another one too. Days are first looked at over
    arrays: where no two ids of a day come to the same word of 64 bits, none stands twice, and nothing is grouped.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        is_unsure = list(pool.map(_may_hold_twins, paths.values()))
    unsure = [some for some, may_hold in zip(paths.values(), is_unsure, strict=True) if may_hold]
    if not unsure:
        return {}
    reading = engine.reading(path for some in unsure for path in some)
    twins = engine.ask(
        f"select day, sum(copies - 1)::bigint from"
        f" (select day, id, count(*) as copies from {reading} group by day, id having count(*) > 1) group by day"
    )
    return dict(twins)


def _may_hold_twins(paths: Sequence[Path]) -> bool:
    """Whether two rows of these files have ids that come to the same word; equal ids always do."""
    words = np.sort(np.concatenate([np.empty(0, np.uint64), *map(_words, paths)]))
    return bool((words[1:] == words[:-1]).any())


def _words(path: Path) -> npt.NDArray[np.uint64]:
    ids = columns.read(path, ["id"])["id"].combine_chunks()
    stored = ids.storage if isinstance(ids, pa.ExtensionArray) else ids
    halves = np.frombuffer(stored.buffers()[1], np.uint64)[2 * stored.offset : 2 * (stored.offset + len(stored))]
    return np.asarray(halves[::2] * _ODD + halves[1::2])

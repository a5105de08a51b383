"""Merging a day's small segments, so that reading a day opens few files."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection, transaction

from zhanggui.base import clock, ids
from zhanggui.insight.lake.actions import files, locks, tables
from zhanggui.insight.lake.models import Day, Segment
from zhanggui.insight.lake.queries import engine, places
from zhanggui.insight.lake.rules import EVENTS, FIRST_OF_TWINS, MERGE_COUNT, to_merge

# Index insight_lake_segment_live. Days with many segments, and days in which an event lies twice.
_DUE = """
select s.shop, s.day from insight_lake_segment s join insight_lake_day d on d.shop = s.shop and d.day = s.day
where s.retired_at is null and (%s::text is null or s.shop = %s)
group by s.shop, s.day, d.twins having count(*) >= %s or d.twins > 0
order by s.shop, s.day
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compacted:
    """How many segments became how many."""

    merged: int
    made: int


def compact(shop: str | None = None) -> Compacted:
    """Merge small segments where it pays, day by day; readers, writers and other compactors go on meanwhile.

    What was replaced stays readable for the grace period. Events that came twice are one afterwards.

    refuses  LakeFull, LakeUnwritable, LakeBroken; days before that are merged, that one is as it was
    """
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [shop, shop, MERGE_COUNT])
        due = cursor.fetchall()
    counts = [_compact_day(code, day) for code, day in due]
    return Compacted(merged=sum(counts), made=sum(1 for count in counts if count))


def _compact_day(shop: str, day: date) -> int:
    """Merge what is to merge in one day; how many segments that were."""
    with transaction.atomic(), ExitStack() as undo:
        if not locks.take(f"compact/{shop}/{day}", wait=False):
            return 0
        live = list(Segment.objects.filter(shop=shop, day=day, retired_at=None).order_by("id"))
        has_twins = Day.objects.filter(shop=shop, day=day, twins__gt=0).exists()
        chosen = live if has_twins else [live[index] for index in to_merge([segment.rows for segment in live])]
        if not chosen:
            return 0
        made = _merge(chosen, shop=shop, day=day)
        undo.callback(files.discard, [places.segment_path(shop=shop, day=day, id=made.id)])
        _swap(made, chosen)
        _forget_twins(made)
        undo.pop_all()
    return len(chosen)


def _merge(chosen: Sequence[Segment], *, shop: str, day: date) -> Segment:
    id = ids.uuid7()
    paths = [places.segment_path(shop=shop, day=day, id=segment.id) for segment in chosen]
    copied = tables.copy(
        f"select {', '.join(EVENTS.names)} from {engine.reading(paths)} {FIRST_OF_TWINS} order by person, ts_us, id",
        places.segment_path(shop=shop, day=day, id=id),
        wanted_bytes=sum(segment.size_bytes for segment in chosen),
        compression=tables.SMALL,
    )
    return Segment(id=id, shop=shop, day=day, rows=copied.rows, size_bytes=copied.size_bytes, added_at=clock.now())


def _swap(made: Segment, chosen: Sequence[Segment]) -> None:
    old: list[UUID] = [segment.id for segment in chosen]
    retired = Segment.objects.filter(id__in=old, retired_at=None).update(retired_at=made.added_at)
    if retired != len(old):
        raise AssertionError(f"{len(old) - retired} segments of {made} were retired by somebody without the lock")
    made.save(force_insert=True)


def _forget_twins(made: Segment) -> None:
    """In a day of one merged segment every event lies once; whoever adds to the day waits for its row here."""
    day = Day.objects.select_for_update().get(shop=made.shop, day=made.day)
    is_whole = not Segment.objects.filter(shop=made.shop, day=made.day, retired_at=None).exclude(pk=made.pk).exists()
    if is_whole and day.dirty_since is None:
        Day.objects.filter(pk=day.pk).update(twins=0)

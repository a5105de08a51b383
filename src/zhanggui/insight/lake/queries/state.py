"""How the lake stands: for caches, for a status page, for a doctor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db.models import Count, Max, Min, Sum
from django.db.models.functions import Coalesce

from zhanggui.insight.lake.models import Day, Edition, RollupFile, Segment
from zhanggui.insight.lake.queries import engine, places


@dataclass(frozen=True, slots=True, kw_only=True)
class Ops:
    """The lake in numbers.

    rows             of events, those that came twice counted twice until they are merged
    retired          files that were replaced and wait for the end of their grace period
    dirty_days       days with events that the rollups do not know yet
    oldest_dirty_at  since when the longest waiting of them waits
    """

    segments: int
    rows: int
    size_bytes: int
    rollup_files: int
    rollup_bytes: int
    retired: int
    dirty_days: int
    oldest_dirty_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A live file that is not as the manifest says."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What came of reading every live file of a shop."""

    files: int
    rows: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A shop's daily tables as they stand.

    mark  names their files: whatever stands under one mark is the same for ever, also where a dump was restored
    """

    mark: str
    rows: int


def tables(shop: str) -> Tables:
    """The daily tables of a shop, for what is kept longer than a process lives. One statement."""
    live = RollupFile.objects.filter(shop=shop, retired_at=None).order_by("id").values_list("id", "rows")
    files = list(live)
    names = b"".join(id.bytes for id, _rows in files)
    return Tables(mark=hashlib.sha256(names).hexdigest(), rows=sum(rows for _id, rows in files))


def version(shop: str) -> int:
    """A number that grows whenever the shop's rollups change; what was worked out under the same number still holds."""
    return Edition.objects.filter(pk=shop).values_list("number", flat=True).first() or 0


def days(shop: str) -> tuple[date, date] | None:
    """The first and the last business day with events, none if there are no events. Index insight_lake_day_once."""
    ends = Day.objects.filter(shop=shop).aggregate(first=Min("day"), last=Max("day"))
    return (ends["first"], ends["last"]) if ends["first"] else None


def ops(shop: str | None = None) -> Ops:
    """The numbers of one shop, or of all."""
    only = {} if shop is None else {"shop": shop}
    live = {"count": Count("id"), "size": Coalesce(Sum("size_bytes"), 0), "rows": Coalesce(Sum("rows"), 0)}
    segments = Segment.objects.filter(retired_at=None, **only).aggregate(**live)
    rollups = RollupFile.objects.filter(retired_at=None, **only).aggregate(**live)
    dirty = Day.objects.filter(dirty_since__isnull=False, **only).aggregate(count=Count("id"), since=Min("dirty_since"))
    retired = {"retired_at__isnull": False, **only}
    return Ops(
        segments=segments["count"],
        rows=segments["rows"],
        size_bytes=segments["size"],
        rollup_files=rollups["count"],
        rollup_bytes=rollups["size"],
        retired=Segment.objects.filter(**retired).count() + RollupFile.objects.filter(**retired).count(),
        dirty_days=dirty["count"],
        oldest_dirty_at=dirty["since"],
    )


def verify(shop: str) -> Verified:
    """Read every live file of a shop to its end and hold it against the manifest."""
    expected = [
        (places.segment_path(shop=shop, day=row.day, id=row.id), row.rows)
        for row in Segment.objects.filter(shop=shop, retired_at=None).order_by("day", "id")
    ] + [
        (places.rollup_path(shop=shop, name=row.name, id=row.id), row.rows)
        for row in RollupFile.objects.filter(shop=shop, retired_at=None).order_by("name", "first_day", "id")
    ]
    reasons = ((path, engine.damage(path, rows=rows)) for path, rows in expected)
    return Verified(
        files=len(expected),
        rows=sum(rows for _, rows in expected),
        problems=tuple(Problem(path=path, reason=reason) for path, reason in reasons if reason),
    )

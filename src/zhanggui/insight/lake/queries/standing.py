"""Which files stand in the manifest now, for whoever names them elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from zhanggui.insight.lake.models import Day, RollupFile, Segment
from zhanggui.insight.lake.queries import places
from zhanggui.insight.lake.rules import NUMBERS, PEOPLE, ROLLUPS

EVENTS_TABLE: Final = "events"


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A live file.

    table      `events`, a daily table, or another that has no days
    first_day  of its rows, and last_day; None where it has no days
    """

    table: str
    path: Path
    rows: int
    size_bytes: int
    first_day: date | None
    last_day: date | None
    added_at: datetime


def unsettled_days(shop: str) -> frozenset[date]:
    """Days that changed since their daily tables were made, or hold an event twice until the next merge."""
    days = Day.objects.filter(shop=shop)
    return frozenset(days.exclude(dirty_since=None, twins=0).values_list("day", flat=True))


def segments(shop: str, *, before: date) -> Iterator[Held]:
    """The live files of events of the days before one, by day. Index insight_lake_segment_live."""
    for one in Segment.objects.filter(shop=shop, retired_at=None, day__lt=before).order_by("day", "id"):
        yield Held(
            table=EVENTS_TABLE,
            path=places.segment_path(shop=shop, day=one.day, id=one.id),
            rows=one.rows,
            size_bytes=one.size_bytes,
            first_day=one.day,
            last_day=one.day,
            added_at=one.added_at,
        )


def daily_tables(shop: str, *, before: date) -> Iterator[Held]:
    """The live files of all tables that end before a day, of today's declarations, by first day."""
    versions = {rollup.name: rollup.version for rollup in ROLLUPS}
    files = RollupFile.objects.filter(shop=shop, retired_at=None, last_day__lt=before)
    for one in files.order_by("first_day", "id"):
        has_days = one.name not in (PEOPLE, NUMBERS)
        if one.version == versions.get(one.name, one.version):
            yield Held(
                table=one.name,
                path=places.rollup_path(shop=shop, name=one.name, id=one.id),
                rows=one.rows,
                size_bytes=one.size_bytes,
                first_day=one.first_day if has_days else None,
                last_day=one.last_day if has_days else None,
                added_at=one.added_at,
            )

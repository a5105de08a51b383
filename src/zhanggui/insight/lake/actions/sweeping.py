"""Taking away what nobody reads: files that were replaced, and files that a kill left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from zhanggui.base import clock
from zhanggui.insight.lake.actions import files, locks
from zhanggui.insight.lake.models import Batch, RollupFile, Segment
from zhanggui.insight.lake.queries import places

GRACE = timedelta(minutes=10)
ORPHAN_AGE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """How many files were taken away."""

    retired: int
    orphans: int


def sweep() -> Swept:
    """Take away files replaced longer ago than the grace period, and old files that the manifest does not know.

    With them go the names of deliveries that nobody can bring again.
    """
    Batch.objects.filter(forget_at__lt=clock.now()).delete()
    return Swept(retired=_unlink_retired(), orphans=_unlink_orphans())


def _unlink_retired() -> int:
    """File first, row last: a kill in between leaves a row whose file is gone, and the next sweep takes it away."""
    before = clock.now() - GRACE
    segments = list(Segment.objects.filter(retired_at__lt=before))
    rollups = list(RollupFile.objects.filter(retired_at__lt=before))
    files.discard(places.segment_path(shop=row.shop, day=row.day, id=row.id) for row in segments)
    files.discard(places.rollup_path(shop=row.shop, name=row.name, id=row.id) for row in rollups)
    Segment.objects.filter(id__in=[row.id for row in segments]).delete()
    RollupFile.objects.filter(id__in=[row.id for row in rollups]).delete()
    return len(segments) + len(rollups)


def _unlink_orphans() -> int:
    """Only while no transaction holds files that it has yet to make live; a young file is somebody's work."""
    candidates = _strangers(list(_old_files()))
    if not candidates:
        return 0
    with transaction.atomic():
        if not locks.take("sweep", wait=False):
            return 0
        orphans = [path for path in _strangers(candidates) if _is_old(path)]
        files.discard(orphans)
    return len(orphans)


def _old_files() -> Iterator[Path]:
    for folder, _, names in os.walk(places.lake()):
        for name in names:
            path = Path(folder, name)
            if path.suffix in {".parquet", files.DRAFT} and _is_old(path):
                yield path


def _strangers(paths: list[Path]) -> list[Path]:
    """Those that the manifest does not know, live or retired."""
    named = {path: UUID(path.stem) for path in paths if path.suffix == ".parquet" and _is_id(path.stem)}
    wanted = list(named.values())
    known = {
        id for model in (Segment, RollupFile) for id in model.objects.filter(id__in=wanted).values_list("id", flat=True)
    }
    return [path for path in paths if named.get(path) not in known]


def _is_old(path: Path) -> bool:
    with suppress(FileNotFoundError):
        return time.time() - path.stat().st_mtime > ORPHAN_AGE.total_seconds()
    return False


def _is_id(text: str) -> bool:
    with suppress(ValueError):
        return bool(UUID(text))
    return False

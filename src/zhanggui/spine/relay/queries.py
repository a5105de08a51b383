"""How the readers stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Position
from zhanggui.spine.relay.models import Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderState:
    """How far a reader is.

    waiting  facts it has yet to read
    error    what stopped it, empty if it runs
    """

    name: str
    waiting: int
    moved_at: datetime | None
    failures: int
    failed_at: datetime | None
    error: str


def readers() -> tuple[ReaderState, ...]:
    """All readers that ever ran, those that stand still first."""
    return tuple(
        ReaderState(
            name=row.reader,
            waiting=log.behind(Position(row.xid, row.seq)),
            moved_at=row.moved_at,
            failures=row.failures,
            failed_at=row.failed_at,
            error=row.error,
        )
        for row in Cursor.objects.order_by("-failures", "reader")
    )

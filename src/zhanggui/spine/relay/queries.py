"""How the readers stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from zhanggui.spine.log import queries as log
from zhanggui.spine.log.rules import Position
from zhanggui.spine.relay.models import Cursor

# Nobody passes a fact before all that may stand before it have come (`log.after`): whoever has read the newest fact has
# read all. Index spine_log_entry_position.
_WAITED_FOR = """
select name from unnest(%s::varchar[]) name left join spine_relay_cursor cursor on cursor.reader = name
where cursor.reader is null or cursor.failures > 0 or (cursor.xid, cursor.seq) < (
    select xid::text::bigint, seq from spine_log_entry order by spine_log_entry.xid desc, seq desc limit 1
)
"""


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


def with_work(names: Sequence[str]) -> frozenset[str]:
    """Those of the readers that have facts before them, a failure behind them, or never ran: one statement for all."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITED_FOR, [list(names)])
        return frozenset(name for (name,) in cursor.fetchall())

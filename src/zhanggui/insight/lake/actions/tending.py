"""The lake's house work, a step at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.errors import Unreachable
from zhanggui.insight.lake.actions.compaction import compact
from zhanggui.insight.lake.actions.people import fold
from zhanggui.insight.lake.actions.rolling import declare, merge_closed_months, roll_month
from zhanggui.insight.lake.actions.sweeping import sweep
from zhanggui.insight.lake.errors import LakeBroken

# A day that takes long to roll is rolled less often, so that rolling costs about a tenth of the time; but a page that
# is open shows an event within five seconds: this rest, the roll, the loop's rest and the page's own add up to that.
REST_FACTOR = 10
LONGEST_REST_MS = 1_500
FOLD_EVERY = timedelta(seconds=5)
COMPACT_EVERY = timedelta(seconds=5)
SWEEP_EVERY = timedelta(minutes=10)

# Index insight_lake_day_dirty_days. Days that have rested enough, of each shop's newest month and of the month that
# waits longest, so that a shop that sells every second comes to its older months too; newest month first.
_READY = """
with ready as (
    select shop, day, date_trunc('month', day)::date as month, dirty_since from insight_lake_day
    where dirty_since is not null
        and (rolled_at is null or rolled_at + least(%s, %s * roll_ms) * interval '1 millisecond' <= %s)
)
select shop, month, array_agg(day order by day) from ready
where (shop, month) in (
    select shop, max(month) from ready group by shop
    union all
    (select distinct on (shop) shop, month from ready order by shop, dirty_since, month desc)
)
group by shop, month order by month desc, shop
"""

# Looked at before it is written: a row that is not changed would still be locked, which is a commit to the disk.
_BEGIN_CHORE = """
insert into insight_lake_chore (name, begun_at) select %(name)s::varchar, %(now)s
where not exists (select from insight_lake_chore where name = %(name)s::varchar and begun_at > %(latest)s)
on conflict (name) do update set begun_at = excluded.begun_at where insight_lake_chore.begun_at <= %(latest)s
returning name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tended:
    """What one step did."""

    rolled_days: int = 0
    merged_segments: int = 0
    swept_files: int = 0


def tend() -> Tended:
    """One step of the background loop, a few times a second: roll what changed, merge and sweep when it is time.

    Any number of processes may do it. Rolls at most two months of each shop, the newest and the one that waits longest,
    so that today is never behind a year that was just imported.

    refuses  LakeFull, LakeUnwritable, LakeBroken, once all is rolled that can be; the rest waits for the next step
    """
    declare()
    if _is_time_for("people", every=FOLD_EVERY):
        fold()
    failures: list[Unreachable] = []
    rolled = sum(_roll(shop, month, days, failures) for shop, month, days in _ready())
    if failures:
        raise failures[0]
    merged = compact().merged if _is_time_for("compact", every=COMPACT_EVERY) else 0
    swept = 0
    if _is_time_for("sweep", every=SWEEP_EVERY):
        merge_closed_months()
        gone = sweep()
        swept = gone.retired + gone.orphans
    return Tended(rolled_days=rolled, merged_segments=merged, swept_files=swept)


def _roll(shop: str, month: date, days: list[date], failures: list[Unreachable]) -> int:
    """Together if that goes well; else each day alone, so that a broken file holds up no day but its own."""
    try:
        return roll_month(shop, month, wait=False, only=days)
    except Unreachable as failure:
        if len(days) == 1 or not isinstance(failure, LakeBroken):
            failures.append(failure)
            return 0
        return sum(_roll(shop, month, [day], failures) for day in days)


def _ready() -> list[tuple[str, date, list[date]]]:
    with connection.cursor() as cursor:
        cursor.execute(_READY, [LONGEST_REST_MS, REST_FACTOR, clock.now()])
        return list(cursor.fetchall())


def _is_time_for(chore: str, *, every: timedelta) -> bool:
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN_CHORE, {"name": chore, "now": now, "latest": now - every})
        return cursor.fetchone() is not None

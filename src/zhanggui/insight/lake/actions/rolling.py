"""Making the daily tables: only of days that changed, one month at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection, transaction

from zhanggui.base import clock
from zhanggui.insight.lake.actions import locks
from zhanggui.insight.lake.actions.keeping import clear
from zhanggui.insight.lake.actions.months import Swap
from zhanggui.insight.lake.actions.numbers import number_people
from zhanggui.insight.lake.actions.people import fold
from zhanggui.insight.lake.actions.sources import Source, source_of
from zhanggui.insight.lake.models import Day
from zhanggui.insight.lake.rules import LARGE_ROWS, ROLLUPS, fingerprint, month_after, rollup_named

MERGE_AFTER = timedelta(hours=1)

_MARK_ROLLED = """
with mine as materialized (
    select d.id, t.generation, t.twins from insight_lake_day d
    join unnest(%s::date[], %s::bigint[], %s::bigint[]) t(day, generation, twins) on t.day = d.day
    where d.shop = %s order by d.day for update of d
)
update insight_lake_day d
set rolled = mine.generation, twins = mine.twins, rolled_at = %s, roll_ms = %s,
    dirty_since = case when d.generation = mine.generation then null else %s::timestamptz end
from mine where mine.id = d.id
"""

_COUNT_EDITION = """
insert into insight_lake_edition (shop, number, rollups) values (%s, 1, %s)
on conflict (shop) do update set number = insight_lake_edition.number + 1
"""

# Shops whose tables were made by other declarations than today's: all their days are to be made again.
_DECLARE = """
with changed as (update insight_lake_edition set rollups = %s where rollups <> %s returning shop),
    days as materialized (
        select d.id from insight_lake_day d join changed using (shop) order by d.shop, d.day for update of d)
update insight_lake_day d set generation = generation + 1, dirty_since = coalesce(dirty_since, %s)
from days where days.id = d.id
"""

# Daily tables of months before a shop's newest that lie in several files, not counting large ones.
_SCATTERED = """
with newest as (select shop, date_trunc('month', max(day))::date as month from insight_lake_day group by shop)
select r.shop, r.name, date_trunc('month', r.first_day)::date as month
from insight_lake_rollup r join newest on newest.shop = r.shop and r.first_day < newest.month
where r.retired_at is null and r.rows < %s and r.name = any(%s)
group by 1, 2, 3 having count(*) > 1 and max(r.added_at) < %s
order by 1, 3, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a roll is."""

    shop: str
    month: date
    done_days: int
    all_days: int


def roll(shop: str | None = None, *, progress: Callable[[Progress], None] | None = None) -> int:
    """Bring the daily tables of a shop, or of all, up to all that was added before the call; how many days that took.

    Waits for others who are at the same month. Newest months first, each in a transaction of its own.

    refuses  LakeFull, LakeUnwritable, LakeBroken; months before that stand, that one is as it was
    """
    declare()
    fold()
    waiting = dirty_months(shop)
    all_days = sum(days for _, _, days in waiting)
    done = 0
    for code, month, days in waiting:
        roll_month(code, month, wait=True)
        done += days
        if progress is not None:
            progress(Progress(shop=code, month=month, done_days=done, all_days=all_days))
    return done


def declare() -> None:
    """Have all days made again whose tables were made by other declarations than today's."""
    now = fingerprint(ROLLUPS)
    with connection.cursor() as cursor:
        cursor.execute(_DECLARE, [now, now, clock.now()])


def dirty_months(shop: str | None = None) -> list[tuple[str, date, int]]:
    """Months with changed days, as shop, first day and number of changed days, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select shop, date_trunc('month', day)::date as month, count(*) from insight_lake_day"
            " where dirty_since is not null and (%s::text is null or shop = %s) group by 1, 2 order by 2 desc, 1",
            [shop, shop],
        )
        return [(code, month, int(days)) for code, month, days in cursor.fetchall()]


def roll_month(shop: str, month: date, *, wait: bool, only: Sequence[date] | None = None) -> int:
    """Make the daily tables of a month's changed days and put them in place at once; how many days that were.

    wait  for others who are at this month; else leave it to them
    only  these of its days; all if not given
    """
    with ExitStack() as always:
        always.callback(clear, "people_here")
        return _roll_month(shop, month, wait=wait, only=only)


def _roll_month(shop: str, month: date, *, wait: bool, only: Sequence[date] | None) -> int:
    numbered = _number_before(shop, month, only)
    with transaction.atomic(), ExitStack() as undo:
        if not locks.take(f"roll/{shop}/{month}", wait=wait):
            return 0
        began_at, began = clock.now(), time.monotonic()
        stale = _stale(shop, month, only)
        if not stale:
            return 0
        source = source_of(shop, list(stale), known=numbered)
        if source != numbered:
            number_people(shop, source.told_of(source.days), wanted_bytes=source.size_bytes)
        swap = Swap(shop=shop, month=month, wanted_bytes=source.size_bytes)
        undo.callback(swap.discard)
        swap.make(ROLLUPS, source)
        swap.put_in_place()
        _mark_rolled(shop, stale, source.twins, began_at=began_at, roll_ms=round(1000 * (time.monotonic() - began)))
        undo.pop_all()
    return len(stale)


def _number_before(shop: str, month: date, only: Sequence[date] | None) -> Source | None:
    """Number the people of a month's changed days in a transaction of its own, so that nobody waits for a long roll."""
    with transaction.atomic():
        stale = _stale(shop, month, only)
        if not stale:
            return None
        source = source_of(shop, list(stale))
        number_people(shop, source.told_of(source.days), wanted_bytes=source.size_bytes)
        return source


def merge_closed_months() -> int:
    """Make one file per daily table of each month that is over and has been still for a while; how many were made."""
    with connection.cursor() as cursor:
        cursor.execute(_SCATTERED, [LARGE_ROWS, [rollup.name for rollup in ROLLUPS], clock.now() - MERGE_AFTER])
        scattered = cursor.fetchall()
    return sum(_merge_month(shop, name, month) for shop, name, month in scattered)


def _merge_month(shop: str, name: str, month: date) -> int:
    with transaction.atomic(), ExitStack() as undo:
        if not locks.take(f"roll/{shop}/{month}", wait=False):
            return 0
        swap = Swap(shop=shop, month=month)
        undo.callback(swap.discard)
        swap.merge(rollup_named(name))
        swap.put_in_place()
        undo.pop_all()
    return len(swap.made)


def _stale(shop: str, month: date, only: Sequence[date] | None) -> dict[date, int]:
    """The changed days and the additions they are changed by, read before the manifest: what comes between is rolled
    now and once more later.
    """
    rows = Day.objects.filter(shop=shop, day__gte=month, day__lt=month_after(month), dirty_since__isnull=False)
    if only is not None:
        rows = rows.filter(day__in=list(only))
    return dict(rows.order_by("day").values_list("day", "generation"))


def _mark_rolled(
    shop: str, stale: dict[date, int], twins: dict[date, int], *, began_at: datetime, roll_ms: int
) -> None:
    days = list(stale)
    counts = [twins.get(day, 0) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(_MARK_ROLLED, [days, list(stale.values()), counts, shop, began_at, roll_ms, began_at])
        cursor.execute(_COUNT_EDITION, [shop, fingerprint(ROLLUPS)])

"""Bringing events into the lake: files first, the manifest last."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.db import connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.shops import queries as shops
from zhanggui.insight.lake.actions import files, locks
from zhanggui.insight.lake.actions.shaping import to_events
from zhanggui.insight.lake.errors import BatchKnown, LakeBroken, OutsideTransaction
from zhanggui.insight.lake.models import Batch
from zhanggui.insight.lake.queries import places
from zhanggui.insight.lake.rules import EVENTS
from zhanggui.spine.envelope import Envelope

ROW_GROUP_ROWS = 122_880
# A small segment is mostly footer; only what a reader may skip row groups by is worth statistics.
_WITH_STATISTICS = ["name", "person", "ts_us"]
_WITHOUT_DICTIONARY = {"id", "cause", "ts_us", "received_us", "amount_minor", "body", "lines"}
_DICTIONARIES = [name for name in EVENTS.names if name not in _WITHOUT_DICTIONARY]

# Waits for a transaction that adds the same batch, then finds its row: an insert that conflicts returns nothing.
_CLAIM_BATCH = """
insert into insight_lake_batch (shop, batch, at, forget_at) values (%s, %s, %s, %s)
on conflict on constraint insight_lake_batch_once do nothing returning id
"""

_ADD_SEGMENTS = """
insert into insight_lake_segment (id, shop, day, rows, size_bytes, added_at)
select id, %s, day, rows, size_bytes, %s
from unnest(%s::uuid[], %s::date[], %s::bigint[], %s::bigint[]) t(id, day, rows, size_bytes)
"""

# In the order of days, so that two who add to the same days wait for each other and never in a circle.
_MARK_DAYS = """
insert into insight_lake_day (shop, day, generation, rolled, twins, dirty_since, roll_ms)
select %s, day, 1, 0, 0, %s, 0 from unnest(%s::date[]) t(day) order by day
on conflict on constraint insight_lake_day_once do update
set generation = insight_lake_day.generation + 1,
    dirty_since = coalesce(insight_lake_day.dirty_since, excluded.dirty_since)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A file of events that is safe on the disk and not live yet.

    day  the business day that all its rows lie in
    """

    id: UUID
    path: Path
    day: date
    rows: int
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What became of a delivery; nothing was added if it is not new."""

    is_new: bool
    rows: int
    days: tuple[date, ...]


def write(events: pa.Table, *, shop: str) -> tuple[Written, ...]:
    """Write events to durable files, one per business day, without making them live; `add` does that.

    events   rows of one shop in the columns of EVENTS, in any order
    refuses  LakeFull, LakeUnwritable; then no file is left
    """
    table = _checked(events, shop=shop)
    written: list[Written] = []
    with ExitStack() as undo:
        undo.callback(discard, written)
        for day, part in _by_day(table):
            written.append(_write_segment(part, shop=shop, day=day))
        undo.pop_all()
    return tuple(written)


def add(batch: str | None, written: Sequence[Written], *, shop: str, forget_after: timedelta | None = None) -> None:
    """Make files live in the caller's transaction, once per batch, and mark their days for the rollups.

    batch         names the delivery; none where the transaction itself passes a delivery only once, as the relay's
    forget_after  how long somebody may bring it again; for good if none
    refuses       OutsideTransaction; BatchKnown: nothing is added and the files are the caller's to discard;
                  LakeBroken if a file is gone because an hour passed since it was written
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(shop=shop)
    now = clock.now()
    with connection.cursor() as cursor:
        if batch is not None:
            cursor.execute(_CLAIM_BATCH, [shop, batch, now, now + forget_after if forget_after else None])
            if cursor.fetchone() is None:
                raise BatchKnown(shop=shop, batch=batch)
        if not written:
            return
        locks.share("sweep")
        _freshen(written)
        values = zip(*((one.id, one.day, one.rows, one.size_bytes) for one in written), strict=True)
        cursor.execute(_ADD_SEGMENTS, [shop, now, *(list(column) for column in values)])
    mark_days(shop, {one.day for one in written})


def mark_days(shop: str, days: Collection[date]) -> None:
    """Have the daily tables of these days made again, in the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK_DAYS, [shop, clock.now(), sorted(days)])


def append(batch: str, events: pa.Table, *, shop: str) -> Appended:
    """Bring a delivery into the lake, whole and once, in a transaction of its own.

    batch    names the delivery for good; one that stands already changes nothing, even when both come at once
    refuses  LakeFull, LakeUnwritable; then nothing is kept
    """
    if Batch.objects.filter(shop=shop, batch=batch).exists():
        return Appended(is_new=False, rows=0, days=())
    written = write(events, shop=shop)
    try:
        with transaction.atomic():
            add(batch, written, shop=shop)
    except BatchKnown:
        discard(written)
        return Appended(is_new=False, rows=0, days=())
    return Appended(is_new=True, rows=sum(one.rows for one in written), days=tuple(one.day for one in written))


def keep(facts: Sequence[Envelope]) -> None:
    """Bring facts of any shops into the lake within the transaction that moves their reader on.

    refuses  OutsideTransaction, NoSuchShop, LakeFull, LakeUnwritable; then nothing is kept
    """
    by_shop = attrgetter("shop")
    with ExitStack() as undo:
        for code, group in groupby(sorted(facts, key=by_shop), key=by_shop):
            events = to_events(list(group), zone=shops.shop(code).zone)
            written = write(events, shop=code)
            undo.callback(discard, written)
            add(None, written, shop=code)
        undo.pop_all()


def discard(written: Sequence[Written]) -> None:
    """Take files away that were written and will not be added."""
    files.discard(one.path for one in written)


def _checked(events: pa.Table, *, shop: str) -> pa.Table:
    table = events.select(EVENTS.names)
    if not table.schema.equals(EVENTS):
        table = table.cast(EVENTS)
    if pc.any(pc.not_equal(table["shop"], shop)).as_py():
        raise ValueError(f"rows of another shop were to be written for {shop}")
    for place, field in enumerate(EVENTS):
        if field.type == pa.string() and table.column(place).null_count:
            table = table.set_column(place, field, table.column(place).fill_null(""))
    return table


def _by_day(table: pa.Table) -> Iterator[tuple[date, pa.Table]]:
    """The rows of each day, sorted by person, time and id, so that a person's rows lie together."""
    if not table.num_rows:
        return
    order = _order(table)
    days = table["day"].cast(pa.int32()).to_numpy()[order]
    ordered = table.take(pa.array(order))
    starts = [0, *(np.flatnonzero(np.diff(days)) + 1).tolist(), len(days)]
    for start, end in pairwise(starts):
        yield ordered["day"][start].as_py(), ordered.slice(start, end - start)


def _order(table: pa.Table) -> npt.NDArray[np.int64]:
    persons = table["person"].combine_chunks().dictionary_encode()
    ranks = pc.rank(persons.dictionary, tiebreaker="dense").to_numpy()
    stored = pa.chunked_array([chunk.storage for chunk in table["id"].chunks]).combine_chunks()
    halves = np.frombuffer(stored.buffers()[1], dtype=">u8", offset=stored.offset * 16, count=len(stored) * 2)
    high, low = (half.astype(np.uint64) for half in halves.reshape(-1, 2).T)
    days = table["day"].cast(pa.int32()).to_numpy()
    return np.lexsort((low, high, table["ts_us"].to_numpy(), ranks[persons.indices.to_numpy()], days))


def _write_segment(part: pa.Table, *, shop: str, day: date) -> Written:
    sink = pa.BufferOutputStream()
    pq.write_table(
        part,
        sink,
        compression="zstd",
        use_dictionary=_DICTIONARIES,
        row_group_size=ROW_GROUP_ROWS,
        store_schema=False,
        write_statistics=_WITH_STATISTICS,
    )
    payload = memoryview(sink.getvalue())
    id = ids.uuid7()
    path = places.segment_path(shop=shop, day=day, id=id)
    files.keep(path, payload)
    return Written(id=id, path=path, day=day, rows=part.num_rows, size_bytes=len(payload))


def _freshen(written: Sequence[Written]) -> None:
    """Files about to become live are young again, so that no sweep takes them for leftovers."""
    for one in written:
        try:
            os.utime(one.path)
        except FileNotFoundError as gone:
            raise LakeBroken(path=one.path, reason="missing") from gone

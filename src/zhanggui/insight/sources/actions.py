"""Moving an import along: a chunk is in the lake exactly if the cursor has passed it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.sources import models, queries, rules
from zhanggui.insight.sources.errors import ImportMoved, NoSuchImport, ShopBusy
from zhanggui.spine.facts.insight import OrdersImported
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_TRIES = 10
_PAUSE_SECONDS = 0.1

# A product that comes back with other words is told anew, so its digest may change; an order's never does.
_REMEMBER = """
insert into insight_sources_known (shop, key, digest, import_id)
select %s::varchar, key, digest, %s::varchar from unnest(%s::varchar[], %s::uuid[]) as t(key, digest)
on conflict (shop, key) do update set digest = excluded.digest, import_id = excluded.import_id
"""


@contextmanager
def alone_in(shop: str) -> Iterator[None]:
    """Keep every other import out of a shop; a process that dies lets go by itself, some moments later.

    refuses  ShopBusy
    """
    key = f"insight.sources/{shop}"
    for _ in range(_TRIES):
        if _locks(key):
            break
        time.sleep(_PAUSE_SECONDS)
    else:
        raise ShopBusy(shop=shop)
    try:
        yield
    finally:
        _let_go(key)


@operation
def begin(*, plan: rules.Plan, chunks: int) -> rules.ImportState:
    """Start an import, or go on with it: the same plan is the same import, and its first chunk size stays.

    chunks  how many chunks the file has
    """
    now = clock.now()
    fields = {
        "shop": plan.shop,
        "source": plan.source,
        "name": plan.name,
        "reading": plan.reading,
        "byte_count": plan.byte_count,
        "chunk_lines": plan.chunk_lines,
        "chunks": chunks,
        "state": rules.State.RUNNING,
        "started_at": now,
        "moved_at": now,
    }
    row, is_new = models.Import.objects.get_or_create(id=plan.id, defaults=fields)
    if not is_new and row.state != rules.State.DONE:
        models.Import.objects.filter(pk=plan.id).update(state=rules.State.RUNNING, error="", moved_at=now)
    return queries.import_of(plan.id)


@operation
def take(*, import_id: str, chunk: int, written: Sequence[lake.Written], known: Sequence[rules.Known]) -> None:
    """Let a chunk be in the lake, whole: its files, what is known from now on, and the cursor.

    written  files of the lake, written beforehand; none if the chunk brings nothing new
    refuses  ImportMoved if the cursor stands elsewhere; nothing is added
    """
    row = _locked(import_id)
    if row.chunk != chunk:
        raise ImportMoved(import_id=import_id, chunk=chunk, stands_at=row.chunk)
    lake.add(rules.batch_of(import_id, chunk), written, shop=row.shop)
    if known:
        with connection.cursor() as cursor:
            keys, digests = [one.key for one in known], [one.digest for one in known]
            cursor.execute(_REMEMBER, [row.shop, import_id, keys, digests])
    models.Import.objects.filter(pk=import_id).update(chunk=F("chunk") + 1, moved_at=clock.now())


@operation
def stop(*, import_id: str, error: str) -> None:
    """Write down why an import cannot go on for now; what it brought stays, and the same command goes on."""
    models.Import.objects.filter(pk=import_id).exclude(state=rules.State.DONE).update(
        state=rules.State.STOPPED, error=error, moved_at=clock.now()
    )


@operation
def finish(*, import_id: str, tally: rules.Tally, by: Actor) -> rules.ImportState:
    """Close an import whose last chunk is in the lake, with what became of its lines.

    refuses  ImportMoved if chunks are missing
    tells    insight.orders_imported if it brought something new
    """
    row = _locked(import_id)
    if row.state == rules.State.DONE:
        return queries.import_of(import_id)
    if row.chunk != row.chunks:
        raise ImportMoved(import_id=import_id, chunk=row.chunks, stands_at=row.chunk)
    now = clock.now()
    models.Import.objects.filter(pk=import_id).update(
        state=rules.State.DONE,
        ended_at=now,
        moved_at=now,
        error="",
        line_count=tally.line_count,
        orders=tally.orders,
        facts=tally.facts,
        refused_rows=tally.refused_rows,
        differing=tally.differing,
        amount_minor=tally.amount_minor,
        currency=tally.currency,
    )
    models.Bucket.objects.bulk_create(_bucket_rows(import_id, tally.buckets))
    if tally.facts:
        record(_told(row, tally), by=by, trail=Trail(shop=row.shop), subject=f"import:{import_id}", at=now)
    return queries.import_of(import_id)


def _locked(import_id: str) -> models.Import:
    row = models.Import.objects.select_for_update().filter(pk=import_id).first()
    if row is None:
        raise NoSuchImport(import_id=import_id)
    return row


def _bucket_rows(import_id: str, buckets: Sequence[rules.Bucket]) -> list[models.Bucket]:
    return [
        models.Bucket(
            import_id=import_id,
            place=place,
            part=bucket.part,
            name=bucket.name,
            line_count=bucket.line_count,
            amount=bucket.amount,
            is_told=bucket.is_told,
        )
        for place, bucket in enumerate(buckets)
    ]


def _told(row: models.Import, tally: rules.Tally) -> OrdersImported:
    return OrdersImported(
        import_id=row.pk,
        source=row.source,
        orders=tally.orders,
        line_count=tally.line_count,
        refused_rows=tally.refused_rows,
        amount_minor=tally.amount_minor,
        currency=tally.currency,
    )


def _locks(key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s::text, 0))", [key])
        return bool(cursor.fetchone()[0])


def _let_go(key: str) -> None:
    """Give the lock back; a connection that broke has given it back already."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s::text, 0))", [key])
    except (OperationalError, InterfaceError):
        connection.close()

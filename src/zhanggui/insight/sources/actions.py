"""Moving an import along: a chunk is in the lake exactly if the cursor has passed it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from django.db import InterfaceError, OperationalError, connection
from django.db.models import F

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.base.shops.rules import ShopKind
from zhanggui.insight.lake import actions as lake
from zhanggui.insight.lake.errors import OutsideTransaction
from zhanggui.insight.sources import models, queries, rules
from zhanggui.insight.sources.errors import ImportMoved, NoSuchImport, ShopBusy
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.facts.insight import OrdersImported
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail
from zhanggui.spine.sightings.rules.columns import Sighting
from zhanggui.spine.sightings.rules.orders import order_of

_TRIES = 10
_PAUSE_SECONDS = 0.1

# A product that comes back with other words is told anew, so its digest may change; an order's never does.
# In the order of keys, as below, so that two who bring the same orders wait for each other and never in a circle.
_REMEMBER = """
insert into insight_sources_known (shop, key, digest, import_id)
select %s::varchar, key, digest, %s::varchar from unnest(%s::varchar[], %s::uuid[]) as t(key, digest)
order by key collate "C"
on conflict (shop, key) do update set digest = excluded.digest, import_id = excluded.import_id
where insight_sources_known.import_id <> %s
"""

_CLAIM = """
insert into insight_sources_known (shop, key, digest, import_id)
select %s::varchar, key, digest, %s::varchar from unnest(%s::varchar[], %s::uuid[]) as t(key, digest)
order by key collate "C"
on conflict (shop, key) do nothing returning key
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
    refuses  ImportMoved if the cursor stands elsewhere, or an order came by an event meanwhile; nothing is added
    """
    row = _locked(import_id)
    if row.chunk != chunk:
        raise ImportMoved(import_id=import_id, chunk=chunk, stands_at=row.chunk)
    # Before the lake, as `promote` does, so that the two never wait for each other in a circle.
    if known and not _remembers(row, known):
        raise ImportMoved(import_id=import_id, chunk=chunk, stands_at=row.chunk)
    lake.add(rules.batch_of(import_id, chunk), written, shop=row.shop)
    models.Import.objects.filter(pk=import_id).update(chunk=F("chunk") + 1, moved_at=clock.now())


def promote(rows: Sequence[Sighting], *, shop: str) -> tuple[lake.Written, ...]:
    """Take the orders that sightings of a foreign shop tell of as imported, once per order number for good.

    In the caller's transaction, which adds the files that are returned and discards them if it ends otherwise.
    Our own shop's orders are facts already, so its sightings bring nothing. Of two sightings of one order the earlier
    one counts; an order that a file or a sighting brought before stays as it is.
    refuses  OutsideTransaction, LakeFull, LakeUnwritable; then no file is left
    """
    home = shops.shop(shop)
    if home.kind is ShopKind.OWN:
        return ()
    told: dict[str, tuple[Envelope, Envelope]] = {}
    for row in sorted(rows, key=lambda one: (one.ts_us, one.id)):
        order = order_of(row, currency=home.currency)
        if order is not None and rules.key_of(order) not in told:
            told[rules.key_of(order)] = rules.facts_of(order, shop=shop, currency=home.currency)
    fresh = _claimed(shop, told) if told else []
    facts = [fact for key in fresh for fact in told[key]]
    return lake.write(lake.to_events(facts, zone=home.zone), shop=shop) if facts else ()


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


def _remembers(row: models.Import, known: Sequence[rules.Known]) -> bool:
    """Whether all of it is this import's to tell; what an event brought since the file was read is not."""
    with connection.cursor() as cursor:
        keys, digests = [one.key for one in known], [one.digest for one in known]
        cursor.execute(_REMEMBER, [row.shop, row.pk, keys, digests, rules.BY_EVENT])
        return bool(cursor.rowcount == len(known))


def _claimed(shop: str, told: Mapping[str, Sequence[Envelope]]) -> list[str]:
    """The keys that nobody brought before, from now on ours to tell; waits for who brings the same at this moment.

    refuses  OutsideTransaction
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(shop=shop)
    keys = sorted(told)
    digests = [hashlib.blake2b(told[key][0].body, digest_size=16).hexdigest() for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [shop, rules.BY_EVENT, keys, digests])
        return sorted(key for (key,) in cursor.fetchall())


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

"""Telling facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.database.together import send
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.facts import registry
from zhanggui.spine.log.errors import NotInTransaction
from zhanggui.spine.log.rules import Trail

_INSERT = """
insert into spine_log_entry (id, shop, name, version, at, received_at, actor, person, session, subject, cause,
    order_number, channel, campaign, device, region, body)
select * from json_to_recordset(%s::json) t(id uuid, shop varchar, name varchar, version smallint, at timestamptz,
    received_at timestamptz, actor varchar, person varchar, session varchar, subject varchar, cause uuid,
    order_number varchar, channel varchar, campaign varchar, device varchar, region varchar, body jsonb)
"""

_Row = dict[str, object]
# What waits in this thread for the end of `together`; None where every fact is told at once.
_waiting: ContextVar[list[_Row] | None] = ContextVar("zhanggui_facts_waiting", default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact and what goes along with it, ready to be recorded together with others.

    at  when it happened, if that was not now
    """

    fact: object
    by: Actor
    trail: Trail
    subject: str = ""
    at: datetime | None = None


def record(fact: object, *, by: Actor, trail: Trail, subject: str = "", at: datetime | None = None) -> UUID:
    """Tell one fact in the transaction that makes it true; its id is the cause of what follows from it.

    subject  what it is about, as `noun:id`
    refuses  NotInTransaction, UnknownFact
    """
    (id,) = record_all([Told(fact=fact, by=by, trail=trail, subject=subject, at=at)])
    return id


def record_all(told: Sequence[Told]) -> tuple[UUID, ...]:
    """Tell several facts with one statement; ids stand in the order of the facts.

    refuses  NotInTransaction, UnknownFact; then none is told
    """
    if not told:
        return ()
    entries = [registry.entry_of(one.fact) for one in told]
    if not connection.in_atomic_block:
        raise NotInTransaction(name=entries[0].name)
    now = clock.now()
    ids_told = tuple(ids.uuid7() for _ in told)
    rows = [_row(id=id, entry=entry, one=one, now=now) for id, entry, one in zip(ids_told, entries, told, strict=True)]
    waiting = _waiting.get()
    if waiting is None:
        _write(rows)
    else:
        waiting.extend(rows)
    return ids_told


@contextmanager
def together() -> Iterator[None]:
    """Tell all facts of a block at its end, with one statement, in the order in which they came; none if it is refused.

    For a verb of several parts that each tell something. An id is known at once, as the cause of what follows.
    """
    if _waiting.get() is not None:  # the block around this one tells them
        yield
        return
    rows: list[_Row] = []
    token = _waiting.set(rows)
    try:
        yield
    finally:
        _waiting.reset(token)
    if rows:
        _write(rows)


def make_partitions(*, months_ahead: int = 3) -> None:
    """Have this month's partition of the log and those of the months ahead; what stands already is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select spine_log_partition((%s::timestamptz at time zone 'UTC' + m * interval '1 month')::date)"
            " from generate_series(0, %s::int) m",
            [clock.now(), months_ahead],
        )


def _write(rows: list[_Row]) -> None:
    send(_INSERT, [msgspec.json.encode(rows).decode()])


def _row(*, id: UUID, entry: registry.Entry, one: Told, now: datetime) -> _Row:
    trail = one.trail
    return {
        "id": id,
        "shop": trail.shop,
        "name": entry.name,
        "version": entry.version,
        "at": one.at or now,
        "received_at": now,
        "actor": str(one.by),
        "person": trail.person,
        "session": trail.session,
        "subject": one.subject,
        "cause": trail.cause,
        "order_number": getattr(one.fact, "order_number", ""),
        "channel": trail.channel,
        "campaign": trail.campaign,
        "device": trail.device,
        "region": trail.region,
        "body": msgspec.Raw(registry.encode(one.fact)),
    }

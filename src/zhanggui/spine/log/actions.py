"""Telling facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.facts import registry
from zhanggui.spine.log.errors import NotInTransaction
from zhanggui.spine.log.rules import Trail

_INSERT = """
insert into spine_log_entry (id, shop, name, version, at, received_at, actor, person, session, subject, cause,
    order_number, channel, campaign, device, region, body)
select * from unnest(%s::uuid[], %s::varchar[], %s::varchar[], %s::smallint[], %s::timestamptz[], %s::timestamptz[],
    %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::uuid[],
    %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::varchar[], %s::text[]::jsonb[])
"""


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
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [list(column) for column in zip(*rows, strict=True)])
    return ids_told


def make_partitions(*, months_ahead: int = 3) -> None:
    """Have this month's partition of the log and those of the months ahead; what stands already is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select spine_log_partition((%s::timestamptz at time zone 'UTC' + m * interval '1 month')::date)"
            " from generate_series(0, %s::int) m",
            [clock.now(), months_ahead],
        )


def _row(*, id: UUID, entry: registry.Entry, one: Told, now: datetime) -> tuple[object, ...]:
    trail = one.trail
    return (
        id,
        trail.shop,
        entry.name,
        entry.version,
        one.at or now,
        now,
        str(one.by),
        trail.person,
        trail.session,
        one.subject,
        trail.cause,
        getattr(one.fact, "order_number", ""),
        trail.channel,
        trail.campaign,
        trail.device,
        trail.region,
        registry.encode(one.fact).decode(),
    )

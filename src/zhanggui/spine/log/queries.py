"""Reading the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from zhanggui.base.database.together import Question
from zhanggui.spine.envelope import Envelope, Line
from zhanggui.spine.facts import registry
from zhanggui.spine.log.rules import Position

_COLUMNS = """xid::text::bigint, seq, id, shop, name, version, at, received_at, actor, person, session, subject, cause,
    channel, campaign, device, region, body::text"""

# Index spine_log_entry_position; the sort names the table's column, or it would mean the text above and sort all rows.
# Rows of transactions that still run, or started after one that does, wait. A snapshot counts the transactions of all
# databases of a server; those that certainly run in another one can tell nothing here and are not waited for. Our own
# still runs too: a reader may tell a fact, and must not pass the place where it will stand.
_AFTER = f"""
select {_COLUMNS} from spine_log_entry
where (xid, seq) > (%s::text::xid8, %s::bigint) and xid < (
    select coalesce(min(running::text::bigint)::text::xid8, pg_snapshot_xmax(pg_current_snapshot()))
    from (
        select pg_snapshot_xip(pg_current_snapshot()) union all select pg_current_xact_id_if_assigned()
    ) t(running)
    where not exists (
        select from pg_stat_activity elsewhere
        where elsewhere.backend_xid = running::xid
            and elsewhere.datid <> (select oid from pg_database where datname = current_database())
    )
)
order by spine_log_entry.xid, spine_log_entry.seq limit %s::int
"""

_MOMENTS = """
select json_agg(json_build_array(name, at) order by at, seq)::text from spine_log_entry
where shop = %s::varchar and order_number = %s::varchar and order_number <> ''
"""
_moments = msgspec.json.Decoder(tuple[tuple[str, datetime], ...]).decode


def after(position: Position, *, limit: int) -> list[tuple[Position, Envelope]]:
    """The facts behind a position, oldest first; those whose turn may still come before them are waited for.

    order  by transaction, then by sequence: two readings in a row never skip a fact that commits late
    """
    with connection.cursor() as cursor:
        cursor.execute(_AFTER, [str(position.xid), position.seq, limit])
        return [(Position(row[0], row[1]), _envelope(row[2:])) for row in cursor.fetchall()]


def of_order(*, shop: str, order_number: str) -> tuple[Envelope, ...]:
    """All that has happened to an order, oldest first. Index spine_log_entry_order."""
    return _some("shop = %s and order_number = %s and order_number <> ''", [shop, order_number])


def moments_asked(*, shop: str, order_number: str) -> Question[tuple[tuple[str, datetime], ...]]:
    """What has happened to an order, and when, oldest first: to be asked with other things.

    Index spine_log_entry_order.
    """
    return Question(_MOMENTS, (shop, order_number), lambda said: _moments(said) if said else ())


def by_ids(ids: Sequence[UUID]) -> tuple[Envelope, ...]:
    """The facts of these ids that stand in the log, oldest first. Index spine_log_entry_id."""
    return _some("id = any(%s::uuid[])", [list(ids)])


def behind(position: Position) -> int:
    """How many facts stand behind a position, those that still wait for their turn included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from spine_log_entry where (xid, seq) > (%s::text::xid8, %s::bigint)",
            [str(position.xid), position.seq],
        )
        return int(cursor.fetchone()[0])


def _some(condition: str, values: list[Any]) -> tuple[Envelope, ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"select {_COLUMNS} from spine_log_entry where {condition} order by at, seq", values)
        return tuple(_envelope(row[2:]) for row in cursor.fetchall())


class _Lifted(msgspec.Struct):
    """What is lifted out of a body into columns, decoded in one go and without the rest; unknown fields are passed."""

    sku: str = ""
    category: str = ""
    order_number: str = ""
    quantity: int | None = None
    amount_minor: int | None = None
    currency: str = ""
    channel: str = ""
    campaign: str = ""
    device: str = ""
    region: str = ""
    page: str = ""
    lines: tuple[Line, ...] = ()


_lift = msgspec.json.Decoder(_Lifted).decode


def _envelope(row: Sequence[Any]) -> Envelope:
    id, shop, name, version, at, received_at, actor, person, session, subject, cause, *visit, text = row
    channel, campaign, device, region = visit
    entry = registry.entry_named(name)
    body = text.encode()
    if version != entry.version:
        body = msgspec.json.encode(registry.upcast(name, version, msgspec.json.decode(body)))
    lifted = _lift(body)
    return Envelope(
        id=id,
        shop=shop,
        name=name,
        version=entry.version,
        at=at,
        received_at=received_at,
        actor=actor,
        person=person,
        session=session,
        subject=subject,
        cause=cause,
        sku=lifted.sku,
        category=lifted.category,
        order_number=lifted.order_number,
        quantity=lifted.quantity,
        amount_minor=lifted.amount_minor,
        currency=lifted.currency,
        channel=lifted.channel or channel,
        campaign=lifted.campaign or campaign,
        device=lifted.device or device,
        region=lifted.region or region,
        page=lifted.page,
        lines=lifted.lines,
        body=body,
    )

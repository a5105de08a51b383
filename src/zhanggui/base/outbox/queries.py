"""Reading the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base.outbox import models, ports
from zhanggui.base.outbox.rules import Channel, Letter, State, Template

# Primary key.
_COUNTS: Final = (
    "select state, count(*) from base_outbox_letter where id = any(%s::uuid[]) group by state order by state"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """How far a message came, without its words."""

    state: State
    sent_at: datetime | None
    fault: str


def can_send(channel: Channel) -> bool:
    """Whether somebody is plugged in who sends such messages."""
    return channel in ports.senders


def letters(*, limit: int) -> tuple[Letter, ...]:
    """The newest messages. One statement."""
    return tuple(
        Letter(
            id=row.id,
            channel=Channel(row.channel),
            to=row.recipient,
            subject=row.subject,
            words=row.words,
            state=State(row.state),
            queued_at=row.queued_at,
            sent_at=row.sent_at,
            fault=row.fault,
            segments=row.segments,
            ended_at=row.ended_at,
        )
        for row in models.Letter.objects.order_by("-id")[:limit]
    )


def fates(ids: Sequence[UUID]) -> dict[UUID, Fate]:
    """How far messages came; those of more than a month ago are forgotten. One statement."""
    rows = models.Letter.objects.filter(pk__in=ids).values_list("pk", "state", "sent_at", "fault")
    return {id: Fate(state=State(state), sent_at=sent_at, fault=fault) for id, state, sent_at, fault in rows}


def counts(ids: Sequence[UUID]) -> dict[State, int]:
    """How many of these messages came how far; those of more than a month ago are forgotten. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [list(ids)])
        return {State(state): count for state, count in cursor.fetchall()}


def needs_templates(channel: Channel) -> bool:
    """Whether whoever carries such messages sends only words that it has approved."""
    carrier = ports.carriers.get(channel)
    return carrier is not None and carrier.needs_templates


def called_at(channel: Channel) -> tuple[str, str] | None:
    """Name and key in the address at which whoever carries such messages calls; None if it never does."""
    carrier = ports.carriers.get(channel)
    return (carrier.name, carrier.key) if carrier else None


def templates(shop: str) -> tuple[Template, ...]:
    """The approved words of a shop, by name. One statement."""
    rows = models.Template.objects.filter(shop=shop).order_by("name", "language", "is_abroad")
    return tuple(row.value for row in rows)


def template(shop: str, name: str, *, language: str, is_abroad: bool) -> Template | None:
    """The approved words of that name; None if there are none. One statement; its unique index."""
    row = models.Template.objects.filter(shop=shop, name=name, language=language, is_abroad=is_abroad).first()
    return row.value if row else None

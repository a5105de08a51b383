"""Reading the outbox."""

from __future__ import annotations

from zhanggui.base.outbox import models, ports
from zhanggui.base.outbox.rules import Channel, Letter, State


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
        )
        for row in models.Letter.objects.order_by("-id")[:limit]
    )

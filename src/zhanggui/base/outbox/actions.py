"""Sending messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from zhanggui.base import clock, ids
from zhanggui.base.jobs import queries as jobs
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import ports
from zhanggui.base.outbox.errors import NoSender, NotTaken, TurnedDown
from zhanggui.base.outbox.models import Enclosure, Letter
from zhanggui.base.outbox.rules import Message, State

_KEPT_FOR: Final = timedelta(days=30)
_LEFT_BEHIND: Final = timedelta(minutes=10)
_RECALLED: Final = "recalled"


@operation
def send(*, message: Message) -> UUID:
    """Put a message into the outbox; it leaves at once after the transaction, or never if that is undone.

    refuses  NoSender if nobody is plugged in for the channel
    """
    if message.channel not in ports.senders:
        raise NoSender(channel=message.channel)
    letter = Letter.objects.create(
        id=ids.uuid7(),
        channel=message.channel,
        recipient=message.to,
        subject=message.subject,
        words=message.words,
        template=message.template,
        parts=[list(part) for part in message.parts],
        page=message.page,
        headers=[list(header) for header in message.headers],
        state=State.WAITING,
        queued_at=clock.now(),
    )
    if message.files:
        Enclosure.objects.bulk_create(
            Enclosure(letter=letter, place=place, name=file.name, kind=file.kind, content=file.content)
            for place, file in enumerate(message.files)
        )
    later(deliver, letter_id=str(letter.id))
    return letter.id


@job(name="base.deliver")
def deliver(*, letter_id: str) -> None:
    """Hand a message to its carrier. Whoever claims it first sends it; the second time nothing happens.

    A process that dies with a message in its hands leaves it as `leaving`: rather none than two.
    """
    waiting = Letter.objects.filter(pk=letter_id, state=State.WAITING)
    if not waiting.update(state=State.LEAVING):
        return
    letter = Letter.objects.get(pk=letter_id)
    message = letter.message
    leaving = Letter.objects.filter(pk=letter_id, state=State.LEAVING)
    kept = {} if settings.OUTBOX_SHOWS_WORDS else {"words": "", "parts": [], "page": ""}
    try:
        ports.senders[message.channel](message)
    except NotTaken:
        leaving.exclude(fault=_RECALLED).update(state=State.WAITING)
        leaving.update(state=State.TURNED_DOWN, **kept)  # what was recalled meanwhile
        raise
    except TurnedDown as refused:
        leaving.update(state=State.TURNED_DOWN, fault=refused.data["reason"][:200], **kept)
        _let_go(letter, message)
        return
    leaving.update(state=State.SENT, sent_at=clock.now(), fault="", **kept)
    _let_go(letter, message)


@operation
def recall(*, letters: Sequence[UUID]) -> int:
    """Take messages back that have not left, for good; how many waited. One that is in somebody's hands may leave yet.

    Where it does not, because the world fails, it is not tried again.
    """
    meant = Letter.objects.filter(pk__in=letters)
    meant.filter(state=State.LEAVING).update(fault=_RECALLED)
    return meant.filter(state=State.WAITING).update(state=State.TURNED_DOWN, fault=_RECALLED)


@job(name="base.carry_left_behind", every="*/10 * * * *")
def carry_left_behind() -> None:
    """Every ten minutes: queue messages anew whose worker died before it had them in its hands."""
    old = Letter.objects.filter(state=State.WAITING, queued_at__lt=clock.now() - _LEFT_BEHIND)
    waiting = [str(id) for id in old.values_list("id", flat=True)]
    for id in jobs.held_up(deliver.name, "letter_id", waiting) if waiting else ():
        later(deliver, letter_id=id)


@job(name="base.empty_outbox", every="20 19 * * *")
def empty() -> None:
    """Forget messages of more than a month ago: they name people."""
    Letter.objects.filter(queued_at__lt=clock.now() - _KEPT_FOR).delete()


def _let_go(letter: Letter, message: Message) -> None:
    """Files are large, and whoever got them has them."""
    if message.files:
        Enclosure.objects.filter(letter=letter).delete()

"""Sending messages, and hearing what became of them."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from zhanggui.base import clock, ids
from zhanggui.base.jobs import queries as jobs
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.outbox import models, ports
from zhanggui.base.outbox.errors import Forged, NoAnswer, NoSender, NotTaken, TemplateUnfit, TurnedDown
from zhanggui.base.outbox.models import Enclosure, Letter
from zhanggui.base.outbox.rules import BEFORE, Message, Receipt, State, Taken, Template

_KEPT_FOR: Final = timedelta(days=30)
_LEFT_BEHIND: Final = timedelta(minutes=10)
_RECALLED: Final = "recalled"
_SILENT: Final = "no answer"
_LONGEST_NUMBER: Final = 40
# Until the end of the transaction, in the order of the keys.
_QUEUE: Final = "select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) as keys(key)"
_log = logging.getLogger("zhanggui.outbox")


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
        shop=message.shop,
        language=message.language,
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

    A process that dies with a message in its hands leaves it as `leaving`: rather none than two. So does a carrier that
    does not answer in time. A receipt tells later what became of it.
    """
    waiting = Letter.objects.filter(pk=letter_id, state=State.WAITING)
    if not waiting.update(state=State.LEAVING):
        return
    letter = Letter.objects.get(pk=letter_id)
    message = letter.message
    leaving = Letter.objects.filter(pk=letter_id, state=State.LEAVING)
    kept = {} if settings.OUTBOX_SHOWS_WORDS else {"words": "", "parts": [], "page": ""}
    try:
        taken = ports.senders[message.channel](message)
    except NotTaken:
        leaving.exclude(fault=_RECALLED).update(state=State.WAITING)
        leaving.update(state=State.TURNED_DOWN, **kept)  # what was recalled meanwhile
        raise
    except NoAnswer:
        leaving.update(fault=_SILENT, **kept)
    except TurnedDown as refused:
        leaving.update(state=State.TURNED_DOWN, fault=refused.data["reason"][:200], **kept)
    else:
        _note_taken(letter, taken, **kept)
    _let_go(letter, message)


@operation
def recall(*, letters: Sequence[UUID]) -> int:
    """Take messages back that have not left, for good; how many waited. One that is in somebody's hands may leave yet.

    Where it does not, because the world fails, it is not tried again.
    """
    meant = Letter.objects.filter(pk__in=letters)
    meant.filter(state=State.LEAVING).update(fault=_RECALLED)
    return meant.filter(state=State.WAITING).update(state=State.TURNED_DOWN, fault=_RECALLED)


def hear(*, carrier: str, key: str, body: bytes) -> int:
    """Believe what a carrier's server calls with, once however often it calls; how many receipts those were.

    refuses  Forged for a carrier that is not plugged in, or another key; Unreadable
    """
    found = next((one for one in ports.carriers.values() if one.name == carrier), None)
    if found is None:
        raise Forged()
    receipts = found.hear(key=key, body=body)
    settle(receipts=receipts)
    return len(receipts)


@operation
def settle(*, receipts: Sequence[Receipt]) -> None:
    """Write down what became of messages. Twice, late, or in another order comes to the same.

    A receipt whose number no message has yet is kept: it overtook the answer that tells the number.
    """
    now = clock.now()
    _queue_up([one.number for one in receipts])
    rows = [
        models.Receipt(number=one.number, state=one.state, fault=one.fault[:200], at=one.at, heard_at=now)
        for one in receipts
    ]
    models.Receipt.objects.bulk_create(rows, ignore_conflicts=True)
    for one in sorted(receipts, key=lambda receipt: (receipt.number, receipt.at)):
        _settle(one)


@operation
def set_template(*, shop: str, template: Template) -> None:
    """Note down the carrier's number for words that it has approved; an empty number takes them back.

    refuses  TemplateUnfit
    """
    fits = {"number": len(template.number) <= _LONGEST_NUMBER, "sign": len(template.sign) <= _LONGEST_NUMBER}
    fits["language"], fits["name"] = template.language in ("zh", "en"), 0 < len(template.name) <= 60
    for field, is_fit in fits.items():
        if not is_fit:
            raise TemplateUnfit(field=field)
    key: dict[str, Any] = {
        "shop": shop,
        "name": template.name,
        "language": template.language,
        "is_abroad": template.is_abroad,
    }
    if not template.number:
        models.Template.objects.filter(**key).delete()
        return
    models.Template.objects.update_or_create(**key, defaults={"number": template.number, "sign": template.sign})


@job(name="base.pull_receipts", every="*/2 * * * *")
def pull_receipts() -> None:
    """Every two minutes: ask carriers what became of messages, since a call of theirs may never come."""
    for carrier in ports.carriers.values():
        try:
            while receipts := carrier.pull():
                settle(receipts=receipts)
        except NotTaken as away:
            _log.warning("receipts of %s: %s", carrier.name, away)


@job(name="base.carry_left_behind", every="*/10 * * * *")
def carry_left_behind() -> None:
    """Every ten minutes: queue messages anew whose worker died before it had them in its hands."""
    old = Letter.objects.filter(state=State.WAITING, queued_at__lt=clock.now() - _LEFT_BEHIND)
    waiting = [str(id) for id in old.values_list("id", flat=True)]
    for id in jobs.held_up(deliver.name, "letter_id", waiting) if waiting else ():
        later(deliver, letter_id=id)


@job(name="base.empty_outbox", every="20 19 * * *")
def empty() -> None:
    """Forget messages of more than a month ago, and what was said of them: they name people."""
    long_ago = clock.now() - _KEPT_FOR
    Letter.objects.filter(queued_at__lt=long_ago).delete()
    models.Receipt.objects.filter(heard_at__lt=long_ago).delete()


def _note_taken(letter: Letter, taken: Taken | None, **kept: Any) -> None:
    """Write down that a message was taken, and what was said of it before we knew its number.

    A receipt that named our own id may have come first: then it stands where the receipt has led it.
    """
    said = {"taken_as": taken.number, "segments": taken.segments} if taken else {}
    with transaction.atomic():
        rows = Letter.objects.filter(pk=letter.pk)
        rows.filter(state=State.LEAVING).update(state=State.SENT, fault="")
        rows.update(sent_at=clock.now(), **said, **kept)
        if taken:
            _settle_kept(taken.number)


def _settle_kept(number: str) -> None:
    _queue_up([number])
    for row in models.Receipt.objects.filter(number=number).order_by("at", "state"):
        _settle(row.value)


def _queue_up(numbers: Sequence[str]) -> None:
    """Whoever writes the number of a message and whoever brings its receipt see each other: one after the other."""
    digests = {hashlib.blake2b(number.encode(), digest_size=8, person=b"receipt").digest() for number in numbers}
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [sorted(int.from_bytes(one, "big", signed=True) for one in digests)])


def _settle(receipt: Receipt) -> None:
    letters = Letter.objects.filter(taken_as=receipt.number)
    if receipt.letter:
        letters = letters | Letter.objects.filter(pk=receipt.letter)
    letters.filter(state__in=BEFORE[receipt.state]).update(
        state=receipt.state, fault=receipt.fault[:200], ended_at=receipt.at
    )


def _let_go(letter: Letter, message: Message) -> None:
    """Files are large, and whoever got them has them."""
    if message.files:
        Enclosure.objects.filter(letter=letter).delete()

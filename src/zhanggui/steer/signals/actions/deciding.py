"""What a person does about a signal."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import F, QuerySet

from zhanggui.base import clock
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.steer.signals import models, queries, rules
from zhanggui.steer.signals.errors import SignalSettled
from zhanggui.steer.signals.rules import State


@operation
def snooze(*, id: UUID, until: date, by: Actor) -> None:
    """Put a signal off to a day; it grows meanwhile, and stands in the inbox again on that day.

    until    a day to come of the shop's own calendar, at most a quarter of a year away
    refuses  NoSuchSignal, SnoozeUnfit, SignalSettled
    """
    signal = queries.signal(id)
    today = clock.day_of(clock.now(), shops.shop(signal.shop).zone)
    if not _open(id).update(snoozed_until=rules.snooze_of(until, today=today)):
        raise _settled(id)


@operation
def dismiss(*, id: UUID, is_useful: bool, words: str, by: Actor) -> None:
    """Put a signal away, and say whether it was of use: the next of its kind has to be larger and surer, or less so.

    words    why it is not useful; may be empty if it is
    refuses  NoSuchSignal, WordsMissing, SignalSettled
    """
    said = rules.words_of(words, is_useful=is_useful)
    queries.signal(id)
    settled = {"settled_at": clock.now(), "settled_by": str(by), "dismissed_minor": F("expected_minor")}
    if not _open(id).update(state=State.DISMISSED, is_useful=is_useful, words=said, **settled):
        raise _settled(id)


@operation
def decide(*, id: UUID, play_id: UUID, by: Actor) -> None:
    """Keep which play was made of a signal, which was of use then.

    refuses  NoSuchSignal, SignalSettled
    """
    queries.signal(id)
    settled = {"settled_at": clock.now(), "settled_by": str(by)}
    if not _open(id).update(state=State.DECIDED, play_id=play_id, is_useful=True, **settled):
        raise _settled(id)


def _open(id: UUID) -> QuerySet[models.Signal]:
    return models.Signal.objects.filter(pk=id, state=State.OPEN)


def _settled(id: UUID) -> SignalSettled:
    return SignalSettled(id=str(id), state=str(queries.signal(id).state))

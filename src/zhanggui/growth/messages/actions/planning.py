"""Planning a step for many people at once, and stopping it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.errors import NoSender, NoTemplate
from zhanggui.base.outbox.rules import Channel
from zhanggui.growth.messages import models
from zhanggui.growth.messages.errors import CouponUnfit, StepDiffers, StepStopped
from zhanggui.growth.messages.queries import reached
from zhanggui.growth.messages.rules import Planned, Reason, Wording, template_of
from zhanggui.growth.promotions import queries as promotions
from zhanggui.spine.facts.messages import MessageRefused
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# Unique index growth_messages_person_once: who was planned for the step before is left as they are.
_PLAN: Final = """
insert into growth_messages_message (id, step_id, shop, person, state, reason, due_at, decided_at, cost_minor, currency,
    token)
select id, %s::uuid, %s::varchar, person, case reason when '' then 'waiting' else 'refused' end, reason,
    %s::timestamptz, case reason when '' then null else %s::timestamptz end, 0, '', ''
from unnest(%s::uuid[], %s::varchar[], %s::varchar[]) as asked(id, person, reason)
on conflict on constraint growth_messages_person_once do nothing returning id, person, reason
"""
# Unique index growth_messages_step_once. Index growth_messages_due. Whom a worker writes to just now is waited for,
# and then no longer waits.
_STOP: Final = """
update growth_messages_message set state = 'refused', reason = 'stopped', decided_at = %s::timestamptz
where step_id = %s::uuid and state = 'waiting' returning id, person
"""


@operation
def plan(
    *,
    shop: str,
    step: str,
    persons: Sequence[str],
    wording: Wording,
    channel: Channel,
    campaign: str,
    coupon: UUID | None,
    due_at: datetime,
    trail: Trail,
    by: Actor,
    until: datetime | None = None,
    goods: Sequence[str] = (),
) -> Planned:
    """Plan one message to each of these people, to leave when it is due; who was planned for the step is left alone.

    step      names it for good within the shop, such as play-7-first
    persons   as insight names them; who has no account, no address or did not agree is kept as refused
    campaign  as it stands in the message's link; may be empty
    coupon    promotion that gives each a coupon when the message leaves; it needs a batch for chosen people
    trail     its cause becomes the cause of every message
    until     from when on nothing of it leaves: who got enough messages lately waits for a day before; without it they
              get none. A later plan of the step may move it
    goods     SKUs that a mail shows with picture, name and price
    refuses   WordingUnfit, NoSender, CouponUnfit; NoTemplate if the carrier sends approved words only and has not
              approved these; StepDiffers if the step was planned with other words, another
              channel, campaign or coupon; StepStopped
    tells     growth.message_refused for everybody who is refused at once
    """
    now = clock.now()
    if coupon is not None and not promotions.can_hand_out(shop, coupon):
        raise CouponUnfit(promotion_id=str(coupon))
    check_words(shop, wording, channel=channel, has_coupon=coupon is not None)
    row = _step(
        models.Step(
            id=ids.uuid7(),
            shop=shop,
            step=step,
            channel=channel,
            campaign=campaign,
            coupon=coupon,
            cause=trail.cause,
            by=str(by),
            planned_at=now,
            until=until,
            goods=list(goods),
            **{name: getattr(wording, name) for name in Wording.__dataclass_fields__},
        )
    )
    asked = list(dict.fromkeys(persons))
    written = _write(row, _reasons(row, asked), due_at=due_at, at=now)
    _tell(row, [(id, person, reason) for id, person, reason in written if reason], by=by)
    counted = Counter(reason for _, _, reason in written)
    waiting = counted.pop("", 0)
    refused = {Reason(reason): people for reason, people in counted.items()}
    return Planned(waiting=waiting, refused=refused, known=len(asked) - len(written))


@operation
def stop(*, shop: str, step: str, by: Actor) -> int:
    """Send a step to nobody who still waits for it, now or later; how many waited. What has left has left.

    tells  growth.message_refused for each of them
    """
    row = models.Step.objects.select_for_update().filter(shop=shop, step=step).first()
    if row is None:
        return 0
    now = clock.now()
    models.Step.objects.filter(pk=row.pk, stopped_at=None).update(stopped_at=now)
    with connection.cursor() as cursor:
        cursor.execute(_STOP, [now, row.id])
        stopped = cursor.fetchall()
    _tell(row, [(id, person, Reason.STOPPED.value) for id, person in stopped], by=by)
    return len(stopped)


def check_words(shop: str, wording: Wording, *, channel: Channel, has_coupon: bool) -> None:
    """Whether these words can be sent on that channel at all.

    refuses  WordingUnfit, NoSender, NoTemplate
    """
    wording.checked(channel=channel, has_coupon=has_coupon)
    if not mailing.can_send(channel):
        raise NoSender(channel=channel)
    if not mailing.needs_templates(channel):
        return
    name = template_of(wording, has_coupon=has_coupon)
    known = {one.language for one in mailing.templates(shop) if one.name == name and not one.is_abroad}
    for language in ("zh", "en"):
        if language not in known:
            raise NoTemplate(template=name, language=language)


def _step(wanted: models.Step) -> models.Step:
    """The row of a step, locked, so that nobody stops it meanwhile; the first plan makes it."""
    models.Step.objects.bulk_create([wanted], ignore_conflicts=True)
    row = models.Step.objects.select_for_update().get(shop=wanted.shop, step=wanted.step)
    same = ("channel", "campaign", "coupon", *Wording.__dataclass_fields__)
    if any(getattr(row, name) != getattr(wanted, name) for name in same):
        raise StepDiffers(step=wanted.step)
    if row.stopped_at is not None:
        raise StepStopped(step=wanted.step)
    if row.until != wanted.until:
        models.Step.objects.filter(pk=row.pk).update(until=wanted.until)
    return row


def _reasons(step: models.Step, persons: Sequence[str]) -> Mapping[str, str]:
    """Why each of them gets nothing; empty for who does."""
    found = reached(step.shop, persons, Channel(step.channel))
    return {person: (found[person].refusal or "") for person in persons}


def _write(
    step: models.Step, reasons: Mapping[str, str], *, due_at: datetime, at: datetime
) -> list[tuple[UUID, str, str]]:
    new = [ids.uuid7() for _ in reasons]
    with connection.cursor() as cursor:
        cursor.execute(_PLAN, [step.id, step.shop, due_at, at, new, list(reasons), list(reasons.values())])
        return list(cursor.fetchall())


def _tell(step: models.Step, refused: Iterable[tuple[UUID, str, str]], *, by: Actor) -> None:
    record_all(
        [
            Told(
                fact=MessageRefused(message_id=str(id), step=step.step, channel=step.channel, reason=reason),
                by=by,
                trail=Trail(shop=step.shop, person=person, cause=step.cause),
                subject=f"message:{id}",
            )
            for id, person, reason in refused
        ]
    )

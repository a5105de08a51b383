"""Sending what is due: a few people at a time, each asked again, and everything about them in one transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.base.outbox import actions as outbox
from zhanggui.base.outbox import queries as mailing
from zhanggui.base.outbox.rules import Channel, segments
from zhanggui.base.shops import queries as shops
from zhanggui.growth.messages import models, ports, queries, rules
from zhanggui.growth.messages.actions.writing import Gift, letter
from zhanggui.growth.messages.queries import Reached
from zhanggui.growth.messages.rules import Reason, State, Terms
from zhanggui.growth.promotions import actions as promoting
from zhanggui.growth.promotions import queries as promotions
from zhanggui.growth.promotions.errors import AllClaimed, ClaimedBefore
from zhanggui.spine.facts.messages import MessageRefused, MessageSent
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# So many people in one transaction: few, since they and the coupons of the step are locked until it ends.
GROUP: Final = 50
_BY: Final = job_actor("growth.messages.send_due")
# 96 bits that nobody guesses: short enough for a text message.
_TOKEN_BYTES: Final = 12

# Index growth_messages_due.
_DUE: Final = """
select distinct m.step_id from growth_messages_message m join growth_messages_step s on s.id = m.step_id
where m.state = 'waiting' and m.due_at <= %s::timestamptz and s.channel = any(%s::varchar[]) order by m.step_id
"""
# Index growth_messages_due.
_PUT_OFF: Final = """
update growth_messages_message set due_at = %s::timestamptz
where step_id = %s::uuid and state = 'waiting' and due_at <= %s::timestamptz
"""
# Index growth_messages_due. Who is in the hands of another worker is passed over and not waited for.
_CLAIM: Final = """
select id, person from growth_messages_message
where step_id = %s::uuid and state = 'waiting' and due_at <= %s::timestamptz
order by due_at, id limit %s::int for update skip locked
"""
# One after the other in the order of the keys. Whoever sends to the same person at the same time waits here, and then
# counts what has just been sent.
_QUEUE: Final = "select pg_advisory_xact_lock(key) from unnest(%s::bigint[]) as keys(key)"
# Index growth_messages_lately.
_LATELY: Final = """
select person, array_agg(decided_at) from growth_messages_message
where shop = %s::varchar and person = any(%s::varchar[]) and state = 'sent' and decided_at > %s::timestamptz
group by person
"""
# Primary key.
_DECIDE: Final = """
update growth_messages_message m set state = d.state, reason = d.reason, decided_at = %s::timestamptz,
    letter = d.letter, coupon = d.coupon, cost_minor = d.cost_minor, currency = %s::varchar, token = d.token,
    told = d.told
from unnest(%s::uuid[], %s::varchar[], %s::varchar[], %s::uuid[], %s::uuid[], %s::bigint[], %s::varchar[], %s::uuid[])
    as d(id, state, reason, letter, coupon, cost_minor, token, told)
where m.id = d.id and m.state = 'waiting'
"""
# Primary key.
_POSTPONE: Final = """
update growth_messages_message m set due_at = d.due_at from unnest(%s::uuid[], %s::timestamptz[]) as d(id, due_at)
where m.id = d.id and m.state = 'waiting'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decided:
    """What came of one message.

    due_at  when it is tried again, since its person got enough messages lately
    """

    id: UUID
    person: str
    reason: Reason | None = None
    due_at: datetime | None = None
    segments: int = 1
    letter: UUID | None = None
    coupon: UUID | None = None
    cost_minor: int = 0
    token: str = ""


@job(name="growth.messages.send_due", every="* * * * *")
def send_due() -> None:
    """Every minute: send what is due; any number of workers may do it at once."""
    for step in _due(clock.now()):
        while send_some(step_id=step, at=clock.now()) == GROUP:
            pass


@operation
def send_some(*, step_id: UUID, at: datetime) -> int:
    """Send a step to some of those for whom it is due, put it off, or refuse it with the reason; how many those were.

    In the shop's quiet hours nobody is sent anything: what is due waits for the morning. Who got enough messages lately
    waits for the first hour at which one more may leave, if the step is not over by then.
    Consent, address, whether what it is about still holds for them, and the number of messages lately are asked now.
    The letter, the coupon, the row and the fact are written together or not at all: a worker that dies leaves people
    waiting as they were.

    tells  growth.message_sent, growth.message_refused, and growth.coupon_issued where the step gives one
    """
    step = models.Step.objects.get(pk=step_id)
    terms, zone = queries.terms(step.shop), clock.zone(shops.shop(step.shop).zone)
    moment = rules.allowed_at(at, terms=terms, zone=zone)
    with connection.cursor() as cursor:
        if moment > at:
            cursor.execute(_PUT_OFF, [moment, step_id, at])
            return 0
        cursor.execute(_CLAIM, [step_id, at, GROUP])
        claimed: list[tuple[UUID, str]] = cursor.fetchall()
    if claimed:
        _write(step, list(_decisions(step, claimed, terms=terms, zone=zone, at=at)), at=at)
    return len(claimed)


def _due(at: datetime) -> list[UUID]:
    """The steps that are due, as far as somebody is plugged in who carries them."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [at, [channel for channel in Channel if mailing.can_send(channel)]])
        return [step for (step,) in cursor.fetchall()]


def _decisions(
    step: models.Step, claimed: Sequence[tuple[UUID, str]], *, terms: Terms, zone: ZoneInfo, at: datetime
) -> Iterator[_Decided]:
    persons = [person for _, person in claimed]
    lately = _lately(step.shop, persons, terms=terms, at=at)
    reach = queries.reached(step.shop, persons, Channel(step.channel))
    batch = promotions.handed_out(step.shop, step.coupon, at=at) if step.coupon else None
    gone = frozenset().union(*(ask(step.shop, step.step, persons, at=at) for ask in ports.gone))
    for id, person in claimed:
        one = reach[person]
        moment = rules.leaves_at(lately.get(person, ()), at=at, terms=terms, zone=zone)
        reason = one.refusal or (Reason.NOT_MEANT if person in gone else _too_late(step, moment, at=at))
        if reason is None and moment > at:
            yield _Decided(id=id, person=person, due_at=moment)
            continue
        gift = reason or (_gift(step, batch, person, at=at) if step.coupon else None)
        if isinstance(gift, Reason):
            yield _Decided(id=id, person=person, reason=gift)
        else:
            yield _send(step, one, gift, id=id, person=person, terms=terms)


def _too_late(step: models.Step, moment: datetime, *, at: datetime) -> Reason | None:
    """Why a message that may leave at that moment never does: the step is over, will be, or has no end to wait for."""
    if step.until is not None and at >= step.until:
        return Reason.TOO_LATE
    is_in_time = moment == at or (step.until is not None and moment < step.until)
    return None if is_in_time else Reason.TOO_MANY


def _lately(shop: str, persons: Sequence[str], *, terms: Terms, at: datetime) -> dict[str, list[datetime]]:
    """When each of them got messages in the time that counts; nobody else sends to them until we are done."""
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [sorted(_key(shop, person) for person in persons)])
        cursor.execute(_LATELY, [shop, list(persons), at - terms.window])
        return dict(cursor.fetchall())


def _gift(step: models.Step, batch: promotions.Offered | None, person: str, *, at: datetime) -> Gift | Reason:
    """The coupon that goes along, in the person's hands now, or why there is none."""
    if batch is None:
        return Reason.NO_COUPON
    trail = Trail(shop=step.shop, person=person, cause=step.cause)
    try:
        id = promoting.put_in_hand(batch, person=person, at=at, trail=trail, by=_BY)
    except AllClaimed:
        return Reason.NO_COUPON
    except ClaimedBefore:
        return Reason.HAS_COUPON
    return Gift(id=UUID(id), name_zh=batch.name_zh, name_en=batch.name_en, ends_at=promoting.holds_until(batch, at=at))


def _send(step: models.Step, one: Reached, gift: Gift | None, *, id: UUID, person: str, terms: Terms) -> _Decided:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    message = letter(step, one, gift, token=token)
    count = segments(message.words) if message.channel is Channel.SMS else 1
    return _Decided(
        id=id,
        person=person,
        letter=outbox.send(message=message),
        coupon=gift.id if gift else None,
        cost_minor=terms.cost_minor(message.channel, segments=count),
        segments=count,
        token=token,
    )


def _write(step: models.Step, came: Sequence[_Decided], *, at: datetime) -> None:
    put_off = [(one.id, one.due_at) for one in came if one.due_at]
    if put_off:
        with connection.cursor() as cursor:
            cursor.execute(_POSTPONE, [list(column) for column in zip(*put_off, strict=True)])
    decided = [one for one in came if not one.due_at]
    if decided:
        _decide(step, decided, at=at)


def _decide(step: models.Step, decided: Sequence[_Decided], *, at: datetime) -> None:
    currency = shops.shop(step.shop).currency
    told = record_all([_told(step, one, currency=currency) for one in decided])
    columns: list[list[Any]] = [
        [one.id for one in decided],
        [State.REFUSED if one.reason else State.SENT for one in decided],
        [one.reason or "" for one in decided],
        [one.letter for one in decided],
        [one.coupon for one in decided],
        [one.cost_minor for one in decided],
        [one.token for one in decided],
        [id if one.letter else None for one, id in zip(decided, told, strict=True)],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_DECIDE, [at, currency, *columns])


def _told(step: models.Step, one: _Decided, *, currency: str) -> Told:
    same = {"message_id": str(one.id), "step": step.step, "channel": step.channel}
    fact = (
        MessageRefused(**same, reason=one.reason)
        if one.reason
        else MessageSent(
            **same,
            campaign=step.campaign,
            coupon=str(one.coupon or ""),
            cost_minor=one.cost_minor,
            currency=currency,
            segments=one.segments,
        )
    )
    trail = Trail(shop=step.shop, person=one.person, cause=step.cause)
    return Told(fact=fact, by=_BY, trail=trail, subject=f"message:{one.id}")


def _key(shop: str, person: str) -> int:
    """The number under which a person is locked while something is sent to them."""
    digest = hashlib.blake2b(f"growth.messages/{shop}/{person}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)

"""Listening, and being told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.webhooks import calling, models, queries, rules
from zhanggui.spine.webhooks.errors import EndpointNotAllowed, NoSuchDelivery, NoSuchEndpoint
from zhanggui.spine.webhooks.rules import State

# One turn of one endpoint: then others have theirs.
_AT_ONCE = 50
_TURN = timedelta(seconds=20)
# Longer than any turn, should its worker die.
_BUSY = timedelta(minutes=2)


@operation
def listen(*, shop: str, address: str, events: Sequence[str], by: Actor) -> tuple[str, str]:
    """Send facts of a shop to an address from now on; the endpoint's id and its secret, which is shown once.

    events   wire names of facts, or `*`
    refuses  AddressNotAllowed by what the address says, EndpointNotAllowed; nothing is written
    """
    rules.target_of(address, may_stay_home=settings.WEBHOOKS_MAY_STAY_HOME)
    chosen = sorted(set(events))
    if not chosen or not set(chosen) <= {*queries.events(), rules.EVERYTHING}:
        raise EndpointNotAllowed(field="events")
    if models.Endpoint.objects.filter(shop=shop).count() >= rules.MOST_ENDPOINTS:
        raise EndpointNotAllowed(field="count")
    row = models.Endpoint.objects.create(
        id=ids.uuid7(), shop=shop, address=address, events=chosen, made_by=str(by), made_at=clock.now()
    )
    return str(row.id), queries.secret(row.value)


@operation
def turn_secret(*, shop: str, endpoint_id: str) -> str:
    """Sign with another secret from now on; the new one, shown once. The old one signs nothing any more.

    refuses  NoSuchEndpoint
    """
    if not models.Endpoint.objects.filter(pk=UUID(endpoint_id), shop=shop).update(turn=F("turn") + 1):
        raise NoSuchEndpoint(endpoint_id=endpoint_id)
    return queries.secret(queries.endpoint(endpoint_id))


@operation
def leave(*, shop: str, endpoint_id: str) -> None:
    """Send nothing there any more, and forget what was sent.

    refuses  NoSuchEndpoint
    """
    deleted, _rows = models.Endpoint.objects.filter(pk=UUID(endpoint_id), shop=shop).delete()
    if not deleted:
        raise NoSuchEndpoint(endpoint_id=endpoint_id)


@operation
def send_again(*, shop: str, delivery_id: int) -> None:
    """Send what gave up once more, with its tries counted anew.

    refuses  NoSuchDelivery
    """
    now = clock.now()
    rows = models.Delivery.objects.filter(pk=delivery_id, endpoint__shop=shop, state=State.DEAD)
    found = rows.first()
    if found is None or not rows.update(state=State.WAITING, tries=0, next_at=now, ended_at=None):
        raise NoSuchDelivery(delivery_id=delivery_id)
    _soon(str(found.endpoint_id), at=now)


def queue(facts: Sequence[Envelope]) -> None:
    """Have these facts sent to whoever listens; the same fact to the same endpoint once. A part of reading the log."""
    now = clock.now()
    wanted = [(endpoint, fact) for endpoint in queries.listening() for fact in facts if endpoint.wants(fact)]
    rows = [
        models.Delivery(endpoint_id=UUID(endpoint.id), fact_id=fact.id, fact_name=fact.name, queued_at=now, next_at=now)
        for endpoint, fact in wanted
    ]
    models.Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    for endpoint_id in sorted({endpoint.id for endpoint, _fact in wanted}):
        _soon(endpoint_id, at=now)


@job(name="webhooks.send")
def send(endpoint_id: str) -> None:
    """One turn of an endpoint: what is due is sent, one after the other, until the turn is over or nobody answers."""
    started = clock.now()
    if not _claim(endpoint_id, at=started):
        return
    try:
        _turn(endpoint_id, until=started + _TURN)
    finally:
        models.Endpoint.objects.filter(pk=UUID(endpoint_id)).update(busy_until=None)
    if again := queries.next_due(endpoint_id):
        _soon(endpoint_id, at=again)


@job(name="webhooks.tend", every="*/5 * * * *")
def tend() -> None:
    """Take up what no job waits for any more, and forget what was delivered long ago."""
    now = clock.now()
    for endpoint_id in queries.overdue(at=now):
        _soon(endpoint_id, at=now)
    models.Delivery.objects.filter(ended_at__lt=now - rules.KEPT_FOR).delete()


def _soon(endpoint_id: str, *, at: datetime) -> None:
    # One waiting job for each moment: a job for tomorrow must not keep away the one for now.
    later(send, at=at, once=f"webhooks/{endpoint_id}/{int(at.timestamp()) // 10}", endpoint_id=endpoint_id)


def _claim(endpoint_id: str, *, at: datetime) -> bool:
    free = Q(busy_until=None) | Q(busy_until__lt=at)
    rows = models.Endpoint.objects.filter(free, pk=UUID(endpoint_id), is_active=True)
    return rows.update(busy_until=at + _BUSY) == 1


def _turn(endpoint_id: str, *, until: datetime) -> None:
    endpoint = queries.endpoint(endpoint_id)
    waiting = queries.due(endpoint_id, at=clock.now(), limit=_AT_ONCE)
    facts = {str(fact.id): fact for fact in log.by_ids([UUID(each.fact_id) for each in waiting])}
    for delivery in waiting:
        now = clock.now()
        if now >= until:
            return
        fact = facts.get(delivery.fact_id)
        if fact is None:  # its month has left the log
            _bury(delivery, fault="the fact is no longer kept")
            continue
        answer = calling.call(
            endpoint.address,
            rules.body_of(fact),
            name=delivery.fact_name,
            secret=queries.secret(endpoint),
            at=now,
            may_stay_home=settings.WEBHOOKS_MAY_STAY_HOME,
        )
        _note(delivery, answer)
        if answer.is_down:
            return


def _bury(delivery: rules.Delivery, *, fault: str) -> None:
    rows = models.Delivery.objects.filter(pk=delivery.id, state=State.WAITING)
    rows.update(state=State.DEAD, fault=fault, next_at=None, ended_at=clock.now())


def _note(delivery: rules.Delivery, answer: calling.Answer) -> None:
    """Write down what came of a call; a knock at a closed door counts for all that wait in front of it."""
    now = clock.now()
    rows = models.Delivery.objects.filter(state=State.WAITING)
    if answer.is_heard:
        rows.filter(pk=delivery.id).update(
            state=State.DELIVERED, tries=delivery.tries + 1, status=answer.status, fault="", next_at=None, ended_at=now
        )
        return
    failed = rows.filter(endpoint=UUID(delivery.endpoint_id), next_at__lte=now)
    if not answer.is_down:
        failed = failed.filter(pk=delivery.id)
    said = {"tries": F("tries") + 1, "status": answer.status, "fault": answer.fault}
    failed.filter(tries__gte=len(rules.WAITS)).update(state=State.DEAD, next_at=None, ended_at=now, **said)
    for tries, wait in reversed(tuple(enumerate(rules.WAITS))):
        failed.filter(tries=tries).update(next_at=now + wait, **said)

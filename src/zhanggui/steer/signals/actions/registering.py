"""Keeping the risk register."""

from __future__ import annotations

from uuid import UUID

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.steer.signals import models, rules
from zhanggui.steer.signals.errors import NoSuchRisk, RiskKnown
from zhanggui.steer.signals.rules import Trigger


@operation
def keep_risk(*, shop: str, name: str, trigger: Trigger, owner: int, playbook: str, by: Actor, ready: str = "") -> UUID:
    """Write a risk into the register: when its trigger is pulled, a signal opens its playbook.

    owner    id of the operator who has it in hand
    ready    key of the ready-made risk that it is adopted from
    refuses  NoSuchShop, RiskUnfit, RiskKnown
    """
    books = shops.shop(shop)
    called, steps = rules.checked(name=name, playbook=playbook, trigger=trigger)
    row = models.Risk(
        id=ids.uuid7(),
        shop=books.code,
        ready=ready,
        name=called,
        metric=trigger.metric,
        comparison=trigger.comparison,
        threshold=trigger.threshold,
        days=trigger.days,
        owner=owner,
        playbook=steps,
        made_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as known:
        raise RiskKnown(name=called) from known
    return row.pk


@operation
def adopt(*, shop: str, ready: str, name: str, owner: int, playbook: str, by: Actor) -> UUID:
    """Write a ready-made risk into the register, with its trigger as it comes and words that may be one's own.

    refuses  NoSuchShop, RiskUnfit, RiskKnown
    """
    trigger = rules.ready(ready).trigger
    return keep_risk(shop=shop, name=name, trigger=trigger, owner=owner, playbook=playbook, by=by, ready=ready)


@operation
def drop(*, id: UUID, by: Actor) -> None:
    """Take a risk out of the register.

    refuses  NoSuchRisk
    """
    gone, _ = models.Risk.objects.filter(pk=id).delete()
    if not gone:
        raise NoSuchRisk(id=str(id))

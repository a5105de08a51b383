"""Keeping the risk register."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.steer.signals import models, rules
from zhanggui.steer.signals.errors import NoSuchRisk, RiskChanged, RiskKnown
from zhanggui.steer.signals.rules import Risk, Trigger


@operation
def keep_risk(*, shop: str, name: str, trigger: Trigger, owner: int, playbook: str, by: Actor, ready: str = "") -> UUID:
    """Write a risk into the register: when its trigger is pulled, a signal opens its playbook.

    owner    id of the operator who has it in hand
    ready    key of the ready-made risk that it is adopted from
    refuses  NoSuchShop, RiskUnfit, RiskKnown
    """
    books = shops.shop(shop)
    called, steps = rules.checked(name=name, playbook=playbook, trigger=trigger)
    risk = Risk(id=ids.uuid7(), shop=books.code, ready=ready, name=called, trigger=trigger, owner=owner, playbook=steps)
    try:
        with transaction.atomic():
            models.Risk.objects.create(id=risk.id, shop=books.code, ready=ready, made_at=clock.now(), **_columns(risk))
    except IntegrityError as known:
        raise RiskKnown(name=called) from known
    return risk.id


@operation
def adopt(*, shop: str, ready: str, name: str, owner: int, playbook: str, by: Actor) -> UUID:
    """Write a ready-made risk into the register, with its trigger as it comes and words that may be one's own.

    refuses  NoSuchShop, RiskUnfit, RiskKnown
    """
    trigger = rules.ready(ready).trigger
    return keep_risk(shop=shop, name=name, trigger=trigger, owner=owner, playbook=playbook, by=by, ready=ready)


@operation
def change_risk(*, id: UUID, version: int, name: str, trigger: Trigger, owner: int, playbook: str, by: Actor) -> None:
    """Write a risk down anew; what it was until now is kept. The same words and numbers change nothing.

    version  of the risk as the page showed it
    refuses  NoSuchRisk, RiskChanged if somebody else changed it since, RiskUnfit, RiskKnown
    """
    called, steps = rules.checked(name=name, playbook=playbook, trigger=trigger)
    was = _locked(id)
    if was.version != version:
        raise RiskChanged(version=was.version)
    now = replace(was, name=called, trigger=trigger, owner=owner, playbook=steps)
    if now == was:
        return
    try:
        with transaction.atomic():
            models.Risk.objects.filter(pk=id).update(version=version + 1, **_columns(now))
    except IntegrityError as known:
        raise RiskKnown(name=called) from known
    _keep_as_it_was(was, by=by)


@operation
def drop(*, id: UUID, by: Actor) -> None:
    """Take a risk out of the register; what it was is kept.

    refuses  NoSuchRisk
    """
    was = _locked(id)
    models.Risk.objects.filter(pk=id).delete()
    _keep_as_it_was(was, is_dropped=True, by=by)


def _locked(id: UUID) -> Risk:
    row = models.Risk.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise NoSuchRisk(id=str(id))
    return row.value


def _keep_as_it_was(was: Risk, *, by: Actor, is_dropped: bool = False) -> None:
    models.WasRisk.objects.create(
        id=ids.uuid7(),
        risk=was.id,
        version=was.version,
        shop=was.shop,
        ready=was.ready,
        at=clock.now(),
        by=str(by),
        is_dropped=is_dropped,
        **_columns(was),
    )


def _columns(risk: Risk) -> dict[str, Any]:
    return {
        "name": risk.name,
        "metric": risk.trigger.metric,
        "comparison": risk.trigger.comparison,
        "threshold": risk.trigger.threshold,
        "days": risk.trigger.days,
        "owner": risk.owner,
        "playbook": risk.playbook,
    }

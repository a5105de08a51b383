"""Opening a trial, taking people in, noting who was treated, and closing it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.experiments import models, rules
from zhanggui.growth.experiments.errors import NoSuchTrial, TrialClosed
from zhanggui.growth.experiments.rules import Arm, Enrolled, Trial, arm_of
from zhanggui.spine.facts.experiments import ExperimentExposed
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# Whoever is held out elsewhere is asked for by the index growth_experiments_held_once.
_ENROL: Final = """
insert into growth_experiments_member (trial_id, shop, metric, person, arm, is_held, joined_at)
select %(trial)s::uuid, %(shop)s::varchar, %(metric)s::varchar, asked.person, asked.arm,
    asked.arm = %(held_out)s, %(now)s
from unnest(%(persons)s::varchar[], %(arms)s::varchar[]) asked(person, arm)
where not exists (
    select from growth_experiments_member held where held.is_held and held.shop = %(shop)s::varchar
        and held.metric = %(metric)s::varchar and held.person = asked.person and held.trial_id <> %(trial)s::uuid)
on conflict do nothing
"""
# Index growth_experiments_one_side, as for the next.
_SIDES: Final = """
select person, arm from growth_experiments_member
where trial_id = %s::uuid and person = any(%s::varchar[])
"""
_EXPOSE: Final = """
update growth_experiments_member set exposed_at = %s
where trial_id = %s::uuid and person = any(%s::varchar[]) and exposed_at is null returning person, arm
"""


@operation
def open_trial(
    *, shop: str, name: str, metric: str, held_out_bp: int, starts_on: date, ends_on: date, trail: Trail, by: Actor
) -> UUID:
    """Begin to hold people out, so that it can be told what those bring more who are treated.

    metric       what the treatment is to move; nobody is held out twice of one at a time
    held_out_bp  so many of 10,000
    ends_on      the day after the last one that counts
    refuses      NoSuchShop, TrialNotAllowed with the field
    """
    rules.check_trial(name=name, metric=metric, held_out_bp=held_out_bp, starts_on=starts_on, ends_on=ends_on)
    row = models.Trial.objects.create(
        id=ids.uuid7(),
        shop=shops.shop(shop).code,
        name=name.strip(),
        metric=metric,
        held_out_bp=held_out_bp,
        starts_on=starts_on,
        ends_on=ends_on,
        opened_at=clock.now(),
        opened_by=str(by),
        cause=trail.cause,
    )
    return row.id


@operation
def enrol(*, trial_id: UUID, persons: Sequence[str]) -> Enrolled:
    """Put people on the sides of a trial, where they stay: whoever is asked for again is where they were.

    persons  ids as insight knows them, in any order; an empty one is nobody
    refuses  NoSuchTrial; TrialClosed also after its last day
    """
    trial = _alone(trial_id)
    now = clock.now()
    if not trial.is_open or clock.day_of(now, shops.shop(trial.shop).zone) >= trial.ends_on:
        raise TrialClosed(id=str(trial_id))
    asked = sorted({person for person in persons if person})
    arms = [arm_of(salt=trial.salt, person=person, held_out_bp=trial.held_out_bp) for person in asked]
    values: dict[str, Any] = {"trial": trial.id, "shop": trial.shop, "metric": trial.metric, "now": now}
    values |= {"persons": asked, "arms": [arm.value for arm in arms], "held_out": Arm.HELD_OUT.value}
    with connection.cursor() as cursor:
        cursor.execute(_ENROL, values)
        cursor.execute(_SIDES, [trial.id, asked])
        sides = dict(cursor.fetchall())
    return Enrolled(
        treated=tuple(person for person in asked if sides.get(person) == Arm.TREATED),
        held_out=tuple(person for person in asked if sides.get(person) == Arm.HELD_OUT),
        elsewhere=tuple(person for person in asked if person not in sides),
    )


@operation
def expose(*, trial_id: UUID, persons: Sequence[str], trail: Trail, by: Actor) -> int:
    """Note that members came to where the treatment is given: they got it, or were held out of it; how many did for the
    first time. Whoever is no member, or came there before, changes nothing.

    refuses  NoSuchTrial
    tells    growth.experiment_exposed for each
    """
    row = _row(trial_id)
    with connection.cursor() as cursor:
        cursor.execute(_EXPOSE, [clock.now(), row.id, sorted(set(persons))])
        first = sorted(cursor.fetchall())
    cause = trail.cause or row.cause
    record_all(
        [
            Told(
                fact=ExperimentExposed(trial_id=str(row.id), metric=row.metric, arm=arm),
                by=by,
                trail=Trail(shop=row.shop, person=person, cause=cause),
                subject=f"trial:{row.id}",
            )
            for person, arm in first
        ]
    )
    return len(first)


@operation
def close_trial(*, trial_id: UUID, on: date) -> None:
    """Hold nobody out any more. From that day on nothing counts; a second time changes nothing.

    refuses  NoSuchTrial
    """
    trial = _alone(trial_id)
    if models.Trial.objects.filter(pk=trial.id, closed_on=None).update(closed_on=on):
        models.Member.objects.filter(trial_id=trial.id, is_held=True).update(is_held=False)


def _alone(trial_id: UUID) -> Trial:
    """A trial, with nobody else taking people in or letting them go for its metric until our transaction ends.

    The index alone would keep people from being held out twice. But whoever is being held out elsewhere at this very
    moment would be dropped from our held-out side and not from our treated one: the sides would not be alike.
    """
    row = _row(trial_id)
    with connection.cursor() as cursor:
        name = f"growth_experiments.{row.shop}.{row.metric}"
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    row.refresh_from_db()
    return row.value


def _row(trial_id: UUID) -> models.Trial:
    row = models.Trial.objects.filter(pk=trial_id).first()
    if row is None:
        raise NoSuchTrial(id=str(trial_id))
    return row

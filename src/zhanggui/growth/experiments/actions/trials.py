"""Opening a trial, taking people in, noting who was treated, and closing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from zhanggui.spine.log.actions import record
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
# Who is held out elsewhere at this very moment is kept from being held out twice by the index alone: of one visitor in
# a thousand trials, that is not worth the lock that `enrol` takes for crowds.
# The trial is held as it is, so that it is not closed while somebody joins: they would be held out for ever.
_EXPOSE: Final = """
with trial as (
    select id, shop, metric from growth_experiments_trial
    where id = %(trial)s::uuid and closed_on is null for share
), joined as (
    insert into growth_experiments_member (trial_id, shop, metric, person, arm, is_held, joined_at, exposed_at)
    select id, shop, metric, %(person)s::varchar, %(arm)s::varchar, %(arm)s::varchar = %(held_out)s,
        %(now)s::timestamptz, %(now)s::timestamptz
    from trial
    where not exists (
        select from growth_experiments_member held where held.is_held and held.shop = trial.shop
            and held.metric = trial.metric and held.person = %(person)s::varchar and held.trial_id <> trial.id)
    on conflict do nothing returning trial_id
)
select shop, metric from trial join joined on trial_id = id
"""


# Trials by index growth_experiments_newest, then growth_experiments_one_side. Where the other is in it already, both
# stay: an outcome counts who is the same once, on the side that came first.
_MERGE: Final = """
with gone as (
    delete from growth_experiments_member member using growth_experiments_trial trial
    where trial.shop = %(shop)s::varchar and trial.closed_on is null and member.trial_id = trial.id
        and member.person = %(from)s::varchar and not exists (
            select from growth_experiments_member there
            where there.trial_id = trial.id and there.person = %(to)s::varchar)
    returning member.*
)
insert into growth_experiments_member (trial_id, shop, metric, person, arm, is_held, joined_at, exposed_at)
select trial_id, shop, metric, %(to)s::varchar, arm, is_held, joined_at, exposed_at from gone on conflict do nothing
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
def expose(*, trial_id: UUID, person: str, held_out_bp: int, trail: Trail, by: Actor) -> Arm | None:
    """Take somebody in who came to where a trial's treatment is given, to get it or to be held out of it; on which side
    they are, and None if that changed nothing: they came before, are held out elsewhere, or the trial is closed.

    Two statements for who is new, one for everybody else.

    held_out_bp  of the trial, as its page says
    tells        growth.experiment_exposed, once for each person however many ask at once
    """
    arm = arm_of(salt=str(trial_id), person=person, held_out_bp=held_out_bp)
    values: dict[str, Any] = {"trial": trial_id, "person": person, "arm": arm.value}
    values |= {"held_out": Arm.HELD_OUT.value, "now": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(_EXPOSE, values)
        joined = cursor.fetchone()
    if joined is None:
        return None
    shop, metric = joined
    fact = ExperimentExposed(trial_id=str(trial_id), metric=metric, arm=arm)
    where = replace(trail, shop=shop, person=person)
    record(fact, by=by, trail=where, subject=f"trial:{trial_id}")
    return arm


@operation
def merge(*, shop: str, from_person: str, to_person: str) -> None:
    """Whoever walked here as a guest is known now: they stay on the side on which they were. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_MERGE, {"shop": shop, "from": from_person, "to": to_person})


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

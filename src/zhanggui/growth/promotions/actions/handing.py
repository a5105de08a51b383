"""Handing coupons out: to who is new, has a birthday or was away for long, and to whom an operator chose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock
from zhanggui.base.jobs.actions import job, later
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import models, queries
from zhanggui.growth.promotions.actions import telling
from zhanggui.growth.promotions.actions.coupons import put_in_hand
from zhanggui.growth.promotions.errors import AllClaimed, ClaimedBefore, NoSuchCoupon
from zhanggui.growth.promotions.rules import Way
from zhanggui.shop.customers import queries as customers
from zhanggui.shop.orders import queries as orders
from zhanggui.spine.log.rules import Trail

_PART: Final = 200
# Index growth_promotions_given_once. Whoever comes second with the same occasion waits, and writes nothing.
_GIVEN: Final = """
insert into growth_promotions_given (batch_id, person, occasion, at) values (%s, %s, %s, %s)
on conflict on constraint growth_promotions_given_once do nothing returning id
"""


@operation
def give(*, batch_id: str, persons: Sequence[str], trail: Trail, by: Actor) -> int:
    """Put a coupon of a batch into the hands of each of these people, once each; how many got one.

    Whoever has as many as one person may have gets none; when all are given out the rest go without.

    refuses  NoSuchCoupon
    tells    growth.coupon_issued for each
    """
    offered = queries.offered(trail.shop, batch_id, person="", at=clock.now())
    if offered is None or offered.way is Way.CODE:
        raise NoSuchCoupon(asked=batch_id)
    given = [_hand_out([offered], person=person, occasion="", trail=trail, by=by) for person in persons]
    return sum(map(bool, given))


@operation
def give_on_occasion(*, way: Way, person: str, occasion: str, trail: Trail, by: Actor) -> int:
    """Give one person a coupon of every batch that is given out in this way, once for the same occasion; how many.

    Nobody who has no account gets one: coupons are for those who are signed in.

    tells  growth.coupon_issued for each
    """
    batches = queries.giving(trail.shop, way, person=person, at=clock.now())
    return len(_hand_out(batches, person=person, occasion=occasion, trail=trail, by=by))


def welcome(*, shop: str, customer_id: UUID, cause: UUID) -> int:
    """Give the coupons for new shoppers to a customer who has an account by now and never bought; how many."""
    persons = customers.persons(customer_id)
    if not persons or orders.last_paid(shop, persons):
        return 0
    trail = Trail(shop=shop, person=persons[0], cause=cause)
    return give_on_occasion(
        way=Way.NEW, person=persons[0], occasion="", trail=trail, by=job_actor("promotions.welcome")
    )


@job(name="growth.coupons_of_the_day", every="40 18 * * *")
def of_the_day() -> None:
    """Every night: coupons for who has a birthday, and for who has not bought for ninety days."""
    now = clock.now()
    for shop in shops.shops():
        today = clock.day_of(now, shop.zone)
        if queries.giving(shop.code, Way.BIRTHDAY, person="", at=now):
            _each(shop.code, Way.BIRTHDAY, ((person, str(year)) for person, year in membership.born(shop.code, today)))
        if queries.giving(shop.code, Way.COMEBACK, person="", at=now):
            _each(shop.code, Way.COMEBACK, _away(shop.code, since=now - queries.AWAY_FOR))


@job(name="growth.give_coupons")
def give_some(*, shop: str, batch_id: str, persons: list[str]) -> None:
    """Give a targeted batch to people whom an operator named."""
    give(batch_id=batch_id, persons=persons, trail=Trail(shop=shop), by=job_actor("promotions.give"))


@job(name="growth.give_coupons_to_group")
def give_to_group(*, shop: str, batch_id: str, behind: str = "") -> None:
    """Give a targeted batch to everybody with an account who is of its tiers and segment, a part after the other."""
    part = customers.account_holders(shop, behind=UUID(behind) if behind else None, limit=_PART)
    batch = models.Batch.objects.filter(pk=UUID(batch_id), shop=shop, is_open=True).first()
    if not part or batch is None:
        return
    persons = _meant(batch, [person for _, person in part], at=clock.now())
    give(batch_id=batch_id, persons=persons, trail=Trail(shop=shop), by=job_actor("promotions.give"))
    later(give_to_group, shop=shop, batch_id=batch_id, behind=str(part[-1][0]))


@operation
def target(*, batch_id: str, persons: Sequence[str] | None, trail: Trail, by: Actor) -> None:
    """Hand a targeted batch out in the background: to these people, or to all of its tiers and segment if None.

    Asking twice gives nobody a second one.

    refuses  NoSuchCoupon if it is not open, or given out in another way
    """
    offered = queries.offered(trail.shop, batch_id, person="", at=clock.now())
    if offered is None or offered.way is not Way.TARGETED:
        raise NoSuchCoupon(asked=batch_id)
    if persons is None:
        later(give_to_group, shop=trail.shop, batch_id=batch_id)
        return
    wanted = list(dict.fromkeys(persons))
    for start in range(0, len(wanted), _PART):
        later(give_some, shop=trail.shop, batch_id=batch_id, persons=wanted[start : start + _PART])


def _hand_out(
    batches: Iterable[queries.Offered], *, person: str, occasion: str, trail: Trail, by: Actor
) -> tuple[str, ...]:
    """One coupon of each batch for a person who had none on that occasion; they are told of all of them at once."""
    now, its = clock.now(), replace(trail, person=person)
    coupons = []
    for offered in sorted(batches, key=lambda one: one.batch):
        mine = [offered.batch, person, occasion]
        with connection.cursor() as cursor:
            cursor.execute(_GIVEN, [*mine, now])
            if cursor.fetchone() is None:
                continue
        try:
            coupons.append(put_in_hand(offered, person=person, at=now, trail=its, by=by))
        except (AllClaimed, ClaimedBefore):
            models.Given.objects.filter(batch=UUID(offered.batch), person=person, occasion=occasion).delete()
    if coupons:
        telling.queue(trail.shop, person, coupons)
    return tuple(coupons)


def _each(shop: str, way: Way, people: Iterable[tuple[str, str]]) -> None:
    by = job_actor(f"promotions.{way}")
    for person, occasion in people:
        give_on_occasion(way=way, person=person, occasion=occasion, trail=Trail(shop=shop, person=person), by=by)


def _away(shop: str, *, since: datetime) -> Iterable[tuple[str, str]]:
    """Who is away, each with what names the absence: when they paid last."""
    behind = ""
    while part := orders.away(shop, since=since, behind=behind):
        known = customers.with_accounts(shop, [person for person, _ in part])
        yield from ((person, last.isoformat()) for person, last in part if person in known)
        behind = part[-1][0]


def _meant(batch: models.Batch, persons: Sequence[str], *, at: datetime) -> list[str]:
    tiers = membership.tiers_of(batch.shop, persons, at=at) if batch.tiers else {}
    segments = queries.segments_of(batch.shop, persons, at=at) if batch.segment else {}
    return [
        person
        for person in persons
        if (not batch.tiers or tiers.get(person) in batch.tiers)
        and (not batch.segment or batch.segment in segments[person])
    ]

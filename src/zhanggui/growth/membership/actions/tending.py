"""What the nights do: points run out, birthdays come, years and paid memberships end, and members hear of it ahead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import job as job_actor
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import models, queries, rules
from zhanggui.growth.membership.actions import standings, telling, wallets
from zhanggui.growth.membership.actions.following import follow_order
from zhanggui.growth.membership.rules.notices import Notice, Said
from zhanggui.growth.membership.rules.points import Move, Source
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State
from zhanggui.spine.facts.membership import PointsExpired
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_PART: Final = 500
# Index growth_membership_lot_ends.
_RUN_OUT: Final = """
select distinct shop, person from growth_membership_lot
where "left" > 0 and expires_at <= %s::timestamptz order by shop, person limit %s::int
"""
_RUNNING_OUT: Final = """
select shop, person, (expires_at at time zone %s::varchar)::date as on_day, sum("left")::bigint
from growth_membership_lot
where shop = %s::varchar and "left" > 0 and expires_at > %s::timestamptz and expires_at <= %s::timestamptz
group by shop, person, on_day order by person, on_day
"""


def grant_kept() -> int:
    """Grant the points of orders that are completed by now, of those that still wait; how many orders were looked at.

    Nothing tells that an order is completed, so this asks.
    """
    followed, after = 0, None
    while waiting := queries.kept_pending(after=after, limit=_PART):
        numbers = [number for _, number in waiting]
        for number, state in orders.states(numbers).items():
            if state in (State.COMPLETED, State.CANCELLED, State.EXPIRED):
                follow_order(order_number=number)
                followed += 1
        after = waiting[-1]
    return followed


def expire_points() -> int:
    """Let points run out whose time is over; how many members lost some."""
    members = 0
    while found := _found(_RUN_OUT, [clock.now(), _PART]):
        for shop, person in found:
            _expire(shop=shop, person=person)
        members += len(found)
    return members


def keep_birthdays() -> int:
    """Give birthday points to whoever's birthday came in the last days; how many got some."""
    given = 0
    for shop in shops.shops():
        today = clock.day_of(clock.now(), shop.zone)
        for person, year in queries.born(shop.code, today):
            given += _give_birthday(shop=shop.code, person=person, year=year)
    return given


def end_years() -> int:
    """Give members whose year is over the tier that their last twelve months earned; how many."""
    rows = models.Member.objects.filter(tier_until__lte=clock.now()).order_by("pk")
    found = list(rows.values_list("shop", "person")[: _PART * 20])
    for shop, person in found:
        _end_year(shop=shop, person=person)
    return len(found)


def end_paid() -> int:
    """Take paid tiers off members whose paid time is over, or begin what they paid for next; how many."""
    rows = models.Member.objects.filter(floor_until__lte=clock.now()).order_by("pk")
    found = list(rows.values_list("shop", "person")[: _PART * 20])
    for shop, person in found:
        _end_paid(shop=shop, person=person)
    return len(found)


def tell_ahead() -> int:
    """Tell members of points that expire and tiers that end within 30 and within 7 days; how many notices."""
    return sum(
        _tell_points(shop.code, zone=shop.zone) + _tell_tiers(shop.code, zone=shop.zone) for shop in shops.shops()
    )


@operation
def _expire(*, shop: str, person: str) -> None:
    member = wallets.lock(shop, person)
    rows = models.Lot.objects.filter(shop=shop, person=person, left__gt=0, expires_at__lte=clock.now())
    points = sum(rows.values_list("left", flat=True))
    if not points:
        return
    rows.update(left=0)
    by = job_actor("membership.expire_points")
    wallets.book(member, -points, move=Move.EXPIRED, reference=str(ids.uuid7()), by=by)
    record(PointsExpired(points=points), by=by, trail=_trail(member), subject=f"member:{member.pk}")


@operation
def _give_birthday(*, shop: str, person: str, year: int) -> int:
    member = wallets.lock(shop, person)
    scheme, offered = queries.scheme(shop), queries.tiers(shop)
    tier = offered[rules.tiers.rank_of(offered, member.standing.tier_now(offered, at=clock.now()))]
    points = tier.benefits.birthday_points
    if scheme is None or not points:
        return 0
    is_new = wallets.grant(
        member,
        points,
        source=Source.BIRTHDAY,
        reference=f"{member.pk}/{year}",
        expires_at=rules.points.expires_at(clock.now(), lasts_days=scheme.lasts_days),
        trail=_trail(member),
        by=job_actor("membership.keep_birthdays"),
    )
    if is_new:
        telling.queue(shop, person, Said(notice=Notice.BIRTHDAY, subject=str(year), points=points))
    return int(is_new)


@operation
def _end_year(*, shop: str, person: str) -> None:
    member, now = wallets.lock(shop, person), clock.now()
    if member.tier_until is not None and member.tier_until <= now:
        standings.start_next_year(member, at=now, trail=_trail(member), by=job_actor("membership.end_years"))


@operation
def _end_paid(*, shop: str, person: str) -> None:
    member, now = wallets.lock(shop, person), clock.now()
    if member.floor_until is not None and member.floor_until <= now:
        was = rules.tiers.higher(queries.tiers(shop), member.tier, member.floor)
        standings.lay_floor(member, was=was, at=now, trail=_trail(member), by=job_actor("membership.end_paid"))


@operation
def _say(*, shop: str, person: str, said: Said) -> int:
    return int(telling.queue(shop, person, said))


def _tell_points(shop: str, *, zone: str) -> int:
    now = clock.now()
    furthest = now + timedelta(days=max(rules.points.TOLD_BEFORE_DAYS))
    told = 0
    for _, person, day, points in _found(_RUNNING_OUT, [zone, shop, now, furthest]):
        mark = rules.notices.due_mark((day - clock.day_of(now, zone)).days, rules.points.TOLD_BEFORE_DAYS)
        said = Said(notice=Notice.POINTS_EXPIRING, subject=f"{day}/{mark}", points=points, on=day.isoformat())
        told += _say(shop=shop, person=person, said=said)
    return told


def _tell_tiers(shop: str, *, zone: str) -> int:
    now, told = clock.now(), 0
    furthest = now + timedelta(days=max(rules.tiers.TOLD_BEFORE_DAYS))
    rows = models.Member.objects.filter(shop=shop, tier_until__gt=now, tier_until__lte=furthest).order_by("pk")
    for member in rows:
        said = _ending(member, at=now, zone=zone)
        told += _say(shop=shop, person=member.person, said=said) if said else 0
    return told


def _ending(member: models.Member, *, at: datetime, zone: str) -> Said | None:
    """What a member is told who will lose a tier unless more is bought; None for whoever keeps it anyway."""
    if member.tier_until is None:
        return None
    offered = queries.tiers(member.shop)
    growth = queries.growth_on(member.shop, member.person, at=at, until=member.tier_until)
    mine = offered[rules.tiers.rank_of(offered, member.tier)]
    if growth >= mine.growth_from:
        return None
    day = clock.day_of(member.tier_until, zone)
    mark = rules.notices.due_mark((day - clock.day_of(at, zone)).days, rules.tiers.TOLD_BEFORE_DAYS)
    return Said(
        notice=Notice.TIER_ENDING,
        subject=f"{day}/{mark}",
        on=day.isoformat(),
        tier=mine.key,
        short_by=mine.growth_from - growth,
    )


def _trail(member: models.Member) -> Trail:
    return Trail(shop=member.shop, person=member.person)


def _found(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())

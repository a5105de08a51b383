"""Points by hand, and what members say of themselves."""

from __future__ import annotations

from datetime import date

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.membership import queries, rules
from zhanggui.growth.membership.actions import wallets
from zhanggui.growth.membership.errors import (
    BirthdayNotAllowed,
    NotEnoughPoints,
    PointsNotAllowed,
    SchemeNotAllowed,
    WordsMissing,
)
from zhanggui.growth.membership.rules.points import MOST_BY_HAND, Move, Source
from zhanggui.spine.facts.membership import PointsTakenBack
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_LONGEST_REASON = 200
_A_LEAP_YEAR = 2000


@operation
def give_by_hand(*, person: str, points: int, reason: str, idempotency_key: str, trail: Trail, by: Actor) -> None:
    """Give a member points, or take some if they are below zero; the fact keeps who did it and why.

    refuses  PointsNotAllowed for none or too many, WordsMissing without a reason, NotEnoughPoints, SchemeNotAllowed in
             a shop without points
    tells    growth.points_earned or growth.points_taken_back
    """
    said = reason.strip()[:_LONGEST_REASON]
    if not said:
        raise WordsMissing(field="reason")
    if not 0 < abs(points) <= MOST_BY_HAND:
        raise PointsNotAllowed(points=points, most=MOST_BY_HAND)
    scheme = queries.scheme(trail.shop)
    if scheme is None:
        raise SchemeNotAllowed(field="shop")
    member, reference = wallets.lock(trail.shop, person), str(ids.uuid7())
    if points > 0:
        end = rules.points.expires_at(clock.now(), lasts_days=scheme.lasts_days)
        wallets.grant(
            member,
            points,
            source=Source.BY_HAND,
            reference=reference,
            expires_at=end,
            trail=trail,
            by=by,
            reason=said,
        )
        return
    has = sum(lot.left for lot in queries.lots_of(trail.shop, person, at=clock.now()))
    if has < -points:
        raise NotEnoughPoints(points=-points, has=has)
    wallets.leave(member, -points)
    wallets.book(member, points, move=Move.TAKEN, reference=reference, by=by)
    record(PointsTakenBack(points=-points, reason=said), by=by, trail=trail, subject=f"member:{member.pk}")


@operation
def give_for_friend(*, person: str, points: int, referral_id: str, trail: Trail, by: Actor) -> bool:
    """Give a member the points for a friend whom they brought, once for each referral; whether it was now.

    refuses  PointsNotAllowed for none or too many, SchemeNotAllowed in a shop without points
    tells    growth.points_earned
    """
    if not 0 < points <= MOST_BY_HAND:
        raise PointsNotAllowed(points=points, most=MOST_BY_HAND)
    scheme = queries.scheme(trail.shop)
    if scheme is None:
        raise SchemeNotAllowed(field="shop")
    return wallets.grant(
        wallets.lock(trail.shop, person),
        points,
        source=Source.REFERRAL,
        reference=referral_id,
        expires_at=rules.points.expires_at(clock.now(), lasts_days=scheme.lasts_days),
        trail=trail,
        by=by,
    )


@operation
def say_birthday(*, shop: str, person: str, month: int, day: int, is_staff: bool = False) -> None:
    """Know a member's birthday, without the year. It is said once: points come with it.

    is_staff  a colleague may say it again
    refuses   BirthdayNotAllowed
    """
    member = wallets.lock(shop, person)
    try:
        date(_A_LEAP_YEAR, month, day)
    except ValueError as impossible:
        raise BirthdayNotAllowed(month=month, day=day) from impossible
    if member.birth_month is not None and not is_staff:
        raise BirthdayNotAllowed(month=month, day=day)
    member.birth_month, member.birth_day = month, day
    member.save(update_fields=["birth_month", "birth_day"])

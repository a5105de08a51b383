"""Points that come, leave and come back: the lots, the books and the fact, always all three.

Whoever moves the points of a person locks the person's member row first, so that the lots read afterwards stand still.
The CHECKs of the lots and of the ledger's account stand behind that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import F

from zhanggui.base import clock, ids
from zhanggui.base.ledger import actions as ledger
from zhanggui.base.ledger.rules import Account, Entry, Posting, credit, debit
from zhanggui.base.money import Money
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.membership import models, queries
from zhanggui.growth.membership.errors import NotEnoughPoints
from zhanggui.growth.membership.rules import points as rules
from zhanggui.growth.membership.rules.points import POINTS, Move, Piece, Source, Use
from zhanggui.spine.facts.membership import PointsEarned, PointsReturned, PointsSpent
from zhanggui.spine.log.actions import record
from zhanggui.spine.log.rules import Trail

_LEAVE: Final = """
update growth_membership_lot l set "left" = l."left" - t.points
from unnest(%s::uuid[], %s::bigint[]) t(id, points) where l.id = t.id and l."left" >= t.points
"""
_COME_BACK: Final = """
with t as (select * from unnest(%s::uuid[], %s::bigint[]) t(lot, points)),
counted as (
    update growth_membership_piece p set given_back = p.given_back + t.points
    from t where p.spending_id = %s::bigint and p.lot_id = t.lot)
update growth_membership_lot l set "left" = l."left" + t.points from t
where l.id = t.lot and l.expires_at >= %s::timestamptz
"""


def lock(shop: str, person: str) -> models.Member:
    """The member row of a person, made if there is none, locked until the transaction ends."""
    rows = models.Member.objects.select_for_update().filter(shop=shop, person=person)
    found = rows.first()
    if found is None:
        fresh = models.Member(shop=shop, person=person, since=clock.now())
        models.Member.objects.bulk_create([fresh], ignore_conflicts=True)
        found = rows.get()
    return found


def lock_whose(shop: str, whose: Callable[[], str]) -> models.Member:
    """The member row of whoever something belongs to, locked as `lock` does.

    whose  is asked again behind the lock: a guest may have turned out to be somebody else while we waited for it
    """
    person = whose()
    while True:
        found = models.Member.objects.select_for_update().filter(shop=shop, person=person).first()
        meant = whose()
        if meant == person:
            return found or lock(shop, person)
        person = meant


def grant(
    member: models.Member,
    points: int,
    *,
    source: Source,
    reference: str,
    expires_at: datetime,
    trail: Trail,
    by: Actor,
    order_number: str = "",
    reason: str = "",
) -> bool:
    """Give a member points, once per source and reference; what is owed comes off them first. Whether it was now.

    tells  growth.points_earned
    """
    made_up = min(points, member.owed_points)
    lot = models.Lot(
        id=ids.uuid7(),
        shop=member.shop,
        person=member.person,
        source=source,
        reference=reference,
        earned=points,
        left=points - made_up,
        earned_at=clock.now(),
        expires_at=expires_at,
    )
    models.Lot.objects.bulk_create([lot], ignore_conflicts=True)
    if not models.Lot.objects.filter(pk=lot.id).exists():
        return False
    book(member, points, move=rules.MOVE_OF[source], reference=reference, by=by)
    if made_up:
        book(member, -made_up, move=Move.MADE_UP, reference=str(lot.id), by=by)
        owe(member, -made_up)
    fact = PointsEarned(points=points, source=source, order_number=order_number, reference=reference, reason=reason)
    record(fact, by=by, trail=trail, subject=f"lot:{lot.id}")
    return True


def spend(member: models.Member, points: int, *, use: Use, reference: str, trail: Trail, by: Actor) -> None:
    """Use points of a member, those that expire first before the others.

    refuses  NotEnoughPoints; nothing is written
    tells    growth.points_spent
    """
    pieces = leave(member, points)
    row = models.Spending.objects.create(
        shop=member.shop, person=member.person, use=use, reference=reference, points=points, at=clock.now()
    )
    models.Piece.objects.bulk_create(
        models.Piece(spending=row, lot_id=piece.lot, position=position, points=piece.points)
        for position, piece in enumerate(pieces, start=1)
    )
    book(member, -points, move=rules.PAID[use], reference=reference, by=by)
    order_number = reference if use is Use.ORDER else ""
    fact = PointsSpent(points=points, use=use, order_number=order_number, reference=reference)
    record(fact, by=by, trail=trail, subject=f"{use}:{reference}")


def give_back(member: models.Member, spending: models.Spending, points: int, *, trail: Trail, by: Actor) -> None:
    """Let spent points be the member's again: in the lots they came from, or in a new one if those expire too soon.

    tells  growth.points_returned
    """
    rows = spending.pieces.select_related("lot").order_by("position")
    kept = [
        Piece(lot=row.lot_id, points=row.points, expires_at=row.lot.expires_at, given_back=row.given_back)
        for row in rows
    ]
    pieces = rules.given_back(kept, points)
    soonest = clock.now() + rules.RETURNED_FOR
    columns = [piece.lot for piece in pieces], [piece.given_back for piece in pieces]
    with connection.cursor() as cursor:
        cursor.execute(_COME_BACK, [*columns, spending.pk, soonest])
    total = spending.given_back + points
    if late := sum(piece.given_back for piece in pieces if piece.expires_at < soonest):
        _fresh_lot(member, late, reference=f"{spending.pk}/{total}", expires_at=soonest)
    models.Spending.objects.filter(pk=spending.pk).update(given_back=F("given_back") + points)
    use, reference = Use(spending.use), spending.reference
    book(member, points, move=rules.BACK[use], reference=f"{reference}/{total}", by=by)
    order_number = reference if use is Use.ORDER else ""
    fact = PointsReturned(points=points, use=use, order_number=order_number, reference=reference)
    record(fact, by=by, trail=trail, subject=f"{use}:{reference}")


def leave(member: models.Member, points: int) -> tuple[Piece, ...]:
    """Take points out of the lots of a locked member, those that expire first before the others.

    refuses  NotEnoughPoints
    """
    lots = queries.lots_of(member.shop, member.person, at=clock.now())
    pieces = rules.taken(lots, points)
    _take(pieces, points)
    return pieces


def leave_at_most(member: models.Member, points: int) -> int:
    """Take points out of the lots of a locked member, as many of them as are there; how many that were."""
    lots = queries.lots_of(member.shop, member.person, at=clock.now())
    there = min(points, sum(lot.left for lot in lots))
    _take(rules.taken(lots, there), there)
    return there


def owe(member: models.Member, points: int) -> None:
    """Note that so many points more, or fewer, come off what a member earns next."""
    models.Member.objects.filter(pk=member.pk).update(owed_points=F("owed_points") + points)
    member.owed_points += points


def book(member: models.Member, points: int, *, move: Move, reference: str, by: Actor) -> None:
    """Book points that came to a member, or left if they are below zero."""
    amount = Money(abs(points), POINTS)
    granted, owed = Account.POINTS_GRANTED, Account.POINTS_OWED
    postings: tuple[Posting, ...] = (debit(granted, amount), credit(owed, amount, holder=member.person))
    if points < 0:
        postings = (debit(owed, amount, holder=member.person), credit(granted, amount))
    ledger.post(entry=Entry(shop=member.shop, kind=move, reference=reference, postings=postings), by=by)


def _take(pieces: Sequence[Piece], points: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, [[piece.lot for piece in pieces], [piece.points for piece in pieces]])
        if cursor.rowcount != len(pieces):
            raise NotEnoughPoints(points=points, has=0)


def _fresh_lot(member: models.Member, points: int, *, reference: str, expires_at: datetime) -> None:
    models.Lot.objects.create(
        id=ids.uuid7(),
        shop=member.shop,
        person=member.person,
        source=Source.RETURNED,
        reference=reference,
        earned=points,
        left=points,
        earned_at=clock.now(),
        expires_at=expires_at,
    )

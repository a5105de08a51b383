"""Reading points."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection

from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.queries import Move
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.membership import models
from zhanggui.growth.membership.rules.points import POINTS, Lot

# Indexes growth_membership_choice_once and growth_membership_lot_fifo; no choice, no look at the lots.
_TO_SPEND: Final = """
select c.points, (select coalesce(sum(l."left"), 0)::bigint from growth_membership_lot l
    where l.shop = c.shop and l.person = c.person and l."left" > 0 and l.expires_at > %s::timestamptz)
from growth_membership_choice c where c.shop = %s::varchar and c.person = %s::varchar
"""
_PURSE: Final = """
select coalesce(sum("left"), 0)::bigint, coalesce(sum("left") filter (where expires_at <= %s::timestamptz), 0)::bigint,
    (select coalesce(sum(points), 0)::bigint from growth_membership_earning
        where shop = %s::varchar and person = %s::varchar and state = 'pending'),
    (select owed_points from growth_membership_member where shop = %s::varchar and person = %s::varchar)
from growth_membership_lot
where shop = %s::varchar and person = %s::varchar and "left" > 0 and expires_at > %s::timestamptz
"""
SOON: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """The points of a shopper.

    has      that can be spent now; soon: those of them that expire within 30 days
    pending  that paid orders will bring once their goods are kept; owed: that come off what is earned next
    """

    has: int
    soon: int
    pending: int
    owed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a shopper wants to use of what is there: None wants all."""

    wanted: int | None
    has: int


def purse(shop: str, person: str, *, at: datetime) -> Purse:
    """What a shopper has. One statement. Index growth_membership_lot_fifo."""
    who = [shop, person]
    with connection.cursor() as cursor:
        cursor.execute(_PURSE, [at + SOON, *who, *who, *who, at])
        has, soon, waiting, owed = cursor.fetchone()
    return Purse(has=has, soon=soon, pending=waiting, owed=owed or 0)


def to_spend(shop: str, person: str, *, at: datetime) -> Holding | None:
    """What a shopper wants to use with the next order; None if nothing was chosen. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_SPEND, [at, shop, person])
        row = cursor.fetchone()
    return Holding(wanted=row[0], has=row[1]) if row else None


def chosen(shop: str, person: str) -> tuple[bool, int | None]:
    """Whether a shopper wants to use points, and how many; None is all. One statement."""
    row = models.Choice.objects.filter(shop=shop, person=person).first()
    return (True, row.points) if row else (False, None)


def lots_of(shop: str, person: str, *, at: datetime) -> tuple[Lot, ...]:
    """Points that can be spent, those that expire first at the front. One statement.

    Index growth_membership_lot_fifo.
    """
    rows = models.Lot.objects.filter(shop=shop, person=person, left__gt=0, expires_at__gt=at)
    return tuple(row.value for row in rows.order_by("expires_at", "id"))


def history(shop: str, person: str, *, limit: int = 30) -> tuple[Move, ...]:
    """What happened to the points of a shopper, newest first, from the books. One statement."""
    return ledger.statement(shop=shop, account=Account.POINTS_OWED, currency=POINTS, holder=person, limit=limit)


def kept_pending(*, after: tuple[datetime, str] | None, limit: int = 500) -> tuple[tuple[datetime, str], ...]:
    """Orders whose points wait, longest ago first, a part at a time: when each was paid, and its number. One statement.

    Index growth_membership_pending.
    """
    rows = models.Earning.objects.filter(state=models.Earning.State.PENDING).order_by("paid_at", "order_number")
    if after is not None:
        at, number = after
        later = rows.filter(paid_at=at, order_number__gt=number) | rows.filter(paid_at__gt=at)
        rows = later.order_by("paid_at", "order_number")
    return tuple(rows.values_list("paid_at", "order_number")[:limit])

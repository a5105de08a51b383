"""Reading tiers, and who has which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast
from uuid import UUID

import msgspec
from django.db import connection

from zhanggui.base import clock
from zhanggui.base.database import together
from zhanggui.base.database.together import Question
from zhanggui.base.kept import kept
from zhanggui.base.money import Money
from zhanggui.base.shops import queries as shops
from zhanggui.growth.membership import models, rules
from zhanggui.growth.membership.rules.points import Scheme
from zhanggui.growth.membership.rules.terms import Plan, Term
from zhanggui.growth.membership.rules.tiers import Tier
from zhanggui.shop.customers import queries as customers

# Index growth_membership_member_once.
_MEMBER: Final = """
select json_build_array(tier, tier_until, floor, floor_until, owed_points, birth_month, birth_day)::text
from growth_membership_member where shop = %s::varchar and person = %s::varchar
"""
# Index growth_membership_growth; the sum is read off the index.
_GROWTH: Final = """
select coalesce(sum(kept_minor), 0)::bigint from growth_membership_earning
where shop = %s::varchar and person = %s::varchar and kept_at > %s::timestamptz and kept_at <= %s::timestamptz
"""
_BY_TIER: Final = """
select tier, count(*)::bigint from growth_membership_member where shop = %s::varchar group by tier
"""
_Row = tuple[str, datetime | None, str, datetime | None, int, int | None, int | None]
_row: Final = msgspec.json.Decoder(_Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """A tier that is paid for, and until when."""

    tier: Tier
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a member stands.

    tier    that counts now; reached: by growth, until when it is kept; paid: bought on top
    growth  value of the last twelve months
    next    the tier above the one that counts now; short_by: what growth is missing to it, in whole units of money
    owed    points that come off what is earned next
    """

    tier: Tier
    reached: Tier
    until: datetime | None
    paid: Paid | None
    growth: int
    next: Tier | None
    short_by: int
    owed: int
    birthday: tuple[int, int] | None

    @property
    def progress(self) -> int:
        """How far it is from one tier to the next, in whole percent."""
        if self.next is None:
            return 100
        start = self.reached.growth_from
        return min(99, max(0, 100 * (self.growth - start) // (self.next.growth_from - start)))


@kept(seconds=30)
def scheme(shop: str) -> Scheme | None:
    """How points work in a shop; None where there are none. At most one statement; kept for half a minute."""
    row = models.Scheme.objects.filter(pk=shop).first()
    return row.value if row else None


@kept(seconds=30)
def tiers(shop: str) -> tuple[Tier, ...]:
    """The tiers of a shop from the lowest up; one, which everybody has, until somebody sets them.

    At most one statement; kept for half a minute.
    """
    rows = models.Tier.objects.filter(shop=shop).order_by("growth_from")
    return tuple(row.value for row in rows) or rules.tiers.READY[:1]


def tier(shop: str, person: str) -> str:
    """The key of the tier that a shopper has now; empty for a guest. One statement; see `tier_asked` for none.

    Whoever has an account has a tier; a guest's points and growth wait until the guest signs in.
    """
    (found,) = together.ask(tier_asked(shop, person))
    return cast("str", found)


def tier_asked(shop: str, person: str) -> Question[str]:
    """`tier`, to be asked together with other things. Index growth_membership_member_once."""
    account = customers.account_asked(shop, person)
    sql = f"select json_build_array(({account.sql}), ({_MEMBER}))::text"
    at = clock.now()

    def read(said: str) -> str:
        known, row = msgspec.json.decode(said)
        return _tier_of(shop, row, at=at) if known else ""

    return Question(sql, (*account.parameters, shop, person), read)


def standing(shop: str, person: str, *, at: datetime) -> Standing:
    """How a shopper stands among the tiers. One statement."""
    year = Question(_GROWTH, (shop, person, at - rules.tiers.GROWTH_FOR, at), int)
    member = Question(_MEMBER, (shop, person), lambda said: said)
    row, minor = together.ask(member, year)
    return _standing(shop, row, Money(minor, shops.shop(shop).currency), at=at)


def tiers_of(shop: str, persons: Iterable[str], *, at: datetime) -> dict[str, str]:
    """The tiers of many shoppers; guests are left out. Two statements. Index growth_membership_member_once."""
    known = customers.with_accounts(shop, persons)
    columns = ("tier", "tier_until", "floor", "floor_until")
    rows = models.Member.objects.filter(shop=shop, person__in=known).values_list("person", *columns)
    offered = tiers(shop)
    lowest = offered[0].key
    standing = {
        person: rules.tiers.Standing(tier=tier or lowest, until=until, floor=floor, floor_until=floor_until)
        for person, tier, until, floor, floor_until in rows
    }
    return {person: standing[person].tier_now(offered, at=at) if person in standing else lowest for person in known}


def account_of(shop: str, person: str) -> UUID | None:
    """The customer behind a person who has an account; None for a guest. One statement."""
    (found,) = together.ask(customers.account_asked(shop, person))
    return cast("UUID | None", found)


def growth_of(shop: str, person: str, *, at: datetime) -> int:
    """Growth value of the twelve months before a moment. One statement. Index growth_membership_growth."""
    return growth_on(shop, person, at=at, until=at)


def growth_on(shop: str, person: str, *, at: datetime, until: datetime) -> int:
    """Growth value that will be there at a later moment if nothing more is bought. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_GROWTH, [shop, person, until - rules.tiers.GROWTH_FOR, at])
        minor = cursor.fetchone()[0]
    return rules.tiers.growth_value(Money(minor, shops.shop(shop).currency))


def birthday(shop: str, person: str) -> tuple[int, int] | None:
    """Month and day of a member's birthday; None if it was not said. One statement."""
    row = models.Member.objects.filter(shop=shop, person=person).first()
    return (row.birth_month, row.birth_day) if row and row.birth_month and row.birth_day else None


def numbers_by_tier(shop: str) -> dict[str, int]:
    """How many members stand in each tier by their growth. One statement. Index growth_membership_by_tier."""
    with connection.cursor() as cursor:
        cursor.execute(_BY_TIER, [shop])
        return dict(cursor.fetchall())


def plans(shop: str) -> tuple[Plan, ...]:
    """The paid memberships of a shop, the shortest first. One statement."""
    rows = models.Plan.objects.filter(shop=shop).order_by("days", "sku")
    return tuple(Plan(sku=row.sku, tier=row.tier, days=row.days, is_sold=row.is_sold) for row in rows)


def terms_of(shop: str, person: str, *, at: datetime) -> tuple[Term, ...]:
    """What somebody paid for that has not ended, oldest first. One statement. Index growth_membership_term_of."""
    rows = models.Term.objects.filter(shop=shop, person=person, ends_at__gt=at).order_by("starts_at")
    return tuple(row.value for row in rows)


def _decoded(row: str | None) -> _Row:
    return _row.decode(row) if row is not None else ("", None, "", None, 0, None, None)


def _tier_of(shop: str, row: str | None, *, at: datetime) -> str:
    reached, until, floor, floor_until, *_ = _decoded(row)
    kept = rules.tiers.Standing(tier=reached, until=until, floor=floor, floor_until=floor_until)
    return kept.tier_now(tiers(shop), at=at)


def _standing(shop: str, row: str | None, kept_money: Money, *, at: datetime) -> Standing:
    offered = tiers(shop)
    reached_key, until, floor, floor_until, owed, month, day = _decoded(row)
    kept_one = rules.tiers.Standing(tier=reached_key, until=until, floor=floor, floor_until=floor_until)
    reached = offered[rules.tiers.rank_of(offered, reached_key)]
    growth = rules.tiers.growth_value(kept_money)
    tier_now = kept_one.tier_now(offered, at=at)
    following = rules.tiers.next_after(offered, tier_now)
    paid = None
    if floor_until is not None and at < floor_until:
        paid = Paid(tier=offered[rules.tiers.rank_of(offered, floor)], until=floor_until)
    return Standing(
        tier=offered[rules.tiers.rank_of(offered, tier_now)],
        reached=reached,
        until=until,
        paid=paid,
        growth=growth,
        next=following,
        short_by=max(0, following.growth_from - growth) if following else 0,
        owed=owed,
        birthday=(month, day) if month and day else None,
    )

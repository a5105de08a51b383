"""Adding points up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

from zhanggui.base.ledger import queries as ledger
from zhanggui.base.ledger.rules import Account
from zhanggui.growth.membership import models
from zhanggui.growth.membership.rules import rewards
from zhanggui.growth.membership.rules.points import POINTS
from zhanggui.supply.stock import queries as stock

_LEFT: Final = """
select shop, person, sum("left")::bigint from growth_membership_lot where "left" > 0 group by shop, person
"""
_BACK: Final = """
select s.reference, s.points, s.given_back, coalesce(sum(p.points), 0)::bigint, coalesce(sum(p.given_back), 0)::bigint
from growth_membership_spending s left join growth_membership_piece p on p.spending_id = s.id
group by s.id having (s.points, s.given_back) <> (coalesce(sum(p.points), 0), coalesce(sum(p.given_back), 0))
order by s.reference
"""
_TAKEN: Final = """
select r.id::text, r.taken, count(d.number)::bigint from growth_membership_reward r
left join growth_membership_redemption d on d.reward_id = r.id and d.state <> 'cancelled'
group by r.id having r.taken <> count(d.number) order by r.id
"""
_PART: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Points or rewards that are not what they came from.

    fault    lots_and_ledger, spending_and_lots, taken_and_redeemed or held_without_redemption
    subject  a person, an order or redemption, or a reward
    says, should_say  points, or pieces
    """

    fault: str
    shop: str = ""
    subject: str
    says: int
    should_say: int


def audit() -> tuple[Disagreement, ...]:
    """Hold lots against the ledger, spendings against lots, rewards against redemptions and stock; none if all fits."""
    return (*_lots_and_ledger(), *_spendings(), *_taken(), *_held())


def _lots_and_ledger() -> list[Disagreement]:
    booked = {
        (shop, holder): points
        for (shop, holder, currency), points in ledger.holders(account=Account.POINTS_OWED).items()
        if currency == POINTS
    }
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        left = {(shop, person): points for shop, person, points in cursor.fetchall()}
    return [
        Disagreement(
            fault="lots_and_ledger",
            shop=key[0],
            subject=key[1],
            says=left.get(key, 0),
            should_say=booked.get(key, 0),
        )
        for key in sorted(left.keys() | booked.keys())
        if left.get(key, 0) != booked.get(key, 0)
    ]


def _spendings() -> list[Disagreement]:
    with connection.cursor() as cursor:
        cursor.execute(_BACK)
        return [
            Disagreement(
                fault="spending_and_lots", subject=reference, says=points - back, should_say=in_lots - back_in_lots
            )
            for reference, points, back, in_lots, back_in_lots in cursor.fetchall()
        ]


def _taken() -> list[Disagreement]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKEN)
        return [
            Disagreement(fault="taken_and_redeemed", subject=id, says=taken, should_say=counted)
            for id, taken, counted in cursor.fetchall()
        ]


def _held() -> list[Disagreement]:
    """Stock promised to redemptions that do not wait for it."""
    found, after = [], rewards.NUMBER_BEGINS
    end = chr(ord(rewards.NUMBER_BEGINS) + 1)
    while held := [number for number in stock.open_holds(after=after, limit=_PART) if number < end]:
        waiting = models.Redemption.objects.filter(pk__in=held, state=rewards.State.REDEEMED)
        known = set(waiting.values_list("pk", flat=True))
        found += [
            Disagreement(fault="held_without_redemption", subject=number, says=1, should_say=0)
            for number in held
            if number not in known
        ]
        after = held[-1]
    return found

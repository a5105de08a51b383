"""Adding up again what promotions gave away and who holds which coupon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import connection

# A promotion without a budget counts nothing in its row.
_GIVEN: Final = """
select p.shop, p.id::text, p.given_minor, coalesce(sum(r.amount_minor) filter (where p.budget_minor is not null), 0)
from growth_promotions_promotion p
left join growth_promotions_redemption r on r.promotion_id = p.id and r.state = 'holds'
group by p.id
having p.given_minor <> coalesce(sum(r.amount_minor) filter (where p.budget_minor is not null), 0)
order by p.id
"""
# What is used by one order and counted for another is wrong on both sides.
_USED: Final = """
select c.shop, c.id::text, 1, 0 from growth_promotions_coupon c
where c.state = 'used' and not exists (
    select from growth_promotions_redemption r
    where r.shop = c.shop and r.order_number = c.order_number and r.coupon_id = c.id and r.state = 'holds')
order by c.id
"""
_REDEEMED: Final = """
select r.shop, r.coupon_id::text, 0, count(*) from growth_promotions_redemption r
where r.coupon_id is not null and r.state = 'holds' and not exists (
    select from growth_promotions_coupon c
    where c.id = r.coupon_id and c.state = 'used' and c.order_number = r.order_number)
group by r.shop, r.coupon_id order by r.coupon_id
"""
_TOO_OFTEN: Final = """
select p.shop, p.id || ' ' || r.person, count(*), p.per_person
from growth_promotions_redemption r join growth_promotions_promotion p on p.id = r.promotion_id
where r.state = 'holds' and r.nth is not null and p.per_person is not null
group by p.id, r.person having count(*) > p.per_person or max(r.nth) > p.per_person order by p.id, r.person
"""
_CLAIMED: Final = """
select b.shop, b.id::text, b.claimed_units, count(c.id)
from growth_promotions_batch b
left join growth_promotions_coupon c on c.batch_id = b.id and c.ordinal is not null
group by b.id having b.claimed_units <> count(c.id) order by b.id
"""
_TOO_MANY: Final = """
select b.shop, b.id || ' ' || c.person, count(*), b.per_person
from growth_promotions_coupon c join growth_promotions_batch b on b.id = c.batch_id
where c.ordinal is not null group by b.id, c.person having max(c.ordinal) > b.per_person order by b.id, c.person
"""
_FAULTS: Final = {
    "given_and_redeemed": _GIVEN,
    "used_without_use": _USED,
    "redeemed_not_used": _REDEEMED,
    "used_too_often": _TOO_OFTEN,
    "claimed_and_held": _CLAIMED,
    "held_too_many": _TOO_MANY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Something that promotions or coupons say and their rows do not add up to.

    fault    given_and_redeemed (minor units of a budget), used_without_use and redeemed_not_used (a coupon and the
             orders that hold it), used_too_often (uses of a person), claimed_and_held and held_too_many (coupons)
    subject  a promotion, a coupon or a batch, with the person behind a blank where one is meant
    says, should_say  what stands there, and what it should be, or at most
    """

    fault: str
    shop: str
    subject: str
    says: int
    should_say: int


def audit() -> tuple[Disagreement, ...]:
    """Hold budgets against uses, coupons against the orders that used them, batches against who holds their coupons.

    Six statements; none of them waits for anybody.
    """
    return tuple(found for fault, statement in _FAULTS.items() for found in _found(fault, statement))


def _found(fault: str, statement: str) -> list[Disagreement]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [
            Disagreement(fault=fault, shop=shop, subject=subject, says=int(says), should_say=int(should_say))
            for shop, subject, says, should_say in cursor.fetchall()
        ]

"""Using up what a price counted on, and giving it back when the order comes to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import connection

from zhanggui.base import clock, ids
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.promotions import models, queries
from zhanggui.growth.promotions.errors import CouponGone, PromotionGone
from zhanggui.growth.promotions.rules import Hold, Use, uses
from zhanggui.shop.checkout.rules import Quote
from zhanggui.spine.facts.promotions import CouponRedeemed, CouponReturned, PromotionRedeemed, PromotionUndone
from zhanggui.spine.log.actions import Told, record_all
from zhanggui.spine.log.rules import Trail

# A coupon that comes back after its time, or shortly before, can still be used for so long.
GRACE: Final = timedelta(days=7)

# Index growth_promotions_coupon_pkey. Whoever comes second finds the state changed.
_USE_COUPONS = """
update growth_promotions_coupon set state = 'used', order_number = %s::varchar, used_at = %s::timestamptz
where id = any(%s::uuid[]) and shop = %s::varchar and person = %s::varchar and state = 'held'
    and ends_at > %s::timestamptz
returning id, promotion_id
"""

# Index growth_promotions_promotion_pkey. Only what has a budget is locked, in the order of ids, and the budget is asked
# where it is locked (docs/decisions/0007). A use that is counted takes the lowest number that is free; two that want
# the same number meet at growth_promotions_nth_once, and one of them is not written.
_REDEEM = """
with asked as materialized (
    select * from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[]) t(id, promotion_id, coupon_id, minor)),
sums as materialized (select promotion_id, sum(minor)::bigint as minor from asked group by 1),
locked as materialized (
    select p.id, sums.minor from growth_promotions_promotion p join sums on sums.promotion_id = p.id
    where p.budget_minor is not null and p.given_minor + sums.minor <= p.budget_minor
    order by p.id for update of p),
spent as (
    update growth_promotions_promotion p set given_minor = p.given_minor + locked.minor from locked
    where p.id = locked.id returning p.id)
insert into growth_promotions_redemption (id, promotion_id, coupon_id, shop, order_number, person, nth, amount_minor,
    currency, state, at)
select asked.id, p.id, asked.coupon_id, p.shop, %s::varchar, %s::varchar, free.nth, asked.minor, p.currency, 'holds',
    %s::timestamptz
from asked join growth_promotions_promotion p on p.id = asked.promotion_id
cross join lateral (
    select min(n) as nth from generate_series(1, p.per_person) n where not exists (
        select from growth_promotions_redemption r
        where r.promotion_id = p.id and r.person = %s::varchar and r.nth = n and r.state <> 'undone')) free
where p.shop = %s::varchar and p.state = 'live' and (p.budget_minor is null or p.id in (select id from spent))
    and (p.per_person is null or free.nth is not null)
on conflict do nothing
returning promotion_id
"""

_UNDO = """
with undone as (
    update growth_promotions_redemption set state = 'undone', ended_at = %s::timestamptz
    where shop = %s::varchar and order_number = %s::varchar and state = 'holds'
    returning promotion_id, coupon_id, amount_minor, currency),
sums as (select promotion_id, sum(amount_minor)::bigint as minor from undone group by 1),
locked as materialized (
    select p.id, sums.minor from growth_promotions_promotion p join sums on sums.promotion_id = p.id
    where p.budget_minor is not null order by p.id for update of p),
given_back as (
    update growth_promotions_promotion p set given_minor = p.given_minor - locked.minor from locked
    where p.id = locked.id)
select promotion_id, coupon_id, amount_minor, currency from undone order by promotion_id, coupon_id
"""


@operation
def redeem(*, quote: Quote, order_number: str, customer_id: UUID, trail: Trail, by: Actor) -> None:
    """Use up the coupons, budgets and uses that a price counted on: all of them, or the order is not placed.

    refuses  CouponGone, PromotionGone: the price the shopper saw can no longer be had
    tells    growth.promotion_redeemed for each; growth.coupon_redeemed for those that a coupon brought
    """
    wanted = uses(quote.adjustments)
    if not wanted:
        return
    brought = _use_coupons([use.coupon for use in wanted if use.coupon], order_number=order_number, trail=trail)
    named = [(use, UUID(use.promotion) if use.promotion else brought[use.coupon]) for use in wanted]
    now = clock.now()
    rows = [
        (ids.uuid7(), promotion, UUID(use.coupon) if use.coupon else None, use.amount.minor) for use, promotion in named
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_REDEEM, [*columns, order_number, trail.person, now, trail.person, trail.shop])
        written = {row[0] for row in cursor.fetchall()}
    for _, promotion in named:
        if promotion not in written:
            queries.forget()
            raise PromotionGone(promotion=str(promotion))
    _tell_redeemed(named, order_number=order_number, trail=trail, by=by)


@operation
def undo(*, order_number: str, trail: Trail, by: Actor) -> bool:
    """Give back what an order used up, because it came to nothing; False if that was done before.

    A coupon is in its holder's hands again and holds as long as it would have, but for a week at least.

    tells  growth.promotion_undone for each, growth.coupon_returned for each coupon
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_UNDO, [now, trail.shop, order_number])
        rows = cursor.fetchall()
    if not rows:
        return False
    told = [
        PromotionUndone(order_number=order_number, promotion_id=str(id), amount_minor=minor, currency=currency)
        for id, _, minor, currency in rows
    ]
    returned = _return_coupons(order_number, shop=trail.shop)
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"order:{order_number}") for fact in [*told, *returned]])
    return True


def _use_coupons(coupons: Sequence[str], *, order_number: str, trail: Trail) -> dict[str, UUID]:
    """The promotions that the coupons brought, by coupon."""
    if not coupons:
        return {}
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(_USE_COUPONS, [order_number, now, list(coupons), trail.shop, trail.person, now])
        brought = {str(id): promotion for id, promotion in cursor.fetchall()}
    for coupon in coupons:
        if coupon not in brought:
            raise CouponGone(coupon=coupon)
    return brought


def _return_coupons(order_number: str, *, shop: str) -> list[CouponReturned]:
    now = clock.now()
    used = models.Coupon.objects.filter(shop=shop, order_number=order_number, state=Hold.USED)
    returned = []
    for coupon in used.order_by("id").select_for_update():
        coupon.state, coupon.order_number, coupon.used_at = Hold.HELD, "", None
        coupon.ends_at = max(coupon.ends_at or now, now + GRACE)
        coupon.save(update_fields=["state", "order_number", "used_at", "ends_at"])
        fact = CouponReturned(
            coupon_id=str(coupon.id), promotion_id=str(coupon.promotion_id), order_number=order_number
        )
        returned.append(fact)
    return returned


def _tell_redeemed(named: Sequence[tuple[Use, UUID]], *, order_number: str, trail: Trail, by: Actor) -> None:
    facts: list[object] = []
    for use, promotion in named:
        facts.append(
            PromotionRedeemed(
                order_number=order_number,
                promotion_id=str(promotion),
                kind=use.kind,
                coupon_id=use.coupon,
                funded_by=use.funded_by,
                amount_minor=use.amount.minor,
                currency=use.amount.currency,
            )
        )
        if use.coupon:
            facts.append(
                CouponRedeemed(
                    coupon_id=use.coupon,
                    promotion_id=str(promotion),
                    order_number=order_number,
                    amount_minor=use.amount.minor,
                    currency=use.amount.currency,
                )
            )
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"order:{order_number}") for fact in facts])

"""Coupons: given out, claimed, typed in, chosen; used and returned in `using`."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import F

from zhanggui.base import clock, ids
from zhanggui.base.jobs.actions import job
from zhanggui.base.operation.actions import operation
from zhanggui.base.operation.rules import Actor
from zhanggui.growth.promotions import models, queries
from zhanggui.growth.promotions.errors import (
    AllClaimed,
    ClaimedBefore,
    CouponRests,
    NoSuchCoupon,
    NoSuchPromotion,
    NotForYou,
)
from zhanggui.growth.promotions.rules import CODE_BITS, Hold, Offering, Rest, State, Way, code_of, new_code, rest_of
from zhanggui.spine.facts.promotions import CouponCodesExported, CouponIssued, CouponsTakenBack
from zhanggui.spine.log.actions import Told, record, record_all
from zhanggui.spine.log.rules import Trail

_AT_ONCE: Final = 5_000

# Index growth_promotions_batch_pkey. Claims of one batch stand in a queue. They wait in a statement of their own: the
# next one then sees what those before have taken (docs/decisions/0007).
_QUEUE = "select from growth_promotions_batch where id = %s::uuid for update"
# The lowest number that the person has not had is taken; growth_promotions_claim_once stands behind it.
_CLAIM = """
with free as materialized (
    select b.id, min(n) as ordinal from growth_promotions_batch b
    cross join lateral generate_series(1, b.per_person) n
    where b.id = %s::uuid and not exists (
        select from growth_promotions_coupon c where c.batch_id = b.id and c.person = %s::varchar and c.ordinal = n)
    group by b.id),
taken as (
    update growth_promotions_batch b set claimed_units = b.claimed_units + 1 from free
    where b.id = free.id and b.is_open and (b.stock_units is null or b.claimed_units < b.stock_units)
    returning b.id, b.shop, b.promotion_id, free.ordinal)
insert into growth_promotions_coupon (id, shop, batch_id, promotion_id, person, ordinal, state, made_at, claimed_at,
    ends_at, order_number)
select %s::uuid, shop, id, promotion_id, %s::varchar, ordinal, 'held', %s::timestamptz, %s::timestamptz,
    %s::timestamptz, ''
from taken
returning promotion_id
"""

# Index growth_promotions_code_once. Whoever types a code second finds it held.
_TYPE_IN = """
update growth_promotions_coupon c set state = 'held', person = %s::varchar, claimed_at = %s::timestamptz,
    ends_at = %s::timestamptz, ordinal = %s::int
where c.id = %s::uuid and c.state = 'waiting'
returning c.promotion_id
"""


@operation
def offer(*, promotion_id: str, offering: Offering, trail: Trail, by: Actor) -> str:
    """Give out coupons of a promotion in one way; the id of the batch. Codes are made at once, a million take a minute.

    refuses  NoSuchPromotion if it is none that a coupon brings, TermsNotAllowed with the field
    """
    offering = offering.checked()
    promotion = models.Promotion.objects.filter(pk=UUID(promotion_id), shop=trail.shop, is_coupon=True).first()
    if promotion is None:
        raise NoSuchPromotion(id=promotion_id)
    same = ("way", "stock_units", "per_person", "claim_from", "claim_until", "days", "ends_at", "segment")
    batch = models.Batch.objects.create(
        id=ids.uuid7(),
        shop=trail.shop,
        promotion=promotion,
        tiers=list(offering.tiers),
        made_at=clock.now(),
        **{name: getattr(offering, name) for name in same},
    )
    if offering.way is Way.CODE:
        _make_codes(batch, offering.stock_units or 0)
    return str(batch.id)


@operation
def claim(*, batch_id: str, trail: Trail, by: Actor) -> str:
    """Take a coupon in the coupon centre; its id.

    refuses  NoSuchCoupon, NotForYou, ClaimedBefore, AllClaimed; nothing is written
    tells    growth.coupon_issued
    """
    now = clock.now()
    offered = queries.offered(trail.shop, batch_id, person=trail.person, at=now)
    if offered is None or offered.way is not Way.PUBLIC:
        raise NoSuchCoupon(asked=batch_id)
    if not offered.is_for_you:
        raise NotForYou(batch=batch_id)
    return put_in_hand(offered, person=trail.person, at=now, trail=trail, by=by)


@operation
def type_in(*, code: str, trail: Trail, by: Actor) -> str:
    """Take a coupon by its code, in capitals or not, with or without dashes; its id.

    refuses  NoSuchCoupon for a code that nobody gave out, that is used, over or somebody else's; CouponRests if what it
             brings is paused or over, for whoever has it too; ClaimedBefore
    tells    growth.coupon_issued
    """
    now = clock.now()
    codes = models.Coupon.objects.select_related("batch", "promotion")
    found = codes.filter(shop=trail.shop, code=code_of(code)).first()
    is_mine = found is not None and found.state == Hold.HELD and found.person == trail.person
    if found is None or not (is_mine or (found.state == Hold.WAITING and _is_open(found.batch, at=now))):
        raise NoSuchCoupon(asked=code)
    _refuse_resting(found.promotion, at=now)
    if is_mine:
        return str(found.id)
    batch = found.batch
    models.Batch.objects.select_for_update().get(pk=batch.pk)
    has = models.Coupon.objects.filter(batch=batch, person=trail.person).count()
    if has >= batch.per_person:
        raise ClaimedBefore(batch=str(batch.id), per_person=batch.per_person)
    ends_at = _ends(batch.days, batch.ends_at, at=now)
    with connection.cursor() as cursor:
        cursor.execute(_TYPE_IN, [trail.person, now, ends_at, has + 1, found.id])
        if not cursor.fetchall():
            raise NoSuchCoupon(asked=code)
    models.Batch.objects.filter(pk=batch.pk).update(claimed_units=F("claimed_units") + 1)
    _tell([found.id], found.promotion_id, way=Way.CODE, trail=trail, by=by)
    return str(found.id)


@operation
def choose(*, coupons: Collection[str] | None, trail: Trail) -> None:
    """Use these coupons for what lies in the cart, or none; None: the best ones are taken again.

    What somebody else holds is not refused here: it is simply never found when the price is made.
    """
    mine = models.Choice.objects.filter(shop=trail.shop, person=trail.person)
    if coupons is None:
        mine.delete()
        return
    picked = sorted({UUID(id) for id in coupons})
    models.Choice.objects.update_or_create(shop=trail.shop, person=trail.person, defaults={"coupons": picked})


@operation
def take_back(*, batch_id: str, trail: Trail, by: Actor) -> int:
    """Give out no more of a batch, and void what nobody has used yet; how many that were.

    refuses  NoSuchCoupon
    tells    growth.coupons_taken_back, unless it was taken back before
    """
    batch = models.Batch.objects.select_for_update().filter(pk=UUID(batch_id), shop=trail.shop).first()
    if batch is None:
        raise NoSuchCoupon(asked=batch_id)
    unused = models.Coupon.objects.filter(batch=batch, state__in=[Hold.WAITING, Hold.HELD])
    units = unused.update(state=Hold.VOID)
    if batch.is_open or units:
        models.Batch.objects.filter(pk=batch.pk).update(is_open=False)
        fact = CouponsTakenBack(batch_id=batch_id, promotion_id=str(batch.promotion_id), units=units)
        record(fact, by=by, trail=trail, subject=f"batch:{batch_id}")
    return units


@operation
def export_codes(*, batch_id: str, trail: Trail, by: Actor) -> int:
    """Know that somebody takes the codes of a batch out of the house; how many there are. `queries.codes` reads them.

    refuses  NoSuchCoupon if it has none
    tells    growth.coupon_codes_exported
    """
    codes = models.Coupon.objects.filter(shop=trail.shop, batch=UUID(batch_id), code__isnull=False)
    first, units = codes.first(), codes.count()
    if first is None:
        raise NoSuchCoupon(asked=batch_id)
    fact = CouponCodesExported(batch_id=batch_id, promotion_id=str(first.promotion_id), codes=units)
    record(fact, by=by, trail=trail, subject=f"batch:{batch_id}")
    return units


@operation
def merge(*, shop: str, from_person: str, to_person: str) -> None:
    """What a guest chose is theirs after signing in, unless they have chosen something there."""
    theirs = models.Choice.objects.filter(shop=shop, person=from_person)
    if models.Choice.objects.filter(shop=shop, person=to_person).exists():
        theirs.delete()
    else:
        theirs.update(person=to_person)


@job(name="growth.expire_coupons", every="15 * * * *")
def expire() -> None:
    """Every hour: what was held too long has run out. Nothing depends on it but what is shown: `ends_at` decides."""
    models.Coupon.objects.filter(state=Hold.HELD, ends_at__lte=clock.now()).update(state=Hold.EXPIRED)


def put_in_hand(offered: queries.Offered, *, person: str, at: datetime, trail: Trail, by: Actor) -> str:
    """Give one person a coupon of a batch; its id. A part of claiming and of handing out.

    refuses  ClaimedBefore, AllClaimed
    tells    growth.coupon_issued
    """
    id = ids.uuid7()
    ends_at = holds_until(offered, at=at)
    with connection.cursor() as cursor:
        cursor.execute(_QUEUE, [offered.batch])
        cursor.execute(_CLAIM, [offered.batch, person, id, person, at, at, ends_at])
        taken = cursor.fetchall()
    if not taken:
        has = models.Coupon.objects.filter(batch_id=UUID(offered.batch), person=person).count()
        if has >= offered.per_person:
            raise ClaimedBefore(batch=offered.batch, per_person=offered.per_person)
        raise AllClaimed(batch=offered.batch)
    _tell([id], taken[0][0], way=offered.way, trail=trail, by=by)
    return str(id)


def holds_until(offered: queries.Offered, *, at: datetime) -> datetime:
    """Until when a coupon holds that is put in somebody's hands at a moment."""
    return _ends(offered.days, offered.ends_at, at=at)


def _tell(coupons: Sequence[UUID], promotion: UUID, *, way: Way, trail: Trail, by: Actor) -> None:
    facts = [CouponIssued(coupon_id=str(id), promotion_id=str(promotion), way=way) for id in coupons]
    record_all([Told(fact=fact, by=by, trail=trail, subject=f"coupon:{fact.coupon_id}") for fact in facts])


def _make_codes(batch: models.Batch, units: int) -> None:
    """As many codes as are wanted; chance repeats hardly ever, and then the database leaves it out and we go on."""
    now = clock.now()
    made = 0
    while made < units:
        wanted = min(_AT_ONCE, units - made)
        rows = [
            models.Coupon(
                id=ids.uuid7(),
                shop=batch.shop,
                batch=batch,
                promotion_id=batch.promotion_id,
                code=new_code(secrets.randbits(CODE_BITS)),
                state=Hold.WAITING,
                made_at=now,
            )
            for _ in range(wanted)
        ]
        models.Coupon.objects.bulk_create(rows, ignore_conflicts=True)
        made = models.Coupon.objects.filter(batch=batch).count()


def _refuse_resting(promotion: models.Promotion, *, at: datetime) -> None:
    """Refuse what would lie in somebody's hand and take nothing off, while its days run out."""
    rest = rest_of(queries.rule_of(promotion), state=State(promotion.state), at=at)
    if rest in (Rest.ENDED, Rest.PAUSED):
        raise CouponRests(promotion=str(promotion.pk), is_over=rest is Rest.ENDED)


def _is_open(batch: models.Batch, *, at: datetime) -> bool:
    has_begun = batch.claim_from <= at
    return batch.is_open and has_begun and all(end is None or at < end for end in (batch.claim_until, batch.ends_at))


def _ends(days: int | None, ends_at: datetime | None, *, at: datetime) -> datetime:
    ends = [each for each in (at + timedelta(days=days) if days else None, ends_at) if each is not None]
    return min(ends)

"""Reading the coupons a shop gives out: how each batch does, which codes it has, what became of one coupon."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from zhanggui.base.money import Money
from zhanggui.growth.promotions import models
from zhanggui.growth.promotions.errors import NoSuchCoupon
from zhanggui.growth.promotions.queries.live import rule_of
from zhanggui.growth.promotions.rules import Hold, Rule, State, Way, code_of

# Unique index growth_promotions_claim_once leads to a batch's coupons; a redemption knows its coupon.
_BATCHES: Final = """
select b.id, p.id, p.name_zh, p.name_en, p.state, b.way, b.stock_units, b.claimed_units, b.per_person, b.claim_from,
    b.claim_until, b.days, b.ends_at, b.segment, b.tiers, b.is_open, b.made_at,
    c.made, c.used, c.void, coalesce(r.minor, 0), p.currency
from growth_promotions_batch b
join growth_promotions_promotion p on p.id = b.promotion_id
cross join lateral (
    select count(*) as made, count(*) filter (where state = 'used') as used,
        count(*) filter (where state = 'void') as void
    from growth_promotions_coupon where batch_id = b.id) c
cross join lateral (
    select sum(r.amount_minor)::bigint as minor from growth_promotions_redemption r
    join growth_promotions_coupon c on c.id = r.coupon_id where c.batch_id = b.id and r.state = 'holds') r
where b.shop = %s::varchar and (%s::uuid is null or b.id = %s::uuid)
order by b.made_at desc, b.id desc limit %s::int offset %s::int
"""
_COLUMNS: Final = (
    *("id", "promotion", "name_zh", "name_en", "promotion_state", "way", "stock_units", "claimed_units", "per_person"),
    *("claim_from", "claim_until", "days", "ends_at", "segment", "tiers", "is_open", "made_at"),
    *("made_units", "used_units", "void_units", "given_minor", "currency"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Coupons that are given out in one way, and how they do.

    made_units     coupons there are, codes that nobody has typed included
    claimed_units  that somebody has or had
    used_units     in orders that stand
    given          what those orders cost less by them
    """

    id: str
    promotion: str
    name_zh: str
    name_en: str
    promotion_state: State
    way: Way
    stock_units: int | None
    claimed_units: int
    per_person: int
    claim_from: datetime
    claim_until: datetime | None
    days: int | None
    ends_at: datetime | None
    segment: str
    tiers: tuple[str, ...]
    is_open: bool
    made_at: datetime
    made_units: int
    used_units: int
    void_units: int
    given: Money

    @property
    def used_rate(self) -> Decimal | None:
        """Which part of those that somebody had was used; None before the first one."""
        return Decimal(self.used_units) / self.claimed_units if self.claimed_units else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosable:
    """A promotion whose coupons can be given out."""

    id: str
    name_zh: str
    name_en: str
    state: State
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """One coupon with whoever has it; nobody has a code that waits."""

    id: str
    batch: str
    code: str
    name_zh: str
    name_en: str
    person: str
    state: Hold
    claimed_at: datetime | None
    ends_at: datetime | None
    order_number: str


def batches(shop: str, *, limit: int, offset: int = 0) -> tuple[tuple[Batch, ...], int]:
    """The batches of a shop, newest first, and how many there are. Two statements."""
    return _batches(shop, None, limit=limit, offset=offset), models.Batch.objects.filter(shop=shop).count()


def batch(shop: str, batch_id: UUID) -> Batch:
    """One batch. One statement.

    refuses  NoSuchCoupon, also for another shop's
    """
    found = _batches(shop, batch_id, limit=1, offset=0)
    if not found:
        raise NoSuchCoupon(asked=str(batch_id))
    return found[0]


def choosable(shop: str) -> tuple[Choosable, ...]:
    """The promotions that a coupon brings and that are not over, newest first. One statement."""
    rows = models.Promotion.objects.filter(shop=shop, is_coupon=True).exclude(state=State.ENDED).order_by("-made_at")
    return tuple(
        Choosable(id=str(row.id), name_zh=row.name_zh, name_en=row.name_en, state=State(row.state), rule=rule_of(row))
        for row in rows
    )


def codes(shop: str, batch_id: UUID) -> Iterator[tuple[str, Hold]]:
    """All codes of a batch in the order they were made, each with what became of it; read as they are asked for."""
    rows = models.Coupon.objects.filter(shop=shop, batch=batch_id, code__isnull=False).order_by("id")
    for code, state in rows.values_list("code", "state").iterator(chunk_size=5_000):
        yield code or "", Hold(state)


def traced(shop: str, code: str) -> Traced | None:
    """What became of a code, typed in any way; None if the shop gave out none like it. One statement.

    Index growth_promotions_code_once.
    """
    found = models.Coupon.objects.filter(shop=shop, code=code_of(code)).select_related("promotion").first()
    return _traced(found) if found else None


def coupons_of(shop: str, person: str, *, limit: int = 100) -> tuple[Traced, ...]:
    """The coupons of a person, newest first. One statement."""
    rows = models.Coupon.objects.filter(shop=shop, person=person).select_related("promotion").order_by("-id")
    return tuple(_traced(row) for row in rows[:limit])


def _traced(row: models.Coupon) -> Traced:
    return Traced(
        id=str(row.id),
        batch=str(row.batch_id),
        code=row.code or "",
        name_zh=row.promotion.name_zh,
        name_en=row.promotion.name_en,
        person=row.person,
        state=Hold(row.state),
        claimed_at=row.claimed_at,
        ends_at=row.ends_at,
        order_number=row.order_number,
    )


def _batches(shop: str, batch_id: UUID | None, *, limit: int, offset: int) -> tuple[Batch, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_BATCHES, [shop, batch_id, batch_id, limit, offset])
        return tuple(_batch(dict(zip(_COLUMNS, row, strict=True))) for row in cursor.fetchall())


def _batch(said: dict[str, Any]) -> Batch:
    given = Money(said.pop("given_minor"), said.pop("currency"))
    turned = {
        "id": str(said["id"]),
        "promotion": str(said["promotion"]),
        "promotion_state": State(said["promotion_state"]),
        "way": Way(said["way"]),
        "tiers": tuple(said["tiers"]),
    }
    return Batch(**(said | turned), given=given)

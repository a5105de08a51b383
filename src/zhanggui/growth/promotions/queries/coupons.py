"""Reading coupons: what is offered, and what a shopper holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from zhanggui.base import clock
from zhanggui.base.kept import kept
from zhanggui.growth.membership import queries as membership
from zhanggui.growth.promotions import models, ports
from zhanggui.growth.promotions.queries import live
from zhanggui.growth.promotions.rules import Hold, Rest, Rule, State, Way, rest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """Coupons that can be had now.

    stock_units, left_units  None: any number
    held_units  how many of them the person has had, used ones included
    tiers, segment  whom it is meant for; empty: everybody who is signed in
    is_for_you  whether the person is among those it is meant for
    """

    batch: str
    promotion: str
    name_zh: str
    name_en: str
    rule: Rule
    way: Way
    left_units: int | None
    per_person: int
    held_units: int
    days: int | None
    ends_at: datetime | None
    claim_until: datetime | None
    is_for_you: bool
    stock_units: int | None = None
    tiers: tuple[str, ...] = ()
    segment: str = ""

    @property
    def can_be_claimed(self) -> bool:
        """Whether the person may take one now."""
        return self.is_for_you and self.held_units < self.per_person and self.left_units != 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A coupon in a shopper's hands, or what became of it.

    rests  why one that is held cannot be used now; None if it can, and for every other one
    """

    id: str
    promotion: str
    name_zh: str
    name_en: str
    state: Hold
    rule: Rule
    starts_at: datetime
    ends_at: datetime
    order_number: str
    rests: Rest | None = None


def centre(shop: str, person: str, *, at: datetime) -> tuple[Offered, ...]:
    """The coupon centre: what can be claimed now, what ends first before the rest. At most four statements."""
    return tuple(_offered(shop, person, _open(shop, at=at).filter(way=Way.PUBLIC), at=at))


@kept(seconds=3)
def on_offer(shop: str) -> tuple[Offered, ...]:
    """The coupon centre as it stands for whoever looks. At most one statement, none where no coupon is live."""
    if not live.by_coupon(shop):
        return ()
    at = clock.now()
    return tuple(_offered(shop, "", _open(shop, at=at).filter(way=Way.PUBLIC), at=at))


def offered(shop: str, batch_id: str, *, person: str, at: datetime) -> Offered | None:
    """One batch that is open now; None if there is none with that id. At most four statements."""
    try:
        id = UUID(batch_id)
    except ValueError:
        return None
    return next(iter(_offered(shop, person, _open(shop, at=at).filter(pk=id), at=at)), None)


def handed_out(shop: str, promotion: UUID, *, at: datetime) -> Offered | None:
    """The coupons of a promotion that are handed out to chosen people now, the newest batch; None if there are none.

    At most two statements.
    """
    rows = _open(shop, at=at).filter(promotion_id=promotion, way=Way.TARGETED).order_by("-made_at", "-id")[:1]
    return next(iter(_offered(shop, "", rows, at=at)), None)


def can_hand_out(shop: str, promotion: UUID) -> bool:
    """Whether coupons of a promotion are meant to be handed out to chosen people, now or later. One statement."""
    return models.Batch.objects.filter(shop=shop, promotion_id=promotion, way=Way.TARGETED, is_open=True).exists()


def giving(shop: str, way: Way, *, person: str, at: datetime) -> tuple[Offered, ...]:
    """The batches that are given out in a way now, to whom of them the person belongs. At most four statements.

    person  empty: whoever it is for
    """
    found = _offered(shop, person, _open(shop, at=at).filter(way=way), at=at)
    return tuple(one for one in found if one.is_for_you or not person)


def held(shop: str, person: str, *, at: datetime, limit: int = 100) -> tuple[Held, ...]:
    """What a shopper holds, has used or let run out: what can be used first, then what rests, then the others; what
    ends first before the rest. One statement.

    Index growth_promotions_claim_once.
    """
    rows = models.Coupon.objects.filter(shop=shop, person=person).exclude(state=Hold.VOID).select_related("promotion")
    found = [_held(row, at=at) for row in rows.order_by("-ends_at")[:limit]]
    return tuple(sorted(found, key=_usable_first))


def _usable_first(one: Held) -> tuple[bool, bool, datetime, str]:
    return one.state is not Hold.HELD, one.rests is not None, one.ends_at, one.id


def _open(shop: str, *, at: datetime) -> QuerySet[models.Batch]:
    return (
        models.Batch.objects.filter(shop=shop, is_open=True, claim_from__lte=at, promotion__state=State.LIVE)
        .filter(Q(claim_until__isnull=True) | Q(claim_until__gt=at))
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
        .filter(Q(promotion__ends_at__isnull=True) | Q(promotion__ends_at__gt=at))
        .select_related("promotion")
        .order_by(F("claim_until").asc(nulls_last=True), "id")
    )


def _offered(shop: str, person: str, rows: QuerySet[models.Batch], *, at: datetime) -> list[Offered]:
    batches = list(rows)
    if not batches:
        return []
    mine = models.Coupon.objects.filter(batch__in=batches, person=person) if person else models.Coupon.objects.none()
    counted = dict(mine.values_list("batch_id").annotate(units=Count("id")))
    tier = membership.tier(shop, person) if person else ""
    asks_segments = person and any(batch.segment for batch in batches)
    found = [segments(shop, person, at=at) for segments in ports.segments] if asks_segments else []
    mine_segments = frozenset().union(*found)
    return [
        Offered(
            batch=str(batch.id),
            promotion=str(batch.promotion_id),
            name_zh=batch.promotion.name_zh,
            name_en=batch.promotion.name_en,
            rule=live.rule_of(batch.promotion),
            way=Way(batch.way),
            left_units=None if batch.stock_units is None else batch.stock_units - batch.claimed_units,
            per_person=batch.per_person,
            held_units=counted.get(batch.id, 0),
            days=batch.days,
            ends_at=batch.ends_at,
            claim_until=batch.claim_until,
            is_for_you=_is_for(batch, tier=tier, segments=mine_segments),
            stock_units=batch.stock_units,
            tiers=tuple(batch.tiers),
            segment=batch.segment,
        )
        for batch in batches
    ]


def _is_for(batch: models.Batch, *, tier: str, segments: frozenset[str]) -> bool:
    """Whoever is signed in has a tier; coupons are for nobody else."""
    return bool(tier) and (not batch.tiers or tier in batch.tiers) and (not batch.segment or batch.segment in segments)


def _held(row: models.Coupon, *, at: datetime) -> Held:
    state = Hold(row.state)
    ends_at = row.ends_at or at
    rule, is_held = live.rule_of(row.promotion), state is Hold.HELD and ends_at > at
    return Held(
        id=str(row.id),
        promotion=str(row.promotion_id),
        name_zh=row.promotion.name_zh,
        name_en=row.promotion.name_en,
        state=Hold.EXPIRED if state is Hold.HELD and not is_held else state,
        rule=rule,
        starts_at=row.claimed_at or row.made_at,
        ends_at=ends_at,
        order_number=row.order_number,
        rests=rest_of(rule, state=State(row.promotion.state), at=at) if is_held else None,
    )

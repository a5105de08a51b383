"""What the console and the night ask of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from zhanggui.growth.referrals import models
from zhanggui.growth.referrals.rules import SUSPICIOUS, Referral, State
from zhanggui.shop.orders import queries as orders
from zhanggui.shop.orders.rules import State as OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """How referrals of a shop stand, in numbers."""

    waiting: int
    rewarded: int
    refused: int
    suspicious: int
    points: int
    links: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Top:
    """Somebody who brought many, or tried to."""

    referrer: str
    rewarded: int
    waiting: int
    suspicious: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A referral that contradicts its order."""

    referral_id: str
    order_number: str
    fault: str


def ledger(
    shop: str, *, state: State | None = None, is_suspicious: bool = False, limit: int, offset: int = 0
) -> tuple[tuple[Referral, ...], int]:
    """Referrals of a shop, newest first, and how many there are. Two statements. Index growth_referrals_newest."""
    rows = models.Referral.objects.filter(shop=shop)
    if is_suspicious:
        rows = rows.filter(why__in=list(SUSPICIOUS))
    elif state is not None:
        rows = rows.filter(state=state)
    found = rows.order_by("-made_at", "-id")[offset : offset + limit]
    return tuple(row.value for row in found), rows.count()


def sums(shop: str) -> Sums:
    """How they stand. Two statements."""
    said = models.Referral.objects.filter(shop=shop).aggregate(
        waiting=Count("id", filter=Q(state=State.WAITING)),
        rewarded=Count("id", filter=Q(state=State.REWARDED)),
        refused=Count("id", filter=Q(state=State.REFUSED)),
        suspicious=Count("id", filter=Q(why__in=list(SUSPICIOUS))),
        points=Sum("points", default=0),
    )
    return Sums(**said, links=models.Link.objects.filter(shop=shop).count())


def top(shop: str, *, limit: int = 10) -> tuple[Top, ...]:
    """Who brought most, those with suspicious ones first. One statement."""
    rows = (
        models.Referral.objects.filter(shop=shop)
        .values("referrer")
        .annotate(
            rewarded=Count("id", filter=Q(state=State.REWARDED)),
            waiting=Count("id", filter=Q(state=State.WAITING)),
            suspicious=Count("id", filter=Q(why__in=list(SUSPICIOUS))),
        )
        .order_by("-suspicious", "-rewarded", "referrer")
    )
    return tuple(Top(**row) for row in rows[:limit])


def waiting(*, after: UUID | None, limit: int) -> tuple[UUID, ...]:
    """Referrals that are not decided, oldest first, a part at a time. One statement. Index growth_referrals_waiting."""
    rows: QuerySet[models.Referral] = models.Referral.objects.filter(state=State.WAITING)
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return tuple(rows.order_by("pk").values_list("pk", flat=True)[:limit])


def audit() -> tuple[Disagreement, ...]:
    """Rewards whose goods were not kept; none if all is right."""
    rewarded = list(models.Referral.objects.filter(state=State.REWARDED).values_list("id", "order_number"))
    standing = orders.states({number for _, number in rewarded})
    return tuple(
        Disagreement(referral_id=str(id), order_number=number, fault="rewarded_too_early")
        for id, number in rewarded
        if standing.get(number) is not OrderState.COMPLETED
    )

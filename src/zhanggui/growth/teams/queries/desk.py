"""What the console asks of group buying: how offers do, and their teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q

from zhanggui.base import clock
from zhanggui.growth.teams import models
from zhanggui.growth.teams.queries import reading
from zhanggui.growth.teams.rules import Offer, Sale, Team

# Index growth_teams_offer_shop, then growth_teams_team_offer: each team is counted once.
_NUMBERS: Final = """
select o.id, coalesce(t.open, 0), coalesce(t.full_, 0), coalesce(t.failed, 0), coalesce(t.paid, 0),
    coalesce(t.taken, 0)
from growth_teams_offer o left join lateral (
    select count(*) filter (where state = 'open') as open, count(*) filter (where state = 'full') as full_,
        count(*) filter (where state = 'failed') as failed, sum(paid_seats) as paid, sum(taken_seats) as taken
    from growth_teams_team where offer_id = o.id) t on true
where o.shop = %s::varchar order by o.made_at desc limit 200
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """How an offer does.

    people        paid seats in all its teams
    success_rate  full teams of those that are decided; None before the first one
    """

    open: int = 0
    full: int = 0
    failed: int = 0
    people: int = 0
    seats: int = 0

    @property
    def success_rate(self) -> Decimal | None:
        """Full teams of those that are decided."""
        decided = self.full + self.failed
        return Decimal(self.full) / decided if decided else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An offer and how it does."""

    offer: Offer
    numbers: Numbers


def numbers(shop: str) -> tuple[Standing, ...]:
    """The offers of a shop with how they do, newest first. Two statements."""
    counted = _counted(shop)
    rows = {row.id: row for row in models.Offer.objects.filter(shop=shop, pk__in=list(counted))}
    return tuple(Standing(offer=rows[id].value, numbers=found) for id, found in counted.items() if id in rows)


def offer_numbers(shop: str, id: UUID) -> Numbers:
    """How one offer does. One statement."""
    return _counted(shop).get(id, Numbers())


def offers_between(shop: str, *, start: datetime, end: datetime) -> tuple[Offer, ...]:
    """The offers by which teams could be opened in a time, half open; those stopped before they began are left out.

    One statement. Index growth_teams_offer_shop.
    """
    rows = models.Offer.objects.filter(shop=shop, starts_at__lt=end)
    rows = rows.filter(Q(ends_at=None, state=Sale.LIVE) | Q(ends_at__gt=start))
    rows = rows.exclude(state=Sale.STOPPED, ends_at__gt=clock.now())
    return tuple(row.value for row in rows.order_by("starts_at", "id"))


def teams_of(offer_id: UUID, *, limit: int = 100) -> tuple[Team, ...]:
    """The newest teams of an offer with their seats. Two statements. Index growth_teams_team_offer."""
    return tuple(reading.teams(models.Team.objects.filter(offer=offer_id).order_by("-opened_at")[:limit]))


def _counted(shop: str) -> dict[UUID, Numbers]:
    with connection.cursor() as cursor:
        cursor.execute(_NUMBERS, [shop])
        return {
            id: Numbers(open=open_, full=full, failed=failed, people=people, seats=seats)
            for id, open_, full, failed, people, seats in cursor.fetchall()
        }
